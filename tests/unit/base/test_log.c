/* Tests of lib/base/log.c: each case runs in a child whose stderr is a file or something worse. */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[] = "/tmp/synauth-log-XXXXXX";
static char log_path[64];
static char seen[65536]; /* what the last child wrote on stderr */

static void read_text(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, text, size - 1);
    text[length < 0 ? 0 : length] = '\0';
    if (fd >= 0)
        close(fd);
}

static void redirect_stderr(int fd)
{
    dup2(fd, STDERR_FILENO);
    close(fd);
}

/* Runs `action` in a child with stderr in a file; its wait status is returned. */
static int run(void (*action)(void))
{
    char path[64];
    snprintf(path, sizeof path, "%s/stderr", directory);
    unlink(path);
    pid_t child = fork();
    if (child == 0) {
        redirect_stderr(open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
        action();
        _exit(0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    read_text(path, seen, sizeof seen);
    return status;
}

static void assert_says(void (*action)(void), const char *expected)
{
    assert_int_equal(run(action), 0);
    assert_string_equal(seen, expected);
}

static void write_each_level(void)
{
    log_write(LEVEL_ERROR, "e");
    log_write(LEVEL_WARN, "w");
    log_write(LEVEL_INFO, "i");
    log_write(LEVEL_DEBUG, "d");
}

static void log_write_level_is_chosen_by_variable(void **state)
{
    (void)state;
    static const struct {
        const char *value, *expected;
    } cases[] = {{"off", ""},
                 {"error", "synauth: e\n"},
                 {"warn", "synauth: e\nsynauth: w\n"},
                 {"", "synauth: e\nsynauth: w\n"},
                 {"info", "synauth: e\nsynauth: w\nsynauth: i\n"},
                 {"Debug", "synauth: e\nsynauth: w\nsynauth: i\nsynauth: d\n"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        setenv("SYNAUTH_LOG", cases[i].value, 1);
        assert_says(write_each_level, cases[i].expected);
    }
    unsetenv("SYNAUTH_LOG");
    assert_says(write_each_level, "synauth: e\nsynauth: w\n");
}

static void log_write_unknown_level_is_reported_once(void **state)
{
    (void)state;
    setenv("SYNAUTH_LOG", "warning", 1);
    assert_says(write_each_level,
                "synauth: SYNAUTH_LOG is none of off, error, warn, info, debug; it counts as warn\n"
                "synauth: e\nsynauth: w\n");
}

static void write_controls(void)
{
    log_write(LEVEL_WARN, "%s", "a\nb\x1b[31m\x7f\xc3\xa9 %d\\");
}

static void log_write_control_characters_are_escaped(void **state)
{
    (void)state;
    assert_says(write_controls, "synauth: a\\x0ab\\x1b[31m\\x7f\\xc3\\xa9 %d\\\n");
}

static void write_long_line(void)
{
    char text[5000];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    log_write(LEVEL_WARN, "%s", text);
    memset(text, '\n', sizeof text - 1);
    log_write(LEVEL_WARN, "%s", text);
}

static void log_write_long_text_is_cut_to_1024_bytes(void **state)
{
    (void)state;
    assert_int_equal(run(write_long_line), 0);
    const char *first_end = strchr(seen, '\n');
    assert_non_null(first_end);
    assert_int_equal(first_end + 1 - seen, 1023); /* vsnprintf needs one byte for its NUL */
    size_t second = strlen(first_end + 1);
    assert_true(second > 1000 && second <= 1024);
    assert_string_equal(first_end + 1 + second - 5, "\\x0a\n");
}

static void write_with_errno(void)
{
    errno = 77;
    log_write(LEVEL_WARN, "x");
    log_once(LEVEL_WARN, "c", "x");
    if (errno != 77)
        _exit(1);
    setenv("SYNAUTH_LOG_FILE", "/nonexistent/x", 1);
    log_write(LEVEL_WARN, "x");
    if (errno != 77)
        _exit(2);
}

static void log_write_errno_is_kept(void **state)
{
    (void)state;
    assert_int_equal(run(write_with_errno), 0);
}

static void write_once_and_again(void)
{
    log_once(LEVEL_INFO, "a", "hidden");
    for (int i = 0; i < 3; i++) {
        log_once(LEVEL_WARN, "a", "first %d", i);
        log_once(LEVEL_WARN, "b", "second %d", i);
    }
    setenv("SYNAUTH_LOG", "info", 1);
    log_once(LEVEL_INFO, "a", "first again");
    log_once(LEVEL_INFO, "c", "third");
}

static void log_once_each_cause_is_reported_once(void **state)
{
    (void)state;
    assert_says(write_once_and_again, "synauth: first 0\nsynauth: second 0\nsynauth: third\n");
}

static void write_many_causes(void)
{
    char cause[32];
    for (int i = 0; i < 1000; i++) {
        snprintf(cause, sizeof cause, "cause %d", i);
        log_once(LEVEL_WARN, cause, "m");
    }
}

static void log_once_full_table_is_silent(void **state)
{
    (void)state;
    assert_int_equal(run(write_many_causes), 0);
    assert_int_equal(strlen(seen), 256 * strlen("synauth: m\n"));
}

static void write_two(void)
{
    log_write(LEVEL_WARN, "one");
    log_write(LEVEL_WARN, "two");
}

static void log_file_is_appended_to_with_mode_0600(void **state)
{
    (void)state;
    char text[256];
    struct stat status;
    setenv("SYNAUTH_LOG_FILE", log_path, 1);
    umask(022);
    assert_says(write_two, "");
    assert_says(write_two, "");
    read_text(log_path, text, sizeof text);
    assert_string_equal(text, "synauth: one\nsynauth: two\nsynauth: one\nsynauth: two\n");
    assert_int_equal(stat(log_path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
}

/* One complaint on stderr that names the path, and nothing else happens. */
static void assert_one_complaint(const char *path, const char *part)
{
    setenv("SYNAUTH_LOG_FILE", path, 1);
    assert_int_equal(run(write_two), 0);
    assert_non_null(strstr(seen, path));
    if (!strstr(seen, part))
        fail_msg("%s", seen);
    assert_ptr_equal(strchr(seen, '\n'), seen + strlen(seen) - 1);
    assert_null(strstr(seen, "synauth: one"));
}

static void log_file_link_is_not_followed(void **state)
{
    (void)state;
    char target[64];
    snprintf(target, sizeof target, "%s/target", directory);
    assert_int_equal(symlink(target, log_path), 0);
    assert_one_complaint(log_path, "symbolic link");
    assert_int_equal(access(target, F_OK), -1);
}

/* It was waiting for what we would say. */
static void log_file_of_another_user_is_refused(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    int fd = open(log_path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    assert_int_equal(fchown(fd, 12345, 12345), 0);
    close(fd);
    assert_one_complaint(log_path, "belongs to another user");
}

static void log_file_that_is_no_file_is_refused(void **state)
{
    (void)state;
    assert_one_complaint(directory, "cannot be opened");
    assert_one_complaint("/dev/null", "not a regular file");
    assert_one_complaint("/absent/synauth.log", "cannot be opened");
    assert_one_complaint("synauth.log", "not an absolute path");
    assert_int_equal(mkfifo(log_path, 0600), 0);
    assert_one_complaint(log_path, "cannot be opened");
    int reader = open(log_path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    assert_one_complaint(log_path, "not a regular file");
    close(reader);
}

static void write_over_limit(void)
{
    struct rlimit limit = {4, 4};
    setrlimit(RLIMIT_FSIZE, &limit);
    setenv("SYNAUTH_LOG_FILE", log_path, 1);
    write_two();
    sigset_t pending;
    sigpending(&pending);
    if (sigismember(&pending, SIGXFSZ))
        _exit(1);
}

/* Stands for the full disk too: the first line does not fit as a whole, the second not at all.
   stderr is a pipe here, since the limit would meet a file as well. */
static void log_file_limit_is_survived(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        redirect_stderr(ends[1]);
        write_over_limit();
        _exit(0);
    }
    close(ends[1]);
    ssize_t length = read(ends[0], seen, sizeof seen - 1);
    seen[length < 0 ? 0 : length] = '\0';
    close(ends[0]);
    int status = -1;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_non_null(strstr(seen, "cannot be written to"));
    assert_ptr_equal(strchr(seen, '\n'), seen + strlen(seen) - 1);
}

static void break_stderr(void)
{
    int ends[2];
    if (pipe(ends) != 0)
        _exit(9);
    close(ends[0]);
    redirect_stderr(ends[1]);
}

static void write_to_broken_pipe(void)
{
    break_stderr();
    signal(SIGPIPE, SIG_DFL);
    write_two();
    sigset_t pending;
    sigpending(&pending);
    if (sigismember(&pending, SIGPIPE))
        _exit(1);
    raise(SIGPIPE);
}

static void log_write_broken_pipe_raises_no_signal(void **state)
{
    (void)state;
    int status = run(write_to_broken_pipe);
    assert_true(WIFSIGNALED(status)); /* by its own raise: the action is untouched */
    assert_int_equal(WTERMSIG(status), SIGPIPE);
}

static void write_to_full_pipe(void)
{
    int ends[2];
    if (pipe(ends) != 0 || fcntl(ends[1], F_SETFL, O_NONBLOCK) != 0)
        _exit(9);
    while (write(ends[1], "", 1) == 1)
        ;
    fcntl(ends[1], F_SETFL, 0);
    redirect_stderr(ends[1]);
    alarm(20);
    log_write(LEVEL_WARN, "one");
    _exit(3);
}

static void log_write_full_pipe_holds_nobody_up(void **state)
{
    (void)state;
    int status = run(write_to_full_pipe);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 3);
}

static void write_with_pending_signal(void)
{
    sigset_t set, pending;
    break_stderr();
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGPIPE);
    write_two();
    sigpending(&pending);
    if (!sigismember(&pending, SIGPIPE))
        _exit(1);
}

static void log_write_pending_signal_of_the_program_stays(void **state)
{
    (void)state;
    assert_int_equal(run(write_with_pending_signal), 0);
}

static void write_without_stderr(void)
{
    close(STDERR_FILENO);
    write_two();
}

static void log_write_closed_stderr_is_ignored(void **state)
{
    (void)state;
    assert_says(write_without_stderr, "");
}

static int reset(void **state)
{
    (void)state;
    unsetenv("SYNAUTH_LOG");
    unsetenv("SYNAUTH_LOG_FILE");
    unlink(log_path);
    return 0;
}

static int begin(void **state)
{
    if (!mkdtemp(directory))
        return -1;
    snprintf(log_path, sizeof log_path, "%s/log", directory);
    return reset(state);
}

static int end(void **state)
{
    char path[64];
    reset(state);
    snprintf(path, sizeof path, "%s/stderr", directory);
    unlink(path);
    return rmdir(directory);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(log_write_level_is_chosen_by_variable),
        TEST(log_write_unknown_level_is_reported_once),
        TEST(log_write_control_characters_are_escaped),
        TEST(log_write_long_text_is_cut_to_1024_bytes),
        TEST(log_write_errno_is_kept),
        TEST(log_once_each_cause_is_reported_once),
        TEST(log_once_full_table_is_silent),
        TEST(log_file_is_appended_to_with_mode_0600),
        TEST(log_file_link_is_not_followed),
        TEST(log_file_of_another_user_is_refused),
        TEST(log_file_that_is_no_file_is_refused),
        TEST(log_file_limit_is_survived),
        TEST(log_write_broken_pipe_raises_no_signal),
        TEST(log_write_full_pipe_holds_nobody_up),
        TEST(log_write_pending_signal_of_the_program_stays),
        TEST(log_write_closed_stderr_is_ignored),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
