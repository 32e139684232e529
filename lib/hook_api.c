/* hook_api - what the preload library asks of the resolver: the rules, read once per process, and
   the header for each request. */
#include "hook_api.h"

#include "base/env.h"
#include "base/error.h"
#include "base/fork_lock.h"
#include "base/log.h"
#include "base/own_frame.h"
#include "config/config.h"
#include "credential.h"
#include "file/cookie_file.h"
#include "file/netrc.h"
#include "foreign/deps.h"
#include "warnings.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>

enum state { NOT_STARTED, INERT, STARTED };
/* Reading a configuration from a slow file system may take its time. */
enum { START_MILLISECONDS = 30000, MISTAKES_SHOWN = 20 };

static struct fork_lock start_lock;
static _Atomic int start_state;
static _Atomic(struct config *) current_config;

OWN_FRAME static bool unusable(const synauth_error *error)
{
    char text[900];
    error_format(error, text, sizeof text);
    log_once(LEVEL_ERROR, "configuration unusable",
             "%s; nothing is sent anywhere until that is corrected; see: synauth config check",
             text);
    return false;
}

/* Mistakes that spoil no rule; a rule's own are reported when it first matches. */
static bool is_of_rule(const struct config *config, const synauth_error *error)
{
    char text[sizeof error->file + sizeof error->text + 16];
    error_format(error, text, sizeof text);
    for (size_t i = 0; i < rules_count(config->rules); i++) {
        const struct rule *rule = rules_get(config->rules, i);
        if (rule->broken && strcmp(rule->broken, text) == 0)
            return true;
    }
    return false;
}

OWN_FRAME static void report_mistakes(const struct config *config)
{
    for (size_t i = 0; i < config->error_count && i < MISTAKES_SHOWN; i++) {
        char text[900];
        if (is_of_rule(config, &config->errors[i]))
            continue;
        error_format(&config->errors[i], text, sizeof text);
        log_once(LEVEL_WARN, text, "%s; see: synauth config check", text);
    }
}

static bool read_configuration(void)
{
    synauth_error error = {0};
    if (!deps_get(&error)) {
        log_once(LEVEL_ERROR, "dependencies", "%s", error.text);
        return false;
    }
    struct config *config = config_load(NULL);
    if (!config) {
        log_once(LEVEL_ERROR, "memory",
                 "out of memory: the configuration is not read, nothing is sent");
        return false;
    }
    atomic_store(&current_config, config); /* kept for the life of the process */
    if (config->unusable && config->error_count > 0)
        return unusable(&config->errors[0]);
    if (config->unusable || rules_count(config->rules) == 0)
        return false;
    report_mistakes(config);
    return true;
}

static bool start_now(void)
{
    if (getauxval(AT_SECURE))
        return false;
    if (env_disabled()) {
        log_write(LEVEL_DEBUG, "SYNAUTH_DISABLE is set: doing nothing");
        return false;
    }
    return read_configuration();
}

static bool hook_start(void)
{
    int saved_errno = errno;
    if (atomic_load(&start_state) == NOT_STARTED &&
        fork_lock_take(&start_lock, START_MILLISECONDS) != FORK_LOCK_BUSY) {
        if (atomic_load(&start_state) == NOT_STARTED)
            atomic_store(&start_state, start_now() ? STARTED : INERT);
        fork_lock_drop(&start_lock);
    }
    errno = saved_errno;
    return atomic_load(&start_state) == STARTED;
}

static void copy_cut(char *buffer, size_t size, const char *text)
{
    size_t length = strnlen(text, size - 1);
    memcpy(buffer, text, length);
    buffer[length] = '\0';
}

static bool hook_match(const struct origin *origin, struct hook_rule *ret)
{
    const struct config *config = atomic_load_explicit(&current_config, memory_order_acquire);
    const struct rule *rule = config ? rules_match(config->rules, origin) : NULL;
    if (!rule)
        return false;
    ret->rule = rule;
    ret->is_cave = rule->service == SERVICE_CAVE;
    ret->broken = rule->broken != NULL;
    ret->on_missing_fail = rule->on_missing_fail;
    ret->allow_unverified_tls = rule->allow_unverified_tls;
    ret->allow_cleartext = rule->allow_cleartext;
    copy_cut(ret->match, sizeof ret->match, rule->match);
    if (rule->broken)
        report_broken_rule(rule);
    return true;
}

static const struct hook_credential *
hook_credential(const struct rule *rule, const struct origin *origin, uint64_t environment,
                const struct hook_credential *held, enum hook_outcome *ret_outcome)
{
    int saved_errno = errno;
    const struct config *config = atomic_load_explicit(&current_config, memory_order_acquire);
    const struct hook_credential *credential = NULL;
    *ret_outcome = HOOK_MISSING;
    if (config && !rule->broken)
        credential = credential_get(config, rule, origin, environment, held, ret_outcome);
    else
        credential_release(held);
    errno = saved_errno;
    return credential;
}

static void hook_rejected(const struct rule *rule, const struct origin *origin,
                          const struct hook_credential *credential, long status)
{
    int saved_errno = errno;
    if (status == 401)
        credential_drop(credential);
    if (status == 401 || status == 403 || status == 302)
        warnings_of_refusal(rule, origin, credential != NULL, status);
    errno = saved_errno;
}

static bool hook_netrc_has(const char *path, const char *host)
{
    int saved_errno = errno, cancel_state;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    bool has = netrc_has(path, host);
    pthread_setcancelstate(cancel_state, NULL);
    errno = saved_errno;
    return has;
}

static bool hook_cookie_file_has(const char *path, const char *name, bool any_line)
{
    int saved_errno = errno, cancel_state;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    bool has = cookie_file_has(path, name, any_line);
    pthread_setcancelstate(cancel_state, NULL);
    errno = saved_errno;
    return has;
}

const struct hook_api *synauth_hook_api(unsigned number)
{
    static const struct hook_api api = {
        .number = SYNAUTH_HOOK_API_NUMBER,
        .size = sizeof(struct hook_api),
        .start = hook_start,
        .origin = origin_from_parts,
        .match = hook_match,
        .credential = hook_credential,
        .release = credential_release,
        .sign = credential_sign,
        .rejected = hook_rejected,
        .netrc_has = hook_netrc_has,
        .cookie_file_has = hook_cookie_file_has,
        .log_causes = log_causes,
    };
    return number == SYNAUTH_HOOK_API_NUMBER ? &api : NULL;
}
