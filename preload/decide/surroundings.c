/* surroundings - what the environment says about our own behaviour, read again only when it has
   changed. */
#include "decide/surroundings.h"
#include "base/ascii.h"
#include "base/env_stamp.h"
#include "base/log.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

/* The stamp and what held for it in one word, so that no thread sees half of a change. */
enum { KNOWN = 1, DEBUG = 2, PROXY = 4, STAMP_SHIFT = 3 };
static _Atomic uint64_t remembered;

/* Those that libcurl reads for http. */
static const char *const proxy_names[] = {"http_proxy", "all_proxy", "ALL_PROXY"};
#define PROXY_NAMES (sizeof(proxy_names) / sizeof(proxy_names[0]))

static bool proxy_in_environment(void)
{
    for (size_t i = 0; i < PROXY_NAMES; i++) {
        const char *value = getenv(proxy_names[i]);
        if (value && *value)
            return true;
    }
    return false;
}

bool surroundings_proxy_for_anything(void)
{
    static const char suffix[] = "_proxy=";

    for (char **variable = environ; variable && *variable; variable++) {
        size_t name = strcspn(*variable, "=") + 1;
        const char *end = *variable + name;
        if (name >= sizeof(suffix) && ascii_starts_with(end - (sizeof(suffix) - 1), suffix) &&
            *end && !ascii_starts_with(*variable, "no_proxy="))
            return true;
    }
    return false;
}

/* "[scheme://][user@]host[:port][/]"; without a port it is libcurl's own or the scheme's. */
static bool may_have_port(const char *proxy, unsigned port)
{
    const char *digits = proxy + strlen(proxy);
    uint64_t value;

    while (digits > proxy && (digits[-1] == '/' || ascii_is_digit(digits[-1])))
        digits--;
    if (digits == proxy || digits[-1] != ':' || !ascii_is_digit(*digits))
        return port == 1080 || port == 443 || port == 80;
    return ascii_read_number(digits, 65535, &value) && value == port;
}

bool surroundings_proxy_port(unsigned port)
{
    for (size_t i = 0; i < PROXY_NAMES; i++) {
        const char *value = getenv(proxy_names[i]);
        if (value && *value && may_have_port(value, port))
            return true;
    }
    return false;
}

struct surroundings surroundings_now(void)
{
    uint64_t stamp = env_stamp();
    uint64_t facts = atomic_load_explicit(&remembered, memory_order_relaxed);

    if (!(facts & KNOWN) || facts >> STAMP_SHIFT != (stamp << STAMP_SHIFT) >> STAMP_SHIFT) {
        facts = stamp << STAMP_SHIFT | KNOWN | (log_wants(LEVEL_DEBUG) ? DEBUG : 0u) |
                (proxy_in_environment() ? PROXY : 0u);
        atomic_store_explicit(&remembered, facts, memory_order_relaxed);
    }
    return (struct surroundings){
        .stamp = stamp, .debug = (facts & DEBUG) != 0, .proxy = (facts & PROXY) != 0};
}
