/* log_cause - what was said already, so that each cause is told once per process: its libraries
   have one table. libc only: preload/ contains it too. */
#ifndef SYNAUTH_LOG_CAUSE_H
#define SYNAUTH_LOG_CAUSE_H

#include <stdatomic.h>
#include <stdint.h>

enum { LOG_CAUSES = 256 };

/* Hashes of the causes that were told; 0 = free. Never locked, so that a fork can come any time. */
struct log_causes {
    _Atomic uint64_t hashes[LOG_CAUSES];
};

enum cause_state { CAUSE_NEW, CAUSE_SEEN, CAUSE_UNKNOWN /* the table is full */ };

/* Notes a cause in the process's table, and says whether it was there. Thread-safe. */
enum cause_state log_cause_note(const char *cause);
enum cause_state log_cause_note_hash(struct log_causes *table, uint64_t hash);
/* The process's table. Whoever links libsynauth has synauth_log_causes() for it, which is private
   to this project; the resolver's own copy, and the preload library's, begin one. */
struct log_causes *log_causes(void);
struct log_causes *synauth_log_causes(void);
/* From now on `table` is the process's; what this library has told is noted there. */
void log_causes_join(struct log_causes *table);

#endif
