/* Tests of lib/file/private_group.c. */
#include "file/private_group.h"

#include "sandbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* In the texts, U and G stand for this process's numbers. */
static void put(const char *name, const char *text)
{
    char expanded[1024];
    size_t used = 0;
    for (; *text; text++)
        if (*text == 'U' || *text == 'G')
            used += (size_t)snprintf(expanded + used, sizeof expanded - used, "%u",
                                     *text == 'U' ? geteuid() : getegid());
        else
            expanded[used++] = *text;
    expanded[used] = '\0';
    sandbox_write(name, expanded);
}

static bool judge(const char *passwd, const char *group, const char *services)
{
    put("passwd", passwd);
    put("group", group);
    put("nsswitch.conf", services);
    return private_group_is_by(sandbox_path("."), getegid());
}

#define ME "me:x:U:G:Me:/home/me:/bin/sh\n"

static void private_group_is_of_one_user(void **state)
{
    (void)state;
    assert_true(judge(ME, "me:x:G:\n", "passwd: files systemd\n"));
    assert_true(judge(ME, "me:x:G:me\n", ""));
    assert_true(judge(ME "root:x:0:G::/root:/bin/sh\n", "x:x:G:root\n", "group: files # nis\n"));
    assert_true(judge(ME "other:x:4711:4711::/:/bin/sh\n", "me:x:G:\nother:x:4711:me,them\n", ""));
}

/* A pod: the number is in neither file. */
static void private_group_is_a_number_without_a_name(void **state)
{
    (void)state;
    assert_true(judge("", "", ""));
    unlink(sandbox_path("passwd"));
    unlink(sandbox_path("group"));
    unlink(sandbox_path("nsswitch.conf"));
    assert_true(private_group_is_by(sandbox_path("."), getegid()));
}

static void private_group_with_others_is_not(void **state)
{
    (void)state;
    assert_false(judge(ME, "me:x:G:me,them\n", ""));
    assert_false(judge(ME, "me:x:G:\nalias:x:G:them\n", ""));
    assert_false(judge(ME "them:x:4711:G::/:/bin/sh\n", "me:x:G:\n", ""));
    assert_false(judge(ME "them:x:4711:G", "me:x:G:\n", ""));
}

static void private_group_of_another_number_is_not(void **state)
{
    (void)state;
    judge(ME, "me:x:G:\n", "");
    assert_false(private_group_is_by(sandbox_path("."), getegid() + 1));
}

/* A directory server may have more members than the files tell. */
static void private_group_elsewhere_needs_the_users_name(void **state)
{
    (void)state;
    assert_true(judge(ME, "me:x:G:\n", "passwd: files sss\n"));
    assert_false(judge(ME, "users:x:G:\n", "passwd: files sss\n"));
    assert_false(judge("", "users:x:G:\n", "group:files [NOTFOUND=return] ldap\n"));
    assert_false(judge("", "", " passwd:\tldap\n"));
    assert_false(judge("+::::::\n", "users:x:G:\n", "passwd: compat\n"));
    assert_true(judge("", "", "hosts: files dns\n"));
}

static void private_group_that_cannot_be_read_is_not(void **state)
{
    (void)state;
    static char text[9 * 1024 * 1024];
    memset(text, '\n', sizeof text - 1);
    judge(ME, "me:x:G:\n", "");
    sandbox_write("passwd", text);
    assert_false(private_group_is_by(sandbox_path("."), getegid()));
    unlink(sandbox_path("passwd"));
    sandbox_directory("passwd");
    assert_false(private_group_is_by(sandbox_path("."), getegid()));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sandbox_enter, sandbox_leave)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(private_group_is_of_one_user),
        TEST(private_group_is_a_number_without_a_name),
        TEST(private_group_with_others_is_not),
        TEST(private_group_of_another_number_is_not),
        TEST(private_group_elsewhere_needs_the_users_name),
        TEST(private_group_that_cannot_be_read_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
