/* Tests of lib/source/synapse/session.c. */
#include "source/synapse/session.h"

#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static const struct session_key alice = {.endpoint = "https://auth.example/auth/v1",
                                         .user = "alice"};

/* What somebody else does before we get a lock (the linker's --wrap). */
static void (*before_lock)(void);
int __real_flock(int fd, int operation);
int __wrap_flock(int fd, int operation);

int __wrap_flock(int fd, int operation)
{
    void (*first)(void) = before_lock;
    before_lock = NULL;
    if (first)
        first();
    return __real_flock(fd, operation);
}

static int enter(void **state)
{
    int result = sandbox_enter(state);
    setenv("SYNAUTH_SESSION_DIR", sandbox_path("sessions"), 1);
    return result;
}

static void save(const struct session_key *key, const char *token, int64_t expires)
{
    char user[] = "alice \"\\ \xc3\xa9";
    synauth_error error = {0};
    char *path = NULL;
    AUTO_SECRET text = secret_new(token, strlen(token));
    AUTO_SECRET receipt = secret_new("re\"ceipt", 8);
    const struct session session = {
        .token = text, .receipt = receipt, .user = user, .expires = expires};
    int code = session_save(key, &session, &path, &error);
    if (code != SYNAUTH_OK)
        print_error("%s: %s\n", error.file, error.text);
    assert_int_equal(code, SYNAUTH_OK);
    assert_non_null(path);
    free(path);
}

static enum session_state load(const struct session_key *key, struct session *ret, char *why)
{
    synauth_error error = {0};
    memset(ret, 0, sizeof *ret);
    enum session_state state = session_load(key, ret, &error);
    if (why)
        strcpy(why, error.text);
    return state;
}

static int64_t later(int64_t seconds)
{
    return (int64_t)time(NULL) + seconds;
}

static void session_save_then_load_is_the_same(void **state)
{
    (void)state;
    struct session session;
    struct stat status;
    int64_t expires = later(3600);
    assert_int_equal(load(&alice, &session, NULL), SESSION_ABSENT);
    save(&alice, "tok-1", expires);
    assert_int_equal(load(&alice, &session, NULL), SESSION_FOUND);
    assert_string_equal(secret_bytes(session.token), "tok-1");
    assert_string_equal(secret_bytes(session.receipt), "re\"ceipt");
    assert_string_equal(session.user, "alice \"\\ \xc3\xa9");
    assert_true(session.expires == expires);
    session_free(&session);
    assert_int_equal(stat(sandbox_path("sessions"), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
    char *path = session_path(&alice);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_null(strstr(path, "alice"));
    free(path);
}

static void session_load_keys_are_kept_apart(void **state)
{
    (void)state;
    struct session session;
    const struct session_key others[] = {
        {.endpoint = alice.endpoint, .user = "bob"},
        {.endpoint = "https://other.example/auth/v1", .user = "alice"},
        {.endpoint = alice.endpoint, .user = "alice", .profile = "lab"},
        {.endpoint = alice.endpoint},
        {.endpoint = alice.endpoint, .user = "", .profile = "alice"}};
    save(&alice, "tok-1", 0);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(load(&others[i], &session, NULL), SESSION_ABSENT);
}

static void session_load_expired_keeps_the_receipt(void **state)
{
    (void)state;
    struct session session;
    save(&alice, "tok-1", later(30));
    assert_int_equal(load(&alice, &session, NULL), SESSION_EXPIRED);
    assert_null(session.token);
    assert_non_null(session.receipt);
    session_free(&session);
}

static void assert_state(enum session_state state, const char *word)
{
    char why[512];
    struct session session;
    assert_int_equal(load(&alice, &session, why), state);
    if (!strstr(why, word))
        print_error("said: %s\n", why);
    assert_non_null(strstr(why, word));
    assert_null(session.token);
}

static void session_load_open_directory_is_refused(void **state)
{
    (void)state;
    save(&alice, "tok-1", 0);
    const mode_t modes[] = {0777, 0707, 0770, 01777, 0755};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        chmod(sandbox_path("sessions"), modes[i]);
        assert_state(SESSION_REFUSED, "open to others");
    }
}

static void session_load_foreign_directory_is_refused(void **state)
{
    (void)state;
    setenv("SYNAUTH_SESSION_DIR", geteuid() == 0 ? sandbox_path("sessions") : "/", 1);
    if (geteuid() == 0) {
        sandbox_directory("sessions");
        assert_int_equal(chown(sandbox_path("sessions"), 12345, 12345), 0);
    }
    assert_state(SESSION_REFUSED, "belongs to another user");
}

static void session_load_open_file_and_broken_text_are_refused(void **state)
{
    (void)state;
    save(&alice, "tok-1", 0);
    char *path = session_path(&alice);
    chmod(path, 0644);
    assert_state(SESSION_UNUSABLE, "open to others");
    chmod(path, 0600);
    assert_int_equal(truncate(path, 40), 0);
    assert_state(SESSION_UNUSABLE, "");
    free(path);
}

static void session_load_relative_directory_is_an_error(void **state)
{
    (void)state;
    setenv("SYNAUTH_SESSION_DIR", "sessions", 1);
    assert_state(SESSION_REFUSED, "relative");
}

static void session_runtime_directory_is_the_default(void **state)
{
    (void)state;
    struct stat status;
    unsetenv("SYNAUTH_SESSION_DIR");
    char *none = session_path(&alice);
    assert_null(none);
    sandbox_directory("run");
    setenv("XDG_RUNTIME_DIR", sandbox_path("run"), 1);
    save(&alice, "tok-1", 0);
    assert_int_equal(stat(sandbox_path("run/synauth"), &status), 0);
    setenv("XDG_RUNTIME_DIR", sandbox_path("gone"), 1);
    const struct session session = {0};
    char *path = NULL;
    assert_int_equal(session_save(&alice, &session, &path, NULL), SYNAUTH_OK);
    assert_null(path); /* no place is no error */
}

static void session_remove_and_drop(void **state)
{
    (void)state;
    struct session session;
    char *path = NULL;
    AUTO_SECRET other = secret_new("tok-2", 5);
    AUTO_SECRET same = secret_new("tok-1", 5);
    save(&alice, "tok-1", 0);
    session_drop(&alice, other);
    assert_int_equal(load(&alice, &session, NULL), SESSION_FOUND);
    session_free(&session);
    session_drop(&alice, same);
    assert_int_equal(load(&alice, &session, NULL), SESSION_EXPIRED); /* the receipt stays */
    session_free(&session);
    assert_int_equal(session_remove(&alice, &path, NULL), SYNAUTH_OK);
    assert_non_null(path);
    free(path);
    assert_int_equal(session_remove(&alice, &path, NULL), SYNAUTH_OK);
    assert_null(path);
}

static void save_another(void)
{
    save(&alice, "tok-2", 0);
}

static void session_drop_leaves_what_was_saved_meanwhile(void **state)
{
    (void)state;
    struct session session;
    AUTO_SECRET refused = secret_new("tok-1", 5);
    save(&alice, "tok-1", 0);
    before_lock = save_another;
    session_drop(&alice, refused);
    assert_int_equal(load(&alice, &session, NULL), SESSION_FOUND);
    assert_string_equal(secret_bytes(session.token), "tok-2");
    session_free(&session);
}

static void session_lock_is_held_by_one(void **state)
{
    (void)state;
    int lock = -1;
    assert_int_equal(session_lock(&alice, &lock, NULL), SYNAUTH_OK);
    assert_true(lock >= 0);
    char *path = session_path(&alice);
    memcpy(strrchr(path, '.'), ".lock", 6);
    int other = open(path, O_RDWR | O_CLOEXEC);
    assert_true(other >= 0);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), -1);
    session_unlock(lock);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
    close(other);
    free(path);
}

/* A link may lead elsewhere between a look and the next. */
static void session_directory_that_is_a_link_is_refused(void **state)
{
    (void)state;
    save(&alice, "tok-1", 0);
    assert_int_equal(rename(sandbox_path("sessions"), sandbox_path("real")), 0);
    sandbox_link("sessions", sandbox_path("real"));
    assert_state(SESSION_REFUSED, "is a link");
    setenv("SYNAUTH_SESSION_DIR", sandbox_path("real/"), 1);
    struct session session;
    assert_int_equal(load(&alice, &session, NULL), SESSION_FOUND);
    session_free(&session);
}

static void session_directory_that_others_can_exchange_is_refused(void **state)
{
    (void)state;
    struct session session;
    sandbox_directory("above");
    setenv("SYNAUTH_SESSION_DIR", sandbox_path("above/sessions"), 1);
    save(&alice, "tok-1", 0);
    assert_int_equal(chmod(sandbox_path("above"), 0777), 0);
    assert_state(SESSION_REFUSED, "others can exchange");
    assert_int_equal(chmod(sandbox_path("above"), 01777), 0);
    assert_int_equal(load(&alice, &session, NULL), SESSION_FOUND);
    session_free(&session);
    if (geteuid() != 0)
        return;
    assert_int_equal(chown(sandbox_path("above"), 12345, 12345), 0);
    assert_state(SESSION_REFUSED, "others can exchange");
}

/* sudo -E: a directory of root's in it would lock the user out. */
static void session_runtime_directory_of_another_user_is_none(void **state)
{
    (void)state;
    struct stat status;
    unsetenv("SYNAUTH_SESSION_DIR");
    setenv("XDG_RUNTIME_DIR", geteuid() == 0 ? sandbox_path("run") : "/tmp", 1);
    sandbox_directory("run");
    if (geteuid() == 0)
        assert_int_equal(chown(sandbox_path("run"), 12345, 12345), 0);
    const struct session session = {0};
    char *path = NULL;
    int lock = 0;
    assert_int_equal(session_save(&alice, &session, &path, NULL), SYNAUTH_OK);
    assert_null(path);
    assert_int_equal(session_lock(&alice, &lock, NULL), SYNAUTH_OK);
    assert_int_equal(lock, -1);
    assert_int_equal(stat(sandbox_path("run/synauth"), &status), -1);
}

/* A directory of the system's is not to be closed to the others who use it. */
static void session_directory_of_the_system_has_another_remedy(void **state)
{
    (void)state;
    char why[512];
    struct session session;
    static const char *const folders[] = {"/tmp", "/usr", "/"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        setenv("SYNAUTH_SESSION_DIR", folders[i], 1);
        assert_int_equal(load(&alice, &session, why), SESSION_REFUSED);
        if (strstr(why, "chmod") || !strstr(why, "set SYNAUTH_SESSION_DIR to one of your own"))
            fail_msg("said: %s", why);
    }
    sandbox_directory("sessions");
    sandbox_write("sessions/thesis.txt", "x");
    assert_int_equal(chmod(sandbox_path("sessions"), 0755), 0);
    setenv("SYNAUTH_SESSION_DIR", sandbox_path("sessions"), 1);
    assert_int_equal(load(&alice, &session, why), SESSION_REFUSED);
    assert_null(strstr(why, "chmod"));
}

static void put_text(const char *text, int64_t age)
{
    save(&alice, "tok-1", 0);
    char *path = session_path(&alice);
    int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    const struct timespec times[2] = {{.tv_sec = time(NULL) - age}, {.tv_sec = time(NULL) - age}};
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(futimens(fd, times), 0);
    close(fd);
    free(path);
}

static void session_without_exp_lives_a_day(void **state)
{
    (void)state;
    struct session session;
    save(&alice, "tok-1", 0);
    assert_int_equal(load(&alice, &session, NULL), SESSION_FOUND);
    assert_true(session.expires >= later(24 * 3600 - 60) && session.expires <= later(24 * 3600));
    session_free(&session);
    put_text("{\"token\": \"tok-1\"}", 23 * 3600);
    assert_int_equal(load(&alice, &session, NULL), SESSION_FOUND);
    session_free(&session);
    put_text("{\"token\": \"tok-1\"}", 24 * 3600);
    assert_int_equal(load(&alice, &session, NULL), SESSION_EXPIRED);
    session_free(&session);
}

static void session_with_an_impossible_exp_has_expired(void **state)
{
    (void)state;
    struct session session;
    static const char *const numbers[] = {"-9223372036854775808", "-9223372036854775807",
                                          "-99999999999999999999", "-1"};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char text[128];
        snprintf(text, sizeof text, "{\"exp\": %s, \"token\": \"tok-1\"}", numbers[i]);
        put_text(text, 0);
        assert_int_equal(load(&alice, &session, NULL), SESSION_EXPIRED);
        session_free(&session);
    }
}

/* A profile is named by bytes of .synapseConfig. */
static void session_of_a_name_that_is_not_utf8_is_found_again(void **state)
{
    (void)state;
    struct session session;
    char why[sizeof((synauth_error *)0)->text] = "";
    const struct session_key latin = {
        .endpoint = alice.endpoint, .user = "m\xfcller", .profile = "Z\xfcrich"};
    save(&latin, "tok-1", later(3600));
    assert_int_equal(load(&latin, &session, why), SESSION_FOUND);
    assert_string_equal(why, "");
    assert_string_equal(secret_bytes(session.token), "tok-1");
    session_free(&session);
}

/* 1.7e9 is not the year 1970. */
static void session_exp_with_an_exponent_lives_a_day(void **state)
{
    (void)state;
    struct session session;
    put_text("{\"exp\": 1.7e9, \"token\": \"tok-1\"}", 0);
    assert_int_equal(load(&alice, &session, NULL), SESSION_FOUND);
    session_free(&session);
}

/* What a saver that was killed has left holds a token. */
static void session_leftovers_go(void **state)
{
    (void)state;
    char *path = NULL;
    save(&alice, "tok-1", 0);
    char *file = session_path(&alice);
    char leftover[256];
    snprintf(leftover, sizeof leftover, "sessions/.%s.synauth-new", strrchr(file, '/') + 1);
    sandbox_write(leftover, "tok-0");
    save(&alice, "tok-2", 0);
    assert_int_equal(access(sandbox_path(leftover), F_OK), -1);
    sandbox_write(leftover, "tok-0");
    assert_int_equal(session_remove(&alice, &path, NULL), SYNAUTH_OK);
    assert_int_equal(access(sandbox_path(leftover), F_OK), -1);
    free(path);
    free(file);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, sandbox_leave)
    const struct CMUnitTest tests[] = {
        TEST(session_save_then_load_is_the_same),
        TEST(session_load_keys_are_kept_apart),
        TEST(session_load_expired_keeps_the_receipt),
        TEST(session_load_open_directory_is_refused),
        TEST(session_load_foreign_directory_is_refused),
        TEST(session_load_open_file_and_broken_text_are_refused),
        TEST(session_load_relative_directory_is_an_error),
        TEST(session_runtime_directory_is_the_default),
        TEST(session_remove_and_drop),
        TEST(session_drop_leaves_what_was_saved_meanwhile),
        TEST(session_lock_is_held_by_one),
        TEST(session_directory_that_is_a_link_is_refused),
        TEST(session_directory_that_others_can_exchange_is_refused),
        TEST(session_runtime_directory_of_another_user_is_none),
        TEST(session_directory_of_the_system_has_another_remedy),
        TEST(session_without_exp_lives_a_day),
        TEST(session_with_an_impossible_exp_has_expired),
        TEST(session_of_a_name_that_is_not_utf8_is_found_again),
        TEST(session_exp_with_an_exponent_lives_a_day),
        TEST(session_leftovers_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
