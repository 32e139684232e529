/* libcurls - the libcurls that were found in this process and their functions. */
#include "bind/libcurls.h"
#include "bind/next.h"
#include "ground/kept.h"
#include <dlfcn.h>
#include <stdatomic.h>
#include <string.h>

static struct libcurl *_Atomic libcurls;

static struct libcurl *find_same(struct libcurl *libcurl, const struct libcurl *found)
{
    while (libcurl && (libcurl->low != found->low || libcurl->high != found->high ||
                       memcmp(&libcurl->binding, &found->binding, sizeof(found->binding)) != 0))
        libcurl = libcurl->next;
    return libcurl;
}

/* One entry for each, also when two threads find it at once: callers are told apart by it. */
const struct libcurl *libcurls_remember(const struct libcurl *found)
{
    struct libcurl *head = atomic_load_explicit(&libcurls, memory_order_acquire);
    struct libcurl *same, *fresh = NULL;

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
    } while (!atomic_compare_exchange_weak_explicit(&libcurls, &head, fresh, memory_order_release,
                                                    memory_order_acquire));
    return fresh;
}

const struct libcurl *libcurls_at(ElfW(Addr) address, unsigned long long unload_count)
{
    const struct libcurl *libcurl = atomic_load_explicit(&libcurls, memory_order_acquire);
    while (libcurl &&
           (address < libcurl->low || address >= libcurl->high ||
            atomic_load_explicit(&libcurl->unload_count, memory_order_acquire) != unload_count))
        libcurl = libcurl->next;
    return libcurl;
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
    const struct libcurl *libcurl = atomic_load_explicit(&libcurls, memory_order_acquire);
    while (libcurl && (address < libcurl->low || address >= libcurl->high ||
                       !libcurls_is_there(&libcurl->binding)))
        libcurl = libcurl->next;
    return libcurl;
}
