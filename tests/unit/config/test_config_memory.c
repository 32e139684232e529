/* Tests of the configuration's loading when memory ends: each allocation fails in turn. The linker
   leads the resolver's and libconfig's calls to the functions below (--wrap). */
#include "config/config.h"
#include "foreign/deps.h"

#include "sandbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NEVER = -1 };

static long left = NEVER; /* allocations that go well before one fails */
static bool all_fail;     /* from then on */
static long asked;

static bool fails(void)
{
    asked++;
    if (left == NEVER || left-- > 0)
        return false;
    left = all_fail ? 0 : NEVER;
    return true;
}

#define WRAP(type, name, parameters, arguments)          \
    type __real_##name parameters;                       \
    type __wrap_##name parameters;                       \
    type __wrap_##name parameters                        \
    {                                                    \
        return fails() ? NULL : __real_##name arguments; \
    }

WRAP(void *, malloc, (size_t size), (size))
WRAP(void *, calloc, (size_t count, size_t size), (count, size))
WRAP(void *, realloc, (void *block, size_t size), (block, size))
WRAP(void *, reallocarray, (void *block, size_t count, size_t size), (block, count, size))
WRAP(char *, strdup, (const char *text), (text))
WRAP(char *, strndup, (const char *text, size_t length), (text, length))
WRAP(char *, realpath, (const char *path, char *resolved), (path, resolved))
WRAP(char *, getcwd, (char *buffer, size_t size), (buffer, size))
WRAP(FILE *, fmemopen, (void *buffer, size_t size, const char *mode), (buffer, size, mode))
WRAP(FILE *, fopen, (const char *path, const char *mode), (path, mode))

static const char rules[] =
    "@include \"more.conf\"\n"
    "rules = (\n"
    "  { match = [ \"a.example\", \"*.b.example.org\" ]; service = \"cave\";\n"
    "    auth_server = \"global.daf-apis.com\"; token_key = \"la\" \"b\"; paths = [ \"/x/\" ]; },\n"
    "  { match = \"c.example\"; service = \"cave\"; token_command = [ \"pass\", \"show\" ]; "
    "timeout = 5; },\n"
    "  { match = \"d.example\"; service = \"synapse\"; config_file = \"~/lab\"; methods = [ "
    "\"GET\" ]; },\n"
    "  { match = \"e.example\"; service = \"synaps\"; profil = 1; }\n"
    ");\n"
    "synapse = { config_file = \"~/.synapseConfig\"; };\n"
    "on_missing = \"fail\"; on_mising = 1; helper = true; big = 12345678901L; half = 0.5;\n";

static void put_files(const char *main_text)
{
    static char many[64 * 1024];
    size_t used = 0;
    for (int i = 0; i < 300; i++)
        used += (size_t)snprintf(many + used, sizeof many - used,
                                 "%s{ match = \"h%d.example\"; service = \"cave\"; }\n",
                                 i ? "," : "lists = (", i);
    snprintf(many + used, sizeof many - used, ");\n");
    sandbox_write(".config/synauth/synauth.conf", main_text);
    sandbox_write(".config/synauth/more.conf", many);
}

/* Nothing, or something that sends nothing, or the whole; and no crash. */
static void load_once(long failing, size_t whole)
{
    left = failing;
    struct config *config = config_load(NULL);
    left = NEVER;
    if (config && !config->unusable)
        assert_int_equal(rules_count(config->rules), whole);
    if (config && config->unusable)
        assert_true(config->error_count > 0);
    config_free(config);
}

static void fail_each(const char *text)
{
    put_files(text);
    assert_non_null(deps_get(NULL));
    struct config *config = config_load(NULL);
    size_t whole = config->unusable ? 0 : rules_count(config->rules);
    config_free(config);
    asked = 0;
    load_once(NEVER, whole);
    long count = asked;
    assert_true(count > 10);
    for (int way = 0; way < 2; way++) {
        all_fail = way == 1;
        for (long failing = 0; failing < count; failing++)
            load_once(failing, whole);
    }
}

static void config_load_without_memory_never_crashes(void **state)
{
    (void)state;
    fail_each(rules);
}

static void config_load_of_a_broken_text_without_memory_never_crashes(void **state)
{
    (void)state;
    fail_each("rules = (\n  { match = \"a.example\"; service = \"cave\" \n );\n");
    fail_each("@include \"more.conf\"\nrules = \"an open string\n");
}

/* What libconfig has half made is not looked at, and the next reading begins anew. */
static void config_load_works_again_afterwards(void **state)
{
    (void)state;
    put_files(rules);
    for (long failing = 10; failing < 60; failing += 10) {
        load_once(failing, 8);
        struct config *config = config_load(NULL);
        assert_non_null(config);
        assert_int_equal(rules_count(config->rules), 8);
        config_free(config);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sandbox_enter, sandbox_leave)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(config_load_without_memory_never_crashes),
        TEST(config_load_of_a_broken_text_without_memory_never_crashes),
        TEST(config_load_works_again_afterwards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
