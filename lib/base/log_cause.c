/* log_cause - what was said already, so that each cause is told once per process. */
#include "base/log_cause.h"

enum cause_state log_cause_note_hash(struct log_causes *table, uint64_t hash)
{
    for (unsigned i = 0; i < LOG_CAUSES; i++) {
        _Atomic uint64_t *slot = &table->hashes[(hash + i) % LOG_CAUSES];
        uint64_t found = 0;
        if (atomic_compare_exchange_strong(slot, &found, hash))
            return CAUSE_NEW;
        if (found == hash)
            return CAUSE_SEEN;
    }
    return CAUSE_UNKNOWN;
}

enum cause_state log_cause_note(const char *cause)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
    for (const char *byte = cause; *byte; byte++)
        hash = (hash ^ (unsigned char)*byte) * UINT64_C(0x100000001b3);
    return log_cause_note_hash(log_causes(), hash ? hash : 1);
}
