/* Tests of lib/hook_api.c. The configuration is read once per process: each case is a child. */
#include "base/env_stamp.h"
#include "hook_api.h"

#include "sandbox.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const struct hook_api *api;

/* Runs `part` in a child; its return value must be 0 (else a line number). Returns what it wrote
   to standard error. */
static const char *in_child(int (*part)(void))
{
    int status = -1;
    sandbox_stderr_begin();
    pid_t child = fork();
    if (child == 0) {
        api = synauth_hook_api(SYNAUTH_HOOK_API_NUMBER);
        exit(api ? part() : __LINE__ % 255);
    }
    waitpid(child, &status, 0);
    const char *text = sandbox_stderr_end();
    if (status != 0)
        print_error("status %x, stderr: %s\n", (unsigned)status, text);
    assert_int_equal(status, 0);
    return text;
}

#define MUST(condition)                                             \
    do {                                                            \
        if (!(condition)) {                                         \
            fprintf(stderr, "line %d: %s\n", __LINE__, #condition); \
            return 1;                                               \
        }                                                           \
    } while (0)

static void configure(const char *text)
{
    sandbox_write("synauth.conf", text);
    setenv("SYNAUTH_CONFIG", sandbox_path("synauth.conf"), 1);
}

static struct origin https(const char *host)
{
    struct origin origin = {.scheme = ORIGIN_HTTPS, .port = 443};
    strcpy(origin.host, host);
    return origin;
}

static int count_lines(const char *text)
{
    int lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

static void synauth_hook_api_other_number_is_refused(void **state)
{
    (void)state;
    assert_null(synauth_hook_api(0));
    assert_null(synauth_hook_api(SYNAUTH_HOOK_API_NUMBER + 1));
    const struct hook_api *same = synauth_hook_api(SYNAUTH_HOOK_API_NUMBER);
    assert_int_equal(same->number, SYNAUTH_HOOK_API_NUMBER);
    assert_int_equal(same->size, sizeof *same);
    assert_non_null(same->origin);
}

static int part_match_and_credential(void)
{
    struct hook_rule rule;
    enum hook_outcome outcome;
    struct origin origin = https("data.lab.org"), other = https("lab.org");
    MUST(!api->match(&origin, &rule)); /* not before start */
    errno = 42;
    MUST(api->start() && api->start());
    MUST(api->match(&origin, &rule));
    MUST(rule.is_cave && !rule.broken && rule.on_missing_fail && !rule.allow_cleartext);
    MUST(strcmp(rule.match, "*.lab.org") == 0);
    MUST(!api->match(&other, &rule));
    MUST(api->match(&origin, &rule));
    const struct hook_credential *held =
        api->credential(rule.rule, &origin, env_stamp(), NULL, &outcome);
    MUST(held && outcome == HOOK_HEADER);
    MUST(strcmp(held->header, "Authorization: Bearer tokC") == 0);
    MUST(api->credential(rule.rule, &origin, env_stamp(), held, &outcome) == held);
    api->release(held);
    MUST(errno == 42);
    return 0;
}

static void hook_api_rule_gives_its_token(void **state)
{
    (void)state;
    configure("rules = ( { match = \"*.lab.org\"; service = \"cave\"; on_missing = \"fail\"; } );");
    sandbox_write(".cloudvolume/secrets/cave-secret.json", "{\"token\": \"tokC\"}");
    assert_string_equal(in_child(part_match_and_credential), "");
}

static int part_inert(void)
{
    MUST(!api->start() && !api->start());
    return 0;
}

static void hook_api_disabled_is_inert_and_silent(void **state)
{
    (void)state;
    setenv("SYNAUTH_DISABLE", "1", 1);
    configure("syntax error");
    assert_string_equal(in_child(part_inert), "");
}

static void hook_api_unusable_configuration_says_so_once(void **state)
{
    (void)state;
    configure("rules = (\n  { match = \"a.org\" service\n");
    const char *text = in_child(part_inert);
    assert_int_equal(count_lines(text), 1);
    assert_non_null(strstr(text, "synauth.conf:2"));
    assert_non_null(strstr(text, "synauth config check"));
    setenv("SYNAUTH_CONFIG", sandbox_path("absent.conf"), 1);
    text = in_child(part_inert);
    assert_int_equal(count_lines(text), 1);
    assert_non_null(strstr(text, "absent.conf"));
}

static void hook_api_no_rules_is_inert(void **state)
{
    (void)state;
    configure("rules = ();\n");
    (void)in_child(part_inert);
}

static int part_broken_rule(void)
{
    struct hook_rule rule;
    enum hook_outcome outcome;
    struct origin broken = https("a.org"), good = https("b.org");
    MUST(api->start());
    for (int i = 0; i < 3; i++) {
        MUST(api->match(&broken, &rule) && rule.broken);
        MUST(!api->credential(rule.rule, &broken, env_stamp(), NULL, &outcome) &&
             outcome == HOOK_MISSING);
    }
    MUST(api->match(&good, &rule) && !rule.broken);
    const struct hook_credential *held =
        api->credential(rule.rule, &good, env_stamp(), NULL, &outcome);
    MUST(held);
    api->release(held);
    return 0;
}

static void hook_api_broken_rule_is_reported_when_it_matches(void **state)
{
    (void)state;
    configure("rules = (\n  { match = \"a.org\"; service = \"synapse\"; profil = \"x\"; },\n"
              "  { match = \"b.org\"; service = \"synapse\"; }\n);\n");
    setenv("SYNAPSE_AUTH_TOKEN", "tokA", 1);
    const char *text = in_child(part_broken_rule);
    assert_int_equal(count_lines(text), 1);
    assert_non_null(strstr(text, "synauth.conf:2"));
    assert_non_null(strstr(text, "profile"));
    assert_null(strstr(text, "tokA"));
}

static int part_rejected(void)
{
    struct hook_rule rule;
    enum hook_outcome outcome;
    struct origin origin = https("b.org"), cave = https("c.org");
    MUST(api->start());
    MUST(api->match(&origin, &rule));
    const struct hook_credential *held =
        api->credential(rule.rule, &origin, env_stamp(), NULL, &outcome);
    for (int i = 0; i < 3; i++)
        api->rejected(rule.rule, &origin, held, 401);
    api->rejected(rule.rule, &origin, held, 500);
    sandbox_write(".synapseConfig", "[default]\nauthtoken = two\n");
    held = api->credential(rule.rule, &origin, env_stamp(), held, &outcome);
    MUST(held && strcmp(held->header, "Authorization: Bearer two") == 0);
    api->release(held);
    MUST(api->match(&cave, &rule));
    api->rejected(rule.rule, &cave, NULL, 302);
    api->rejected(rule.rule, &cave, NULL, 401);
    return 0;
}

static void hook_api_rejected_rereads_and_hints_once_per_host(void **state)
{
    (void)state;
    configure("rules = ( { match = \"b.org\"; service = \"synapse\"; },\n"
              "{ match = \"c.org\"; service = \"cave\"; } );\n");
    sandbox_write(".synapseConfig", "[default]\nauthtoken = one\n");
    const char *text = in_child(part_rejected);
    assert_int_equal(count_lines(text), 2);
    assert_non_null(strstr(text, "b.org answered 401"));
    assert_non_null(strstr(text, "www.synapse.org"));
    assert_non_null(strstr(text, "c.org answered 302"));
}

static int part_netrc(void)
{
    MUST(api->netrc_has(NULL, "b.org") && !api->netrc_has(NULL, "c.org"));
    return 0;
}

static void hook_api_netrc_has_asks_the_home_file(void **state)
{
    (void)state;
    sandbox_write(".netrc", "machine b.org login x password y\n");
    assert_string_equal(in_child(part_netrc), "");
}

static void *start(void *argument)
{
    *(bool *)argument = api->start();
    return NULL;
}

static int part_threads(void)
{
    enum { THREADS = 8 };
    pthread_t threads[THREADS];
    bool started[THREADS] = {false};
    for (int i = 0; i < THREADS; i++)
        MUST(pthread_create(&threads[i], NULL, start, &started[i]) == 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++)
        MUST(started[i]);
    return 0;
}

static void hook_api_start_threads_agree(void **state)
{
    (void)state;
    configure("rules = ( { match = \"b.org\"; service = \"synapse\"; } );");
    assert_string_equal(in_child(part_threads), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sandbox_enter, sandbox_leave)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(synauth_hook_api_other_number_is_refused),
        TEST(hook_api_rule_gives_its_token),
        TEST(hook_api_disabled_is_inert_and_silent),
        TEST(hook_api_unusable_configuration_says_so_once),
        TEST(hook_api_no_rules_is_inert),
        TEST(hook_api_broken_rule_is_reported_when_it_matches),
        TEST(hook_api_rejected_rereads_and_hints_once_per_host),
        TEST(hook_api_netrc_has_asks_the_home_file),
        TEST(hook_api_start_threads_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
