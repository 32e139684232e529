/* Which shared objects would bring a user of libcurl, hostile ones among them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bind/dependencies.h"
#include "elf_case.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

static bool brings(const char *file)
{
    char clash[BROUGHT_CLASH_MAX];
    return dependencies_judge(file, __builtin_return_address(0), clash) == BROUGHT_LIBCURL;
}

static void make(const char *name, const char *needed, const char *runpath)
{
    const struct elf_case wanted = {.needed = {needed}, .runpath = runpath};
    elf_case_file(name, &wanted);
}

static void own_need_counts(void **state)
{
    (void)state;
    make("user.so", "libcurl-any.so.4", NULL);
    make("other.so", "libc.so.6", NULL);
    assert_true(brings(elf_case_path("user.so")));
    assert_false(brings(elf_case_path("other.so")));
    assert_false(brings(elf_case_path("missing.so")));
    assert_false(brings("no-such-library.so"));
}

static void need_of_a_need_is_found_by_origin_and_environment(void **state)
{
    (void)state;
    make("middle.so", "libcurl-any.so.4", NULL);
    make("by_origin.so", "middle.so", "/nowhere:$ORIGIN");
    make("by_braces.so", "middle.so", "${ORIGIN}/.");
    make("unaided.so", "middle.so", NULL);
    assert_true(brings(elf_case_path("by_origin.so")));
    assert_true(brings(elf_case_path("by_braces.so")));
    assert_false(brings(elf_case_path("unaided.so")));
    setenv("LD_LIBRARY_PATH", elf_case_path("."), 1);
    assert_true(brings(elf_case_path("unaided.so")));
    assert_true(brings("unaided.so"));
    unsetenv("LD_LIBRARY_PATH");
}

static void make_folder(const char *name)
{
    assert_int_equal(mkdir(elf_case_path(name), 0700), 0);
}

static void words_of_runpaths_and_builds_for_some_processors(void **state)
{
    const char *platform = (const char *)getauxval(AT_PLATFORM);
    char name[64];

    (void)state;
    for (size_t i = 0; i < 2; i++)
        make_folder(i ? "lib64/x" : "lib64");
    make("lib64/of_lib.so", "libcurl-any.so.4", NULL);
    make("lib64/x/of_both.so", "libcurl-any.so.4", NULL);
    make("user.so", "of_lib.so", "$ORIGIN/$LIB");
    assert_true(brings(elf_case_path("user.so")));
    make("user.so", "of_lib.so", "$ORIGIN/${LIB}");
    assert_true(brings(elf_case_path("user.so")));
    make("user.so", "of_both.so", "${ORIGIN}/$LIB/x");
    assert_true(brings(elf_case_path("user.so")));
    make("user.so", "of_lib.so", "$ORIGIN/$UNKNOWN:$ORIGIN/${LIB");
    assert_false(brings(elf_case_path("user.so")));
    make_folder(platform);
    snprintf(name, sizeof(name), "%s/of_platform.so", platform);
    make(name, "libcurl-any.so.4", NULL);
    make("user.so", "of_platform.so", "$ORIGIN/$PLATFORM");
    assert_true(brings(elf_case_path("user.so")));
    make("user.so", "of_platform.so", "$PLATFORM");
    assert_false(brings(elf_case_path("user.so")));
#ifdef __x86_64__
    make_folder("glibc-hwcaps");
    make_folder("glibc-hwcaps/x86-64-v2");
    make("glibc-hwcaps/x86-64-v2/of_v2.so", "libcurl-any.so.4", NULL);
    make("user.so", "of_v2.so", "$ORIGIN");
    assert_true(brings(elf_case_path("user.so")));
#endif
}

static void make_with_rpath(const char *name, const char *needed, const char *rpath,
                            const char *runpath)
{
    const struct elf_case wanted = {.needed = {needed}, .runpath = runpath, .rpath = rpath};
    elf_case_file(name, &wanted);
}

static void rpaths_are_inherited_and_runpaths_are_not(void **state)
{
    (void)state;
    make("inner.so", "libcurl-any.so.4", NULL);
    make("middle.so", "inner.so", NULL);
    make_with_rpath("by_rpath.so", "middle.so", "$ORIGIN", NULL);
    make_with_rpath("by_runpath.so", "middle.so", NULL, "$ORIGIN");
    assert_true(brings(elf_case_path("by_rpath.so")));
    assert_false(brings(elf_case_path("by_runpath.so"))); /* middle.so, not inner.so */
    make("middle.so", "inner.so", "/nowhere");
    assert_false(brings(elf_case_path("by_rpath.so"))); /* who has a RUNPATH inherits none */
    make_with_rpath("both.so", "inner.so", "$ORIGIN", "/nowhere");
    assert_false(brings(elf_case_path("both.so")));
}

/* The same name in two folders; libcurl is behind the one of them. */
static void rpath_comes_before_the_environment_and_runpath_behind_it(void **state)
{
    (void)state;
    assert_int_equal(mkdir(elf_case_path("bare"), 0700), 0);
    make("lib.so", "libcurl-any.so.4", NULL);
    make("bare/lib.so", "libc.so.6", NULL);
    make_with_rpath("by_rpath.so", "lib.so", "$ORIGIN", NULL);
    make_with_rpath("by_runpath.so", "lib.so", NULL, "$ORIGIN");
    setenv("LD_LIBRARY_PATH", elf_case_path("bare"), 1);
    assert_true(brings(elf_case_path("by_rpath.so")));
    assert_false(brings(elf_case_path("by_runpath.so")));
    unsetenv("LD_LIBRARY_PATH");
    assert_true(brings(elf_case_path("by_runpath.so")));
    assert_int_equal(unlink(elf_case_path("bare/lib.so")), 0);
}

static void words_that_mean_nothing_here_lead_nowhere(void **state)
{
    (void)state;
    make("lib.so", "libcurl-any.so.4", NULL);
    make("by_word.so", "lib.so", "$ORIGIN/$LIB:$PLATFORM:$");
    assert_false(brings(elf_case_path("by_word.so")));
    make("by_inner.so", "lib.so", "/..$ORIGIN/./");
    assert_true(brings(elf_case_path("by_inner.so")));
}

static void circle_ends(void **state)
{
    (void)state;
    make("one.so", "two.so", "$ORIGIN");
    make("two.so", "one.so", "$ORIGIN");
    make("self.so", "self.so", "$ORIGIN");
    assert_false(brings(elf_case_path("one.so")));
    assert_false(brings(elf_case_path("self.so")));
}

/* 0.so needs 1.so and so on; the last one needs libcurl. */
static bool chain_brings(int length)
{
    char name[16], next[16];

    for (int i = 0; i < length; i++) {
        snprintf(name, sizeof(name), "%d.so", i);
        snprintf(next, sizeof(next), i + 1 < length ? "%d.so" : "libcurl.so.%d", i + 1);
        make(name, next, "$ORIGIN");
    }
    return brings(elf_case_path("0.so"));
}

static void reading_ends_after_256_files(void **state)
{
    (void)state;
    assert_true(chain_brings(256));
    assert_false(chain_brings(257));
}

static void names_too_long_for_a_path_are_no_files(void **state)
{
    char *name = calloc(1, 200001);
    const struct elf_case wanted = {.needed = {name, "libcurl.so.4"}, .runpath = "$ORIGIN:/"};
    (void)state;
    memset(name, 'x', 200000);
    assert_false(brings(name));
    assert_true(brings(elf_case_file("long.so", &wanted)));
    make("long_path.so", "x", name);
    assert_false(brings(elf_case_path("long_path.so")));
    name[0] = '/';
    make("long_needed.so", name, NULL);
    assert_false(brings(elf_case_path("long_needed.so")));
    free(name);
}

static void what_is_no_file_brings_nothing(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(elf_case_path("fifo.so"), 0600), 0);
    assert_int_equal(mkdir(elf_case_path("folder.so"), 0700), 0);
    make("user.so", "fifo.so", "$ORIGIN");
    make("other.so", "folder.so", "$ORIGIN");
    alarm(10);
    assert_false(brings(elf_case_path("user.so")));
    assert_false(brings(elf_case_path("fifo.so")));
    alarm(0);
    assert_false(brings(elf_case_path("other.so")));
    assert_false(brings("/dev/zero"));
    assert_false(brings(""));
}

static void what_is_loaded_is_not_read_again(void **state)
{
    (void)state;
    make("libcmocka.so.0", "libcurl.so.4", NULL);
    make("user.so", "libcmocka.so.0", "$ORIGIN");
    assert_false(brings(elf_case_path("user.so")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, elf_case_folder, elf_case_folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(own_need_counts),
        TEST(need_of_a_need_is_found_by_origin_and_environment),
        TEST(words_of_runpaths_and_builds_for_some_processors),
        TEST(rpaths_are_inherited_and_runpaths_are_not),
        TEST(rpath_comes_before_the_environment_and_runpath_behind_it),
        TEST(words_that_mean_nothing_here_lead_nowhere),
        TEST(circle_ends),
        TEST(reading_ends_after_256_files),
        TEST(names_too_long_for_a_path_are_no_files),
        TEST(what_is_no_file_brings_nothing),
        TEST(what_is_loaded_is_not_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
