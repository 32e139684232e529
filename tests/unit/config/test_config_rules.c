/* Tests of lib/config/config_rules.c and lib/config/config_value.c. */
#include "config/config_rules.h"

#include "config_case.h"
#include "sandbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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
    assert_string_equal(rule_sources(rule)->auth_server, "global.daf-apis.com");
    assert_string_equal(rule->file, sandbox_path("alone.conf"));
    assert_int_equal(rule->line, 3);
    rule = rule_for("https://data.example.org:8443/");
    assert_string_equal(rule->match, "data.example.org:8443");
    assert_string_equal(rule_sources(rule)->token_file, sandbox_path("lab.json"));
    assert_string_equal(rule_sources(rule)->token_key, "lab");
    assert_string_equal(rule_sources(rule_for("http://localhost:5000/"))->token_env, "DEV_TOKEN");
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
         " { match = \"d.org\"; service = \"cave\"; auth_server = \"http://localhost:80\";\n"
         "  token_command = [\"./bin/get\", \"\", \"a b\"]; allow_cleartext = true; },\n"
         " { match = \"e.org\"; service = \"synapse\"; token_command = (\"pass\", \"show\"); } "
         ");\n");
    expect_valid();
    const struct rule *rule = rule_for("https://b.org:7/");
    assert_string_equal(rule->match, "a.org");
    assert_string_equal(rule_sources(rule)->profile, "p");
    assert_string_equal(rule_sources(rule)->username, "u");
    assert_string_equal(rule_sources(rule)->config_file, sandbox_path("sub/c"));
    assert_true(rule->on_missing_fail && rule->on_missing_set && rule->allow_unverified_tls);
    assert_false(rule->allow_cleartext);
    rule = rule_for("https://c.org/");
    assert_string_equal(rule_sources(rule)->auth_server, "x.org");
    assert_string_equal(rule_sources(rule)->secrets_dir, "/s");
    assert_false(rule->on_missing_fail);
    rule = rule_for("https://d.org/");
    assert_string_equal(rule_sources(rule)->auth_server, "localhost:80");
    assert_true(rule->allow_cleartext);
    assert_string_equal(rule_sources(rule)->token_command[0], sandbox_path("./bin/get"));
    assert_string_equal(rule_sources(rule)->token_command[1], "");
    assert_string_equal(rule_sources(rule)->token_command[2], "a b");
    assert_null(rule_sources(rule)->token_command[3]);
    assert_string_equal(rule_sources(rule_for("https://e.org/"))->token_command[0], "pass");
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

static void load_included_rules_are_relative_to_their_file(void **state)
{
    (void)state;
    sandbox_write("sub/lab.conf",
                  "{ match = \"a.org\"; service = \"cave\"; token_file = \"t\"; },\n");
    load("rules = (\n@include \"sub/lab.conf\"\n"
         " { match = \"b.org\"; service = \"cave\"; token_file = \"t\"; } );\n");
    expect_valid();
    assert_string_equal(rule_sources(rule_for("https://a.org/"))->token_file,
                        sandbox_path("sub/t"));
    assert_string_equal(rule_for("https://a.org/")->file, sandbox_path("sub/lab.conf"));
    assert_int_equal(rule_for("https://a.org/")->line, 1);
    assert_string_equal(rule_sources(rule_for("https://b.org/"))->token_file, sandbox_path("t"));
    assert_int_equal(rule_for("https://b.org/")->line, 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, sandbox_enter, config_case_leave)
    const struct CMUnitTest tests[] = {
        TEST(load_contract_example_is_valid),
        TEST(load_all_keys_arrive),
        TEST(load_rule_mistakes_break_only_their_rule),
        TEST(load_mistakes_never_show_what_may_be_a_secret),
        TEST(load_more_mistakes_than_are_kept_still_break_their_rules),
        TEST(load_unreadable_match_makes_all_unusable),
        TEST(load_string_in_a_list_has_its_own_line),
        TEST(load_rules_of_another_shape_are_unusable),
        TEST(load_unreadable_synapse_file_breaks_rules_that_need_it),
        TEST(load_included_rules_are_relative_to_their_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
