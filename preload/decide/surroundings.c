/* surroundings - what the environment says about our own behaviour, read again only when it has
   changed. */
#include "decide/surroundings.h"
#include "env_stamp.h"
#include "log.h"
#include <stdatomic.h>
#include <stdlib.h>

/* The stamp and what held for it in one word, so that no thread sees half of a change. */
enum { KNOWN = 1, DEBUG = 2, PROXY = 4, STAMP_SHIFT = 3 };
static _Atomic uint64_t remembered;

static bool proxy_in_environment(void)
{
    static const char *const names[] = {"http_proxy", "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return true;
    }
    return false;
}

struct surroundings surroundings_now(void)
{
    uint64_t stamp = env_stamp();
    uint64_t facts = atomic_load_explicit(&remembered, memory_order_relaxed);

    if (!(facts & KNOWN) || facts >> STAMP_SHIFT != (stamp << STAMP_SHIFT) >> STAMP_SHIFT) {
        facts = stamp << STAMP_SHIFT | KNOWN | (log_wants(LOG_DEBUG) ? DEBUG : 0u) |
                (proxy_in_environment() ? PROXY : 0u);
        atomic_store_explicit(&remembered, facts, memory_order_relaxed);
    }
    return (struct surroundings){
        .stamp = stamp, .debug = (facts & DEBUG) != 0, .proxy = (facts & PROXY) != 0};
}
