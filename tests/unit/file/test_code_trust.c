/* Tests of lib/file/code_trust.c. What needs another owner or group is tried as root only: nobody
   else may give a file away. */
#include "file/code_trust.h"

#include "sandbox.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cmocka.h>

#define STRANGER 4711
#define NOBODY ((uid_t)-1)

static bool read_only;
int __wrap_fstatvfs(int fd, struct statvfs *ret);
int __wrap_fstatvfs64(int fd, struct statvfs *ret);
int __wrap_fstatvfs(int fd, struct statvfs *ret)
{
    (void)fd;
    memset(ret, 0, sizeof *ret);
    ret->f_flag = ST_NOSUID | (read_only ? ST_RDONLY : 0u);
    return 0;
}

/* Its name where numbers of files may be larger than a long. */
int __wrap_fstatvfs64(int fd, struct statvfs *ret)
{
    return __wrap_fstatvfs(fd, ret);
}

static char problem[CODE_PROBLEM_MAX];

static enum code_trust judge(const char *name, uid_t own_owner)
{
    enum code_trust trust;
    memset(problem, 0, sizeof problem);
    errno = EDOM;
    trust = code_trust_judge(sandbox_path(name), own_owner, NULL, problem, sizeof problem);
    assert_int_equal(errno, EDOM);
    return trust;
}

static void put(const char *name, mode_t mode, mode_t folder)
{
    char path[512];
    sandbox_write(name, "x");
    strcpy(path, sandbox_path(name));
    assert_int_equal(chmod(path, mode), 0);
    *strrchr(path, '/') = '\0';
    assert_int_equal(chmod(path, folder), 0);
}

static int enter(void **state)
{
    read_only = false;
    return sandbox_enter(state);
}

static void file_that_is_none_is_absent(void **state)
{
    (void)state;
    sandbox_directory("folder");
    assert_int_equal(judge("none", NOBODY), CODE_ABSENT);
    assert_int_equal(judge("folder", NOBODY), CODE_ABSENT);
    assert_int_equal(code_trust_judge("", NOBODY, NULL, problem, sizeof problem), CODE_ABSENT);
}

static void file_and_folder_of_the_user_are_trusted(void **state)
{
    char *real = NULL;
    (void)state;
    put("a/code", 0755, 0755);
    assert_int_equal(judge("a/code", NOBODY), CODE_TRUSTED);
    put("b/code", 0100, 0700); /* to be run only */
    assert_int_equal(judge("b/code", NOBODY), CODE_TRUSTED);
    sandbox_link("link", "a/code");
    assert_int_equal(code_trust_judge(sandbox_path("link"), NOBODY, &real, problem, sizeof problem),
                     CODE_TRUSTED);
    char *wanted = realpath(sandbox_path("a/code"), NULL);
    assert_string_equal(real, wanted);
    free(wanted);
    free(real);
    assert_int_equal(code_trust_judge("/bin/sh", NOBODY, NULL, problem, sizeof problem),
                     CODE_TRUSTED); /* root's */
}

static void file_that_everybody_can_write_is_refused(void **state)
{
    char *real = NULL;
    (void)state;
    put("a/code", 0757, 0755);
    assert_int_equal(judge("a/code", NOBODY), CODE_REFUSED);
    assert_non_null(strstr(problem, "a/code is not used: everybody can write it; chmod go-w"));
    assert_int_equal(
        code_trust_judge(sandbox_path("a/code"), NOBODY, &real, problem, sizeof problem),
        CODE_REFUSED);
    assert_null(real);
    read_only = true;
    assert_int_equal(judge("a/code", NOBODY), CODE_TRUSTED);
}

static void folder_that_everybody_can_write_is_refused(void **state)
{
    (void)state;
    put("a/code", 0755, 0757);
    assert_int_equal(judge("a/code", NOBODY), CODE_REFUSED);
    assert_non_null(strstr(problem, "a is not used: everybody can write the folder; chmod go-w"));
    put("a/code", 0755, 01777);
    assert_int_equal(judge("a/code", NOBODY), CODE_TRUSTED);
    put("a/code", 01757, 0755); /* that bit of a file says nothing */
    assert_int_equal(judge("a/code", NOBODY), CODE_REFUSED);
}

static void folder_behind_a_link_counts_too(void **state)
{
    (void)state;
    put("a/code", 0755, 0757);
    put("b/other", 0755, 0755);
    sandbox_link("b/code", "../a/code");
    assert_int_equal(judge("b/code", NOBODY), CODE_REFUSED);
    assert_non_null(strstr(problem, "a is not used: everybody can write the folder"));
}

static void owner_and_group_of_others_are_refused(void **state)
{
    (void)state;
    if (geteuid() != 0)
        return;
    put("a/code", 0755, 0755);
    assert_int_equal(chown(sandbox_path("a/code"), STRANGER, 0), 0);
    assert_int_equal(judge("a/code", NOBODY), CODE_REFUSED);
    assert_non_null(strstr(problem, "it belongs to user 4711"));
    assert_int_equal(judge("a/code", STRANGER), CODE_TRUSTED);
    assert_int_equal(judge("a/code", STRANGER + 1), CODE_REFUSED);
    assert_int_equal(chown(sandbox_path("a"), STRANGER + 1, 0), 0);
    assert_int_equal(judge("a/code", STRANGER), CODE_REFUSED);
    assert_non_null(strstr(problem, "the folder belongs to user 4712"));
    put("b/code", 0775, 0755);
    assert_int_equal(judge("b/code", NOBODY), CODE_TRUSTED);
    assert_int_equal(chown(sandbox_path("b/code"), 0, STRANGER), 0);
    assert_int_equal(judge("b/code", NOBODY), CODE_REFUSED);
    assert_non_null(strstr(problem, "its group can write it"));
}

static void owner_of_a_file_is_told(void **state)
{
    (void)state;
    put("a/code", 0755, 0755);
    errno = EDOM;
    assert_int_equal(code_trust_owner(sandbox_path("a/code")), geteuid());
    assert_int_equal(code_trust_owner("/"), 0);
    assert_true(code_trust_owner(sandbox_path("none")) == NOBODY);
    assert_int_equal(errno, EDOM);
}

/* A descriptor that stays open shows as a higher number of the next one. */
static void no_descriptor_stays_open(void **state)
{
    int before = dup(0), after;
    (void)state;
    put("a/code", 0757, 0755);
    put("b/code", 0755, 0755);
    judge("none", NOBODY);
    judge("a", NOBODY);
    judge("a/code", NOBODY);
    judge("b/code", NOBODY);
    code_trust_owner(sandbox_path("a/code"));
    after = dup(0);
    assert_int_equal(after, before + 1);
    close(before);
    close(after);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, sandbox_leave)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(file_that_is_none_is_absent),
        TEST(file_and_folder_of_the_user_are_trusted),
        TEST(file_that_everybody_can_write_is_refused),
        TEST(folder_that_everybody_can_write_is_refused),
        TEST(folder_behind_a_link_counts_too),
        TEST(owner_and_group_of_others_are_refused),
        TEST(owner_of_a_file_is_told),
        TEST(no_descriptor_stays_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
