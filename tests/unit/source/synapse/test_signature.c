/* Tests of lib/source/synapse/signature.c: the known answers of the upstream client. */
#include "source/synapse/signature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_signature(const char *key, const char *user, const char *path,
                             const char *timestamp, const char *expected)
{
    char signature[SIGNATURE_SIZE];
    AUTO_SECRET secret = secret_new(key, strlen(key));
    assert_true(signature_make(secret, user, path, strlen(path), timestamp, signature));
    assert_string_equal(signature, expected);
}

static void signature_make_known_answers(void **state)
{
    (void)state;
    assert_signature("ALICEALICEALICEALICE", "alice", "/repo/v1/userProfile",
                     "2026-01-02T03:04:05.000Z", "8W6oWGAYjtxQAJwA9ufck0LnVO0=");
    assert_signature("I am api key", "ahhhhhhhhhhhhhh", "/fake_url", "It is Wednesday, my dudes",
                     "018ADVu2o2NUOxgO0gM9bo08Wcw=");
}

static void signature_time_is_utc_with_milliseconds(void **state)
{
    (void)state;
    char text[SIGNATURE_TIME_SIZE];
    signature_time(1767323045, text);
    assert_string_equal(text, "2026-01-02T03:04:05.000Z");
}

static void assert_path(const char *url, const char *expected)
{
    size_t length = 0;
    const char *path = signature_path(url, &length);
    if (!expected) {
        assert_null(path);
        return;
    }
    assert_non_null(path);
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(path, expected, length);
}

static void signature_path_is_the_one_on_the_wire(void **state)
{
    (void)state;
    assert_path("https://a.org/repo/v1/userProfile?offset=0", "/repo/v1/userProfile");
    assert_path("https://a.org/x;y=1?z", "/x;y=1");
    assert_path("https://a.org/x%20y#f", "/x%20y");
    assert_path("https://a.org:8443/a//b/", "/a//b/");
    assert_path("https://a.org/.a/b..c/...", "/.a/b..c/...");
    assert_path("https://a.org", "/");
    assert_path("https://a.org?q=/x", "/");
}

static void signature_path_in_doubt_there_is_none(void **state)
{
    (void)state;
    assert_path("https://a.org/a/../b", NULL);
    assert_path("https://a.org/a/.", NULL);
    assert_path("https://a.org/a/%2E%2e/b", NULL);
    assert_path("https://a.org/a/.%2e", NULL);
    assert_path("https://a.org/a b", NULL);
    assert_path("https://a.org/\xc3\xa9", NULL);
    assert_path("https://a.org/a\\b", NULL);
    assert_path("/repo", NULL);
}

static void ask(const char *user, const char *key, struct answer *ret)
{
    const struct place place = {.kind = "synapse_config", .name = "[default]", .key = "apikey"};
    AUTO_SECRET name = secret_new(user, strlen(user));
    AUTO_SECRET text = secret_new(key, strlen(key));
    answer_init(ret);
    assert_true(signature_ask(ret, &place, name, text));
}

static void signature_ask_decodes_the_key_and_warns(void **state)
{
    (void)state;
    struct answer answer;
    ask("alice", " QUxJQ0VBTElDRUFMSUNFQUxJQ0U=\n", &answer);
    assert_int_equal(answer.outcome, OUTCOME_SIGN);
    assert_string_equal(secret_bytes(answer.value), "ALICEALICEALICEALICE");
    assert_string_equal(secret_bytes(answer.user), "alice");
    assert_int_equal(answer.warning_count, 1);
    assert_non_null(strstr(answer.warnings[0], "has removed them"));
    answer_free(&answer);
}

static void signature_ask_refuses_what_cannot_be_sent(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"alice", "not base64!"}, {"alice", "q"},
                                           {"alice", "===="},        {"al\r\nX: y", "a2V5"},
                                           {"\xc3\xa9", "a2V5"},     {"al ice", "a2V5"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct answer answer;
        ask(cases[i][0], cases[i][1], &answer);
        assert_int_equal(answer.outcome, OUTCOME_UNUSABLE);
        assert_null(answer.value);
        assert_null(strstr(answer_reason(&answer), cases[i][1]));
        answer_free(&answer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signature_make_known_answers),
        cmocka_unit_test(signature_time_is_utc_with_milliseconds),
        cmocka_unit_test(signature_path_is_the_one_on_the_wire),
        cmocka_unit_test(signature_path_in_doubt_there_is_none),
        cmocka_unit_test(signature_ask_decodes_the_key_and_warns),
        cmocka_unit_test(signature_ask_refuses_what_cannot_be_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
