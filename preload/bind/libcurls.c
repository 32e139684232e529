/* libcurls - the libcurls that were found in this process and their functions. */
#include "bind/libcurls.h"
#include "bind/next.h"
#include <dlfcn.h>
#include <string.h>

static found_list libcurls;

/* An entry begins with its `found`. */
static const struct libcurl *libcurl_of(const struct found *entry)
{
    return (const struct libcurl *)entry;
}

/* Callers are told apart by the binding's address. */
static bool is_same(const struct found *entry, const struct found *other)
{
    return entry->low == other->low && entry->high == other->high &&
           memcmp(&libcurl_of(entry)->binding, &libcurl_of(other)->binding,
                  sizeof(struct binding)) == 0;
}

const struct libcurl *libcurls_remember(const struct libcurl *found)
{
    return libcurl_of(found_remember(&libcurls, &found->found, sizeof(*found), is_same));
}

const struct libcurl *libcurls_at(ElfW(Addr) address, unsigned long long unload_count)
{
    return libcurl_of(found_at(&libcurls, address, unload_count));
}

bool libcurls_is_there(const struct binding *curl)
{
    int (*ask)(const void *, Dl_info *);
    void *easy_init, *dladdr_address = next_definition("dladdr");
    Dl_info info;

    memcpy(&ask, &dladdr_address, sizeof(ask));
    memcpy(&easy_init, &curl->easy_init, sizeof(easy_init));
    return ask && ask(easy_init, &info) && info.dli_saddr == easy_init && info.dli_sname &&
           strcmp(info.dli_sname, "curl_easy_init") == 0;
}

const struct libcurl *libcurls_still_at(ElfW(Addr) address)
{
    const struct found *entry = found_first(&libcurls);
    while (entry &&
           (!found_covers(entry, address) || !libcurls_is_there(&libcurl_of(entry)->binding)))
        entry = entry->next;
    return libcurl_of(entry);
}
