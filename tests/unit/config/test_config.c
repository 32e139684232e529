/* Tests of lib/config/config.h: layers, settings and what is no configuration at all. */
#include "config/config.h"

#include "config_case.h"
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
    assert_null(rule_sources(rule)->auth_server);
    assert_null(rule_for("https://www.synapse.org/"));
    assert_null(rule_for("https://proddata.sagebase.org.s3.amazonaws.com/1?X-Amz-Signature=2"));
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

static void load_hostile_text_prints_nothing_and_is_invalid(void **state)
{
    (void)state;
    enum { LONG = 7 * 1024 * 1024, DEEP = 100000 };
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
#define TEST(name) cmocka_unit_test_setup_teardown(name, sandbox_enter, config_case_leave)
    const struct CMUnitTest tests[] = {
        TEST(load_syntax_errors_have_file_and_line),
        TEST(load_top_level_mistakes_are_reported_only),
        TEST(load_variable_must_name_a_readable_file),
        TEST(load_empty_variable_counts_as_unset),
        TEST(load_argument_is_relative_to_the_working_directory),
        TEST(load_relative_xdg_directory_is_an_error),
        TEST(load_without_files_has_the_built_in_rules),
        TEST(load_user_rules_come_before_built_in_ones),
        TEST(load_inherit_false_stops_the_chain),
        TEST(load_on_missing_applies_to_rules_without_their_own),
        TEST(load_user_file_mistake_makes_the_chain_unusable),
        TEST(load_hostile_text_prints_nothing_and_is_invalid),
        TEST(load_locale_of_the_thread_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
