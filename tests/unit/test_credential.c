/* Tests of lib/credential.c. */
#include "base/env_stamp.h"
#include "credential.h"
#include "source/away.h"

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
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SECOND_PASSED 1000 /* milliseconds: the files are looked at again */
#define PREFIX "Authorization: Bearer "
#define SECRETS ".cloudvolume/secrets/"

static const struct config config = {0};
static const struct rule synapse = {
    .service = SERVICE_SYNAPSE, .match = "a.org", .file = "f", .index = 0};
static const struct rule cave = {
    .service = SERVICE_CAVE, .match = "*.c.org", .file = "f", .index = 1, .on_missing_fail = true};
static const struct rule_sources own_sources = {.token_env = "LAB"};
static const struct rule own = {
    .service = SERVICE_CAVE, .match = "d.org", .file = "f", .sources = &own_sources, .index = 2};
static const struct origin origin = {.scheme = ORIGIN_HTTPS, .port = 443, .host = "a.org"};

static int enter(void **state)
{
    clock_stop();
    setenv("SYNAUTH_LOG", "off", 1);
    credential_forget_all();
    int result = sandbox_enter(state);
    setenv("SYNAUTH_LOG", "off", 1);
    return result;
}

static int leave(void **state)
{
    credential_forget_all();
    return sandbox_leave(state);
}

static const struct hook_credential *get(const struct rule *rule,
                                         const struct hook_credential *held)
{
    enum hook_outcome outcome = HOOK_MISSING;
    const struct hook_credential *found =
        credential_get(&config, rule, &origin, env_stamp(), held, &outcome);
    assert_int_equal(outcome, found ? HOOK_HEADER : HOOK_MISSING);
    if (found)
        assert_int_equal(found->header_length, strlen(found->header));
    return found;
}

static void assert_header(const struct hook_credential *found, const char *token)
{
    char header[128];
    assert_non_null(found);
    snprintf(header, sizeof header, PREFIX "%s", token);
    assert_string_equal(found->header, header);
}

static void put_token(const char *token)
{
    char text[128];
    snprintf(text, sizeof text, "[authentication]\nauthtoken = %s\n", token);
    sandbox_write(".synapseConfig", text);
    clock_set_after(sandbox_path(".synapseConfig"), 51);
}

static void credential_get_fresh_is_the_same_object(void **state)
{
    (void)state;
    put_token("one");
    const struct hook_credential *held = get(&synapse, NULL);
    assert_header(held, "one");
    assert_ptr_equal(get(&synapse, held), held);
    const struct hook_credential *second = get(&synapse, NULL);
    assert_ptr_equal(second, held); /* another handle shares it */
    credential_release(second);
    credential_release(held);
}

static void credential_get_changed_file_is_read_after_a_second(void **state)
{
    (void)state;
    put_token("one");
    const struct hook_credential *held = get(&synapse, NULL);
    const char *text = held->header;
    put_token("two");
    held = get(&synapse, held);
    assert_header(held, "one"); /* looked at once a second */
    assert_ptr_equal(held->header, text);
    clock_go_on(SECOND_PASSED);
    held = get(&synapse, held);
    assert_header(held, "two");
    credential_release(held);
}

static void credential_get_untouched_file_keeps_the_object(void **state)
{
    (void)state;
    put_token("one");
    const struct hook_credential *held = get(&synapse, NULL);
    const struct hook_credential *first = held;
    clock_go_on(SECOND_PASSED);
    held = get(&synapse, held);
    assert_ptr_equal(held, first);
    credential_release(held);
}

static void credential_get_missing_then_there(void **state)
{
    (void)state;
    assert_null(get(&synapse, NULL));
    put_token("one");
    clock_go_on(SECOND_PASSED);
    const struct hook_credential *held = get(&synapse, NULL);
    assert_header(held, "one");
    unlink(sandbox_path(".synapseConfig"));
    clock_go_on(SECOND_PASSED);
    assert_null(get(&synapse, held));
}

static void credential_get_setenv_counts_at_once(void **state)
{
    (void)state;
    put_token("file");
    const struct hook_credential *held = get(&synapse, NULL);
    setenv("SYNAPSE_AUTH_TOKEN", "one", 1);
    held = get(&synapse, held);
    assert_header(held, "one");
    setenv("SYNAPSE_AUTH_TOKEN", "two", 1);
    held = get(&synapse, held);
    assert_header(held, "two");
    unsetenv("SYNAPSE_AUTH_TOKEN");
    held = get(&synapse, held);
    assert_header(held, "file");
    credential_release(held);
}

static void credential_get_foreign_variable_keeps_the_object(void **state)
{
    (void)state;
    put_token("one");
    const struct hook_credential *held = get(&synapse, NULL);
    const struct hook_credential *first = held;
    setenv("SOMETHING_ELSE", "x", 1);
    held = get(&synapse, held);
    assert_ptr_equal(held, first);
    unsetenv("SOMETHING_ELSE");
    credential_release(held);
}

static void credential_get_own_variable_counts_at_once(void **state)
{
    (void)state;
    setenv("LAB", "one", 1);
    const struct hook_credential *held = get(&own, NULL);
    assert_header(held, "one");
    setenv("LAB", "two", 1);
    held = get(&own, held);
    assert_header(held, "two");
    unsetenv("LAB");
    assert_null(get(&own, held));
}

static void credential_get_hosts_of_a_cave_rule_are_kept_apart(void **state)
{
    (void)state;
    enum hook_outcome outcome;
    const struct origin a = {.scheme = ORIGIN_HTTPS, .port = 443, .host = "a.c.org"};
    const struct origin b = {.scheme = ORIGIN_HTTPS, .port = 8443, .host = "a.c.org"};
    sandbox_write(SECRETS "a.c.org-cave-secret.json", "{\"token\": \"plain\"}");
    sandbox_write(SECRETS "a.c.org:8443-cave-secret.json", "{\"token\": \"port\"}");
    const struct hook_credential *first =
        credential_get(&config, &cave, &a, env_stamp(), NULL, &outcome);
    const struct hook_credential *second =
        credential_get(&config, &cave, &b, env_stamp(), NULL, &outcome);
    assert_header(first, "plain");
    assert_header(second, "port");
    credential_release(first);
    credential_release(second);
}

static void credential_get_many_hosts_stay_bounded_and_right(void **state)
{
    (void)state;
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 200; i++) {
            enum hook_outcome outcome;
            struct origin many = {.scheme = ORIGIN_HTTPS, .port = 443};
            char name[128], text[64], token[32];
            snprintf(many.host, sizeof many.host, "h%d.c.org", i);
            snprintf(name, sizeof name, SECRETS "h%d.c.org-cave-secret.json", i);
            snprintf(token, sizeof token, "t%d", i);
            snprintf(text, sizeof text, "{\"token\": \"%s\"}", token);
            if (round == 0)
                sandbox_write(name, text);
            const struct hook_credential *found =
                credential_get(&config, &cave, &many, env_stamp(), NULL, &outcome);
            assert_header(found, token);
            credential_release(found);
        }
}

static void credential_drop_next_request_reads_again_at_once(void **state)
{
    (void)state;
    put_token("one");
    const struct hook_credential *held = get(&synapse, NULL);
    put_token("two");
    credential_drop(held);
    held = get(&synapse, held);
    assert_header(held, "two");
    put_token("three");
    credential_drop(held); /* another value: again at once */
    held = get(&synapse, held);
    assert_header(held, "three");
    credential_release(held);
}

static void credential_drop_same_value_is_kept_for_a_second(void **state)
{
    (void)state;
    put_token("one");
    const struct hook_credential *held = get(&synapse, NULL);
    const struct hook_credential *first = held;
    credential_drop(held);
    held = get(&synapse, held);
    assert_ptr_not_equal(held, first);
    const struct hook_credential *again = held;
    put_token("two");
    credential_drop(held);
    held = get(&synapse, held);
    assert_ptr_equal(held, again); /* not read a second time */
    clock_go_on(SECOND_PASSED);
    held = get(&synapse, held);
    assert_header(held, "two");
    credential_release(held);
}

static void credential_drop_of_nothing_is_fine(void **state)
{
    (void)state;
    credential_drop(NULL);
    credential_release(NULL);
}

static void credential_get_replaced_text_stays_valid_while_held(void **state)
{
    (void)state;
    setenv("SYNAPSE_AUTH_TOKEN", "one", 1);
    const struct hook_credential *held = get(&synapse, NULL);
    setenv("SYNAPSE_AUTH_TOKEN", "two", 1);
    const struct hook_credential *other = get(&synapse, NULL);
    assert_header(held, "one");
    assert_header(other, "two");
    assert_header(get(&synapse, held), "two"); /* the handle learns of it */
    credential_release(other);
    credential_release(other); /* the one that held was exchanged for */
}

enum { THREADS = 8, ROUNDS = 3000 };
static atomic_int bad;

static void *use(void *argument)
{
    const struct hook_credential *held = NULL;
    (void)argument;
    for (int i = 0; i < ROUNDS; i++) {
        enum hook_outcome outcome;
        held = credential_get(&config, &synapse, &origin, env_stamp(), held, &outcome);
        if (!held || strncmp(held->header, PREFIX, strlen(PREFIX)) != 0)
            atomic_fetch_add(&bad, 1);
        if (i % 64 == 0)
            credential_drop(held);
        if (i % 100 == 0)
            clock_go_on(SECOND_PASSED);
        if (i % 16 == 0) {
            credential_release(held);
            held = NULL;
        }
    }
    credential_release(held);
    return NULL;
}

static void credential_get_threads_share(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    put_token("one");
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, use, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(bad, 0);
}

static atomic_bool forking;

static void *keep_busy(void *argument)
{
    (void)argument;
    while (atomic_load(&forking))
        credential_release(get(&synapse, NULL));
    return NULL;
}

/* The child is forked at any moment, also while the other thread holds the lock. */
static void credential_get_forked_child_is_not_blocked(void **state)
{
    (void)state;
    pthread_t thread;
    put_token("one");
    atomic_store(&forking, true);
    assert_int_equal(pthread_create(&thread, NULL, keep_busy, NULL), 0);
    for (int i = 0; i < 200; i++) {
        int status = -1;
        pid_t child = fork();
        if (child == 0) {
            enum hook_outcome outcome;
            alarm(20);
            const struct hook_credential *found =
                credential_get(&config, &synapse, &origin, env_stamp(), NULL, &outcome);
            _exit(found && strcmp(found->header, PREFIX "one") == 0 ? 0 : 1);
        }
        waitpid(child, &status, 0);
        assert_int_equal(status, 0);
    }
    atomic_store(&forking, false);
    pthread_join(thread, NULL);
}

static void credential_get_missing_warns_once(void **state)
{
    (void)state;
    enum hook_outcome outcome;
    const struct origin lonely = {.scheme = ORIGIN_HTTPS, .port = 8443, .host = "x.c.org"};
    setenv("SYNAUTH_LOG", "warn", 1);
    sandbox_stderr_begin();
    assert_null(credential_get(&config, &cave, &lonely, env_stamp(), NULL, &outcome));
    setenv("SOMETHING", "else", 1);
    sandbox_write(SECRETS "empty.json", "{}");
    clock_go_on(SECOND_PASSED);
    assert_null(credential_get(&config, &cave, &lonely, env_stamp(), NULL, &outcome));
    const char *text = sandbox_stderr_end();
    assert_non_null(strstr(text, "x.c.org:8443"));
    assert_non_null(strstr(text, "the request is not sent"));
    assert_non_null(strstr(text, "cave-secret.json"));
    assert_non_null(strstr(text, "synauth explain https://x.c.org:8443/"));
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1); /* one line */
    unsetenv("SOMETHING");
}

enum { NOBODY = 65534 };

/* Root can look at everything; the folder becomes that of somebody who cannot. */
static void become_nobody(void)
{
    if (geteuid() != 0)
        return;
    assert_int_equal(chown(sandbox_path("."), NOBODY, NOBODY), 0);
    assert_int_equal(chown(sandbox_path(".synapseConfig"), NOBODY, NOBODY), 0);
    assert_int_equal(seteuid(NOBODY), 0);
}

static void become_self(void)
{
    if (getuid() == 0)
        assert_int_equal(seteuid(0), 0);
}

static void expect_it_stays(const char *name, mode_t hidden, mode_t visible)
{
    put_token("one");
    become_nobody();
    setenv("SYNAUTH_LOG", "warn", 1);
    sandbox_stderr_begin();
    const struct hook_credential *held = get(&synapse, NULL);
    assert_int_equal(chmod(sandbox_path(name), hidden), 0);
    for (int i = 0; i < 2; i++) {
        clock_go_on(SECOND_PASSED);
        held = get(&synapse, held);
        assert_header(held, "one");
    }
    const char *said = sandbox_stderr_end();
    const char *warning =
        strstr(said, "permission denied, errno 13); the token read from it stays");
    if (!warning || strstr(warning + 1, "synauth: "))
        fail_msg("said: %s", said);
    assert_int_equal(chmod(sandbox_path(name), visible), 0);
    become_self();
    put_token("two");
    become_nobody();
    clock_go_on(SECOND_PASSED);
    held = get(&synapse, held);
    assert_header(held, "two");
    credential_release(held);
    become_self();
}

static void credential_get_file_in_a_closed_directory_stays_in_use(void **state)
{
    (void)state;
    expect_it_stays("", 0, 0700);
}

static void credential_get_file_that_cannot_be_opened_stays_in_use(void **state)
{
    (void)state;
    expect_it_stays(".synapseConfig", 0, 0600);
}

static void credential_get_file_that_is_gone_is_gone(void **state)
{
    (void)state;
    put_token("one");
    const struct hook_credential *held = get(&synapse, NULL);
    assert_int_equal(unlink(sandbox_path(".synapseConfig")), 0);
    clock_go_on(SECOND_PASSED);
    assert_null(get(&synapse, held));
}

static void credential_get_hidden_file_is_not_used_after_a_401(void **state)
{
    (void)state;
    put_token("one");
    become_nobody();
    const struct hook_credential *held = get(&synapse, NULL);
    assert_int_equal(chmod(sandbox_path(".synapseConfig"), 0), 0);
    credential_drop(held);
    assert_null(get(&synapse, held));
    become_self();
}

/* Attributes that the new user may see, too, don't make it his. */
static void credential_get_other_user_reads_for_himself(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    put_token("one");
    assert_int_equal(chmod(sandbox_path("."), 0755), 0);
    const struct hook_credential *held = get(&synapse, NULL);
    assert_int_equal(seteuid(NOBODY), 0);
    clock_go_on(SECOND_PASSED);
    assert_null(get(&synapse, held));
    become_self();
}

/* /proc/self/mem can be looked at and opened, and its first byte gives EIO. */
static void away_for_a_while_is_what_cannot_be_read(void **state)
{
    (void)state;
    char memory[] = "/proc/self/mem", status[] = "/proc/self/status", none[] = "/proc/self/none";
    struct watched files[] = {{.path = status}, {.path = memory}, {.path = none}};
    struct file_view view;
    file_view_get(&view);
    assert_false(away_for_a_while(files, 1, &view));
    assert_true(away_for_a_while(files, 2, &view));
    assert_false(away_for_a_while(files, 3, &view)); /* one is gone */
    files[2].state.target.error = 2;
    assert_true(away_for_a_while(files, 3, &view)); /* it never was there */
    view.root_inode++;
    assert_false(away_for_a_while(files, 2, &view));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(credential_get_fresh_is_the_same_object),
        TEST(credential_get_changed_file_is_read_after_a_second),
        TEST(credential_get_untouched_file_keeps_the_object),
        TEST(credential_get_missing_then_there),
        TEST(credential_get_setenv_counts_at_once),
        TEST(credential_get_foreign_variable_keeps_the_object),
        TEST(credential_get_own_variable_counts_at_once),
        TEST(credential_get_hosts_of_a_cave_rule_are_kept_apart),
        TEST(credential_get_many_hosts_stay_bounded_and_right),
        TEST(credential_drop_next_request_reads_again_at_once),
        TEST(credential_drop_same_value_is_kept_for_a_second),
        TEST(credential_drop_of_nothing_is_fine),
        TEST(credential_get_replaced_text_stays_valid_while_held),
        TEST(credential_get_threads_share),
        TEST(credential_get_forked_child_is_not_blocked),
        TEST(credential_get_missing_warns_once),
        TEST(credential_get_file_in_a_closed_directory_stays_in_use),
        TEST(credential_get_file_that_cannot_be_opened_stays_in_use),
        TEST(credential_get_file_that_is_gone_is_gone),
        TEST(credential_get_hidden_file_is_not_used_after_a_401),
        TEST(credential_get_other_user_reads_for_himself),
        TEST(away_for_a_while_is_what_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
