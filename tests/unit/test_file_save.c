/* test_file_save - what is written, under which name and mode, and what is left behind. */
#include "file_save.h"
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
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
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
    assert_non_null(directory);
    while (readdir(directory))
        count++;
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
    int fd = open(sandbox_path("d"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), -1);
    file_save_free(save);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
    close(fd);
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
