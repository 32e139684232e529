/* log_cause_own - the table of a library that begins one: the resolver, and the preload library
   until it has opened the resolver. */
#include "base/log_cause.h"

static struct log_causes own;
static _Atomic(struct log_causes *) joined;

struct log_causes *log_causes(void)
{
    struct log_causes *table = atomic_load_explicit(&joined, memory_order_acquire);
    return table ? table : &own;
}

void log_causes_join(struct log_causes *table)
{
    for (unsigned i = 0; i < LOG_CAUSES; i++) {
        uint64_t hash = atomic_load(&own.hashes[i]);
        if (hash)
            log_cause_note_hash(table, hash);
    }
    atomic_store_explicit(&joined, table, memory_order_release);
}
