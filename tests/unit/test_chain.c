/* Tests of lib/chain.c: the order of the sources. */
#include "chain.h"

#include "sandbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SECRETS ".cloudvolume/secrets/"

/* "token@kind", "absent", "unusable@kind" ... */
static const char *summary(struct answer *answer)
{
    static const char *const names[] = {"", "absent", "unusable", "sign"};
    static char text[256];
    snprintf(text, sizeof text, "%s@%s",
             answer->outcome == OUTCOME_TOKEN ? secret_bytes(answer->value)
                                              : names[answer->outcome],
             answer->source.kind ? answer->source.kind : "");
    if (answer->outcome != OUTCOME_TOKEN)
        assert_non_null(answer->reason);
    answer_free(answer);
    return text;
}

static const char *synapse(const struct synapse_query *query)
{
    static const struct synapse_query plain = {0};
    struct answer answer;
    chain_synapse(query ? query : &plain, &answer);
    return summary(&answer);
}

static const struct cave_query global = {.auth_server = "global.daf-apis.com",
                                         .request_host = "global.daf-apis.com"};

static const char *cave(const struct cave_query *query)
{
    struct answer answer;
    chain_cave(query ? query : &global, &answer);
    return summary(&answer);
}

static bool trail_has(const struct answer *answer, const char *kind, const char *text)
{
    for (size_t i = 0; i < answer->tried_count; i++)
        if (strcmp(answer->tried[i].kind, kind) == 0 && strstr(answer->tried[i].outcome, text))
            return true;
    return false;
}

static void chain_synapse_each_source_beats_the_next(void **state)
{
    (void)state;
    const struct synapse_query argument = {.argument = " arg\n"};
    assert_string_equal(synapse(NULL), "absent@");
    sandbox_write(".synapseConfig", "[authentication]\nauthtoken = config\n");
    assert_string_equal(synapse(NULL), "config@synapse_config");
    sandbox_write("creds/synapse-auth-token", "systemd\n");
    setenv("CREDENTIALS_DIRECTORY", sandbox_path("creds"), 1);
    assert_string_equal(synapse(NULL), "systemd@credentials_directory");
    sandbox_write("token", "file\r\n");
    setenv("SYNAPSE_AUTH_TOKEN_FILE", sandbox_path("token"), 1);
    assert_string_equal(synapse(NULL), "file@env_file");
    setenv("SYNAPSE_AUTH_TOKEN", "env\n", 1);
    assert_string_equal(synapse(NULL), "env@env");
    assert_string_equal(synapse(&argument), "arg@argument");
}

static void chain_synapse_empty_is_absent(void **state)
{
    (void)state;
    const struct synapse_query argument = {.argument = ""};
    sandbox_write(".synapseConfig", "[authentication]\nauthtoken = config\n");
    sandbox_write("empty", " \n");
    sandbox_directory("creds");
    setenv("SYNAPSE_AUTH_TOKEN", " \t\n", 1);
    setenv("SYNAPSE_AUTH_TOKEN_FILE", sandbox_path("empty"), 1);
    setenv("CREDENTIALS_DIRECTORY", sandbox_path("creds"), 1);
    assert_string_equal(synapse(&argument), "config@synapse_config");
}

/* Another account's token would go out in its place. */
static void chain_file_that_a_variable_names_must_be_there(void **state)
{
    (void)state;
    const struct cave_query query = {.auth_server = "global.daf-apis.com"};
    struct answer answer;
    static const char *const names[] = {"absent", "folder", "dangling", "plain/below"};
    sandbox_write(".synapseConfig", "[authentication]\nauthtoken = config\n");
    sandbox_write(".cloudvolume/secrets/cave-secret.json", "{\"token\": \"cave\"}");
    sandbox_directory("folder");
    sandbox_write("plain", "x");
    assert_int_equal(symlink("nowhere", sandbox_path("dangling")), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        setenv("SYNAPSE_AUTH_TOKEN_FILE", sandbox_path(names[i]), 1);
        assert_string_equal(synapse(NULL), "unusable@env_file");
        setenv("CAVE_TOKEN_FILE", sandbox_path(names[i]), 1);
        chain_cave(&query, &answer);
        assert_int_equal(answer.outcome, OUTCOME_UNUSABLE);
        assert_non_null(strstr(answer.reason, "no such file"));
        answer_free(&answer);
    }
}

static void chain_synapse_unusable_ends_the_chain(void **state)
{
    (void)state;
    const struct synapse_query argument = {.argument = "a b"};
    sandbox_write(".synapseConfig", "[authentication]\nauthtoken = config\n");
    sandbox_write("bad", "a b\n");
    setenv("SYNAPSE_AUTH_TOKEN_FILE", sandbox_path("bad"), 1);
    assert_string_equal(synapse(NULL), "unusable@env_file");
    setenv("SYNAPSE_AUTH_TOKEN", "Bearer x", 1);
    assert_string_equal(synapse(NULL), "unusable@env");
    assert_string_equal(synapse(&argument), "unusable@argument");
}

static void chain_synapse_broken_config_hides_nothing_above(void **state)
{
    (void)state;
    sandbox_write(".synapseConfig", "garbage\n");
    assert_string_equal(synapse(NULL), "unusable@synapse_config");
    setenv("SYNAPSE_AUTH_TOKEN", "env", 1);
    assert_string_equal(synapse(NULL), "env@env");
}

static void chain_synapse_relative_paths_in_the_environment_are_errors(void **state)
{
    (void)state;
    sandbox_write("token", "file");
    assert_int_equal(chdir(sandbox_path(".")), 0);
    setenv("SYNAPSE_AUTH_TOKEN_FILE", "token", 1);
    assert_string_equal(synapse(NULL), "unusable@env_file");
    setenv("SYNAPSE_AUTH_TOKEN_FILE", "~/token", 1);
    assert_string_equal(synapse(NULL), "file@env_file");
    unsetenv("SYNAPSE_AUTH_TOKEN_FILE");
    setenv("CREDENTIALS_DIRECTORY", ".", 1);
    assert_string_equal(synapse(NULL), "unusable@credentials_directory");
    assert_int_equal(chdir("/"), 0);
}

static void chain_synapse_profile_user_and_file_exclude_all_else(void **state)
{
    (void)state;
    struct synapse_query query = {.profile = "lab"};
    setenv("SYNAPSE_AUTH_TOKEN", "env", 1);
    assert_string_equal(synapse(&query), "absent@");
    sandbox_write(".synapseConfig", "[authentication]\nusername = u\nauthtoken = a\n"
                                    "[profile lab]\nauthtoken = l\n");
    assert_string_equal(synapse(&query), "l@synapse_config");
    query = (struct synapse_query){.username = "u"};
    assert_string_equal(synapse(&query), "a@synapse_config");
    query = (struct synapse_query){.username = "v"};
    assert_string_equal(synapse(&query), "absent@");
    sandbox_write("other", "[default]\nauthtoken = o\n");
    query = (struct synapse_query){.config_file = sandbox_path("other")};
    assert_string_equal(synapse(&query), "o@synapse_config");
    query = (struct synapse_query){.default_config_file = sandbox_path("other")};
    assert_string_equal(synapse(&query), "env@env");
    unsetenv("SYNAPSE_AUTH_TOKEN");
    assert_string_equal(synapse(&query), "o@synapse_config");
}

static void chain_synapse_profile_variable_excludes_nothing(void **state)
{
    (void)state;
    const struct synapse_query other = {.profile = "two"};
    sandbox_write(".synapseConfig", "[default]\nauthtoken = d\n[profile one]\nauthtoken = 1\n"
                                    "[profile two]\nauthtoken = 2\n");
    setenv("SYNAPSE_PROFILE", "one", 1);
    assert_string_equal(synapse(NULL), "1@synapse_config");
    assert_string_equal(synapse(&other), "2@synapse_config");
    setenv("SYNAPSE_PROFILE", "three", 1);
    assert_string_equal(synapse(NULL), "unusable@synapse_config");
    setenv("SYNAPSE_AUTH_TOKEN", "env", 1);
    assert_string_equal(synapse(NULL), "env@env");
}

static void chain_synapse_own_source_is_the_only_one(void **state)
{
    (void)state;
    static const char *const command[] = {"pass", "show", NULL};
    struct synapse_query query = {.token_env = "LAB_TOKEN"};
    setenv("SYNAPSE_AUTH_TOKEN", "env", 1);
    assert_string_equal(synapse(&query), "absent@");
    setenv("LAB_TOKEN", "lab", 1);
    assert_string_equal(synapse(&query), "lab@env");
    unsetenv("LAB_TOKEN");
    query = (struct synapse_query){.token_file = sandbox_path("t")};
    assert_string_equal(synapse(&query), "absent@");
    sandbox_write("t", "bare\n");
    assert_string_equal(synapse(&query), "bare@token_file");
    sandbox_write("t", "\xef\xbb\xbf\n {\"token\": \"object\"}");
    assert_string_equal(synapse(&query), "object@token_file");
    query = (struct synapse_query){.token_command = command};
    assert_string_equal(synapse(&query), "unusable@token_command");
}

static void chain_synapse_later_sources_are_not_silently_skipped(void **state)
{
    (void)state;
    struct answer answer;
    const struct synapse_query query = {0};
    setenv("SYNAPSE_TOKEN_AWS_SSM_PARAMETER_NAME", "/lab/token", 1);
    sandbox_write(".synapseSession", "{\"<mostRecent>\": \"alice\"}\n");
    chain_synapse(&query, &answer);
    assert_int_equal(answer.outcome, OUTCOME_ABSENT);
    assert_true(trail_has(&answer, "ssm", "helper = false"));
    assert_true(trail_has(&answer, "keyring", "helper = false"));
    assert_non_null(strstr(answer.reason, "SYNAPSE_TOKEN_AWS_SSM_PARAMETER_NAME"));
    answer_free(&answer);
    unsetenv("SYNAPSE_TOKEN_AWS_SSM_PARAMETER_NAME");
    sandbox_write(".synapseSession", "{}");
    chain_synapse(&query, &answer);
    assert_false(trail_has(&answer, "ssm", ""));
    assert_false(trail_has(&answer, "keyring", ""));
    answer_free(&answer);
}

static void chain_synapse_trail_names_what_was_tried_in_order(void **state)
{
    (void)state;
    static const char *const kinds[] = {"env", "env_file", "credentials_directory",
                                        "session", "synapse_config"};
    struct answer answer;
    const struct synapse_query query = {0};
    chain_synapse(&query, &answer);
    assert_int_equal(answer.tried_count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(answer.tried[i].kind, kinds[i]);
    assert_non_null(strstr(answer.reason, "SYNAPSE_AUTH_TOKEN (is not set)"));
    assert_non_null(strstr(answer.reason, ".synapseConfig (no such file)"));
    answer_free(&answer);
}

/* {"alg":"none"} . {"access":{"scope":["download"]}} */
static void chain_synapse_token_without_view_warns(void **state)
{
    (void)state;
    struct answer answer;
    const struct synapse_query query = {0};
    setenv("SYNAPSE_AUTH_TOKEN",
           "eyJhbGciOiJub25lIn0.eyJhY2Nlc3MiOnsic2NvcGUiOlsiZG93bmxvYWQiXX19.x", 1);
    chain_synapse(&query, &answer);
    assert_int_equal(answer.outcome, OUTCOME_TOKEN);
    assert_int_equal(answer.warning_count, 1);
    assert_non_null(strstr(answer.warnings[0], "view"));
    assert_null(strstr(answer.warnings[0], "eyJ"));
    answer_free(&answer);
}

static void chain_synapse_reason_never_shows_the_value(void **state)
{
    (void)state;
    struct answer answer;
    const struct synapse_query query = {0};
    setenv("SYNAPSE_AUTH_TOKEN", "\"hunter2\"", 1);
    chain_synapse(&query, &answer);
    assert_int_equal(answer.outcome, OUTCOME_UNUSABLE);
    assert_null(strstr(answer.reason, "hunter2"));
    assert_null(strstr(answer.tried[0].outcome, "hunter2"));
    assert_non_null(strstr(answer.reason, "SYNAPSE_AUTH_TOKEN"));
    answer_free(&answer);
}

static void chain_cave_each_source_beats_the_next(void **state)
{
    (void)state;
    struct cave_query argument = global;
    argument.argument = "arg";
    assert_string_equal(cave(NULL), "absent@");
    sandbox_write(SECRETS "cave-secret.json", "{\"token\": \"json\"}");
    assert_string_equal(cave(NULL), "json@cave_secret");
    sandbox_write("creds/cave-token", "systemd\n");
    setenv("CREDENTIALS_DIRECTORY", sandbox_path("creds"), 1);
    assert_string_equal(cave(NULL), "systemd@credentials_directory");
    sandbox_write("token", "{\"token\": \"file\"}");
    setenv("CAVE_TOKEN_FILE", sandbox_path("token"), 1);
    assert_string_equal(cave(NULL), "file@env_file");
    setenv("CAVE_TOKEN", "env", 1);
    assert_string_equal(cave(NULL), "env@env");
    assert_string_equal(cave(&argument), "arg@argument");
}

static void chain_cave_environment_is_for_one_deployment(void **state)
{
    (void)state;
    struct answer answer;
    struct cave_query lab = {.auth_server = "auth.lab.org", .request_host = "data.lab.org"};
    setenv("CAVE_TOKEN", "env", 1);
    assert_string_equal(cave(&lab), "absent@");
    chain_cave(&lab, &answer);
    assert_true(trail_has(&answer, "env", "is for global.daf-apis.com"));
    answer_free(&answer);
    setenv("CAVE_AUTH_SERVER", "https://Auth.Lab.org:443/", 1);
    assert_string_equal(cave(&lab), "env@env");
    assert_string_equal(cave(NULL), "absent@");
    lab.auth_server = "auth.lab.org:8443";
    assert_string_equal(cave(&lab), "absent@");
    setenv("CAVE_AUTH_SERVER", "auth.lab.org:8443", 1);
    assert_string_equal(cave(&lab), "env@env");
    setenv("CAVE_AUTH_SERVER", "", 1);
    assert_string_equal(cave(NULL), "env@env");
}

static void chain_cave_bad_auth_server_matters_only_with_a_token(void **state)
{
    (void)state;
    setenv("CAVE_AUTH_SERVER", "me@nowhere", 1);
    sandbox_write(SECRETS "cave-secret.json", "{\"token\": \"json\"}");
    assert_string_equal(cave(NULL), "json@cave_secret");
    setenv("CAVE_TOKEN", "env", 1);
    assert_string_equal(cave(NULL), "unusable@env");
}

static void chain_cave_key_selects_in_every_object(void **state)
{
    (void)state;
    struct cave_query query = global;
    query.token_key = "lab";
    sandbox_write(SECRETS "cave-secret.json", "{\"token\": \"t\", \"lab\": \"json\"}");
    assert_string_equal(cave(&query), "json@cave_secret");
    sandbox_write("token", "{\"token\": \"t\", \"lab\": \"file\"}");
    setenv("CAVE_TOKEN_FILE", sandbox_path("token"), 1);
    assert_string_equal(cave(&query), "file@env_file");
    sandbox_write("token", "{\"token\": \"t\"}");
    assert_string_equal(cave(&query), "json@cave_secret");
    sandbox_write("token", "bare");
    assert_string_equal(cave(&query), "bare@env_file");
}

static void chain_cave_token_file_has_no_successor(void **state)
{
    (void)state;
    struct cave_query query = global;
    sandbox_write(SECRETS "chunkedgraph-secret.json", "{\"token\": \"old\"}");
    setenv("CAVE_TOKEN", "env", 1);
    query.token_file = sandbox_path("t");
    assert_string_equal(cave(&query), "absent@");
    sandbox_write("t", "{}");
    assert_string_equal(cave(&query), "absent@");
    sandbox_write("t", "{");
    assert_string_equal(cave(&query), "unusable@token_file");
    sandbox_write("t", "");
    assert_string_equal(cave(&query), "absent@");
    sandbox_write("t", "{\"token\": \"t\"}");
    assert_string_equal(cave(&query), "t@token_file");
}

static void chain_cave_secret_over_the_limit_is_unusable(void **state)
{
    (void)state;
    static char text[1024 * 1024 + 1];
    memset(text, ' ', sizeof text);
    memcpy(text, "{\"token\": \"t\"}", 14);
    sandbox_write_bytes(SECRETS "cave-secret.json", text, sizeof text - 1);
    assert_string_equal(cave(NULL), "t@cave_secret");
    sandbox_write_bytes(SECRETS "cave-secret.json", text, sizeof text);
    assert_string_equal(cave(NULL), "unusable@cave_secret");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sandbox_enter, sandbox_leave)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(chain_synapse_each_source_beats_the_next),
        TEST(chain_synapse_empty_is_absent),
        TEST(chain_file_that_a_variable_names_must_be_there),
        TEST(chain_synapse_unusable_ends_the_chain),
        TEST(chain_synapse_broken_config_hides_nothing_above),
        TEST(chain_synapse_relative_paths_in_the_environment_are_errors),
        TEST(chain_synapse_profile_user_and_file_exclude_all_else),
        TEST(chain_synapse_profile_variable_excludes_nothing),
        TEST(chain_synapse_own_source_is_the_only_one),
        TEST(chain_synapse_later_sources_are_not_silently_skipped),
        TEST(chain_synapse_trail_names_what_was_tried_in_order),
        TEST(chain_synapse_token_without_view_warns),
        TEST(chain_synapse_reason_never_shows_the_value),
        TEST(chain_cave_each_source_beats_the_next),
        TEST(chain_cave_environment_is_for_one_deployment),
        TEST(chain_cave_bad_auth_server_matters_only_with_a_token),
        TEST(chain_cave_key_selects_in_every_object),
        TEST(chain_cave_token_file_has_no_successor),
        TEST(chain_cave_secret_over_the_limit_is_unusable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
