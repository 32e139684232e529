/* test_file_save - what is written, under which name and mode, and what is left behind. */
#include "file/file_save.h"
#include "sandbox.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t add(struct file_save *save, const char *name, enum file_trust trust)
{
    size_t index = 99;
    synauth_error error = {0};
    assert_int_equal(file_save_add(save, sandbox_path(name), trust, &index, &error), SYNAUTH_OK);
    return index;
}

static void set(struct file_save *save, size_t index, const char *text)
{
    AUTO_SECRET content = secret_new(text, strlen(text));
    file_save_set(save, index, content);
}

static void assert_file(const char *name, const char *text, unsigned mode)
{
    AUTO_SECRET content = NULL;
    struct stat status;
    assert_int_equal(file_read(sandbox_path(name), 4096, FILE_TRUST_ANY, &content, &status, NULL),
                     FILE_OK);
    assert_string_equal(secret_bytes(content), text);
    assert_int_equal(status.st_mode & 07777, mode);
}

static size_t count_entries(const char *name)
{
    DIR *directory = opendir(sandbox_path(name));
    size_t count = 0;
    const struct dirent *entry;
    assert_non_null(directory);
    while ((entry = readdir(directory)) != NULL)
        count += strcmp(entry->d_name, ".synauth.lock") != 0; /* there until the lock ends */
    closedir(directory);
    return count - 2; /* "." and ".." */
}

static void commit_writes_all_files_and_leaves_nothing_else(void **state)
{
    (void)state;
    AUTO_FILE_SAVE save = file_save_new();
    sandbox_write("d/old", "old");
    size_t first = add(save, "d/old", FILE_TRUST_CREDENTIAL);
    size_t second = add(save, "new/deep/file", FILE_TRUST_CREDENTIAL);
    assert_int_equal(file_save_lock(save, NULL), SYNAUTH_OK);
    assert_string_equal(secret_bytes(file_save_content(save, first)), "old");
    assert_null(file_save_content(save, second));
    set(save, first, "one");
    set(save, second, "two");
    assert_file("d/old", "old", 0600);
    assert_int_equal(file_save_commit(save, NULL), SYNAUTH_OK);
    assert_file("d/old", "one", 0600);
    assert_file("new/deep/file", "two", 0600);
    assert_int_equal(count_entries("d"), 1);
    assert_int_equal(count_entries("new/deep"), 1);
}

static void free_without_commit_changes_nothing(void **state)
{
    (void)state;
    struct file_save *save = file_save_new();
    char *prepared = NULL;
    sandbox_write("d/old", "old");
    size_t index = add(save, "d/old", FILE_TRUST_CREDENTIAL);
    assert_int_equal(file_save_lock(save, NULL), SYNAUTH_OK);
    set(save, index, "new");
    assert_int_equal(file_save_prepare(save, index, &prepared, NULL), SYNAUTH_OK);
    assert_int_equal(access(prepared, F_OK), 0);
    assert_file("d/old", "old", 0600);
    file_save_free(save);
    free(prepared);
    assert_file("d/old", "old", 0600);
    assert_int_equal(count_entries("d"), 1);
}

static void add_same_file_by_other_names_is_one(void **state)
{
    (void)state;
    AUTO_FILE_SAVE save = file_save_new();
    sandbox_directory("d");
    sandbox_link("d/link", "target");
    sandbox_link("e", "d");
    size_t index = add(save, "d/target", FILE_TRUST_CREDENTIAL);
    assert_int_equal(add(save, "d/link", FILE_TRUST_CREDENTIAL), index);
    assert_int_equal(add(save, "e/target", FILE_TRUST_CREDENTIAL), index);
    assert_int_equal(add(save, "e//link", FILE_TRUST_CREDENTIAL), index);
    assert_int_equal(file_save_count(save), 1);
}

static void lock_endless_link_or_directory_is_an_error(void **state)
{
    (void)state;
    AUTO_FILE_SAVE save = file_save_new();
    AUTO_FILE_SAVE other = file_save_new();
    size_t index;
    synauth_error error = {0};
    sandbox_link("loop", "loop");
    assert_int_equal(
        file_save_add(save, sandbox_path("loop"), FILE_TRUST_CREDENTIAL, &index, &error),
        SYNAUTH_E_IO);
    assert_non_null(strstr(error.text, "links"));
    sandbox_directory("d");
    add(other, "d", FILE_TRUST_CREDENTIAL);
    error = (synauth_error){0};
    assert_int_equal(file_save_lock(other, &error), SYNAUTH_E_IO);
    assert_non_null(strstr(error.text, "directory"));
}

static void commit_replaces_what_a_killed_saver_left(void **state)
{
    (void)state;
    AUTO_FILE_SAVE save = file_save_new();
    sandbox_write("d/.file.synauth-new", "a piece");
    size_t index = add(save, "d/file", FILE_TRUST_CREDENTIAL);
    assert_int_equal(file_save_lock(save, NULL), SYNAUTH_OK);
    set(save, index, "new");
    assert_int_equal(file_save_commit(save, NULL), SYNAUTH_OK);
    assert_file("d/file", "new", 0600);
    assert_int_equal(count_entries("d"), 1);
}

static void commit_mode_of_credentials_shrinks_of_configurations_stays(void **state)
{
    (void)state;
    AUTO_FILE_SAVE save = file_save_new();
    sandbox_write("d/secret", "old");
    sandbox_write("d/conf", "old");
    assert_int_equal(chmod(sandbox_path("d/secret"), 0644), 0);
    assert_int_equal(chmod(sandbox_path("d/conf"), 0644), 0);
    size_t secret = add(save, "d/secret", FILE_TRUST_CREDENTIAL);
    size_t conf = add(save, "d/conf", FILE_TRUST_CONFIG);
    assert_int_equal(file_save_lock(save, NULL), SYNAUTH_OK);
    set(save, secret, "new");
    set(save, conf, "new");
    assert_int_equal(file_save_commit(save, NULL), SYNAUTH_OK);
    assert_file("d/secret", "new", 0600);
    assert_file("d/conf", "new", 0644);
}

static void remove_takes_the_file_and_not_the_link(void **state)
{
    (void)state;
    AUTO_FILE_SAVE save = file_save_new();
    sandbox_write("d/file", "old");
    sandbox_link("link", "d/file");
    file_save_remove(save, add(save, "link", FILE_TRUST_CREDENTIAL));
    assert_int_equal(file_save_lock(save, NULL), SYNAUTH_OK);
    assert_int_equal(file_save_commit(save, NULL), SYNAUTH_OK);
    assert_int_equal(count_entries("d"), 0);
}

static void lock_keeps_others_out_until_free(void **state)
{
    (void)state;
    struct file_save *save = file_save_new();
    sandbox_directory("d");
    add(save, "d/file", FILE_TRUST_CREDENTIAL);
    assert_int_equal(file_save_lock(save, NULL), SYNAUTH_OK);
    int fd = open(sandbox_path("d/.synauth.lock"), O_RDWR | O_CLOEXEC);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), -1);
    file_save_free(save);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
    close(fd);
    assert_int_equal(count_entries("d"), 0);
}

/* Whoever may read a directory can lock it. */
static void lock_of_a_stranger_on_the_directory_does_not_matter(void **state)
{
    (void)state;
    AUTO_FILE_SAVE save = file_save_new();
    sandbox_directory("d");
    int fd = open(sandbox_path("d"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
    add(save, "d/file", FILE_TRUST_CREDENTIAL);
    assert_int_equal(file_save_lock(save, NULL), SYNAUTH_OK);
    close(fd);
}

static void put(struct file_save *save, size_t index, const char *text)
{
    AUTO_SECRET content = secret_new(text, strlen(text));
    file_save_set(save, index, content);
}

static void assert_content(const char *name, const char *text)
{
    AUTO_SECRET content = NULL;
    assert_int_equal(file_read(sandbox_path(name), 4096, FILE_TRUST_ANY, &content, NULL, NULL),
                     FILE_OK);
    assert_string_equal(secret_bytes(content), text);
}

/* In a folder like /tmp another user can have taken any name that he can guess. */
static void commit_where_others_write_takes_no_known_name(void **state)
{
    (void)state;
    AUTO_FILE_SAVE save = file_save_new();
    struct stat status;
    sandbox_directory("d");
    assert_int_equal(chmod(sandbox_path("d"), 01777), 0);
    sandbox_write("d/.file.synauth-new", "taken");
    sandbox_write("d/.synauth.lock", "taken");
    int lock = open(sandbox_path("d/.synauth.lock"), O_RDWR | O_CLOEXEC);
    assert_int_equal(flock(lock, LOCK_EX | LOCK_NB), 0);
    if (geteuid() == 0) {
        assert_int_equal(chown(sandbox_path("d/.file.synauth-new"), 12345, 12345), 0);
        assert_int_equal(chown(sandbox_path("d/.synauth.lock"), 12345, 12345), 0);
    }
    size_t index = add(save, "d/file", FILE_TRUST_CREDENTIAL);
    add(save, "file", FILE_TRUST_CREDENTIAL); /* its lock is in the home, too */
    assert_int_equal(file_save_lock(save, NULL), SYNAUTH_OK);
    put(save, index, "new");
    assert_int_equal(file_save_commit(save, NULL), SYNAUTH_OK);
    assert_content("d/file", "new");
    if (geteuid() == 0)
        assert_int_equal(stat(sandbox_path("d/.file.synauth-new"), &status), 0);
    close(lock);
}

static void lock_removes_what_killed_savers_left(void **state)
{
    (void)state;
    AUTO_FILE_SAVE save = file_save_new();
    sandbox_write("d/.other.json.synauth-new", "token");
    sandbox_write("d/.synauth-new.0123456789abcdef", "token");
    sandbox_write("d/not.synauth-new", "mine");
    add(save, "d/file", FILE_TRUST_CREDENTIAL);
    assert_int_equal(file_save_lock(save, NULL), SYNAUTH_OK);
    assert_int_equal(access(sandbox_path("d/.other.json.synauth-new"), F_OK), -1);
    assert_int_equal(access(sandbox_path("d/.synauth-new.0123456789abcdef"), F_OK), -1);
    assert_int_equal(access(sandbox_path("d/not.synauth-new"), F_OK), 0);
}

/* The signal would end the program; the write fails instead. */
static void commit_beyond_a_file_size_limit_is_an_error(void **state)
{
    (void)state;
    AUTO_FILE_SAVE save = file_save_new();
    synauth_error error = {0};
    struct rlimit before, limit;
    sigset_t pending;
    sandbox_write("d/file", "old");
    size_t index = add(save, "d/file", FILE_TRUST_CREDENTIAL);
    assert_int_equal(file_save_lock(save, NULL), SYNAUTH_OK);
    put(save, index, "longer than ten bytes");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 10;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    int code = file_save_commit(save, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(code, SYNAUTH_E_IO);
    assert_non_null(strstr(error.text, "ulimit -f"));
    assert_int_equal(sigpending(&pending), 0);
    assert_int_equal(sigismember(&pending, SIGXFSZ), 0);
    assert_content("d/file", "old");
    assert_int_equal(count_entries("d"), 1);
}

static void commit_that_fails_in_the_middle_says_what_is_saved(void **state)
{
    (void)state;
    AUTO_FILE_SAVE save = file_save_new();
    synauth_error error = {0};
    sandbox_directory("d");
    put(save, add(save, "d/one", FILE_TRUST_CREDENTIAL), "1");
    put(save, add(save, "d/two", FILE_TRUST_CREDENTIAL), "2");
    assert_int_equal(file_save_lock(save, NULL), SYNAUTH_OK);
    sandbox_directory("d/two");
    assert_int_equal(file_save_commit(save, &error), SYNAUTH_E_IO);
    assert_content("d/one", "1");
    const char *done = strstr(error.text, "changed already: "), *left = strstr(error.text, "not: ");
    if (!done || !left || !strstr(done, "d/one") || !strstr(left, "d/two"))
        fail_msg("said: %s", error.text);
}

/* A file that a container's runtime has mounted over another. */
static int save_pinned(void)
{
    AUTO_FILE_SAVE save = file_save_new();
    sandbox_write("d/file", "old and longer");
    sandbox_write("d/gone", "old");
    sandbox_write("outer", "old and longer");
    sandbox_write("outer2", "old");
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount(sandbox_path("outer"), sandbox_path("d/file"), NULL, MS_BIND, NULL) != 0 ||
        mount(sandbox_path("outer2"), sandbox_path("d/gone"), NULL, MS_BIND, NULL) != 0)
        return 77;
    size_t index = add(save, "d/file", FILE_TRUST_CREDENTIAL);
    size_t gone = add(save, "d/gone", FILE_TRUST_CREDENTIAL);
    assert_int_equal(file_save_lock(save, NULL), SYNAUTH_OK);
    put(save, index, "new");
    put(save, gone, "{}");
    file_save_remove(save, gone);
    sandbox_stderr_begin();
    int code = file_save_commit(save, NULL);
    const char *said = sandbox_stderr_end();
    assert_int_equal(code, SYNAUTH_OK);
    assert_content("outer", "new");
    assert_content("outer2", "{}");
    assert_non_null(strstr(said, "d/file: written in place, since a bind mount pins it"));
    return 0;
}

static void commit_of_a_mounted_file_writes_in_place(void **state)
{
    (void)state;
    int status = -1;
    if (geteuid() != 0)
        skip();
    pid_t child = fork();
    if (child == 0)
        _exit(save_pinned());
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip(); /* no right to mount */
    assert_int_equal(status, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sandbox_enter, sandbox_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(commit_writes_all_files_and_leaves_nothing_else),
        TEST(free_without_commit_changes_nothing),
        TEST(add_same_file_by_other_names_is_one),
        TEST(lock_endless_link_or_directory_is_an_error),
        TEST(commit_replaces_what_a_killed_saver_left),
        TEST(commit_mode_of_credentials_shrinks_of_configurations_stays),
        TEST(remove_takes_the_file_and_not_the_link),
        TEST(lock_keeps_others_out_until_free),
        TEST(lock_of_a_stranger_on_the_directory_does_not_matter),
        TEST(commit_where_others_write_takes_no_known_name),
        TEST(lock_removes_what_killed_savers_left),
        TEST(commit_beyond_a_file_size_limit_is_an_error),
        TEST(commit_that_fails_in_the_middle_says_what_is_saved),
        TEST(commit_of_a_mounted_file_writes_in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
