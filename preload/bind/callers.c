/* callers - what was found for the objects that call libcurl, kept for their next calls. */
#include "bind/callers.h"
#include "bind/libcurls.h"

static found_list callers[HOOKED_COUNT];

/* An entry begins with its `found`. */
static const struct caller *caller_of(const struct found *entry)
{
    return (const struct caller *)entry;
}

static bool is_same(const struct found *entry, const struct found *other)
{
    const struct caller *caller = caller_of(entry), *found = caller_of(other);

    return entry->low == other->low && entry->high == other->high && caller->file == found->file &&
           caller->lasting == found->lasting && caller->apart == found->apart &&
           caller->curl == found->curl;
}

const struct caller *callers_remember(enum hooked function, const struct caller *found)
{
    return caller_of(found_remember(&callers[function], &found->found, sizeof(*found), is_same));
}

const struct caller *callers_lasting_at(enum hooked function, ElfW(Addr) address)
{
    const struct found *entry = found_first(&callers[function]);
    while (entry && (!caller_of(entry)->lasting || !found_covers(entry, address)))
        entry = entry->next;
    return caller_of(entry);
}

const struct caller *callers_at(enum hooked function, ElfW(Addr) address,
                                unsigned long long unload_count)
{
    return caller_of(found_at(&callers[function], address, unload_count));
}

/* Two entries for one object may have been made; the one that held last. */
const struct caller *callers_latest(enum hooked function, const struct caller *caller)
{
    const struct found *latest = NULL;

    for (const struct found *entry = found_first(&callers[function]); entry; entry = entry->next)
        if (entry->low == caller->found.low && entry->high == caller->found.high &&
            caller_of(entry)->file == caller->file &&
            (!latest || entry->unload_count > latest->unload_count))
            latest = entry;
    return caller_of(latest);
}

static const struct caller *still_at(enum hooked function, ElfW(Addr) address)
{
    const struct found *entry = found_first(&callers[function]);
    while (entry && (!found_covers(entry, address) || !libcurls_is_there(caller_of(entry)->curl)))
        entry = entry->next;
    return caller_of(entry);
}

const struct caller *callers_still_at(enum hooked function, ElfW(Addr) address)
{
    const struct caller *caller = still_at(function, address);

    for (int other = 0; !caller && other < HOOKED_COUNT; other++)
        caller = still_at((enum hooked)other, address);
    return caller;
}
