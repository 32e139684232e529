/* Tests of lib/source/synapse/config_file.c. */
#include "source/synapse/config_file.h"

#include "sandbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct expected {
    const char *text, *profile, *username;
    enum outcome outcome;
    const char *token;   /* or what the reason holds */
    const char *section; /* NULL: not judged */
    unsigned line;
};

static void ask(struct answer *answer, const char *profile, const char *username)
{
    const struct synapse_config_file query = {
        .path = sandbox_path(".synapseConfig"), .profile = profile, .username = username};
    answer_init(answer);
    bool ends = synapse_config_file_ask(answer, &query);
    assert_int_equal(ends, answer->outcome != OUTCOME_ABSENT);
    assert_false(answer->short_of_memory);
}

static void check(const struct expected *expected)
{
    struct answer answer;
    sandbox_write(".synapseConfig", expected->text);
    ask(&answer, expected->profile, expected->username);
    if (answer.outcome != expected->outcome)
        print_error("text: %s\nreason: %s\n", expected->text, answer_reason(&answer));
    assert_int_equal(answer.outcome, expected->outcome);
    if (expected->outcome == OUTCOME_TOKEN)
        assert_string_equal(secret_bytes(answer.value), expected->token);
    else if (expected->token)
        assert_non_null(strstr(answer_reason(&answer), expected->token));
    if (expected->outcome != OUTCOME_ABSENT) {
        assert_string_equal(answer.source.kind, "synapse_config");
        assert_string_equal(answer.source.path, sandbox_path(".synapseConfig"));
        assert_int_equal(answer.source.line, expected->line);
    }
    if (expected->section)
        assert_string_equal(answer.source.name, expected->section);
    assert_true(answer.tried_count >= 1);
    answer_free(&answer);
}

static void check_all(const struct expected *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check(&cases[i]);
}
#define CHECK(cases) check_all(cases, sizeof(cases) / sizeof *(cases))

#define T OUTCOME_TOKEN
#define A OUTCOME_ABSENT
#define U OUTCOME_UNUSABLE

static void synapse_config_file_ask_usual_section(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"[authentication]\nauthtoken = a\n", NULL, NULL, T, "a", "[authentication]", 2},
        {"[default]\nauthtoken = d\n[authentication]\nauthtoken = a\n", NULL, NULL, T, "d",
         "[default]", 2},
        {"[default]\n[authentication]\nauthtoken = a\n", NULL, NULL, T, "a", "[authentication]", 3},
        {"[default]\nusername = u\n[authentication]\nauthtoken = a\n", NULL, NULL, A, NULL, NULL,
         0},
        {"[default]\nauthtoken =\n[authentication]\nauthtoken = a\n", NULL, NULL, A, NULL, NULL, 0},
        /* keys of [DEFAULT] count for a section that exists */
        {"[DEFAULT]\nauthtoken = x\n[default]\n[authentication]\nauthtoken = a\n", NULL, NULL, T,
         "x", "[default]", 2},
        {"[DEFAULT]\nauthtoken = x\n[authentication]\n", NULL, NULL, T, "x", "[authentication]", 2},
        {"[DEFAULT]\nauthtoken = x\n", NULL, NULL, A, NULL, NULL, 0},
        {"[profile lab]\nauthtoken = l\n", NULL, NULL, A, NULL, NULL, 0},
        {"[Authentication]\nauthtoken = a\n", NULL, NULL, A, NULL, NULL, 0},
        {"[sftp://h]\nauthtoken = a\nusername = u\npassword = p\n", NULL, NULL, A, NULL, NULL, 0},
        {"", NULL, NULL, A, NULL, NULL, 0},
    };
    CHECK(cases);
}

static void synapse_config_file_ask_profile(void **state)
{
    (void)state;
    static const char text[] = "[default]\nauthtoken = d\n[profile lab]\nauthtoken = l\n"
                               "[profile my lab]\nauthtoken = m\n[profile empty]\n"
                               "[authentication]\nauthtoken = a\n";
    static const struct expected cases[] = {
        {text, "lab", NULL, T, "l", "[profile lab]", 4},
        {text, "my lab", NULL, T, "m", "[profile my lab]", 6},
        {text, "default", NULL, T, "d", "[default]", 2},
        {text, "empty", NULL, A, NULL, NULL, 0},
        {text, "Lab", NULL, U, "no such section", "[profile Lab]", 0},
        {text, "authentication", NULL, U, "no such section", "[profile authentication]", 0},
        {text, "nope", NULL, U, "no such section", "[profile nope]", 0},
        {"[authentication]\nauthtoken = a\n", "default", NULL, T, "a", "[authentication]", 2},
        {"[default]\n[authentication]\nauthtoken = a\n", "default", NULL, T, "a",
         "[authentication]", 3},
        {"[cache]\nx = y\n", "default", NULL, A, NULL, NULL, 0},
        {"[profile  lab]\nauthtoken = l\n", "lab", NULL, U, "no such section", NULL, 0},
        {"[profile default]\nauthtoken = l\n", "default", NULL, A, NULL, NULL, 0},
    };
    CHECK(cases);
}

static void synapse_config_file_ask_username(void **state)
{
    (void)state;
    static const char text[] = "[authentication]\nusername = alice\nauthtoken = a\n";
    static const struct expected cases[] = {
        {text, NULL, "alice", T, "a", NULL, 3},
        {text, NULL, "Alice", A, NULL, NULL, 0},
        {text, NULL, "alic", A, NULL, NULL, 0},
        {text, NULL, "bob", A, NULL, NULL, 0},
        {"[authentication]\nauthtoken = a\n", NULL, "alice", A, NULL, NULL, 0},
        {"[authentication]\nusername =\nauthtoken = a\n", NULL, "alice", A, NULL, NULL, 0},
        {"[profile lab]\nusername = bob\nauthtoken = l\n", "lab", "bob", T, "l", NULL, 3},
        {"[profile lab]\nusername = bob\nauthtoken = l\n", "lab", "alice", A, NULL, NULL, 0},
        {"[profile lab]\nusername = bob\nauthtoken = l\n", "x", "bob", U, NULL, NULL, 0},
        /* another user's unusable token is nobody's business */
        {"[authentication]\nusername = bob\nauthtoken = a b\n", NULL, "alice", A, NULL, NULL, 0},
    };
    CHECK(cases);
}

static void synapse_config_file_ask_login_and_signing(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"[authentication]\nusername = a\npassword = p\n", NULL, NULL, U, "helper = false",
         "[authentication]", 3},
        {"[authentication]\nusername = a\napikey = a2V5\n", NULL, NULL, OUTCOME_SIGN, "is signed",
         "[authentication]", 3},
        {"[authentication]\nusername = a\napikey = k\n", NULL, NULL, U, "no base64", NULL, 3},
        {"[authentication]\nusername = a b\napikey = a2V5\n", NULL, NULL, U, "white space", NULL,
         3},
        {"[authentication]\nusername = a\napikey = a2V5\npassword = p\n", NULL, NULL, U, "password",
         NULL, 4},
        {"[authentication]\nusername = a\npassword =\napikey = a2V5\n", NULL, NULL, OUTCOME_SIGN,
         NULL, NULL, 4},
        {"[authentication]\nusername = a\npassword = p\nauthtoken = t\n", NULL, NULL, T, "t", NULL,
         4},
        {"[authentication]\nusername = a\npassword = p\nauthtoken =\n", NULL, NULL, U, "password",
         NULL, 3},
        {"[authentication]\npassword = p\n", NULL, NULL, A, NULL, NULL, 0},
        {"[authentication]\nusername =\npassword = p\n", NULL, NULL, A, NULL, NULL, 0},
        {"[authentication]\napikey = k\n", NULL, NULL, A, NULL, NULL, 0},
    };
    CHECK(cases);
}

static void synapse_config_file_ask_bad_token_names_the_place(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"[authentication]\nauthtoken = tokA # mine\n", NULL, NULL, U, ".synapseConfig:2", NULL, 2},
        {"[authentication]\nauthtoken = tokA\n\n  more\n", NULL, NULL, U, "authtoken", NULL, 2},
        {"[authentication]\nauthtoken = \"tokA\"\n", NULL, NULL, U, "quotes", NULL, 2},
        {"[authentication]\nauthtoken = <authtoken>\n", NULL, NULL, U, "placeholder", NULL, 2},
        {"[authentication]\n\nauthtoken =\n  tokA\n", NULL, NULL, T, "tokA", NULL, 3},
    };
    CHECK(cases);
}

static void synapse_config_file_ask_syntax_error_names_the_line(void **state)
{
    (void)state;
    struct answer answer;
    sandbox_write(".synapseConfig", "[authentication]\nauthtoken = tokA\nhunter2 secret\n");
    ask(&answer, NULL, NULL);
    assert_int_equal(answer.outcome, OUTCOME_UNUSABLE);
    assert_int_equal(answer.source.line, 3);
    assert_non_null(strstr(answer_reason(&answer), ".synapseConfig:3"));
    assert_null(strstr(answer_reason(&answer), "hunter2"));
    assert_null(strstr(answer_reason(&answer), "tokA"));
    answer_free(&answer);
}

static void synapse_config_file_ask_no_file_is_absent(void **state)
{
    (void)state;
    struct answer answer;
    ask(&answer, NULL, NULL);
    assert_int_equal(answer.outcome, OUTCOME_ABSENT);
    assert_string_equal(answer.tried[0].outcome, "no such file");
    assert_int_equal(answer.watched_count, 1); /* it may appear */
    answer_free(&answer);
    sandbox_directory(".synapseConfig");
    ask(&answer, NULL, NULL);
    assert_int_equal(answer.outcome, OUTCOME_ABSENT);
    answer_free(&answer);
}

static void synapse_config_file_ask_fifo_is_unusable(void **state)
{
    (void)state;
    struct answer answer;
    assert_int_equal(mkfifo(sandbox_path(".synapseConfig"), 0600), 0);
    ask(&answer, NULL, NULL);
    assert_int_equal(answer.outcome, OUTCOME_UNUSABLE);
    assert_non_null(strstr(answer_reason(&answer), ".synapseConfig"));
    answer_free(&answer);
}

static void synapse_config_file_ask_without_home_is_absent(void **state)
{
    (void)state;
    struct answer answer;
    const struct synapse_config_file query = {.path = NULL};
    answer_init(&answer);
    assert_false(synapse_config_file_ask(&answer, &query));
    assert_string_equal(answer.tried[0].outcome, "no home directory");
    answer_free(&answer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sandbox_enter, sandbox_leave)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(synapse_config_file_ask_usual_section),
        TEST(synapse_config_file_ask_profile),
        TEST(synapse_config_file_ask_username),
        TEST(synapse_config_file_ask_login_and_signing),
        TEST(synapse_config_file_ask_bad_token_names_the_place),
        TEST(synapse_config_file_ask_syntax_error_names_the_line),
        TEST(synapse_config_file_ask_no_file_is_absent),
        TEST(synapse_config_file_ask_fifo_is_unusable),
        TEST(synapse_config_file_ask_without_home_is_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
