/* credential - the header for a request, remembered for the whole process: by rule and, where it
   matters, host. */
#include "credential.h"

#include "base/env.h"
#include "base/fork_lock.h"
#include "base/now.h"
#include "file/watch.h"
#include "rule_query.h"
#include "source/away.h"
#include "source/slow_source.h"
#include "source/synapse/signature.h"
#include "warnings.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000000)
enum { ENTRIES = 64, LOCK_MILLISECONDS = 500 };

/* Immutable but for the atomics. A missing token is remembered too: then there is no header. */
struct credential {
    struct hook_credential public; /* first: that is what the hooks hold */
    atomic_size_t references;
    atomic_bool stale;            /* dropped after a 401 */
    _Atomic uint64_t environment; /* env_stamp for which it holds */
    _Atomic int64_t next_check;   /* when the files are looked at again */
    _Atomic int64_t kept_until;   /* a 401 before that drops nothing */
    int64_t due; /* seconds since 1970 when it is asked for again; 0 = not by time */
    struct secret *header;
    struct secret *value;     /* token, or the key that signs */
    struct secret *user;      /* who signs */
    struct secret *variables; /* env_copy for which it holds */
    struct watched *watched;
    size_t watched_count;
    struct file_view view; /* in which they were looked at */
};

struct kept_credential {
    const struct rule *rule; /* NULL = free */
    char host[SERVER_HOST_MAX];
    struct credential *credential;
    uint64_t used;
};

static struct fork_lock lock;
static struct kept_credential entries[ENTRIES];
static uint64_t uses;

static struct credential *from_public(const struct hook_credential *credential)
{
    return (struct credential *)(uintptr_t)credential;
}

static void unref(struct credential *credential)
{
    if (!credential ||
        atomic_fetch_sub_explicit(&credential->references, 1, memory_order_acq_rel) != 1)
        return;
    secret_unref(credential->header);
    secret_unref(credential->value);
    secret_unref(credential->user);
    secret_unref(credential->variables);
    for (size_t i = 0; i < credential->watched_count; i++)
        free(credential->watched[i].path);
    free(credential->watched);
    free(credential);
}

void credential_release(const struct hook_credential *credential)
{
    unref(from_public(credential));
}

void credential_drop(const struct hook_credential *credential)
{
    struct credential *dropped = from_public(credential);
    if (!dropped || now_tick() < atomic_load(&dropped->kept_until))
        return;
    atomic_store(&dropped->stale, true);
    if (dropped->value)
        slow_source_reject(dropped->value);
}

bool credential_sign(const struct hook_credential *credential, const char *url,
                     struct hook_signature *ret)
{
    const struct credential *own = from_public(credential);
    char timestamp[SIGNATURE_TIME_SIZE], signature[SIGNATURE_SIZE];
    size_t length = 0;
    const char *path = own->user ? signature_path(url, &length) : NULL;
    signature_time(time(NULL), timestamp);
    if (!path ||
        !signature_make(own->value, secret_bytes(own->user), path, length, timestamp, signature))
        return false;
    snprintf(ret->lines[0], sizeof ret->lines[0], "userId: %s", secret_bytes(own->user));
    snprintf(ret->lines[1], sizeof ret->lines[1], "signatureTimestamp: %s", timestamp);
    snprintf(ret->lines[2], sizeof ret->lines[2], "signature: %s", signature);
    return true;
}

static bool is_current(const struct credential *credential, uint64_t environment, int64_t time)
{
    return !atomic_load_explicit(&credential->stale, memory_order_relaxed) &&
           atomic_load_explicit(&credential->environment, memory_order_relaxed) == environment &&
           time < atomic_load_explicit(&credential->next_check, memory_order_relaxed);
}

/* False: not available in time. What a fork has left half-changed is forgotten, not freed. */
static bool enter(void)
{
    enum fork_lock_result result = fork_lock_take(&lock, LOCK_MILLISECONDS);
    if (result == FORK_LOCK_INHERITED)
        memset(entries, 0, sizeof entries);
    return result != FORK_LOCK_BUSY;
}

static bool is_entry(const struct kept_credential *entry, const struct rule *rule, const char *host)
{
    return entry->rule == rule && strcmp(entry->host, host) == 0;
}

/* A new reference, or NULL. */
static struct credential *find(const struct rule *rule, const char *host)
{
    struct credential *found = NULL;
    if (!enter())
        return NULL;
    for (size_t i = 0; i < ENTRIES && !found; i++) {
        if (!is_entry(&entries[i], rule, host))
            continue;
        found = entries[i].credential;
        atomic_fetch_add_explicit(&found->references, 1, memory_order_relaxed);
        entries[i].used = ++uses;
    }
    fork_lock_drop(&lock);
    return found;
}

/* The same, a free, or the longest unused entry. */
static struct kept_credential *place_for(const struct rule *rule, const char *host)
{
    struct kept_credential *best = &entries[0];
    for (size_t i = 0; i < ENTRIES; i++) {
        if (is_entry(&entries[i], rule, host))
            return &entries[i];
        if (best->rule && (!entries[i].rule || entries[i].used < best->used))
            best = &entries[i];
    }
    return best;
}

static void remember(const struct rule *rule, const char *host, struct credential *credential)
{
    if (!enter())
        return;
    struct kept_credential *entry = place_for(rule, host);
    struct credential *old = entry->credential;
    entry->rule = rule;
    strcpy(entry->host, host);
    entry->credential = credential;
    entry->used = ++uses;
    atomic_fetch_add_explicit(&credential->references, 1, memory_order_relaxed);
    fork_lock_drop(&lock);
    if (old && old != credential) {
        atomic_store(&old->stale, true); /* for the handles that hold it */
        unref(old);
    }
}

void credential_forget_all(void)
{
    for (size_t i = 0; i < ENTRIES; i++) {
        if (!enter())
            return;
        struct credential *old = entries[i].credential;
        memset(&entries[i], 0, sizeof entries[i]);
        fork_lock_drop(&lock);
        if (old)
            atomic_store(&old->stale, true);
        unref(old);
    }
}

static bool same_bytes(const struct secret *a, const struct secret *b)
{
    return secret_length(a) == secret_length(b) && (a != NULL) == (b != NULL) &&
           (!a || memcmp(secret_bytes(a), secret_bytes(b), secret_length(a)) == 0);
}

static bool variables_unchanged(const struct credential *credential, const struct rule *rule)
{
    AUTO_SECRET variables = env_copy(rule_sources(rule)->token_env);
    return variables && same_bytes(variables, credential->variables);
}

static bool files_unchanged(const struct credential *credential)
{
    for (size_t i = 0; i < credential->watched_count; i++) {
        struct watch_state state;
        watch_look(credential->watched[i].path, &state);
        if (!watch_same(&credential->watched[i].state, &state))
            return false;
    }
    return true;
}

/* Does what was found still hold? One thread looks at the files, the others go on meanwhile. */
static bool still_holds(struct credential *found, const struct rule *rule, uint64_t environment,
                        int64_t time)
{
    if (atomic_load(&found->stale))
        return false;
    if (is_current(found, environment, time))
        return true;
    if (!variables_unchanged(found, rule) || (found->due != 0 && now_seconds() >= found->due))
        return false;
    atomic_store(&found->environment, environment);
    int64_t due = atomic_load(&found->next_check);
    if (time < due || !atomic_compare_exchange_strong(&found->next_check, &due, time + SECOND))
        return true;
    if (!file_view_is(&found->view))
        return false;
    return files_unchanged(found) ||
           (found->value && away_for_a_while(found->watched, found->watched_count, &found->view));
}

/* Takes header and files over from the answer. NULL: out of memory. */
static struct credential *from_answer(struct answer *answer, struct secret *variables)
{
    struct credential *credential = calloc(1, sizeof *credential);
    if (!credential)
        return NULL;
    atomic_init(&credential->references, 1);
    credential->variables = secret_ref(variables);
    credential->watched = answer->watched;
    credential->watched_count = answer->watched_count;
    answer->watched = NULL;
    answer->watched_count = 0;
    credential->due = answer->due;
    credential->value = answer->value ? secret_ref(answer->value) : NULL;
    if (answer->outcome == OUTCOME_TOKEN)
        credential->header = secret_join("Authorization: Bearer ", answer->value);
    if (answer->outcome == OUTCOME_SIGN && answer->user)
        credential->user = secret_ref(answer->user);
    credential->public.signs = credential->user != NULL;
    credential->public.header = secret_bytes(credential->header);
    credential->public.header_length = secret_length(credential->header);
    return credential;
}

static struct credential *ask_sources(const struct config *config, const struct rule *rule,
                                      const struct origin *origin, const struct credential *before)
{
    /* Before the sources are asked, so that a change in between is noticed at the next look. */
    uint64_t environment = env_stamp();
    int64_t time = now_tick();
    struct file_view view;
    AUTO_SECRET variables = env_copy(rule_sources(rule)->token_env);
    struct answer answer;
    file_view_get(&view);
    rule_answer(rule, origin, config, &answer);
    warnings_of_answer(rule, origin, &answer);
    struct credential *credential = from_answer(&answer, variables);
    answer_free(&answer);
    if (!credential)
        return NULL;
    credential->view = view;
    atomic_init(&credential->environment, environment);
    atomic_init(&credential->next_check, time + SECOND);
    if (before && same_bytes(before->header, credential->header))
        atomic_init(&credential->kept_until, time + SECOND);
    return credential;
}

static struct credential *find_or_ask(const struct config *config, const struct rule *rule,
                                      const struct origin *origin, uint64_t environment,
                                      int64_t time)
{
    char host[SERVER_HOST_MAX] = "";
    if (rule_wants_host(rule))
        origin_host_port(origin, host, sizeof host);
    struct credential *found = find(rule, host);
    if (found && still_holds(found, rule, environment, time))
        return found;
    struct credential *fresh = ask_sources(config, rule, origin, found);
    unref(found);
    if (fresh)
        remember(rule, host, fresh);
    return fresh;
}

/* A thread that is cancelled in the middle of it would leave files open. */
static struct credential *look_up(const struct config *config, const struct rule *rule,
                                  const struct origin *origin, uint64_t environment, int64_t time)
{
    int cancel_state;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    struct credential *found = find_or_ask(config, rule, origin, environment, time);
    pthread_setcancelstate(cancel_state, NULL);
    return found;
}

const struct hook_credential *credential_get(const struct config *config, const struct rule *rule,
                                             const struct origin *origin, uint64_t environment,
                                             const struct hook_credential *held,
                                             enum hook_outcome *ret_outcome)
{
    int64_t time = now_tick();
    if (held && is_current(from_public(held), environment, time)) {
        *ret_outcome = HOOK_HEADER;
        return held;
    }
    struct credential *found = look_up(config, rule, origin, environment, time);
    credential_release(held);
    if (found && (found->header || found->user)) {
        *ret_outcome = HOOK_HEADER;
        return &found->public;
    }
    unref(found);
    *ret_outcome = HOOK_MISSING;
    return NULL;
}
