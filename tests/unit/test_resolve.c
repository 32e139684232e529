/* Tests of lib/resolve.c, lib/context.c and lib/result.c: the public API. */
#include "synauth.h"

#include "sandbox.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SECRETS ".cloudvolume/secrets/"
static const char usual_rules[] =
    "rules = (\n"
    "  { match = \"s.org\"; service = \"synapse\"; },\n"
    "  { match = \"lab.org\"; service = \"synapse\"; profile = \"lab\"; },\n"
    "  { match = [\"*.c.org\", \"c.org\"]; service = \"cave\"; auth_server = "
    "\"global.daf-apis.com\"; },\n"
    "  { match = [\"http://plain.org\", \"http://127.0.0.1.org\"]; service = \"cave\"; token_env = "
    "\"LAB\"; },\n"
    "  { match = \"http://open.org\"; service = \"cave\"; token_env = \"LAB\"; "
    "allow_cleartext = true; },\n"
    "  { match = \"http://localhost:5000\"; service = \"cave\"; token_env = \"LAB\"; },\n"
    "  { match = \"broken.org\"; service = \"cave\"; profile = \"x\"; }\n"
    ");\n"
    "synapse = { config_file = \"other.ini\"; };\n"
    "helper = false;\n";

static synauth_context *open_with(const char *text)
{
    synauth_error error;
    sandbox_write("synauth.conf", text);
    setenv("SYNAUTH_CONFIG", sandbox_path("synauth.conf"), 1);
    synauth_context *context = synauth_open(NULL, &error);
    if (!context)
        print_error("%s\n", error.text);
    assert_non_null(context);
    return context;
}

static synauth_result *resolve(synauth_context *context, const char *url)
{
    synauth_result *result = NULL;
    synauth_error error;
    int code = synauth_resolve(context, url, &result, &error);
    if (code != SYNAUTH_OK)
        print_error("%s: %s\n", url, error.text);
    assert_int_equal(code, SYNAUTH_OK);
    return result;
}

static void assert_decision(synauth_context *context, const char *url,
                            enum synauth_decision decision, int code, const char *reason)
{
    synauth_result *result = resolve(context, url);
    assert_int_equal(synauth_result_decision(result), decision);
    assert_int_equal(synauth_result_code(result), code);
    if (!strstr(synauth_result_reason(result), reason))
        print_error("%s: %s\n", url, synauth_result_reason(result));
    assert_non_null(strstr(synauth_result_reason(result), reason));
    assert_int_equal(synauth_result_header(result) != NULL, decision == SYNAUTH_SEND);
    synauth_result_free(result);
}

static void synauth_resolve_token_comes_with_its_provenance(void **state)
{
    (void)state;
    sandbox_write("other.ini", "# mine\n[default]\nauthtoken = tokA\n");
    synauth_context *context = open_with(usual_rules);
    synauth_result *result = resolve(context, "https://s.org/repo/v1/userProfile?x=y");
    assert_int_equal(synauth_result_decision(result), SYNAUTH_SEND);
    assert_int_equal(synauth_result_code(result), SYNAUTH_OK);
    assert_string_equal(synauth_result_header(result), "Authorization: Bearer tokA");
    assert_string_equal(synauth_result_rule_match(result), "s.org");
    assert_string_equal(synauth_result_rule_file(result), sandbox_path("synauth.conf"));
    assert_int_equal(synauth_result_rule_line(result), 2);
    assert_string_equal(synauth_result_service(result), "synapse");
    const synauth_source *source = synauth_result_source(result);
    assert_string_equal(source->kind, "synapse_config");
    assert_string_equal(source->name, "[default]");
    assert_string_equal(source->path, sandbox_path("other.ini"));
    assert_int_equal(source->line, 3);
    assert_string_equal(source->key, "authtoken");
    /* printf tokA | sha256sum */
    assert_string_equal(synauth_result_fingerprint(result), "ddd824ea");
    assert_int_equal(synauth_result_tried_count(result), 5);
    assert_string_equal(synauth_result_tried(result, 0)->name, "SYNAPSE_AUTH_TOKEN");
    assert_string_equal(synauth_result_tried(result, 4)->kind, "synapse_config");
    assert_null(synauth_result_tried(result, 5));
    assert_null(strstr(synauth_result_reason(result), "tokA"));
    synauth_result_free(result);
    synauth_close(context);
}

static void synauth_resolve_without_rule_is_none(void **state)
{
    (void)state;
    synauth_context *context = open_with(usual_rules);
    setenv("SYNAPSE_AUTH_TOKEN", "tokA", 1);
    static const char *const urls[] = {"https://x.org/", "http://s.org/", "https://s.org:444/",
                                       "https://a.s.org/", "https://s.org.evil/"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        synauth_result *result = resolve(context, urls[i]);
        assert_int_equal(synauth_result_decision(result), SYNAUTH_NONE);
        assert_null(synauth_result_header(result));
        assert_null(synauth_result_rule_match(result));
        assert_null(synauth_result_service(result));
        assert_null(synauth_result_source(result));
        assert_null(synauth_result_fingerprint(result));
        assert_int_equal(synauth_result_tried_count(result), 0);
        synauth_result_free(result);
    }
    synauth_close(context);
}

static void synauth_resolve_withheld_says_why(void **state)
{
    (void)state;
    synauth_context *context = open_with(usual_rules);
    assert_decision(context, "https://s.org/", SYNAUTH_WITHHOLD, SYNAUTH_E_NO_TOKEN, "other.ini");
    setenv("SYNAPSE_AUTH_TOKEN", "a b", 1);
    assert_decision(context, "https://s.org/", SYNAUTH_WITHHOLD, SYNAUTH_E_UNUSABLE,
                    "SYNAPSE_AUTH_TOKEN");
    sandbox_write("other.ini", "[profile lab]\nusername = u\npassword = p\n");
    assert_decision(context, "https://lab.org/", SYNAUTH_WITHHOLD, SYNAUTH_E_UNUSABLE,
                    "helper = false");
    assert_decision(context, "https://broken.org/", SYNAUTH_WITHHOLD, SYNAUTH_E_CONFIG,
                    "synauth.conf:8");
    synauth_close(context);
}

static void synauth_resolve_cleartext_only_where_allowed(void **state)
{
    (void)state;
    synauth_context *context = open_with(usual_rules);
    setenv("LAB", "tokL", 1);
    assert_decision(context, "http://plain.org/", SYNAUTH_WITHHOLD, SYNAUTH_OK, "plain http");
    assert_decision(context, "http://127.0.0.1.org/", SYNAUTH_WITHHOLD, SYNAUTH_OK, "plain http");
    assert_decision(context, "http://open.org/", SYNAUTH_SEND, SYNAUTH_OK, "LAB");
    assert_decision(context, "http://localhost:5000/", SYNAUTH_SEND, SYNAUTH_OK, "LAB");
    unsetenv("LAB");
    assert_decision(context, "http://plain.org/", SYNAUTH_WITHHOLD, SYNAUTH_E_NO_TOKEN, "LAB");
    synauth_close(context);
}

static void synauth_resolve_own_query_token_goes_first(void **state)
{
    (void)state;
    synauth_context *context = open_with(usual_rules);
    sandbox_write(SECRETS "cave-secret.json", "{\"token\": \"t\"}");
    setenv("SYNAPSE_AUTH_TOKEN", "tokA", 1);
    assert_decision(context, "https://c.org/a?x=1&middle_auth_token=abc", SYNAUTH_WITHHOLD,
                    SYNAUTH_OK, "middle_auth_token");
    assert_decision(context, "https://c.org/a?my_middle_auth_token=abc", SYNAUTH_WITHHOLD,
                    SYNAUTH_OK, "middle_auth_token");
    assert_decision(context, "https://c.org/a?x=%6&%6diddle%5Fauth_token=abc", SYNAUTH_WITHHOLD,
                    SYNAUTH_OK, "middle_auth_token");
    assert_decision(context, "https://c.org/a?X-Amz-Signature=abc", SYNAUTH_WITHHOLD, SYNAUTH_OK,
                    "signed");
    assert_decision(context, "https://c.org/a?mmiddle_auth_toke=%", SYNAUTH_SEND, SYNAUTH_OK,
                    "cave-secret.json");
    assert_decision(context, "https://s.org/?middle_auth_token=abc", SYNAUTH_WITHHOLD, SYNAUTH_OK,
                    "middle_auth_token");
    assert_decision(context, "https://c.org/middle_auth_token=abc#?middle_auth_token=a",
                    SYNAUTH_SEND, SYNAUTH_OK, "cave-secret.json");
    synauth_close(context);
}

static void synauth_resolve_disabled_sends_nothing(void **state)
{
    (void)state;
    synauth_context *context = open_with(usual_rules);
    setenv("SYNAPSE_AUTH_TOKEN", "tokA", 1);
    setenv("SYNAUTH_DISABLE", "1", 1);
    assert_decision(context, "https://s.org/", SYNAUTH_WITHHOLD, SYNAUTH_OK, "SYNAUTH_DISABLE");
    unsetenv("SYNAUTH_DISABLE");
    assert_decision(context, "https://s.org/", SYNAUTH_SEND, SYNAUTH_OK, "SYNAPSE_AUTH_TOKEN");
    synauth_close(context);
}

static void synauth_resolve_bad_url_is_an_argument_error(void **state)
{
    (void)state;
    synauth_context *context = open_with(usual_rules);
    static const char *const urls[] = {"", "s.org", "https://", "https://me:hunter2@s.org/",
                                       "ftp://s.org/"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        synauth_result *result = NULL;
        synauth_error error;
        assert_int_equal(synauth_resolve(context, urls[i], &result, &error), SYNAUTH_E_ARGUMENT);
        assert_int_equal(error.code, SYNAUTH_E_ARGUMENT);
        assert_int_not_equal(error.text[0], '\0');
        assert_null(strstr(error.text, "hunter2"));
        assert_null(result);
    }
    synauth_result *result = NULL;
    assert_int_equal(synauth_resolve(context, NULL, &result, NULL), SYNAUTH_E_ARGUMENT);
    assert_int_equal(synauth_resolve(NULL, "https://s.org", &result, NULL), SYNAUTH_E_ARGUMENT);
    synauth_close(context);
}

static void synauth_resolve_unusable_configuration_is_reported(void **state)
{
    (void)state;
    synauth_error error;
    synauth_result *result = NULL;
    synauth_context *context = open_with("rules = (\n{ match = \n");
    assert_int_equal(synauth_resolve(context, "https://s.org/", &result, &error), SYNAUTH_E_CONFIG);
    assert_null(result);
    assert_string_equal(error.file, sandbox_path("synauth.conf"));
    assert_int_not_equal(error.line, 0);
    assert_int_equal(synauth_synapse_request_header(context, NULL, &result, &error),
                     SYNAUTH_E_CONFIG);
    assert_true(synauth_config_error_count(context) > 0);
    assert_non_null(synauth_config_error(context, 0));
    assert_null(synauth_config_error(context, synauth_config_error_count(context)));
    synauth_close(context);
}

static void synauth_resolve_keeps_errno(void **state)
{
    (void)state;
    synauth_context *context = open_with(usual_rules);
    errno = 77;
    synauth_result_free(resolve(context, "https://lab.org/"));
    assert_int_equal(errno, 77);
    synauth_close(context);
}

static void synauth_rule_lists_rules_in_order(void **state)
{
    (void)state;
    synauth_rule_info info;
    synauth_config_file_info file;
    synauth_context *context = open_with(usual_rules);
    assert_int_equal(synauth_rule_count(context), 7);
    assert_int_equal(synauth_rule(context, 2, &info), SYNAUTH_OK);
    assert_string_equal(info.match, "*.c.org");
    assert_string_equal(info.service, "cave");
    assert_int_equal(info.line, 4);
    assert_true(info.valid);
    assert_int_equal(synauth_rule(context, 6, &info), SYNAUTH_OK);
    assert_false(info.valid);
    assert_int_not_equal(synauth_rule(context, 7, &info), SYNAUTH_OK);
    assert_int_equal(synauth_config_file(context, 0, &file), SYNAUTH_OK);
    assert_string_equal(file.path, sandbox_path("synauth.conf"));
    assert_string_equal(file.origin, "SYNAUTH_CONFIG");
    assert_string_equal(file.state, "read");
    assert_int_not_equal(synauth_config_file(context, synauth_config_file_count(context), &file),
                         SYNAUTH_OK);
    synauth_close(context);
}

static void synauth_open_without_configuration_has_the_compiled_in_rules(void **state)
{
    (void)state;
    synauth_context *context = synauth_open(NULL, NULL);
    assert_non_null(context);
    setenv("SYNAPSE_AUTH_TOKEN", "tokA", 1);
    setenv("CAVE_TOKEN", "tokC", 1);
    synauth_result *result = resolve(context, "https://file-prod.prod.sagebase.org/file/v1");
    assert_string_equal(synauth_result_header(result), "Authorization: Bearer tokA");
    synauth_result_free(result);
    result = resolve(context, "https://global.daf-apis.com/auth/api/v1/user/cache");
    assert_string_equal(synauth_result_header(result), "Authorization: Bearer tokC");
    synauth_result_free(result);
    result = resolve(context, "https://www.synapse.org/");
    assert_int_equal(synauth_result_decision(result), SYNAUTH_NONE);
    synauth_result_free(result);
    synauth_close(context);
}

static void synauth_open_options_name_one_file(void **state)
{
    (void)state;
    synauth_options options = {.size = sizeof options};
    sandbox_write("only.conf", "rules = ( { match = \"o.org\"; service = \"synapse\"; } );");
    options.config_file = sandbox_path("only.conf");
    synauth_context *context = synauth_open(&options, NULL);
    assert_int_equal(synauth_rule_count(context), 1);
    synauth_close(context);
    options.size = offsetof(synauth_options, config_file); /* an older caller */
    context = synauth_open(&options, NULL);
    assert_true(synauth_rule_count(context) > 1);
    synauth_close(context);
}

static synauth_result *synapse_header(synauth_context *context,
                                      const synauth_synapse_options *options)
{
    synauth_result *result = NULL;
    assert_int_equal(synauth_synapse_request_header(context, options, &result, NULL), SYNAUTH_OK);
    return result;
}

static void synauth_synapse_request_header_options_select(void **state)
{
    (void)state;
    synauth_context *context = synauth_open(NULL, NULL);
    synauth_synapse_options options = {.size = sizeof options};
    sandbox_write(".synapseConfig", "[default]\nusername = u\nauthtoken = d\n"
                                    "[profile lab]\nauthtoken = l\n");
    setenv("SYNAPSE_AUTH_TOKEN", "env", 1);
    synauth_result *result = synapse_header(context, NULL);
    assert_string_equal(synauth_result_header(result), "Authorization: Bearer env");
    assert_string_equal(synauth_result_service(result), "synapse");
    assert_null(synauth_result_rule_match(result));
    synauth_result_free(result);
    options.profile = "lab";
    result = synapse_header(context, &options);
    assert_string_equal(synauth_result_header(result), "Authorization: Bearer l");
    synauth_result_free(result);
    options = (synauth_synapse_options){.size = sizeof options, .username = "other"};
    result = synapse_header(context, &options);
    assert_int_equal(synauth_result_code(result), SYNAUTH_E_NO_TOKEN);
    synauth_result_free(result);
    options.token = "arg";
    result = synapse_header(context, &options);
    assert_string_equal(synauth_result_source(result)->kind, "argument");
    synauth_result_free(result);
    synauth_close(context);
}

static void synauth_synapse_request_header_path_is_relative_to_here(void **state)
{
    (void)state;
    synauth_context *context = synauth_open(NULL, NULL);
    synauth_synapse_options options = {.size = sizeof options, .config_path = "mine.ini"};
    sandbox_write("mine.ini", "[default]\nauthtoken = d\n");
    assert_int_equal(chdir(sandbox_path(".")), 0);
    synauth_result *result = synapse_header(context, &options);
    assert_string_equal(synauth_result_header(result), "Authorization: Bearer d");
    synauth_result_free(result);
    assert_int_equal(chdir("/"), 0);
    options.config_path = "~/mine.ini";
    result = synapse_header(context, &options);
    assert_string_equal(synauth_result_header(result), "Authorization: Bearer d");
    synauth_result_free(result);
    synauth_close(context);
}

static void assert_cave(synauth_context *context, const synauth_cave_options *options,
                        const char *token)
{
    char header[128];
    synauth_result *result = NULL;
    snprintf(header, sizeof header, "Authorization: Bearer %s", token);
    assert_int_equal(synauth_cave_request_header(context, options, &result, NULL), SYNAUTH_OK);
    assert_non_null(synauth_result_header(result));
    assert_string_equal(synauth_result_header(result), header);
    assert_string_equal(synauth_result_service(result), "cave");
    synauth_result_free(result);
}

static void synauth_cave_request_header_options_select(void **state)
{
    (void)state;
    synauth_context *context = synauth_open(NULL, NULL);
    synauth_cave_options options = {.size = sizeof options};
    sandbox_write(SECRETS "global.daf-apis.com-cave-secret.json", "{\"token\": \"g\"}");
    sandbox_write(SECRETS "localhost:5000-cave-secret.json", "{\"token\": \"local\"}");
    sandbox_write(SECRETS "cave-secret.json", "{\"token\": \"c\", \"lab\": \"l\"}");
    sandbox_write("mine.json", "{\"token\": \"m\"}");
    assert_cave(context, NULL, "g");
    options.server_address = "Localhost:5000/";
    assert_cave(context, &options, "local");
    options.server_address = "http://localhost:5000";
    assert_cave(context, &options, "local");
    options.server_address = "https://other.org/auth/api/v1";
    assert_cave(context, &options, "c");
    options.token_key = "lab";
    assert_cave(context, &options, "l");
    setenv("CAVE_TOKEN", "env", 1);
    assert_cave(context, &options, "l"); /* other.org is another deployment */
    assert_cave(context, NULL, "env");
    options = (synauth_cave_options){.size = sizeof options, .token_file = "~/mine.json"};
    assert_cave(context, &options, "m");
    options.token = "arg";
    assert_cave(context, &options, "arg");
    synauth_close(context);
}

static void synauth_cave_request_header_bad_address_is_an_argument_error(void **state)
{
    (void)state;
    synauth_error error;
    synauth_result *result = NULL;
    synauth_context *context = synauth_open(NULL, NULL);
    synauth_cave_options options = {.size = sizeof options,
                                    .server_address = "https://me:hunter2@global.daf-apis.com"};
    assert_int_equal(synauth_cave_request_header(context, &options, &result, &error),
                     SYNAUTH_E_ARGUMENT);
    assert_null(strstr(error.text, "hunter2"));
    synauth_close(context);
}

static void synauth_result_warning_tells_of_the_deprecated_file(void **state)
{
    (void)state;
    synauth_result *result = NULL;
    synauth_context *context = synauth_open(NULL, NULL);
    sandbox_write(SECRETS "chunkedgraph-secret.json", "{\"token\": \"old\"}");
    assert_int_equal(synauth_cave_request_header(context, NULL, &result, NULL), SYNAUTH_OK);
    assert_int_equal(synauth_result_warning_count(result), 1);
    assert_non_null(strstr(synauth_result_warning(result, 0), "deprecated"));
    assert_null(synauth_result_warning(result, 1));
    synauth_result_free(result);
    synauth_close(context);
}

static void *resolve_often(void *context)
{
    for (int i = 0; i < 200; i++) {
        synauth_result *result = NULL;
        if (synauth_resolve(context, "https://s.org/", &result, NULL) != SYNAUTH_OK ||
            strcmp(synauth_result_header(result), "Authorization: Bearer tokA") != 0)
            return context;
        synauth_result_free(result);
    }
    return NULL;
}

static void synauth_resolve_threads_share_a_context(void **state)
{
    (void)state;
    enum { THREADS = 8 };
    pthread_t threads[THREADS];
    synauth_context *context = open_with(usual_rules);
    sandbox_write("other.ini", "[default]\nauthtoken = tokA\n");
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, resolve_often, context), 0);
    for (int i = 0; i < THREADS; i++) {
        void *failed = context;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    synauth_close(context);
}

static void synauth_free_functions_take_null(void **state)
{
    (void)state;
    synauth_result_free(NULL);
    synauth_close(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sandbox_enter, sandbox_leave)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(synauth_resolve_token_comes_with_its_provenance),
        TEST(synauth_resolve_without_rule_is_none),
        TEST(synauth_resolve_withheld_says_why),
        TEST(synauth_resolve_cleartext_only_where_allowed),
        TEST(synauth_resolve_own_query_token_goes_first),
        TEST(synauth_resolve_disabled_sends_nothing),
        TEST(synauth_resolve_bad_url_is_an_argument_error),
        TEST(synauth_resolve_unusable_configuration_is_reported),
        TEST(synauth_resolve_keeps_errno),
        TEST(synauth_rule_lists_rules_in_order),
        TEST(synauth_open_without_configuration_has_the_compiled_in_rules),
        TEST(synauth_open_options_name_one_file),
        TEST(synauth_synapse_request_header_options_select),
        TEST(synauth_synapse_request_header_path_is_relative_to_here),
        TEST(synauth_cave_request_header_options_select),
        TEST(synauth_cave_request_header_bad_address_is_an_argument_error),
        TEST(synauth_result_warning_tells_of_the_deprecated_file),
        TEST(synauth_resolve_threads_share_a_context),
        TEST(synauth_free_functions_take_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
