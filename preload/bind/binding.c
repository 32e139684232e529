/* binding - which libcurl a caller means, and that library's functions. */
#include "bind/binding.h"
#include "base/log.h"
#include "bind/callers.h"
#include "bind/choice.h"
#include "bind/fork_guard.h"
#include "bind/hold.h"
#include "bind/libcurls.h"
#include "bind/scope.h"
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define PROBE "curl_easy_init"

const unsigned synauth_preload_number __attribute__((visibility("default"))) = 1;
/* This copy's own: the exported name means the first copy's everywhere. */
extern const unsigned own_number
    __attribute__((visibility("hidden"), alias("synauth_preload_number")));

static const char *const names[HOOKED_COUNT] = {
    [HOOKED_EASY_INIT] = "curl_easy_init",
    [HOOKED_EASY_DUPHANDLE] = "curl_easy_duphandle",
    [HOOKED_EASY_RESET] = "curl_easy_reset",
    [HOOKED_EASY_CLEANUP] = "curl_easy_cleanup",
    [HOOKED_EASY_SETOPT] = "curl_easy_setopt",
    [HOOKED_EASY_PERFORM] = "curl_easy_perform",
    [HOOKED_MULTI_ADD_HANDLE] = "curl_multi_add_handle",
    [HOOKED_MULTI_REMOVE_HANDLE] = "curl_multi_remove_handle",
    [HOOKED_MULTI_SETOPT] = "curl_multi_setopt",
    [HOOKED_MULTI_CLEANUP] = "curl_multi_cleanup",
};

/* What is found while the loader's lock is held. */
struct libcurl_search {
    const void *address;
    enum hooked function;
    struct caller caller;
    struct libcurl libcurl;
    bool found, at_load, hold;
    curl_version_info_data *(*version_info)(CURLversion);
};

/* In the version that the caller asks for, or else any. */
static void *find_function(const struct object *object, const char *name, const char *version)
{
    struct reference reference = {.name = name, .version = version};
    void *address = symbols_bound(object, &reference);

    return address ? address : object_symbol(object, name);
}

static void bind_functions(const struct object *object, const char *version,
                           struct libcurl_search *finding)
{
    struct binding *ret = &finding->libcurl.binding;
    void *version_info = find_function(object, "curl_version_info", version);

    /* A function's address comes as an object pointer; POSIX guarantees that they convert. */
#define BIND(member, name)                                    \
    do {                                                      \
        void *address = find_function(object, name, version); \
        memcpy(&ret->member, &address, sizeof(address));      \
    } while (0)
    BIND(easy_init, "curl_easy_init");
    BIND(easy_duphandle, "curl_easy_duphandle");
    BIND(easy_reset, "curl_easy_reset");
    BIND(easy_cleanup, "curl_easy_cleanup");
    BIND(easy_setopt, "curl_easy_setopt");
    BIND(easy_getinfo, "curl_easy_getinfo");
    BIND(easy_header, "curl_easy_header");
    BIND(easy_perform, "curl_easy_perform");
    BIND(easy_recv, "curl_easy_recv");
    BIND(multi_add_handle, "curl_multi_add_handle");
    BIND(multi_remove_handle, "curl_multi_remove_handle");
    BIND(multi_setopt, "curl_multi_setopt");
    BIND(multi_cleanup, "curl_multi_cleanup");
    BIND(free, "curl_free");
    BIND(url, "curl_url");
    BIND(url_cleanup, "curl_url_cleanup");
    BIND(url_get, "curl_url_get");
    BIND(url_set, "curl_url_set");
#undef BIND
    memcpy(&finding->version_info, &version_info, sizeof(version_info));
    object_bounds(object, &finding->libcurl.found.low, &finding->libcurl.found.high);
    finding->found = true;
}

/* Has it all that a transfer of ours needs? A part of a libcurl, as an interposer has it, has not.
 */
static bool is_whole(const struct binding *curl)
{
    return curl->easy_init && curl->easy_duphandle && curl->easy_reset && curl->easy_cleanup &&
           curl->easy_setopt && curl->easy_getinfo && curl->easy_perform &&
           curl->multi_add_handle && curl->multi_remove_handle && curl->free;
}

static bool is_libcurl(const struct object *object)
{
    return object_symbol(object, PROBE) && strncmp(object_base_name(object), "libcurl", 7) == 0;
}

/* Would all that the caller calls on a handle go to the same libcurl? */
static bool is_of_one_libcurl(const struct object_list *list, long caller, long libcurl)
{
    for (int i = 0; caller >= 0 && i < HOOKED_COUNT; i++) {
        struct reference reference = symbols_reference(&list->items[caller], names[i]);
        struct choice choice;
        if (!reference.exists)
            continue;
        choice = choice_for(list, caller, names[i]);
        if (!choice.certain || choice.object != libcurl)
            return false;
    }
    return true;
}

static unsigned number_of(const char *name)
{
    unsigned number = 0;

    while (*name)
        number = number * 31 + (unsigned char)*name++;
    return number;
}

static void search_for_caller(const struct object_list *list, void *data)
{
    struct libcurl_search *finding = data;
    struct caller *caller = &finding->caller;
    long index = object_at(list, finding->address);
    struct choice choice;

    scope_mark_start(list);
    choice = choice_for(list, index, names[finding->function]);
    if (choice.object < 0)
        return;
    bind_functions(&list->items[choice.object], choice.reference.version, finding);
    finding->at_load = choice.at_load;
    finding->hold = hold_is_needed(list, index, (size_t)choice.object);
    caller->several =
        !is_whole(&finding->libcurl.binding) ||
        (finding->function == HOOKED_EASY_INIT && !is_of_one_libcurl(list, index, choice.object));
    caller->apart = !choice.certain || caller->several;
    if (index < 0)
        return;
    object_bounds(&list->items[index], &caller->found.low, &caller->found.high);
    caller->file = number_of(list->items[index].name);
    caller->apart = caller->apart || is_libcurl(&list->items[index]);
    caller->lasting = list->start[index] && list->start[choice.object];
}

/* libcurl is asked once, now that no lock is held: each time it writes its answer anew. */
static unsigned version_of(const struct libcurl_search *finding)
{
    const struct libcurl *known =
        libcurls_at(finding->libcurl.found.low, finding->libcurl.found.unload_count);
    const curl_version_info_data *info;

    if (known)
        return known->binding.version;
    info = finding->version_info ? finding->version_info(CURLVERSION_FIRST) : NULL;
    return info ? info->version_num : 0;
}

/* The entry for what was found. */
static const struct binding *remember_libcurl(struct libcurl_search *finding)
{
    struct binding *binding = &finding->libcurl.binding;
    const struct libcurl *libcurl;

    if (!finding->found)
        return NULL;
    binding->version = version_of(finding);
    binding->per_request = binding->version >= 0x075000;
    libcurl = libcurls_remember(&finding->libcurl);
    return libcurl ? &libcurl->binding : NULL;
}

/* What was found for the caller before. Calls with a known handle leave no entry of their own. */
static const struct caller *earlier_finding(const struct libcurl_search *finding)
{
    const struct caller *caller = &finding->caller, *earlier;

    if (!caller->found.high)
        return NULL;
    earlier = callers_latest(finding->function, caller);
    if (earlier)
        return earlier;
    earlier = callers_latest(HOOKED_EASY_INIT, caller);
    return earlier && !earlier->several ? earlier : NULL;
}

/* A call stays bound as it was while its object is loaded. Was it another one at that place, which
   is bound anew? Where the answers differ, nothing tells. */
static void stay_with_earlier(struct libcurl_search *finding)
{
    const struct caller *earlier = earlier_finding(finding);

    if (!earlier || finding->at_load || earlier->curl == finding->caller.curl ||
        !binding_is_loaded(earlier->curl))
        return;
    finding->caller.curl = earlier->curl;
    finding->caller.apart = true;
}

static const struct caller *search_and_remember(const void *return_address, enum hooked function,
                                                unsigned long long unload_count)
{
    struct libcurl_search finding = {.address = return_address,
                                     .function = function,
                                     .caller.found.unload_count = unload_count,
                                     .libcurl.found.unload_count = unload_count};

    objects_read(search_for_caller, &finding);
    if (finding.hold)
        hold_object_at(finding.libcurl.found.low);
    finding.caller.curl = remember_libcurl(&finding);
    if (!finding.caller.curl)
        return NULL;
    stay_with_earlier(&finding);
    return callers_remember(function, &finding.caller);
}

static const struct caller *find_asking(ElfW(Addr) address, enum hooked function)
{
    unsigned long long unload_count = object_unload_count();
    const struct caller *caller = callers_at(function, address, unload_count);

    return caller ? caller : search_and_remember((const void *)address, function, unload_count);
}

static const struct caller *find(const void *return_address, enum hooked function)
{
    ElfW(Addr) address = (ElfW(Addr))return_address;
    const struct caller *caller = callers_lasting_at(function, address);

    if (!caller && fork_guard_in_child())
        caller = callers_still_at(function, address);
    if (!caller)
        caller = find_asking(address, function);
    if (!caller)
        log_once(LEVEL_WARN, "no libcurl",
                 "no libcurl found behind the program's call; it gets libcurl's own error");
    return caller;
}

const struct binding *binding_for_caller(const void *return_address, enum hooked function,
                                         bool *ret_apart)
{
    int saved = errno;
    const struct caller *caller = find(return_address, function);

    errno = saved;
    if (ret_apart)
        *ret_apart = caller && caller->apart;
    return caller ? caller->curl : NULL;
}

static void search_for_function(const struct object_list *list, void *data)
{
    struct libcurl_search *finding = data;
    long index = object_at(list, finding->address);

    if (index < 0 || !object_symbol(&list->items[index], PROBE) ||
        object_symbol(&list->items[index], MARKER))
        return;
    bind_functions(&list->items[index], NULL, finding);
}

static const struct binding *find_of_function(const void *function)
{
    struct libcurl_search finding = {.address = function};
    ElfW(Addr) address = (ElfW(Addr))function;
    const struct libcurl *libcurl = fork_guard_in_child() ? libcurls_still_at(address) : NULL;

    if (!libcurl) {
        finding.libcurl.found.unload_count = object_unload_count();
        libcurl = libcurls_at(address, finding.libcurl.found.unload_count);
    }
    if (libcurl)
        return &libcurl->binding;
    objects_read(search_for_function, &finding);
    return remember_libcurl(&finding);
}

const struct binding *binding_of_function(const void *function)
{
    const struct binding *curl = find_of_function(function);
    return curl && is_whole(curl) ? curl : NULL;
}

struct probe {
    void *easy_init;
    bool loaded;
};

static void probe_for_libcurl(const struct object_list *list, void *data)
{
    struct probe *probe = data;
    long index = object_at(list, probe->easy_init);

    probe->loaded = index >= 0 && object_symbol(&list->items[index], PROBE) == probe->easy_init;
}

bool binding_is_loaded(const struct binding *curl)
{
    struct probe probe = {.loaded = true}; /* when in doubt */

    memcpy(&probe.easy_init, &curl->easy_init, sizeof(probe.easy_init));
    if (fork_guard_in_child() && libcurls_is_there(curl))
        return true;
    objects_read(probe_for_libcurl, &probe);
    return probe.loaded;
}

static void find_first_marker(const struct object_list *list, void *data)
{
    const void **marker = data;

    for (size_t i = 0; i < list->count && !*marker; i++)
        *marker = object_symbol(&list->items[i], MARKER);
}

/* Copies are never unloaded, so the first one stays the first. */
bool binding_is_first_copy(void)
{
    static const void *_Atomic first;
    const void *marker = atomic_load_explicit(&first, memory_order_relaxed);

    if (!marker) {
        objects_read(find_first_marker, &marker);
        atomic_store_explicit(&first, marker, memory_order_relaxed);
    }
    return !marker || marker == &own_number;
}
