/* Tests of lib/helper/helper_process.c: what a host program could notice of a helper. */
#include "helper/helper_process.h"

#include "sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct secret *output;
static int status;

static int forget(void **state)
{
    (void)state;
    secret_unref(output);
    output = NULL;
    status = -1;
    signal(SIGCHLD, SIG_DFL);
    return 0;
}

/* `synauth-helper command sh -c SCRIPT` */
static enum helper_end run_shell(const char *script, unsigned milliseconds)
{
    const char *const arguments[] = {"command", "sh", "-c", script, NULL};
    const struct helper_run run = {
        .program = "synauth-helper", .arguments = arguments, .milliseconds = milliseconds};
    return helper_process_run(&run, &output, &status);
}

static int count_descriptors(void)
{
    DIR *directory = opendir("/proc/self/fd");
    int count = 0;
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

static void assert_no_child(void)
{
    errno = 0;
    assert_int_equal(waitpid(-1, NULL, WNOHANG | __WALL), -1);
    assert_int_equal(errno, ECHILD);
}

static void helper_process_run_gives_the_output(void **state)
{
    (void)state;
    int before = count_descriptors();
    errno = 77;
    assert_int_equal(run_shell("echo one; echo two", 5000), HELPER_ENDED);
    assert_int_equal(errno, 77);
    assert_int_equal(status, 0);
    assert_string_equal(secret_bytes(output), "value\n0\none");
    assert_int_equal(count_descriptors(), before);
    assert_no_child();
}

static void helper_process_run_missing_program(void **state)
{
    (void)state;
    const char *const arguments[] = {"x", NULL};
    const struct helper_run run = {
        .program = "synauth-nonesuch", .arguments = arguments, .milliseconds = 1000};
    assert_int_equal(helper_process_run(&run, &output, &status), HELPER_MISSING);
    assert_null(output);
}

static void helper_process_run_bad_verb_has_its_status(void **state)
{
    (void)state;
    const char *const arguments[] = {"nonesuch", NULL};
    const struct helper_run run = {
        .program = "synauth-helper", .arguments = arguments, .milliseconds = 5000};
    assert_int_equal(helper_process_run(&run, &output, &status), HELPER_ENDED);
    assert_int_equal(status, 2);
}

static bool is_running(const char *pid_file)
{
    char text[32] = "";
    FILE *file = fopen(sandbox_path(pid_file), "r");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof text, file));
    fclose(file);
    return kill((pid_t)atoi(text), 0) == 0;
}

static void helper_process_run_late_kills_all_of_it(void **state)
{
    (void)state;
    char script[512];
    int before = count_descriptors();
    snprintf(script, sizeof script, "trap '' TERM INT HUP; sleep 600 & echo $! > %s; wait",
             sandbox_path("pid"));
    assert_int_equal(run_shell(script, 3000), HELPER_LATE);
    assert_int_equal(count_descriptors(), before);
    assert_no_child();
    for (int left = 6000; is_running("pid"); left--) { /* until process 1 has reaped it */
        assert_true(left > 0);
        usleep(10000);
    }
}

/* Three generations, each in a session of its own, with their process ids in files. */
static const char *family(const char *end)
{
    static char script[1024];
    const char *folder = sandbox_path(".");
    snprintf(
        script, sizeof script,
        "cd %s; setsid sh -c 'echo $$ > one; setsid sh -c \"echo \\$\\$ > two; setsid sleep 60 & "
        "echo \\$! > three; wait\" & wait' & until [ -s three ]; do sleep 0.01; done; %s",
        folder, end);
    return script;
}

static void assert_family(bool running)
{
    assert_int_equal(is_running("one"), running);
    assert_int_equal(is_running("two"), running);
    assert_int_equal(is_running("three"), running);
}

static void helper_process_run_late_kills_other_sessions(void **state)
{
    (void)state;
    assert_int_equal(run_shell(family("sleep 60"), 3000), HELPER_LATE);
    assert_family(false);
    assert_no_child();
}

static atomic_int signals;

static void on_child(int number)
{
    (void)number;
    atomic_fetch_add(&signals, 1);
}

/* As process 1 of a container does: what others orphan becomes its child. */
static void helper_process_run_host_that_inherits_inherits_nothing(void **state)
{
    (void)state;
    const char *const ends[] = {"sleep 60", "echo x"};
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    signal(SIGCHLD, on_child);
    for (size_t i = 0; i < 2; i++) {
        enum helper_end end = run_shell(family(ends[i]), 3000);
        assert_int_equal(end, i == 0 ? HELPER_LATE : HELPER_ENDED);
        assert_family(false);
        assert_no_child();
        assert_int_equal(unlink(sandbox_path("three")), 0);
    }
    assert_int_equal(atomic_load(&signals), 0);
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
}

static void end(const char *pid_file)
{
    char text[32] = "";
    FILE *file = fopen(sandbox_path(pid_file), "r");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof text, file));
    fclose(file);
    kill((pid_t)atoi(text), SIGKILL);
}

static bool is_on_a_machine(void)
{
    char name[64] = "";
    return readlink("/proc/self/ns/pid", name, sizeof name - 1) > 0 &&
           strcmp(name, "pid:[4026531836]") == 0;
}

/* An agent that keeps a passphrase makes a session of its own; a job in the background does not. In
   a container neither stays. */
static void helper_process_run_daemon_outlives_a_good_end(void **state)
{
    (void)state;
    char script[2048];
    snprintf(script, sizeof script, "sleep 60 & echo $! > %s; %s", sandbox_path("job"),
             family("echo x"));
    assert_int_equal(run_shell(script, 5000), HELPER_ENDED);
    assert_family(is_on_a_machine());
    for (int left = 6000; is_running("job") && left > 0; left--)
        usleep(10000); /* until process 1 has reaped it */
    assert_false(is_running("job"));
    end("one");
    end("two");
    end("three");
}

static bool has_content(const char *name)
{
    struct stat info;
    return stat(sandbox_path(name), &info) == 0 && info.st_size > 0;
}

static void helper_process_run_ends_with_its_host(void **state)
{
    (void)state;
    unlink(sandbox_path("three"));
    pid_t host = fork();
    if (host == 0)
        _exit(run_shell(family("sleep 60"), 60000) == HELPER_ENDED);
    for (int left = 6000; !has_content("three") && left > 0; left--)
        usleep(10000);
    kill(host, SIGKILL);
    assert_int_equal(waitpid(host, NULL, 0), host);
    for (int left = 6000; (is_running("one") || is_running("three")) && left > 0; left--)
        usleep(10000);
    assert_family(false);
}

/* What gpg-agent and the like do: a daemon keeps the output open. */
static void helper_process_run_daemon_does_not_hold_it_up(void **state)
{
    (void)state;
    assert_int_equal(run_shell("setsid sleep 90 & echo token", 60000), HELPER_ENDED);
    assert_string_equal(secret_bytes(output), "value\n0\ntoken");
}

static void helper_process_run_host_gets_no_signal(void **state)
{
    (void)state;
    signal(SIGCHLD, on_child);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(run_shell("echo x", 5000), HELPER_ENDED);
        secret_unref(output);
        output = NULL;
    }
    assert_int_equal(atomic_load(&signals), 0);
}

static void helper_process_run_sigchld_ignored(void **state)
{
    (void)state;
    signal(SIGCHLD, SIG_IGN);
    assert_int_equal(run_shell("false || echo x", 5000), HELPER_ENDED);
    assert_string_equal(secret_bytes(output), "value\n0\nx");
    assert_no_child();
}

static atomic_bool stop;

/* Counts what it gets; nothing of ours may be among it. */
static void *reap_everything(void *data)
{
    int *reaped = data;
    while (!atomic_load(&stop))
        if (waitpid(-1, NULL, WNOHANG) > 0)
            ++*reaped;
    return NULL;
}

static void helper_process_run_host_waits_for_any_child(void **state)
{
    (void)state;
    pthread_t thread;
    int reaped = 0;
    atomic_store(&stop, false);
    assert_int_equal(pthread_create(&thread, NULL, reap_everything, &reaped), 0);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(run_shell("exit 3", 5000), HELPER_ENDED);
        assert_non_null(strstr(secret_bytes(output), "status 3"));
        secret_unref(output);
        output = NULL;
    }
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    assert_int_equal(reaped, 0);
}

static void helper_process_run_environment_is_clean(void **state)
{
    (void)state;
    setenv("LD_AUDIT", "/nonesuch-audit.so", 1);
    assert_int_equal(
        run_shell("echo \"$SYNAUTH_DISABLE,$LD_PRELOAD,$LD_AUDIT,$HOME,$PWD,$(pwd)\"", 5000),
        HELPER_ENDED);
    unsetenv("LD_AUDIT");
    char expected[600];
    snprintf(expected, sizeof expected, "value\n0\n1,,,%s,", getenv("HOME"));
    assert_non_null(strstr(secret_bytes(output), expected));
    assert_non_null(strstr(secret_bytes(output), ",/"));
}

static void helper_process_run_signals_and_descriptors_are_default(void **state)
{
    (void)state;
    sigset_t blocked, before;
    sigfillset(&blocked);
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_SETMASK, &blocked, &before);
    int leaked = dup2(0, 42); /* without close-on-exec */
    enum helper_end end = run_shell("grep -E '^Sig(Blk|Ign)' /proc/self/status | tr -d '\\n\\t '; "
                                    "ls /proc/self/fd | tr '\\n' ' '",
                                    5000);
    close(leaked);
    sigprocmask(SIG_SETMASK, &before, NULL);
    signal(SIGPIPE, SIG_DFL);
    assert_int_equal(end, HELPER_ENDED);
    assert_non_null(strstr(secret_bytes(output), "SigBlk:0000000000000000SigIgn:0000000000000000"));
    assert_null(strstr(secret_bytes(output), "42"));
}

static void helper_process_run_closed_standard_streams(void **state)
{
    (void)state;
    int saved[3];
    for (int fd = 0; fd < 3; fd++) {
        saved[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 50);
        close(fd);
    }
    enum helper_end end = run_shell("echo x", 5000);
    for (int fd = 0; fd < 3; fd++) {
        dup2(saved[fd], fd);
        close(saved[fd]);
    }
    assert_int_equal(end, HELPER_ENDED);
    assert_string_equal(secret_bytes(output), "value\n0\nx");
}

static void helper_process_run_too_much_output(void **state)
{
    (void)state;
    assert_int_equal(run_shell("head -c 10000000 /dev/zero", 10000), HELPER_ENDED);
    assert_true(secret_length(output) <= HELPER_OUTPUT_MAX);
    assert_no_child();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(helper_process_run_gives_the_output, forget),
        cmocka_unit_test_teardown(helper_process_run_missing_program, forget),
        cmocka_unit_test_teardown(helper_process_run_bad_verb_has_its_status, forget),
        cmocka_unit_test_teardown(helper_process_run_late_kills_all_of_it, forget),
        cmocka_unit_test_teardown(helper_process_run_late_kills_other_sessions, forget),
        cmocka_unit_test_teardown(helper_process_run_host_that_inherits_inherits_nothing, forget),
        cmocka_unit_test_teardown(helper_process_run_daemon_outlives_a_good_end, forget),
        cmocka_unit_test_teardown(helper_process_run_ends_with_its_host, forget),
        cmocka_unit_test_teardown(helper_process_run_daemon_does_not_hold_it_up, forget),
        cmocka_unit_test_teardown(helper_process_run_host_gets_no_signal, forget),
        cmocka_unit_test_teardown(helper_process_run_sigchld_ignored, forget),
        cmocka_unit_test_teardown(helper_process_run_host_waits_for_any_child, forget),
        cmocka_unit_test_teardown(helper_process_run_environment_is_clean, forget),
        cmocka_unit_test_teardown(helper_process_run_signals_and_descriptors_are_default, forget),
        cmocka_unit_test_teardown(helper_process_run_closed_standard_streams, forget),
        cmocka_unit_test_teardown(helper_process_run_too_much_output, forget),
    };
    return cmocka_run_group_tests(tests, sandbox_enter, sandbox_leave);
}
