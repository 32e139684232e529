/* Tests of lib/file/file_read.c. What needs a foreign owner runs as root only. */
#include "file/file_read.h"
#include "file/private_group.h"

#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

enum { FOREIGN = 54321, NOBODY = 65534, MAX = 1024 };

static char directory[] = "/tmp/synauth-file-XXXXXX";
static char file[64]; /* in the home */
static char other[64];
static char log_path[64];

static void write_file(const char *path, size_t length, mode_t mode)
{
    char byte = 'x';
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    for (size_t i = 0; i < length; i++)
        assert_int_equal(write(fd, &byte, 1), 1);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static void assert_state(const char *path, enum file_trust trust, enum file_state expected,
                         const char *part)
{
    AUTO_SECRET content = NULL;
    synauth_error error = {0};
    enum file_state state = file_read(path, MAX, trust, &content, NULL, &error);
    if (state != expected)
        fail_msg("%s: %d instead of %d: %s", path, (int)state, (int)expected, error.text);
    assert_int_equal(content != NULL, state == FILE_OK);
    assert_int_equal(error.code != SYNAUTH_OK, state == FILE_UNUSABLE);
    if (state != FILE_UNUSABLE)
        return;
    assert_string_equal(error.file, path);
    assert_null(strchr(error.text, '\n'));
    if (!strstr(error.text, part))
        fail_msg("%s: %s", path, error.text);
}

static void assert_log(const char *part)
{
    char text[4096];
    int fd = open(log_path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    text[length] = '\0';
    if (!part)
        assert_string_equal(text, "");
    else if (!strstr(text, part))
        fail_msg("log: %s", text);
}

static void file_read_content_and_status_are_returned(void **state)
{
    (void)state;
    AUTO_SECRET content = NULL;
    struct stat status = {0};
    write_file(file, 5, 0600);
    assert_int_equal(file_read(file, MAX, FILE_TRUST_ANY, &content, &status, NULL), FILE_OK);
    assert_string_equal(secret_bytes(content), "xxxxx");
    assert_int_equal(secret_length(content), 5);
    assert_int_equal(status.st_size, 5);
}

static void file_read_empty_file_is_empty(void **state)
{
    (void)state;
    AUTO_SECRET content = NULL;
    write_file(file, 0, 0600);
    assert_int_equal(file_read(file, MAX, FILE_TRUST_ANY, &content, NULL, NULL), FILE_OK);
    assert_int_equal(secret_length(content), 0);
}

static void file_read_absent_forms_are_absent(void **state)
{
    (void)state;
    char below[80];
    assert_state(file, FILE_TRUST_CREDENTIAL, FILE_ABSENT, NULL);
    assert_state(directory, FILE_TRUST_CREDENTIAL, FILE_ABSENT, NULL);
    assert_int_equal(symlink(other, file), 0);
    assert_state(file, FILE_TRUST_CREDENTIAL, FILE_ABSENT, NULL);
    write_file(other, 1, 0600);
    snprintf(below, sizeof below, "%s/x", other);
    assert_state(below, FILE_TRUST_CREDENTIAL, FILE_ABSENT, NULL);
    assert_state("", FILE_TRUST_CREDENTIAL, FILE_ABSENT, NULL);
}

static void file_read_links_are_followed(void **state)
{
    (void)state;
    write_file(other, 3, 0600);
    assert_int_equal(symlink(other, file), 0);
    assert_state(file, FILE_TRUST_CREDENTIAL, FILE_OK, NULL);
    assert_state(file, FILE_TRUST_CONFIG, FILE_OK, NULL);
}

static void file_read_link_loop_is_unusable(void **state)
{
    (void)state;
    assert_int_equal(symlink(file, file), 0);
    assert_state(file, FILE_TRUST_ANY, FILE_UNUSABLE, "symbolic links");
}

static void file_read_fifo_device_and_socket_are_unusable(void **state)
{
    (void)state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    assert_int_equal(mkfifo(file, 0600), 0);
    assert_state(file, FILE_TRUST_ANY, FILE_UNUSABLE, "not a regular file");
    assert_state("/dev/null", FILE_TRUST_ANY, FILE_UNUSABLE, "not a regular file");
    memcpy(address.sun_path, other, sizeof other);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_state(other, FILE_TRUST_ANY, FILE_UNUSABLE, "not a regular file");
    close(fd);
}

static void file_read_size_limit_is_exact(void **state)
{
    (void)state;
    write_file(file, MAX, 0600);
    assert_state(file, FILE_TRUST_ANY, FILE_OK, NULL);
    write_file(file, MAX + 1, 0600);
    assert_state(file, FILE_TRUST_ANY, FILE_UNUSABLE, "larger than 1 KiB");
}

/* Files under /proc say that they are empty, as a file that grows while it is read would. */
static void file_read_untold_size_is_read_up_to_the_limit(void **state)
{
    (void)state;
    AUTO_SECRET content = NULL;
    assert_int_equal(file_read("/proc/self/stat", MAX, FILE_TRUST_ANY, &content, NULL, NULL),
                     FILE_OK);
    assert_true(secret_length(content) > 20);
    synauth_error error = {0};
    struct secret *none = NULL;
    assert_int_equal(file_read("/proc/self/stat", 10, FILE_TRUST_ANY, &none, NULL, &error),
                     FILE_UNUSABLE);
    assert_null(none);
    assert_non_null(strstr(error.text, "larger than"));
    AUTO_SECRET large = NULL;
    assert_int_equal(
        file_read("/proc/self/smaps", (size_t)64 << 20, FILE_TRUST_ANY, &large, NULL, NULL),
        FILE_OK);
    assert_true(secret_length(large) > 4096);
}

static void file_read_unreadable_file_is_unusable(void **state)
{
    (void)state;
    write_file(file, 1, 0);
    assert_int_equal(chmod(directory, 0755), 0);
    int as_root = geteuid() == 0;
    if (as_root)
        assert_int_equal(seteuid(NOBODY), 0);
    assert_state(file, FILE_TRUST_ANY, FILE_UNUSABLE, "permission denied");
    if (as_root)
        assert_int_equal(seteuid(0), 0);
}

static void file_read_descriptor_is_not_left_open(void **state)
{
    (void)state;
    write_file(file, 1, 0600);
    int before = dup(STDIN_FILENO);
    close(before);
    assert_state(file, FILE_TRUST_CREDENTIAL, FILE_OK, NULL);
    assert_state(directory, FILE_TRUST_CREDENTIAL, FILE_ABSENT, NULL);
    int after = dup(STDIN_FILENO);
    close(after);
    assert_int_equal(before, after);
}

static void file_read_config_others_can_write_is_refused(void **state)
{
    (void)state;
    write_file(file, 1, 0644);
    assert_state(file, FILE_TRUST_CONFIG, FILE_OK, NULL);
    write_file(file, 1, 0646);
    assert_state(file, FILE_TRUST_CONFIG, FILE_UNUSABLE, "refused: everybody can write it; chmod");
}

static void file_read_credential_others_can_write_is_a_warning(void **state)
{
    (void)state;
    write_file(file, 1, 0600);
    assert_state(file, FILE_TRUST_CREDENTIAL, FILE_OK, NULL);
    assert_log(NULL);
    write_file(file, 1, 0660);
    assert_state(file, FILE_TRUST_ANY, FILE_OK, NULL);
    assert_log(NULL);
    assert_state(file, FILE_TRUST_CREDENTIAL, FILE_OK, NULL);
    assert_log("its group can write this credential file");
}

static void file_read_credential_others_can_read_is_told_at_info(void **state)
{
    (void)state;
    write_file(other, 1, 0644);
    assert_state(other, FILE_TRUST_CREDENTIAL, FILE_OK, NULL);
    assert_log(NULL);
    setenv("SYNAUTH_LOG", "info", 1);
    assert_state(other, FILE_TRUST_CREDENTIAL, FILE_OK, NULL);
    assert_log("others can read this credential file");
}

/* Root may give a file to any group, others to one that they have beside their own. */
static bool give_to_another_group(const char *path)
{
    gid_t groups[64];
    int count = getgroups(64, groups);
    if (geteuid() == 0)
        return chown(path, (uid_t)-1, FOREIGN) == 0;
    for (int i = 0; i < count; i++)
        if (groups[i] != getegid() && chown(path, (uid_t)-1, groups[i]) == 0)
            return true;
    return false;
}

static void file_read_config_of_another_group_is_refused(void **state)
{
    (void)state;
    write_file(file, 1, 0640);
    if (!give_to_another_group(file))
        skip();
    assert_state(file, FILE_TRUST_CONFIG, FILE_OK, NULL);
    assert_int_equal(chmod(file, 0660), 0);
    assert_state(file, FILE_TRUST_CONFIG, FILE_UNUSABLE, "refused: its group can write it; chmod");
}

/* As Kubernetes leaves it: root's file, writable by the group of the pod. */
static void file_read_config_of_the_private_group_is_read(void **state)
{
    (void)state;
    if (!private_group_is(getegid()))
        skip();
    write_file(file, 1, 0664);
    assert_state(file, FILE_TRUST_CONFIG, FILE_OK, NULL);
}

/* The group's bits of a file with an access list are what somebody on it may do at most. */
static void file_read_config_with_an_access_list_is_refused(void **state)
{
    (void)state;
    static const unsigned char list[] = {
        2, 0,    0,    0,    1,    0,    6,    0, 0xff, 0xff, 0xff, 0xff, 2,    0,   6,
        0, 0x31, 0xd4, 0,    0,    4,    0,    4, 0,    0xff, 0xff, 0xff, 0xff, 16,  0,
        6, 0,    0xff, 0xff, 0xff, 0xff, 0x20, 0, 0,    0,    0xff, 0xff, 0xff, 0xff};
    write_file(file, 1, 0600);
    if (setxattr(file, "system.posix_acl_access", list, sizeof list, 0) != 0)
        skip();
    assert_state(file, FILE_TRUST_CONFIG, FILE_UNUSABLE, "refused: its group can write it; chmod");
}

static void file_read_foreign_owner_is_judged_by_trust(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    write_file(file, 1, 0600);
    assert_int_equal(chown(file, FOREIGN, FOREIGN), 0);
    assert_state(file, FILE_TRUST_ANY, FILE_OK, NULL);
    assert_log(NULL);
    assert_state(file, FILE_TRUST_CONFIG, FILE_UNUSABLE, "refused: it belongs to user 54321");
    assert_state(file, FILE_TRUST_CREDENTIAL, FILE_OK, NULL);
    assert_log("belongs to user 54321, neither to this user nor to root");
    assert_log("mount it read-only (:ro), or hand the token over by SYNAPSE_AUTH_TOKEN_FILE");
}

/* A file on a read-only mount cannot be another's work: not judged at all. */
static void file_read_read_only_mount_is_not_judged(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    pid_t child = fork();
    if (child == 0) {
        bool mounted = unshare(CLONE_NEWNS) == 0 &&
                       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
                       mount(directory, directory, NULL, MS_BIND, NULL) == 0;
        write_file(file, 1, 0666);
        assert_int_equal(chown(file, FOREIGN, FOREIGN), 0);
        if (!mounted || mount(NULL, directory, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) != 0)
            _exit(77);
        setenv("SYNAUTH_LOG_FILE", "/dev/full", 1);
        assert_state(file, FILE_TRUST_CREDENTIAL, FILE_OK, NULL);
        assert_state(file, FILE_TRUST_CONFIG, FILE_OK, NULL);
        _exit(0);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip(); /* no right to mount */
    assert_int_equal(status, 0);
    assert_log(NULL);
}

static int reset(void **state)
{
    (void)state;
    unlink(file);
    unlink(other);
    unlink(log_path);
    setenv("HOME", directory, 1);
    setenv("SYNAUTH_LOG_FILE", log_path, 1);
    unsetenv("SYNAUTH_LOG");
    return 0;
}

static int begin(void **state)
{
    if (!mkdtemp(directory))
        return -1;
    snprintf(file, sizeof file, "%s/file", directory);
    snprintf(other, sizeof other, "%s.other", directory);
    snprintf(log_path, sizeof log_path, "%s/log", directory);
    return reset(state);
}

static int end(void **state)
{
    reset(state);
    return rmdir(directory);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(file_read_content_and_status_are_returned),
        TEST(file_read_empty_file_is_empty),
        TEST(file_read_absent_forms_are_absent),
        TEST(file_read_links_are_followed),
        TEST(file_read_link_loop_is_unusable),
        TEST(file_read_fifo_device_and_socket_are_unusable),
        TEST(file_read_size_limit_is_exact),
        TEST(file_read_untold_size_is_read_up_to_the_limit),
        TEST(file_read_unreadable_file_is_unusable),
        TEST(file_read_descriptor_is_not_left_open),
        TEST(file_read_config_others_can_write_is_refused),
        TEST(file_read_credential_others_can_write_is_a_warning),
        TEST(file_read_credential_others_can_read_is_told_at_info),
        TEST(file_read_foreign_owner_is_judged_by_trust),
        TEST(file_read_config_of_another_group_is_refused),
        TEST(file_read_config_of_the_private_group_is_read),
        TEST(file_read_config_with_an_access_list_is_refused),
        TEST(file_read_read_only_mount_is_not_judged),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
