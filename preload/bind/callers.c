/* callers - what was found for the objects that call libcurl, kept for their next calls. */
#include "bind/callers.h"
#include "bind/libcurls.h"
#include "ground/kept.h"
#include <stdatomic.h>

static struct caller *_Atomic callers[HOOKED_COUNT];

static struct caller *first(enum hooked function)
{
    return atomic_load_explicit(&callers[function], memory_order_acquire);
}

static struct caller *find_same(struct caller *caller, const struct caller *found)
{
    while (caller && (caller->low != found->low || caller->high != found->high ||
                      caller->lasting != found->lasting || caller->apart != found->apart ||
                      caller->curl != found->curl))
        caller = caller->next;
    return caller;
}

/* Another thread may be at the same: what is not the first any more is searched anew. */
const struct caller *callers_remember(enum hooked function, const struct caller *found)
{
    struct caller *head = first(function), *same, *fresh = NULL;

    do {
        same = find_same(head, found);
        if (same) {
            atomic_store_explicit(&same->unload_count, found->unload_count, memory_order_release);
            kept_free(fresh);
            return same;
        }
        if (!fresh)
            fresh = kept_alloc(sizeof(*fresh));
        if (!fresh)
            return NULL;
        *fresh = *found;
        fresh->next = head;
    } while (!atomic_compare_exchange_weak_explicit(&callers[function], &head, fresh,
                                                    memory_order_release, memory_order_acquire));
    return fresh;
}

const struct caller *callers_lasting_at(enum hooked function, ElfW(Addr) address)
{
    const struct caller *caller = first(function);
    while (caller && (!caller->lasting || address < caller->low || address >= caller->high))
        caller = caller->next;
    return caller;
}

const struct caller *callers_at(enum hooked function, ElfW(Addr) address,
                                unsigned long long unload_count)
{
    const struct caller *caller = first(function);
    while (caller &&
           (address < caller->low || address >= caller->high ||
            atomic_load_explicit(&caller->unload_count, memory_order_acquire) != unload_count))
        caller = caller->next;
    return caller;
}

/* Two entries for one object may have been made; the one that held last. */
const struct caller *callers_latest(enum hooked function, ElfW(Addr) low, ElfW(Addr) high)
{
    const struct caller *latest = NULL;

    for (const struct caller *caller = first(function); caller; caller = caller->next)
        if (caller->low == low && caller->high == high &&
            (!latest || caller->unload_count > latest->unload_count))
            latest = caller;
    return latest;
}

static const struct caller *still_at(enum hooked function, ElfW(Addr) address)
{
    const struct caller *caller = first(function);
    while (caller &&
           (address < caller->low || address >= caller->high || !libcurls_is_there(caller->curl)))
        caller = caller->next;
    return caller;
}

const struct caller *callers_still_at(enum hooked function, ElfW(Addr) address)
{
    const struct caller *caller = still_at(function, address);

    for (int other = 0; !caller && other < HOOKED_COUNT; other++)
        caller = still_at((enum hooked)other, address);
    return caller;
}
