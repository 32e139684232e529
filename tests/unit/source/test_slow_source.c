/* Tests of lib/source/slow_source.c: how often a helper really runs. */
#include "source/slow_source.h"

#include "base/now.h"
#include "clock.h"
#include "sandbox.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static atomic_int asking; /* threads */

/* What a command waits with until the test lets it go on. */
#define WAIT "while [ ! -e go ]; do sleep 0.01; done; "

static int enter(void **state)
{
    clock_stop();
    slow_source_forget_all();
    asking = 0;
    return sandbox_enter(state);
}

/* The command notes that it ran, then does `what`. */
static void ask(const char *what, unsigned pause, const char *login, struct slow_reply *ret)
{
    char script[1024];
    snprintf(script, sizeof script, "cd '%s'; echo x >> runs; %s", sandbox_path("."), what);
    const char *const arguments[] = {"command", "sh", "-c", script, NULL};
    const struct slow_request request = {
        .run = {.program = "synauth-helper", .arguments = arguments, .milliseconds = 60000},
        .pause = pause,
        .login_name = login};
    slow_source_ask(&request, ret);
}

static void assert_value(const char *what, unsigned pause, const char *expected)
{
    AUTO_SLOW_REPLY reply;
    ask(what, pause, NULL, &reply);
    assert_int_equal(reply.state, SLOW_VALUE);
    assert_string_equal(secret_bytes(reply.value), expected);
}

static int runs(void)
{
    int count = 0, byte;
    FILE *file = fopen(sandbox_path("runs"), "r");
    while (file && (byte = fgetc(file)) != EOF)
        count += byte == 'x';
    if (file)
        fclose(file);
    return count;
}

static void slow_source_ask_value_is_kept(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++)
        assert_value("echo tok", 30, "tok");
    assert_int_equal(runs(), 1);
    assert_value("echo other", 30, "other"); /* another command */
    assert_int_equal(runs(), 2);
}

static void slow_source_ask_failure_is_kept_for_the_pause(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        AUTO_SLOW_REPLY reply;
        ask("exit 7", 30, NULL, &reply);
        assert_int_equal(reply.state, SLOW_UNUSABLE);
        assert_non_null(strstr(reply.text, "status 7"));
        assert_in_range(reply.due - now_seconds(), 30, 31);
    }
    assert_int_equal(runs(), 1);
    AUTO_SLOW_REPLY reply;
    ask("exit 7", 0, NULL, &reply);
    assert_int_equal(runs(), 2);
}

static void slow_source_ask_environment_counts_for_failures(void **state)
{
    (void)state;
    AUTO_SLOW_REPLY first, second;
    ask("exit 7", 30, NULL, &first);
    setenv("SYNAPSE_PROFILE", "lab", 1);
    ask("exit 7", 30, NULL, &second);
    unsetenv("SYNAPSE_PROFILE");
    assert_int_equal(runs(), 2);
}

static void slow_source_ask_empty_and_bad_values_are_asked_again_later(void **state)
{
    (void)state;
    static const char *const outputs[] = {"echo ''", "echo 'a b'"};
    for (size_t i = 0; i < 2; i++) {
        AUTO_SLOW_REPLY reply;
        ask(outputs[i], 30, NULL, &reply);
        assert_int_equal(reply.state, SLOW_VALUE);
        assert_true(reply.is_bad);
        assert_int_equal(reply.due - now_seconds(), 30);
    }
}

/* {"alg":"none"}.{"exp":N}: N as base64url. */
static const char expired[] = "echo eyJhbGciOiJub25lIn0.eyJleHAiOjF9.x";

static void slow_source_ask_expired_token_is_fetched_again_soon(void **state)
{
    (void)state;
    AUTO_SLOW_REPLY reply;
    ask(expired, 30, NULL, &reply);
    assert_int_equal(reply.state, SLOW_VALUE);
    assert_int_equal(reply.due - now_seconds(), 5);
}

static void slow_source_reject_asks_again_after_the_pause_only(void **state)
{
    (void)state;
    AUTO_SLOW_REPLY reply;
    ask("echo tok", 2, NULL, &reply);
    assert_false(slow_source_is_rejected(reply.value));
    slow_source_reject(reply.value);
    assert_true(slow_source_is_rejected(reply.value));
    clock_go_on(1000);
    assert_value("echo tok", 2, "tok");
    assert_int_equal(runs(), 1);
    clock_go_on(1000);
    assert_value("echo tok", 2, "tok");
    assert_int_equal(runs(), 2);
}

static void slow_source_login_runs_once_within_its_pause(void **state)
{
    (void)state;
    AUTO_SLOW_REPLY first, second, third, other;
    ask("echo one", 300, "alice", &first);
    assert_int_equal(first.state, SLOW_VALUE);
    setenv("SYNAPSE_PROFILE", "lab", 1);
    ask("echo one", 300, "alice", &second);
    unsetenv("SYNAPSE_PROFILE");
    assert_int_equal(second.state, SLOW_VALUE);
    slow_source_reject(first.value);
    ask("echo one", 300, "alice", &third);
    assert_int_equal(third.state, SLOW_UNUSABLE);
    assert_non_null(strstr(third.text, "no second login"));
    assert_int_equal(runs(), 1);
    ask("echo one", 300, "bob", &other);
    assert_int_equal(runs(), 2);
}

static void *ask_in_thread(void *data)
{
    (void)data;
    asking++;
    assert_value(WAIT "echo tok", 30, "tok");
    return NULL;
}

/* Until that many threads ask and a helper runs for one of them. */
static void wait_for_helper(int threads)
{
    for (int left = 60000; asking < threads || runs() == 0; left--) {
        assert_true(left > 0);
        usleep(1000);
    }
}

static void slow_source_ask_many_threads_run_one_helper(void **state)
{
    (void)state;
    enum { THREADS = 16 };
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_in_thread, NULL), 0);
    wait_for_helper(THREADS);
    sandbox_write("go", "");
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(runs(), 1);
}

static void slow_source_ask_in_a_fork_keeps_working(void **state)
{
    (void)state;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, ask_in_thread, NULL), 0);
    wait_for_helper(1);
    pid_t child = fork();
    if (child == 0) {
        AUTO_SLOW_REPLY reply;
        ask("echo child", 30, NULL, &reply);
        _exit(reply.state == SLOW_VALUE ? 0 : 1);
    }
    int status = 1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    sandbox_write("go", "");
    pthread_join(thread, NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, sandbox_leave)
    const struct CMUnitTest tests[] = {
        TEST(slow_source_ask_value_is_kept),
        TEST(slow_source_ask_failure_is_kept_for_the_pause),
        TEST(slow_source_ask_environment_counts_for_failures),
        TEST(slow_source_ask_empty_and_bad_values_are_asked_again_later),
        TEST(slow_source_ask_expired_token_is_fetched_again_soon),
        TEST(slow_source_reject_asks_again_after_the_pause_only),
        TEST(slow_source_login_runs_once_within_its_pause),
        TEST(slow_source_ask_many_threads_run_one_helper),
        TEST(slow_source_ask_in_a_fork_keeps_working),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
