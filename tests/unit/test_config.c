/* Tests of lib/config.c, lib/config_rules.c and lib/config_value.c. */
#include "config.h"

#include "error.h"
#include "sandbox.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct config *config;

static int leave(void **state)
{
    config_free(config);
    config = NULL;
    return sandbox_leave(state);
}

/* Loads this text as $SYNAUTH_CONFIG. */
static void load(const char *text)
{
    config_free(config);
    sandbox_write("alone.conf", text);
    setenv("SYNAUTH_CONFIG", sandbox_path("alone.conf"), 1);
    config = config_load(NULL);
    assert_non_null(config);
}

static void load_chain(const char *user)
{
    config_free(config);
    unsetenv("SYNAUTH_CONFIG");
    sandbox_write(".config/synauth/synauth.conf", user);
    config = config_load(NULL);
    assert_non_null(config);
}

static const struct rule *rule_for(const char *url)
{
    struct origin origin;
    assert_int_equal(origin_from_url(url, &origin, NULL, NULL), SYNAUTH_OK);
    return rules_match(config->rules, &origin);
}

static void print_errors(void)
{
    char line[1200];
    for (size_t i = 0; i < config->error_count; i++) {
        error_format(&config->errors[i], line, sizeof line);
        print_message("%s\n", line);
    }
}

static void expect_valid(void)
{
    print_errors();
    assert_int_equal(config->error_count, 0);
    assert_false(config->unusable);
}

/* Some mistake at this line says this. */
static void expect_mistake(unsigned line, const char *problem)
{
    for (size_t i = 0; i < config->error_count; i++)
        if (config->errors[i].line == line && strstr(config->errors[i].text, problem))
            return;
    print_errors();
    fail_msg("no mistake in line %u says \"%s\"", line, problem);
}

static void expect_unusable(unsigned line, const char *problem)
{
    assert_true(config->unusable);
    assert_true(config->error_count > 0);
    if (config->errors[0].line == line && strstr(config->errors[0].text, problem))
        return;
    print_errors();
    fail_msg("the first mistake is not line %u, \"%s\"", line, problem);
}

static void load_contract_example_is_valid(void **state)
{
    (void)state;
    load("rules = (\n"
         "  { match = \"repo-prod.prod.sagebase.org\"; service = \"synapse\"; },\n"
         "  { match = \"*.microns-daf.com\"; service = \"cave\";\n"
         "    auth_server = \"global.daf-apis.com\"; },\n"
         "  { match = \"data.example.org:8443\"; service = \"cave\"; token_file = \"~/lab.json\";\n"
         "    token_key = \"lab\"; },\n"
         "  { match = \"http://localhost:5000\"; service = \"cave\"; token_env = \"DEV_TOKEN\"; }\n"
         ");\n"
         "synapse = { config_file = \"~/.synapseConfig\"; };\n"
         "on_missing = \"pass\";        // or \"fail\"; may stand in a rule too\n"
         "helper = true;              // false: never start a process\n");
    expect_valid();
    assert_int_equal(rules_count(config->rules), 4);
    assert_true(config->helper);
    assert_string_equal(config->synapse_config_file, sandbox_path(".synapseConfig"));
    const struct rule *rule = rule_for("https://x.microns-daf.com/");
    assert_int_equal(rule->service, SERVICE_CAVE);
    assert_string_equal(rule->auth_server, "global.daf-apis.com");
    assert_string_equal(rule->file, sandbox_path("alone.conf"));
    assert_int_equal(rule->line, 3);
    rule = rule_for("https://data.example.org:8443/");
    assert_string_equal(rule->match, "data.example.org:8443");
    assert_string_equal(rule->token_file, sandbox_path("lab.json"));
    assert_string_equal(rule->token_key, "lab");
    assert_string_equal(rule_for("http://localhost:5000/")->token_env, "DEV_TOKEN");
    assert_null(rule_for("https://auth-prod.prod.sagebase.org/")); /* alone */
}

static void load_all_keys_arrive(void **state)
{
    (void)state;
    load("rules = ( { match = [\"a.org\", \"b.org:*\"]; service = \"synapse\"; profile = \"p\";\n"
         "  username = \"u\"; config_file = \"sub/c\"; on_missing = \"fail\";\n"
         "  allow_unverified_tls = true; allow_cleartext = false; },\n"
         " { match = (\"c.org\"); service = \"cave\"; auth_server = \"https://X.org:443/\";\n"
         "  secrets_dir = \"/s\"; token_key = \"k\"; },\n"
         " { match = \"d.org\"; service = \"cave\"; auth_server = \"localhost:5000\";\n"
         "  token_command = [\"./bin/get\", \"\", \"a b\"]; allow_cleartext = true; },\n"
         " { match = \"e.org\"; service = \"synapse\"; token_command = (\"pass\", \"show\"); } "
         ");\n");
    expect_valid();
    const struct rule *rule = rule_for("https://b.org:7/");
    assert_string_equal(rule->match, "a.org");
    assert_string_equal(rule->profile, "p");
    assert_string_equal(rule->username, "u");
    assert_string_equal(rule->config_file, sandbox_path("sub/c"));
    assert_true(rule->on_missing_fail && rule->on_missing_set && rule->allow_unverified_tls);
    assert_false(rule->allow_cleartext);
    rule = rule_for("https://c.org/");
    assert_string_equal(rule->auth_server, "x.org");
    assert_string_equal(rule->secrets_dir, "/s");
    assert_false(rule->on_missing_fail);
    rule = rule_for("https://d.org/");
    assert_string_equal(rule->auth_server, "localhost:5000");
    assert_true(rule->allow_cleartext);
    assert_string_equal(rule->token_command[0], sandbox_path("./bin/get"));
    assert_string_equal(rule->token_command[1], "");
    assert_string_equal(rule->token_command[2], "a b");
    assert_null(rule->token_command[3]);
    assert_string_equal(rule_for("https://e.org/")->token_command[0], "pass");
}

static void load_rule_mistakes_break_only_their_rule(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *problem;
    } cases[] = {
        {"match = \"a.org\";", "no \"service\""},
        {"match = \"a.org\"; service = \"synaps\";", "did you mean \"synapse\""},
        {"match = \"a.org\"; service = \"other\";", "must be \"synapse\" or \"cave\""},
        {"match = \"a.org\"; service = 3;", "must be a string (in double quotes), not a number"},
        {"match = \"a.org\"; service = \"\";", "is empty"},
        {"match = \"a.org\"; servce = \"cave\";", "did you mean \"service\""},
        {"match = \"a.org\"; service = \"cave\"; tokenfile = \"x\";",
         "did you mean \"token_file\""},
        {"match = \"a.org\"; service = \"cave\"; auht_server = \"x.org\";",
         "did you mean \"auth_server\""},
        {"match = \"a.org\"; service = \"cave\"; colour = \"x\";", "known here: match, service"},
        {"match = \"a.org\"; service = \"cave\"; profile = \"x\";",
         "no meaning in a rule for cave"},
        {"match = \"a.org\"; service = \"synapse\"; token_key = \"x\";",
         "no meaning in a rule for synapse"},
        {"match = \"a.org\"; service = \"synapse\"; auth_server = \"x.org\";",
         "no meaning in a rule for synapse"},
        {"match = \"a.org\"; service = \"cave\"; token_file = \"\";", "is empty"},
        {"match = \"a.org\"; service = \"cave\"; token_file = [\"x\"];", "not a list"},
        {"match = \"a.org\"; service = \"cave\"; token_key = { };", "not a group"},
        {"match = \"a.org\"; service = \"cave\"; token_key = true;", "not true or false"},
        {"match = \"a.org\"; service = \"cave\"; token_env = \"A-B\";",
         "name of an environment variable"},
        {"match = \"a.org\"; service = \"cave\"; token_env = \"1A\";",
         "name of an environment variable"},
        {"match = \"a.org\"; service = \"cave\"; token_command = \"cat x\";",
         "a list of a program"},
        {"match = \"a.org\"; service = \"cave\"; token_command = [];", "a list of a program"},
        {"match = \"a.org\"; service = \"cave\"; token_command = (\"x\", 1);", "not a number"},
        {"match = \"a.org\"; service = \"cave\"; token_command = (\"\");", "is empty"},
        {"match = \"a.org\"; service = \"cave\"; on_missing = \"fial\";", "did you mean \"fail\""},
        {"match = \"a.org\"; service = \"cave\"; on_missing = false;", "must be a string"},
        {"match = \"a.org\"; service = \"cave\"; allow_cleartext = 1;",
         "true or false (without quotes)"},
        {"match = \"a.org\"; service = \"cave\"; allow_unverified_tls = \"true\";",
         "true or false (without quotes)"},
        {"match = \"a.org\"; service = \"cave\"; auth_server = \"https://x.org/auth\";",
         "without a path"},
        {"match = \"a.org\"; service = \"cave\"; auth_server = \"*.x.org\";", "must be a host"},
        {"match = \"a.org\"; service = \"cave\"; auth_server = \"x.org.\";", "must be a host"},
        {"match = \"a.org\"; service = \"cave\"; token_file = \"x\"; token_env = \"Y\";",
         "keep one"},
        {"match = \"a.org\"; service = \"synapse\"; token_env = \"Y\"; profile = \"p\";",
         "keep one"},
        {"match = [\"a.org\", \"http://a.org\"]; service = \"cave\";", "must name its own"},
        {"match = [\"a.org\", \"ws://a.org\"]; service = \"synapse\"; profile = \"p\";",
         "must name its own"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "rules = (\n { match = \"good.org\"; service = \"cave\"; },\n { %s },\n"
                 " { match = \"a.org\"; service = \"cave\"; } );\n",
                 cases[i].rule);
        load(text);
        expect_mistake(3, cases[i].problem);
        assert_false(config->unusable);
        assert_null(rule_for("https://good.org/")->broken);
        const struct rule *rule = rule_for("https://a.org/");
        assert_int_equal(rule->index, 1); /* it still claims its hosts */
        assert_non_null(rule->broken);
        assert_non_null(strstr(rule->broken, "alone.conf:3: "));
    }
}

static void load_mistakes_never_show_what_may_be_a_secret(void **state)
{
    (void)state;
    load("rules = ( { match = \"a.org\"; service = \"cave\"; token_env = \"s3cr-et\"; },\n"
         "{ match = \"b.org\"; service = \"cave\"; auth_server = \"https://u:s3cr-et@b.org\"; },\n"
         "{ match = \"https://u:s3cr-et@c.org\"; service = \"cave\"; } );\n");
    assert_int_equal(config->error_count, 3);
    for (size_t i = 0; i < config->error_count; i++)
        assert_null(strstr(config->errors[i].text, "s3cr-et"));
}

static void load_more_mistakes_than_are_kept_still_break_their_rules(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    char *text = malloc(COUNT * 64), *at = text;
    at += sprintf(at, "rules = (\n");
    for (int i = 0; i < COUNT; i++)
        at += sprintf(at, "{ match = \"h%d.org\"; service = \"cav\"; }%s\n", i,
                      i + 1 < COUNT ? "," : ");");
    load(text);
    free(text);
    for (size_t i = 0; i < COUNT; i++)
        assert_non_null(rules_get(config->rules, i)->broken);
    assert_in_range(config->error_count, 1, COUNT);
}

static void load_unreadable_match_makes_all_unusable(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *problem;
    } cases[] = {
        {"service = \"cave\";", "no \"match\""},
        {"match = \"\"; service = \"cave\";", "is empty"},
        {"match = 3; service = \"cave\";", "in double quotes"},
        {"match = []; service = \"cave\";", "empty list"},
        {"match = (\"a.org\", 3); service = \"cave\";", "in double quotes"},
        {"match = { }; service = \"cave\";", "in double quotes"},
        {"match = \"https://a.org/x\"; service = \"cave\";", "remove everything behind the host"},
        {"match = [\"a.org\", \"*.com\"]; service = \"cave\";", "two labels"},
        {"macth = \"a.org\"; service = \"cave\";", "no \"match\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "rules = (\n { match = \"x.org\"; service = \"nonsense\"; },\n { %s } );\n",
                 cases[i].rule);
        load(text);
        expect_unusable(3, cases[i].problem); /* before the earlier, lesser mistake */
    }
}

static void load_string_in_a_list_has_its_own_line(void **state)
{
    (void)state;
    load(
        "rules = (\n { service = \"cave\";\n   match = [\n     \"a.org\",\n     \"b.org/\"\n   ];\n"
        " } );\n");
    expect_unusable(5, "remove everything behind the host");
}

static void load_rules_of_another_shape_are_unusable(void **state)
{
    (void)state;
    load("rules = { match = \"a.org\"; };\n");
    expect_unusable(1, "round brackets");
    load("rules = \"a.org\";\n");
    expect_unusable(1, "round brackets");
    load("rules = ( \"a.org\" );\n");
    expect_unusable(1, "a rule is written as");
    load("rules = ();\n");
    expect_valid();
    load("rules = [];\n");
    expect_valid();
}

static void load_syntax_errors_have_file_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned line;
        const char *problem;
    } cases[] = {
        {"a = 1;\nb = ;\n", 2, "syntax error"},
        {"rules = (\n { match = \"a.org\"; service = \"cave\";\n );\n", 3, "syntax error"},
        {"rules = (\n { match = \"a.org\"; }\n", 2, "ends too early"},
        {"rules = ( { match = \"a.org; service = \"cave\"; } );\n", 1, "string"},
        {"rules = (\n { match = \"a.org;\n service = \"cave\"; } );\nhelper = true;\n", 3, ""},
        {"helper = true;\n\n/* a\n", 3, "comment"},
        {"helper = true;\nhelper = false;\n", 2, "duplicate"},
        {"\x01\x02\xff\xfe\n", 1, "syntax error"},
        {"x = [ 1, \"a\" ];\n", 1, "mismatched"},
        {"@include \"none\"\n", 1, "no such file"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        load(cases[i].text);
        expect_unusable(cases[i].line, cases[i].problem);
        assert_string_equal(config->errors[0].file, sandbox_path("alone.conf"));
        assert_int_equal(config->layers[0].state, CONFIG_INVALID);
        assert_int_equal(rules_count(config->rules), 0);
    }
}

static void load_top_level_mistakes_are_reported_only(void **state)
{
    (void)state;
    load("rule = ();\nsynapse = { config_fil = \"x\"; };\non_missing = 3;\nhelper = \"yes\";\n"
         "colour = 1;\nrules = ( { match = \"a.org\"; service = \"cave\"; } );\n");
    expect_mistake(1, "did you mean \"rules\"");
    expect_mistake(2, "did you mean \"config_file\"");
    expect_mistake(3, "must be a string");
    expect_mistake(4, "true or false");
    expect_mistake(5, "known here: rules, synapse");
    assert_int_equal(config->error_count, 5);
    assert_false(config->unusable);
    assert_false(config->helper); /* the careful choice */
    assert_null(rule_for("https://a.org/")->broken);
}

static void load_unreadable_synapse_file_breaks_rules_that_need_it(void **state)
{
    (void)state;
    static const char *const synapse[] = {"synapse = 3;\n", "synapse = { config_file = 3; };\n",
                                          "synapse = { config_file = \"\"; };\n"};
    for (size_t i = 0; i < sizeof synapse / sizeof synapse[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "%srules = ( { match = \"a.org\"; service = \"synapse\"; },\n"
                 "{ match = \"b.org\"; service = \"synapse\"; token_env = \"B\"; },\n"
                 "{ match = \"c.org\"; service = \"cave\"; } );\n",
                 synapse[i]);
        load(text);
        assert_false(config->unusable);
        assert_non_null(strstr(rule_for("https://a.org/")->broken, "alone.conf:1: "));
        assert_null(rule_for("https://b.org/")->broken);
        assert_null(rule_for("https://c.org/")->broken);
    }
}

static void load_variable_must_name_a_readable_file(void **state)
{
    (void)state;
    setenv("SYNAUTH_CONFIG", "relative.conf", 1);
    config = config_load(NULL);
    expect_unusable(0, "absolute path");
    config_free(config);
    setenv("SYNAUTH_CONFIG", sandbox_path("none.conf"), 1);
    config = config_load(NULL);
    expect_unusable(0, "no such configuration file");
    assert_int_equal(rules_count(config->rules), 0);
    config_free(config);
    sandbox_write("mine.conf", "helper = false;\n");
    setenv("SYNAUTH_CONFIG", "~/mine.conf", 1);
    config = config_load(NULL);
    expect_valid();
    assert_false(config->helper);
    assert_int_equal(config->layer_count, 1);
    assert_string_equal(config->layers[0].path, sandbox_path("mine.conf"));
}

static void load_empty_variable_counts_as_unset(void **state)
{
    (void)state;
    setenv("SYNAUTH_CONFIG", "", 1);
    config = config_load(NULL);
    assert_non_null(config);
    assert_int_equal(config->layer_count, 3);
}

static void load_argument_is_relative_to_the_working_directory(void **state)
{
    (void)state;
    char before[4096];
    assert_non_null(getcwd(before, sizeof before));
    sandbox_write("here.conf", "helper = false;\n");
    setenv("SYNAUTH_CONFIG", "/nonexistent", 1); /* the argument comes first */
    assert_int_equal(chdir(sandbox_path(".")), 0);
    config = config_load("here.conf");
    assert_int_equal(chdir(before), 0);
    expect_valid();
    assert_int_equal(config->layers[0].state, CONFIG_READ);
    assert_int_equal(config->layers[0].path[0], '/');
}

static void load_relative_xdg_directory_is_an_error(void **state)
{
    (void)state;
    setenv("XDG_CONFIG_HOME", "relative", 1);
    config = config_load(NULL);
    expect_unusable(0, "XDG_CONFIG_HOME must be an absolute path");
}

static void load_without_files_has_the_built_in_rules(void **state)
{
    (void)state;
    static const char *const synapse[] = {"https://repo-prod.prod.sagebase.org/repo/v1/x",
                                          "https://auth-prod.prod.sagebase.org/",
                                          "wss://file-prod.prod.sagebase.org/"};
    load_chain("inherit = true;\n");
    for (size_t i = 0; i < 3; i++) {
        const struct rule *rule = rule_for(synapse[i]);
        assert_int_equal(rule->service, SERVICE_SYNAPSE);
        assert_string_equal(rule->file, "(built in)");
        assert_int_equal(rule->line, 0);
    }
    const struct rule *rule = rule_for("https://global.daf-apis.com/");
    assert_int_equal(rule->service, SERVICE_CAVE);
    assert_null(rule->auth_server);
    assert_null(rule_for("https://www.synapse.org/"));
    assert_null(rule_for("http://repo-prod.prod.sagebase.org/"));
    assert_null(rule_for("https://repo-prod.prod.sagebase.org:8443/"));
    assert_null(rule_for("https://x.repo-prod.prod.sagebase.org/"));
    assert_int_equal(config->layer_count, 3);
    assert_string_equal(config->layers[0].origin, "user");
    assert_string_equal(config->layers[1].origin, "site");
    assert_string_equal(config->layers[2].origin, "built in");
    assert_int_equal(config->layers[2].state, CONFIG_READ);
}

static void load_user_rules_come_before_built_in_ones(void **state)
{
    (void)state;
    load_chain("rules = ( { match = \"*.prod.sagebase.org\"; service = \"cave\"; } );\n");
    assert_int_equal(rule_for("https://repo-prod.prod.sagebase.org/")->service, SERVICE_CAVE);
    assert_int_equal(rule_for("https://global.daf-apis.com/")->service, SERVICE_CAVE);
}

static void load_inherit_false_stops_the_chain(void **state)
{
    (void)state;
    load_chain("inherit = false;\nrules = ( { match = \"a.org\"; service = \"cave\"; } );\n");
    expect_valid();
    assert_int_equal(rules_count(config->rules), 1);
    assert_int_equal(config->layers[1].state, CONFIG_NOT_READ);
    assert_int_equal(config->layers[2].state, CONFIG_NOT_READ);
    load_chain("inherit = \"no\";\n"); /* unreadable: fewer rules */
    assert_int_equal(rules_count(config->rules), 0);
}

static void load_on_missing_applies_to_rules_without_their_own(void **state)
{
    (void)state;
    load_chain("rules = ( { match = \"a.org\"; service = \"cave\"; on_missing = \"pass\"; },\n"
               "{ match = \"b.org\"; service = \"cave\"; } );\non_missing = \"fail\";\n");
    assert_false(rule_for("https://a.org/")->on_missing_fail);
    assert_true(rule_for("https://b.org/")->on_missing_fail);
    assert_true(rule_for("https://global.daf-apis.com/")->on_missing_fail);
}

static void load_user_file_mistake_makes_the_chain_unusable(void **state)
{
    (void)state;
    load_chain("rules = (\n");
    expect_unusable(1, "ends too early");
    assert_non_null(rule_for("https://global.daf-apis.com/")); /* for `config show` */
    assert_int_equal(chmod(sandbox_path(".config/synauth/synauth.conf"), 0666), 0);
    config_free(config);
    config = config_load(NULL);
    expect_unusable(0, "refused");
    assert_int_equal(config->layers[0].state, CONFIG_REFUSED);
}

static void load_included_rules_are_relative_to_their_file(void **state)
{
    (void)state;
    sandbox_write("sub/lab.conf",
                  "{ match = \"a.org\"; service = \"cave\"; token_file = \"t\"; },\n");
    load("rules = (\n@include \"sub/lab.conf\"\n"
         " { match = \"b.org\"; service = \"cave\"; token_file = \"t\"; } );\n");
    expect_valid();
    assert_string_equal(rule_for("https://a.org/")->token_file, sandbox_path("sub/t"));
    assert_string_equal(rule_for("https://a.org/")->file, sandbox_path("sub/lab.conf"));
    assert_int_equal(rule_for("https://a.org/")->line, 1);
    assert_string_equal(rule_for("https://b.org/")->token_file, sandbox_path("t"));
    assert_int_equal(rule_for("https://b.org/")->line, 3);
}

static void load_hostile_text_prints_nothing_and_is_invalid(void **state)
{
    (void)state;
    enum { LONG = 10 * 1024 * 1024, DEEP = 100000 };
    char *text = malloc(LONG + 16);
    sandbox_stderr_begin();
    memset(text, '(', DEEP);
    strcpy(text + DEEP, "\n");
    memcpy(text, "x = ", 4);
    load(text);
    expect_unusable(1, "too deeply");
    memset(text, 'a', LONG);
    strcpy(text + LONG, "\n");
    load(text);
    assert_true(config->unusable);
    memset(text, '\\', LONG);
    memcpy(text, "x = \"", 5);
    strcpy(text + LONG, "\";\n");
    load(text);
    memset(text, '\xff', LONG);
    strcpy(text + LONG, "\n");
    load(text);
    expect_unusable(1, "syntax error");
    for (unsigned byte = 1; byte < 256; byte++) {
        snprintf(text, 64, "%c%c = %c; \"%c\\%c\" @%c", (int)byte, (int)byte, (int)byte, (int)byte,
                 (int)byte, (int)byte);
        load(text);
        assert_true(config->unusable || byte == '#' || byte == '/'); /* comments */
    }
    assert_string_equal(sandbox_stderr_end(), "");
    free(text);
}

static void load_locale_of_the_thread_is_kept(void **state)
{
    (void)state;
    locale_t own = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    assert_true(own != (locale_t)0);
    locale_t before = uselocale(own);
    load("helper = true;\n");
    locale_t after = uselocale(before);
    freelocale(own);
    assert_true(after == own);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, sandbox_enter, leave)
    const struct CMUnitTest tests[] = {
        TEST(load_contract_example_is_valid),
        TEST(load_all_keys_arrive),
        TEST(load_rule_mistakes_break_only_their_rule),
        TEST(load_mistakes_never_show_what_may_be_a_secret),
        TEST(load_more_mistakes_than_are_kept_still_break_their_rules),
        TEST(load_unreadable_match_makes_all_unusable),
        TEST(load_string_in_a_list_has_its_own_line),
        TEST(load_rules_of_another_shape_are_unusable),
        TEST(load_syntax_errors_have_file_and_line),
        TEST(load_top_level_mistakes_are_reported_only),
        TEST(load_unreadable_synapse_file_breaks_rules_that_need_it),
        TEST(load_variable_must_name_a_readable_file),
        TEST(load_empty_variable_counts_as_unset),
        TEST(load_argument_is_relative_to_the_working_directory),
        TEST(load_relative_xdg_directory_is_an_error),
        TEST(load_without_files_has_the_built_in_rules),
        TEST(load_user_rules_come_before_built_in_ones),
        TEST(load_inherit_false_stops_the_chain),
        TEST(load_on_missing_applies_to_rules_without_their_own),
        TEST(load_user_file_mistake_makes_the_chain_unusable),
        TEST(load_included_rules_are_relative_to_their_file),
        TEST(load_hostile_text_prints_nothing_and_is_invalid),
        TEST(load_locale_of_the_thread_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
