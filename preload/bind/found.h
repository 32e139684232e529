/* found - what was found for a piece of memory, in lists that only grow: read and added to without
   a lock. */
#ifndef SYNAUTH_FOUND_H
#define SYNAUTH_FOUND_H

#include <link.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* First member of an entry. Entries are never freed. */
struct found {
    struct found *next;
    ElfW(Addr) low, high; /* both 0 for code that belongs to no object (a JIT compiler's) */
    /* It holds while nothing was unloaded since; then it is looked for once more. */
    _Atomic unsigned long long unload_count;
};
typedef struct found *_Atomic found_list;

/* The entry of the list that is the same as `entry`, which then holds as long as that does, or a
   copy: one entry for each, also when two threads find it at once. NULL: out of memory. */
struct found *found_remember(found_list *list, const struct found *entry, size_t size,
                             bool (*same)(const struct found *, const struct found *));

static inline const struct found *found_first(found_list *list)
{
    return atomic_load_explicit(list, memory_order_acquire);
}

static inline bool found_covers(const struct found *entry, ElfW(Addr) address)
{
    return entry->low <= address && address < entry->high;
}

/* The latest entry for an address that holds at this unload count, or NULL. */
const struct found *found_at(found_list *list, ElfW(Addr) address, unsigned long long unload_count);

#endif
