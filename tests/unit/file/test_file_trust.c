/* Tests of lib/file/file_trust.c. What needs another owner or group is tried as root only: nobody
   else may give a file away. */
#include "file/file_trust.h"

#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#define STRANGER 4711

/* A read-only mount, without one. */
static bool read_only, failing;
int __wrap_fstatvfs(int fd, struct statvfs *ret);
int __wrap_fstatvfs64(int fd, struct statvfs *ret);
int __wrap_fstatvfs(int fd, struct statvfs *ret)
{
    (void)fd;
    memset(ret, 0, sizeof *ret);
    ret->f_flag = ST_NOSUID | (read_only ? ST_RDONLY : 0u);
    return failing ? -1 : 0;
}

/* Its name where numbers of files may be larger than a long. */
int __wrap_fstatvfs64(int fd, struct statvfs *ret)
{
    return __wrap_fstatvfs(fd, ret);
}

static int enter(void **state)
{
    int result = sandbox_enter(state);
    read_only = failing = false;
    setenv("SYNAUTH_LOG", "info", 1);
    return result;
}

struct file {
    int fd;
    struct stat status;
    const char *path;
};

static struct file with_mode(const char *name, mode_t mode)
{
    struct file file;
    sandbox_write(name, "x");
    file.path = sandbox_path(name);
    assert_int_equal(chmod(file.path, mode), 0);
    file.fd = open(file.path, O_RDONLY);
    assert_true(file.fd >= 0);
    assert_int_equal(fstat(file.fd, &file.status), 0);
    return file;
}

static struct file of_owner(const char *name, mode_t mode, uid_t owner, gid_t group)
{
    struct file file = with_mode(name, mode);
    assert_int_equal(fchown(file.fd, owner, group), 0);
    assert_int_equal(fstat(file.fd, &file.status), 0);
    return file;
}

static const char *writer(struct file file)
{
    const char *who = file_trust_writer(file.fd, &file.status);
    close(file.fd);
    return who;
}

static void owner_is_the_user_or_root(void **state)
{
    (void)state;
    assert_false(file_trust_is_foreign(&(struct stat){.st_uid = geteuid()}));
    assert_false(file_trust_is_foreign(&(struct stat){.st_uid = 0}));
    assert_true(file_trust_is_foreign(&(struct stat){.st_uid = geteuid() + 1}));
}

static void mount_tells_whether_it_is_read_only(void **state)
{
    (void)state;
    assert_false(file_trust_is_read_only(0));
    read_only = true;
    assert_true(file_trust_is_read_only(0));
    failing = true;
    assert_false(file_trust_is_read_only(0));
}

static void writer_is_everybody_or_a_group_of_others(void **state)
{
    (void)state;
    assert_null(writer(with_mode("a", 0600)));
    assert_null(writer(with_mode("b", 0644)));
    assert_string_equal(writer(with_mode("c", 0602)), "everybody");
    assert_string_equal(writer(with_mode("d", 0666)), "everybody");
    if (geteuid() != 0)
        return;
    assert_string_equal(writer(of_owner("e", 0660, 0, STRANGER)), "its group");
    assert_null(writer(of_owner("f", 0640, 0, STRANGER)));
}

/* user:4711:rw, behind the group's own bits. */
static void access_list_lets_others_write(void **state)
{
    static const unsigned char list[] = {2,   0,   0,   0,   1,   0,    6,    0,   255, 255, 255,
                                         255, 2,   0,   6,   0,   0x67, 0x12, 0,   0,   4,   0,
                                         0,   0,   255, 255, 255, 255,  16,   0,   6,   0,   255,
                                         255, 255, 255, 32,  0,   0,    0,    255, 255, 255, 255};
    struct file file = with_mode("a", 0600);
    (void)state;
    if (fsetxattr(file.fd, "system.posix_acl_access", list, sizeof list, 0) != 0) {
        assert_int_equal(errno, EOPNOTSUPP); /* a file system without them */
        close(file.fd);
        return;
    }
    assert_int_equal(fstat(file.fd, &file.status), 0);
    assert_string_equal(writer(file), "its group");
}

static int config(struct file file, char *ret_text, size_t size)
{
    synauth_error error = {.text = ""};
    int result = file_trust_config(file.fd, "/the/file", &file.status, &error);
    snprintf(ret_text, size, "%s", error.text);
    close(file.fd);
    return result;
}

static void configuration_that_others_can_change_is_refused(void **state)
{
    char text[512];
    (void)state;
    assert_int_equal(config(with_mode("a", 0644), text, sizeof text), SYNAUTH_OK);
    assert_string_equal(text, "");
    assert_int_equal(config(with_mode("b", 0646), text, sizeof text), SYNAUTH_E_CONFIG);
    assert_non_null(strstr(text, "everybody can write it; chmod go-w"));
    read_only = true;
    assert_int_equal(config(with_mode("c", 0646), text, sizeof text), SYNAUTH_OK);
    if (geteuid() != 0)
        return;
    assert_int_equal(config(of_owner("d", 0600, STRANGER, 0), text, sizeof text), SYNAUTH_OK);
    read_only = false;
    assert_int_equal(config(of_owner("e", 0600, STRANGER, 0), text, sizeof text), SYNAUTH_E_CONFIG);
    assert_non_null(strstr(text, "belongs to user 4711"));
}

static const char *note(struct file file)
{
    sandbox_stderr_begin();
    file_trust_note_credential(file.fd, file.path, &file.status);
    close(file.fd);
    return sandbox_stderr_end();
}

static void credential_file_is_used_with_a_word(void **state)
{
    struct file file;
    (void)state;
    assert_string_equal(note(with_mode("a", 0600)), "");
    assert_string_equal(note(with_mode("a", 0601)), "");
    assert_non_null(strstr(note(with_mode("b", 0602)), "everybody can write this credential file"));
    assert_non_null(strstr(note(with_mode("c", 0660)), "its group can write this credential file"));
    assert_non_null(
        strstr(note(with_mode("d", 0604)), "others can read this credential file; chmod 600"));
    assert_non_null(
        strstr(note(with_mode("e", 0640)), "others can read this credential file; chmod 600"));
    file = with_mode("f", 0606);
    assert_non_null(strstr(note(file), "so choose the token; chmod 600"));
    file = with_mode("f", 0606);
    assert_string_equal(note(file), ""); /* once */
    read_only = true;
    assert_string_equal(note(with_mode("g", 0666)), "");
}

static void credential_file_of_another_owner_has_another_remedy(void **state)
{
    struct file file = with_mode("a", 0646);
    (void)state;
    file.status.st_uid = geteuid() + 1;
    assert_non_null(strstr(note(file), "belongs to user"));
    if (geteuid() == 0)
        return;
    file = with_mode("b", 0646); /* root's */
    file.status.st_uid = 0;
    assert_non_null(strstr(note(file), "have its owner chmod 600 it"));
    file = with_mode("c", 0644);
    file.status.st_uid = 0;
    const char *text = note(file);
    assert_non_null(strstr(text, "others can read this credential file\n"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, sandbox_leave)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(owner_is_the_user_or_root),
        TEST(mount_tells_whether_it_is_read_only),
        TEST(writer_is_everybody_or_a_group_of_others),
        TEST(access_list_lets_others_write),
        TEST(configuration_that_others_can_change_is_refused),
        TEST(credential_file_is_used_with_a_word),
        TEST(credential_file_of_another_owner_has_another_remedy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
