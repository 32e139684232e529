/* standin_resolver - in the place of libsynauth.so.1 beside the stand-in for libcurl: one rule, one
   token. */
#include "hook_api.h"
#include <stdio.h>
#include <string.h>

static const char line[] = "Authorization: Bearer stand-in";
static const struct hook_credential credential = {.header = line,
                                                  .header_length = sizeof(line) - 1};

static bool start(void)
{
    return true;
}

static bool origin(const char *scheme, const char *host, unsigned port, struct origin *ret)
{
    *ret = (struct origin){0};
    ret->scheme = strcmp(scheme, "https") == 0 ? ORIGIN_HTTPS : ORIGIN_HTTP;
    ret->port = (__typeof__(ret->port))port;
    snprintf(ret->host, sizeof(ret->host), "%s", host);
    return true;
}

static bool match(const struct origin *wanted, struct hook_rule *ret)
{
    *ret = (struct hook_rule){.match = "configured.test"};
    return strcmp(wanted->host, "configured.test") == 0;
}

static const struct hook_credential *find(const struct rule *rule, const struct origin *wanted,
                                          uint64_t environment, const struct hook_credential *held,
                                          enum hook_outcome *ret_outcome)
{
    (void)rule, (void)wanted, (void)environment, (void)held;
    *ret_outcome = HOOK_HEADER;
    return &credential;
}

static void release(const struct hook_credential *unused)
{
    (void)unused;
}

static void rejected(const struct rule *rule, const struct origin *wanted,
                     const struct hook_credential *unused, long status)
{
    (void)rule, (void)wanted, (void)unused, (void)status;
}

static bool netrc_has(const char *path, const char *host)
{
    (void)path, (void)host;
    return false;
}

static bool cookie_file_has(const char *path, const char *name, bool any_line)
{
    (void)path, (void)name, (void)any_line;
    return false;
}

static struct log_causes *causes(void)
{
    static struct log_causes table;
    return &table;
}

__attribute__((visibility("default"))) const struct hook_api *synauth_hook_api(unsigned number)
{
    static const struct hook_api api = {
        .number = SYNAUTH_HOOK_API_NUMBER,
        .size = sizeof(api),
        .start = start,
        .origin = origin,
        .match = match,
        .credential = find,
        .release = release,
        .rejected = rejected,
        .netrc_has = netrc_has,
        .cookie_file_has = cookie_file_has,
        .log_causes = causes,
    };
    return number == SYNAUTH_HOOK_API_NUMBER ? &api : NULL;
}
