/* Tests of lib/source/cave/secret_file.c. */
#include "source/cave/secret_file.h"

#include "sandbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define SECRETS ".cloudvolume/secrets/"
static const struct cave_secret_file usual = {
    .request_host = "minnie.microns-daf.com", .auth_server = "global.daf-apis.com", .key = "token"};

/* The answer of the files there are: the token, or "absent", or "unusable". */
static const char *ask(const struct cave_secret_file *query)
{
    static char text[256];
    struct answer answer;
    answer_init(&answer);
    bool ends = cave_secret_file_ask(&answer, query);
    assert_int_equal(ends, answer.outcome != OUTCOME_ABSENT);
    snprintf(text, sizeof text, "%s",
             answer.outcome == OUTCOME_TOKEN    ? secret_bytes(answer.value)
             : answer.outcome == OUTCOME_ABSENT ? "absent"
                                                : "unusable");
    answer_free(&answer);
    return text;
}

static void cave_secret_file_ask_first_file_decides(void **state)
{
    (void)state;
    assert_string_equal(ask(&usual), "absent");
    sandbox_write(SECRETS "chunkedgraph-secret.json", "{\"token\": \"old\"}");
    assert_string_equal(ask(&usual), "old");
    sandbox_write(SECRETS "cave-secret.json", "{\"token\": \"general\"}");
    assert_string_equal(ask(&usual), "general");
    sandbox_write(SECRETS "global.daf-apis.com-cave-secret.json", "{\"token\": \"global\"}");
    assert_string_equal(ask(&usual), "global");
    sandbox_write(SECRETS "minnie.microns-daf.com-cave-secret.json", "{\"token\": \"minnie\"}");
    assert_string_equal(ask(&usual), "minnie");
}

static void cave_secret_file_ask_missing_key_falls_to_the_deprecated_only(void **state)
{
    (void)state;
    sandbox_write(SECRETS "global.daf-apis.com-cave-secret.json", "{\"lab\": \"l\"}");
    sandbox_write(SECRETS "cave-secret.json", "{\"token\": \"general\"}");
    assert_string_equal(ask(&usual), "absent");
    sandbox_write(SECRETS "chunkedgraph-secret.json", "{\"token\": \"old\"}");
    assert_string_equal(ask(&usual), "old");
    sandbox_write(SECRETS "global.daf-apis.com-cave-secret.json", "{\"token\": null}");
    assert_string_equal(ask(&usual), "old");
    sandbox_write(SECRETS "global.daf-apis.com-cave-secret.json", "{\"token\": \" \"}");
    assert_string_equal(ask(&usual), "old");
}

static void cave_secret_file_ask_unusable_never_falls_through(void **state)
{
    (void)state;
    static const char *const contents[] = {
        "",
        "{",
        "[]",
        "\"token\"",
        "{\"token\": 12}",
        "{\"token\": \"a b\"}",
        "{\"token\": \"Bearer x\"}",
        "{\"token\":\"abc\",}",
    };
    sandbox_write(SECRETS "chunkedgraph-secret.json", "{\"token\": \"old\"}");
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        sandbox_write(SECRETS "cave-secret.json", contents[i]);
        assert_string_equal(ask(&usual), "unusable");
    }
}

static void cave_secret_file_ask_directory_and_dangling_link_are_no_file(void **state)
{
    (void)state;
    sandbox_directory(SECRETS "minnie.microns-daf.com-cave-secret.json");
    sandbox_link(SECRETS "global.daf-apis.com-cave-secret.json", "/nonexistent/x");
    sandbox_link(SECRETS "cave-secret.json", "cave-secret.json"); /* to itself */
    assert_string_equal(ask(&usual), "absent");
    sandbox_write("real.json", "{\"token\": \"linked\"}");
    sandbox_link(SECRETS "chunkedgraph-secret.json", "../../real.json");
    assert_string_equal(ask(&usual), "linked");
}

static void cave_secret_file_ask_fifo_is_no_file(void **state)
{
    (void)state;
    sandbox_write(SECRETS "cave-secret.json", "{\"token\": \"general\"}");
    assert_int_equal(mkfifo(sandbox_path(SECRETS "global.daf-apis.com-cave-secret.json"), 0600), 0);
    assert_string_equal(ask(&usual), "general");
}

static void cave_secret_file_ask_key_selects(void **state)
{
    (void)state;
    struct cave_secret_file query = usual;
    query.key = "lab";
    sandbox_write(SECRETS "cave-secret.json", "{\"token\": \"t\", \"lab\": \"l\"}");
    assert_string_equal(ask(&query), "l");
    query.key = "Token";
    assert_string_equal(ask(&query), "absent");
}

static void cave_secret_file_ask_deprecated_warns(void **state)
{
    (void)state;
    struct answer answer;
    sandbox_write(SECRETS "chunkedgraph-secret.json", "{\"token\": \"old\"}");
    answer_init(&answer);
    assert_true(cave_secret_file_ask(&answer, &usual));
    assert_int_equal(answer.warning_count, 1);
    assert_non_null(strstr(answer.warnings[0], "deprecated"));
    assert_string_equal(answer.source.name, "chunkedgraph-secret.json");
    assert_string_equal(answer.source.path, sandbox_path(SECRETS "chunkedgraph-secret.json"));
    assert_string_equal(answer.source.key, "token");
    assert_int_equal(answer.watched_count, 4);
    answer_free(&answer);
}

static void cave_secret_file_ask_reason_names_line_and_key(void **state)
{
    (void)state;
    struct answer answer;
    sandbox_write(SECRETS "cave-secret.json", "{\n \"a\": 1,\n \"token\": \"hunter two\"\n}");
    answer_init(&answer);
    assert_true(cave_secret_file_ask(&answer, &usual));
    assert_non_null(strstr(answer_reason(&answer), "cave-secret.json:3"));
    assert_non_null(strstr(answer_reason(&answer), "key \"token\""));
    assert_null(strstr(answer_reason(&answer), "hunter"));
    answer_free(&answer);
}

static void cave_secret_file_ask_one_host_is_looked_up_once(void **state)
{
    (void)state;
    struct answer answer;
    struct cave_secret_file query = usual;
    query.request_host = query.auth_server;
    answer_init(&answer);
    assert_false(cave_secret_file_ask(&answer, &query));
    assert_int_equal(answer.tried_count, 3);
    answer_free(&answer);
}

static void cave_secret_file_ask_host_with_slash_stays_inside(void **state)
{
    (void)state;
    struct cave_secret_file query = usual;
    query.request_host = "../../evil";
    sandbox_write("evil-cave-secret.json", "{\"token\": \"stolen\"}");
    sandbox_directory(SECRETS "x");
    assert_string_equal(ask(&query), "absent");
}

static void cave_secret_file_ask_directory_is_chosen(void **state)
{
    (void)state;
    struct cave_secret_file query = usual;
    sandbox_write(SECRETS "cave-secret.json", "{\"token\": \"home\"}");
    sandbox_write("cv/secrets/cave-secret.json", "{\"token\": \"variable\"}");
    sandbox_write("lab/cave-secret.json", "{\"token\": \"rule\"}");
    assert_string_equal(ask(&query), "home");
    setenv("CLOUD_VOLUME_DIR", "", 1);
    assert_string_equal(ask(&query), "home");
    setenv("CLOUD_VOLUME_DIR", sandbox_path("cv"), 1);
    assert_string_equal(ask(&query), "variable");
    setenv("CLOUD_VOLUME_DIR", "~/cv", 1);
    assert_string_equal(ask(&query), "variable");
    setenv("CLOUD_VOLUME_DIR", sandbox_path("nowhere"), 1);
    assert_string_equal(ask(&query), "absent");
    setenv("CLOUD_VOLUME_DIR", "cv", 1);
    assert_string_equal(ask(&query), "unusable");
    query.directory = sandbox_path("lab");
    assert_string_equal(ask(&query), "rule");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sandbox_enter, sandbox_leave)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(cave_secret_file_ask_first_file_decides),
        TEST(cave_secret_file_ask_missing_key_falls_to_the_deprecated_only),
        TEST(cave_secret_file_ask_unusable_never_falls_through),
        TEST(cave_secret_file_ask_directory_and_dangling_link_are_no_file),
        TEST(cave_secret_file_ask_fifo_is_no_file),
        TEST(cave_secret_file_ask_key_selects),
        TEST(cave_secret_file_ask_deprecated_warns),
        TEST(cave_secret_file_ask_reason_names_line_and_key),
        TEST(cave_secret_file_ask_one_host_is_looked_up_once),
        TEST(cave_secret_file_ask_host_with_slash_stays_inside),
        TEST(cave_secret_file_ask_directory_is_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
