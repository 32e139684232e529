/* slow_source - what a helper process said, remembered for the whole process. */
#include "source/slow_source.h"

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/env.h"
#include "base/fork_lock.h"
#include "base/now.h"
#include "base/text.h"
#include "source/token.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ENTRIES = 16,
    REJECTED = 16,
    TABLE_MILLISECONDS = 1000,
    WAIT_MILLISECONDS = 45000, /* longer than any helper may run */
    EARLY_SECONDS = 60,        /* before a token expires, another is fetched */
    LEAST_SECONDS = 5
};

struct kept_answer {
    struct secret *key; /* what was asked; NULL = free */
    struct secret *environment;
    struct secret *attempt; /* what was tried and has failed; NULL = nothing */
    enum slow_state state;
    struct secret *value;
    char text[SLOW_TEXT_MAX];
    int64_t asked, due; /* seconds: of the monotonic clock; since 1970 */
};

static struct fork_lock running; /* one helper at a time */
static struct fork_lock table;   /* for a few instructions */
static struct kept_answer entries[ENTRIES];
static struct secret *rejected[REJECTED];
static unsigned next_rejected;

static int64_t uptime(void)
{
    return now_tick() / INT64_C(1000000000);
}

void slow_reply_free(struct slow_reply *reply)
{
    secret_unref(reply->value);
    reply->value = NULL;
}

static bool same(const struct secret *a, const struct secret *b)
{
    return a && b && secret_length(a) == secret_length(b) &&
           memcmp(secret_bytes(a), secret_bytes(b), secret_length(a)) == 0;
}

/* False: not available in time. What a fork has left half-changed is forgotten, not freed. */
static bool enter(void)
{
    enum fork_lock_result result = fork_lock_take(&table, TABLE_MILLISECONDS);
    if (result == FORK_LOCK_INHERITED) {
        memset(entries, 0, sizeof entries);
        memset(rejected, 0, sizeof rejected);
    }
    return result != FORK_LOCK_BUSY;
}

static void forget(struct kept_answer *entry)
{
    secret_unref(entry->key);
    secret_unref(entry->environment);
    secret_unref(entry->attempt);
    secret_unref(entry->value);
    memset(entry, 0, sizeof *entry);
}

void slow_source_forget_all(void)
{
    if (!enter())
        return;
    for (size_t i = 0; i < ENTRIES; i++)
        forget(&entries[i]);
    for (size_t i = 0; i < REJECTED; i++) {
        secret_unref(rejected[i]);
        rejected[i] = NULL;
    }
    fork_lock_drop(&table);
}

static bool is_rejected_now(const struct secret *token)
{
    for (size_t i = 0; i < REJECTED; i++)
        if (same(rejected[i], token))
            return true;
    return false;
}

bool slow_source_is_rejected(const struct secret *token)
{
    if (!enter())
        return false;
    bool result = is_rejected_now(token);
    fork_lock_drop(&table);
    return result;
}

void slow_source_reject(const struct secret *token)
{
    AUTO_SECRET copy = secret_slice(token, 0, secret_length(token));
    if (!copy || !enter())
        return;
    if (!is_rejected_now(copy)) {
        struct secret **place = &rejected[next_rejected++ % REJECTED];
        secret_unref(*place);
        *place = secret_ref(copy);
    }
    fork_lock_drop(&table);
}

/* Program, arguments and input (or the login's name) in one block. */
static struct secret *key_of(const struct slow_request *request)
{
    const struct helper_run *run = &request->run;
    const char *name = request->login_name;
    size_t input = name ? strlen(name) : secret_length(run->input);
    size_t total = strlen(run->program) + 1 + input;
    for (size_t i = 0; run->arguments[i]; i++)
        total += strlen(run->arguments[i]) + 1;
    struct secret *key = secret_alloc(total);
    if (!key)
        return NULL;
    char *to = stpcpy(secret_buffer(key), run->program) + 1;
    for (size_t i = 0; run->arguments[i]; i++)
        to = stpcpy(to, run->arguments[i]) + 1;
    if (input > 0)
        memcpy(to, name ? name : secret_bytes(run->input), input);
    return key;
}

static void copy_reply(const struct kept_answer *entry, struct slow_reply *ret)
{
    ret->state = entry->state;
    ret->value = entry->value ? secret_ref(entry->value) : NULL;
    ret->due = entry->due;
    memcpy(ret->text, entry->text, sizeof ret->text);
}

static bool is_text(const struct secret *secret, const char *text)
{
    return secret && text && secret_length(secret) == strlen(text) &&
           memcmp(secret_bytes(secret), text, secret_length(secret)) == 0;
}

/* Does what is remembered still hold? */
static bool holds(const struct kept_answer *entry, const struct slow_request *request,
                  const struct secret *environment)
{
    bool is_pausing = uptime() - entry->asked < (int64_t)request->pause;
    bool is_spent = entry->due != 0 && now_seconds() >= entry->due;
    if ((request->login_name && is_pausing) || is_text(entry->attempt, request->attempt))
        return true;
    if (!same(entry->environment, environment))
        return false;
    if (entry->state != SLOW_VALUE)
        return is_pausing;
    if (is_rejected_now(entry->value))
        return is_pausing;
    return !is_spent;
}

static struct kept_answer *find(const struct secret *key)
{
    for (size_t i = 0; i < ENTRIES; i++)
        if (same(entries[i].key, key))
            return &entries[i];
    return NULL;
}

/* A login that was refused or has expired within the pause has no second try. */
static void judge_login(struct slow_reply *reply)
{
    if (reply->state != SLOW_VALUE)
        return;
    bool expired = reply->due != 0 && now_seconds() >= reply->due;
    if (!expired && !is_rejected_now(reply->value))
        return;
    slow_reply_free(reply);
    reply->state = SLOW_UNUSABLE;
    snprintf(reply->text, sizeof reply->text,
             "the session was refused, and there is no second login within five minutes");
}

static bool remembered(const struct slow_request *request, const struct secret *key,
                       const struct secret *environment, struct slow_reply *ret)
{
    if (!enter())
        return false;
    const struct kept_answer *entry = find(key);
    bool found = entry && holds(entry, request, environment);
    if (found)
        copy_reply(entry, ret);
    if (found && request->login_name)
        judge_login(ret);
    if (found && ret->state != SLOW_VALUE) {
        int64_t left = (int64_t)request->pause - (uptime() - entry->asked);
        ret->due = now_seconds() + 1 + (left > 0 ? left : (int64_t)request->pause);
    }
    fork_lock_drop(&table);
    return found;
}

/* The same, a free, or the oldest entry. */
static struct kept_answer *place_for(const struct secret *key)
{
    struct kept_answer *best = find(key);
    if (best)
        return best;
    best = &entries[0];
    for (size_t i = 1; i < ENTRIES; i++)
        if (best->key && (!entries[i].key || entries[i].asked < best->asked))
            best = &entries[i];
    return best;
}

static void remember(const struct slow_request *request, const struct secret *key,
                     struct secret *environment, const struct slow_reply *reply)
{
    if (!enter())
        return;
    const char *attempt = reply->tried && reply->state != SLOW_VALUE ? request->attempt : NULL;
    struct kept_answer *place = place_for(key);
    struct secret *kept = secret_slice(key, 0, secret_length(key));
    forget(place);
    place->key = kept;
    place->environment = environment ? secret_ref(environment) : NULL;
    place->attempt = attempt ? secret_new(attempt, strlen(attempt)) : NULL;
    place->state = reply->state;
    place->value = reply->value ? secret_ref(reply->value) : NULL;
    memcpy(place->text, reply->text, sizeof place->text);
    place->asked = uptime();
    place->due = reply->due;
    fork_lock_drop(&table);
}

__attribute__((format(printf, 2, 3))) static void fail(struct slow_reply *reply, const char *format,
                                                       ...)
{
    va_list values;
    va_start(values, format);
    reply->state = SLOW_FAILED;
    vsnprintf(reply->text, sizeof reply->text, format, values);
    va_end(values);
}

/* The end of the line that begins there, or NULL. */
static const char *line_end(const char *text, const char *end)
{
    return memchr(text, '\n', (size_t)(end - text));
}

static int64_t due_of(int64_t expires)
{
    int64_t now = now_seconds();
    if (expires == 0)
        return 0;
    int64_t half = now + (expires - now) / 2, early = expires - EARLY_SECONDS;
    int64_t due = early > half ? early : half;
    return due > now + LEAST_SECONDS ? due : now + LEAST_SECONDS;
}

/* "EXP\nVALUE" */
static void read_value(const char *text, const char *end, struct slow_reply *reply)
{
    const char *line = line_end(text, end);
    if (!line) {
        fail(reply, "the helper's answer is cut short");
        return;
    }
    reply->value = secret_new(line + 1, (size_t)(end - line - 1));
    if (!reply->value) {
        fail(reply, "out of memory");
        return;
    }
    AUTO_SECRET token = NULL;
    const char *why = NULL;
    reply->state = SLOW_VALUE;
    reply->is_bad = token_judge(secret_bytes(reply->value), secret_length(reply->value), &token,
                                &why) != TOKEN_OK;
    uint64_t expires = 0; /* also what a line without a number counts as */
    ascii_read_number(text, INT64_MAX, &expires);
    reply->due = due_of(expires || reply->is_bad ? (int64_t)expires : token_expires(token));
}

/* SLOW_VALUE for none of them. */
static enum slow_state state_of_word(const char *text)
{
    if (strncmp(text, "absent\n", 7) == 0)
        return SLOW_ABSENT;
    if (strncmp(text, "unusable\n", 9) == 0)
        return SLOW_UNUSABLE;
    return strncmp(text, "failed\n", 7) == 0 ? SLOW_FAILED : SLOW_VALUE;
}

/* The helper's words: one of four, and what belongs to it from the next line on. */
static void read_reply(const struct secret *output, struct slow_reply *reply)
{
    const char *text = secret_bytes(output), *end = text + secret_length(output);
    const char *line = line_end(text, end);
    if (line && strncmp(text, "value\n", 6) == 0) {
        read_value(line + 1, end, reply);
        return;
    }
    reply->state = line ? state_of_word(text) : SLOW_VALUE;
    if (reply->state == SLOW_VALUE) {
        fail(reply, "the helper's answer makes no sense");
        return;
    }
    const char *stop = line_end(line + 1, end);
    reply->tried = reply->state != SLOW_FAILED;
    text_escape(reply->text, sizeof reply->text, line + 1,
                (size_t)((stop ? stop : end) - line - 1));
}

/* Our helpers answer and end well: another status is the loader's, which misses a library. */
static void say_ended(const char *program, int status, struct slow_reply *reply)
{
    AUTO_STRING path = NULL;
    char problem[CODE_PROBLEM_MAX];
    if (helper_process_find(program, &path, problem) != CODE_TRUSTED)
        path = NULL;
    fail(reply, "%.100s failed with status %d; to see why, run: %.250s", program, status,
         path ? path : program);
}

_Static_assert(SLOW_TEXT_MAX >= CODE_PROBLEM_MAX, "the problem fits");

static void run(const struct slow_request *request, struct slow_reply *reply)
{
    AUTO_SECRET output = NULL;
    int status = 0;
    unsigned seconds = request->run.milliseconds / 1000;
    struct helper_run asked = request->run;
    asked.problem = reply->text;
    reply->tried = true; /* unless we know better */
    switch (helper_process_run(&asked, &output, &status)) {
    case HELPER_ENDED:
        if (status == 0)
            read_reply(output, reply);
        else
            say_ended(request->run.program, status, reply);
        break;
    case HELPER_MISSING:
        reply->tried = false;
        fail(reply, "%.100s is not installed", request->run.program);
        break;
    case HELPER_REFUSED:
        reply->tried = false;
        reply->state = SLOW_FAILED;
        break;
    case HELPER_LATE:
        fail(reply, "no answer within %u seconds", seconds);
        break;
    case HELPER_BROKEN:
    default:
        fail(reply, "%.100s could not be run", request->run.program);
        break;
    }
    if (reply->state != SLOW_VALUE || reply->is_bad)
        reply->due = now_seconds() + (int64_t)request->pause;
}

/* NULL, or why no process is started from here. A command that asks us again would start itself
   again, without an end. */
static const char *forbidden(void)
{
    if (env_in_helper())
        return "is not asked here: this program was itself started to find a token";
    return env_disabled() ? "is not asked: SYNAUTH_DISABLE is set" : NULL;
}

void slow_source_ask(const struct slow_request *request, struct slow_reply *ret)
{
    int saved_errno = errno;
    memset(ret, 0, sizeof *ret);
    AUTO_SECRET key = key_of(request);
    AUTO_SECRET environment = env_copy(NULL);
    const char *why = forbidden();
    if (why) {
        fail(ret, "%s", why);
        ret->due = now_seconds() + (int64_t)request->pause;
    } else if (!key || !environment) {
        fail(ret, "out of memory");
    } else if (!remembered(request, key, environment, ret)) {
        if (fork_lock_take(&running, WAIT_MILLISECONDS) == FORK_LOCK_BUSY) {
            fail(ret, "another helper is still running");
            ret->due = now_seconds() + 1;
        } else {
            /* Whoever was at it before us may have asked the same. */
            if (!remembered(request, key, environment, ret)) {
                run(request, ret);
                remember(request, key, environment, ret);
            }
            fork_lock_drop(&running);
        }
    }
    errno = saved_errno;
}
