/* found - what was found for a piece of memory, in lists that only grow. */
#include "bind/found.h"
#include "ground/kept.h"
#include <string.h>

/* Another thread may be at the same: what is not the first any more is searched anew. */
struct found *found_remember(found_list *list, const struct found *entry, size_t size,
                             bool (*same)(const struct found *, const struct found *))
{
    struct found *head = atomic_load_explicit(list, memory_order_acquire), *known, *fresh = NULL;

    do {
        for (known = head; known && !same(known, entry);)
            known = known->next;
        if (known) {
            atomic_store_explicit(&known->unload_count, entry->unload_count, memory_order_release);
            kept_free(fresh);
            return known;
        }
        if (!fresh)
            fresh = kept_alloc(size);
        if (!fresh)
            return NULL;
        memcpy(fresh, entry, size);
        fresh->next = head;
    } while (!atomic_compare_exchange_weak_explicit(list, &head, fresh, memory_order_release,
                                                    memory_order_acquire));
    return fresh;
}

const struct found *found_at(found_list *list, ElfW(Addr) address, unsigned long long unload_count)
{
    const struct found *entry = found_first(list);

    while (entry &&
           (!found_covers(entry, address) ||
            atomic_load_explicit(&entry->unload_count, memory_order_acquire) != unload_count))
        entry = entry->next;
    return entry;
}
