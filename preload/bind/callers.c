/* callers - what was found for the objects that call libcurl, kept for their next calls. */
#include "bind/callers.h"
#include "bind/next.h"
#include "remember/kept.h"
#include <dlfcn.h>
#include <stdatomic.h>
#include <string.h>

static struct caller *_Atomic callers;

const struct caller *callers_remember(const struct caller *found)
{
    struct caller *head = atomic_load_explicit(&callers, memory_order_acquire);
    struct caller *caller = head;

    while (caller && (caller->low != found->low || caller->high != found->high ||
                      caller->lasting != found->lasting ||
                      memcmp(&caller->binding, &found->binding, sizeof(caller->binding)) != 0))
        caller = caller->next;
    if (caller) {
        atomic_store_explicit(&caller->unload_count, found->unload_count, memory_order_release);
        return caller;
    }
    caller = kept_alloc(sizeof(*caller));
    if (!caller)
        return NULL;
    *caller = *found;
    do
        caller->next = head;
    while (!atomic_compare_exchange_weak_explicit(&callers, &head, caller, memory_order_release,
                                                  memory_order_acquire));
    return caller;
}

const struct caller *callers_lasting_at(ElfW(Addr) address)
{
    const struct caller *caller = atomic_load_explicit(&callers, memory_order_acquire);
    while (caller && (!caller->lasting || address < caller->low || address >= caller->high))
        caller = caller->next;
    return caller;
}

const struct caller *callers_at(ElfW(Addr) address, unsigned long long unload_count)
{
    const struct caller *caller = atomic_load_explicit(&callers, memory_order_acquire);
    while (caller &&
           (address < caller->low || address >= caller->high ||
            atomic_load_explicit(&caller->unload_count, memory_order_acquire) != unload_count))
        caller = caller->next;
    return caller;
}

bool callers_libcurl_is_there(const struct binding *curl)
{
    int (*ask)(const void *, Dl_info *);
    void *easy_init, *dladdr_address = next_definition("dladdr");
    Dl_info info;

    memcpy(&ask, &dladdr_address, sizeof(ask));
    memcpy(&easy_init, &curl->easy_init, sizeof(easy_init));
    return ask && ask(easy_init, &info) && info.dli_saddr == easy_init && info.dli_sname &&
           strcmp(info.dli_sname, "curl_easy_init") == 0;
}

const struct caller *callers_still_at(ElfW(Addr) address)
{
    const struct caller *caller = atomic_load_explicit(&callers, memory_order_acquire);
    while (caller && (address < caller->low || address >= caller->high ||
                      !callers_libcurl_is_there(&caller->binding)))
        caller = caller->next;
    return caller;
}
