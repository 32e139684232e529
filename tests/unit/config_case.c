/* config_case - one configuration under test. */
#include "config_case.h"

#include "base/error.h"
#include "sandbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct config *config;

int config_case_leave(void **state)
{
    config_free(config);
    config = NULL;
    return sandbox_leave(state);
}

/* Loads this text as $SYNAUTH_CONFIG. */
void load(const char *text)
{
    config_free(config);
    sandbox_write("alone.conf", text);
    setenv("SYNAUTH_CONFIG", sandbox_path("alone.conf"), 1);
    config = config_load(NULL);
    assert_non_null(config);
}

void load_chain(const char *user)
{
    config_free(config);
    unsetenv("SYNAUTH_CONFIG");
    sandbox_write(".config/synauth/synauth.conf", user);
    config = config_load(NULL);
    assert_non_null(config);
}

const struct rule *rule_for(const char *url)
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

void expect_valid(void)
{
    print_errors();
    assert_int_equal(config->error_count, 0);
    assert_false(config->unusable);
}

/* Some mistake at this line says this. */
void expect_mistake(unsigned line, const char *problem)
{
    for (size_t i = 0; i < config->error_count; i++)
        if (config->errors[i].line == line && strstr(config->errors[i].text, problem))
            return;
    print_errors();
    fail_msg("no mistake in line %u says \"%s\"", line, problem);
}

void expect_unusable(unsigned line, const char *problem)
{
    assert_true(config->unusable);
    assert_true(config->error_count > 0);
    if (config->errors[0].line == line && strstr(config->errors[0].text, problem))
        return;
    print_errors();
    fail_msg("the first mistake is not line %u, \"%s\"", line, problem);
}
