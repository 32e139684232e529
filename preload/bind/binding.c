/* binding - which libcurl a caller means, and that library's functions. */
#include "bind/binding.h"
#include "bind/callers.h"
#include "bind/fork_guard.h"
#include "bind/objects.h"
#include "log.h"
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define MARKER "synauth_preload_number"
#define PROBE "curl_easy_init"

const unsigned synauth_preload_number __attribute__((visibility("default"))) = 1;
/* This copy's own: the exported name means the first copy's everywhere. */
extern const unsigned own_number
    __attribute__((visibility("hidden"), alias("synauth_preload_number")));

/* What is found while the loader's lock is held. */
struct finding {
    const void *address;
    struct caller caller;
    bool found;
    curl_version_info_data *(*version_info)(CURLversion);
};

static void bind_functions(const struct object *object, struct finding *finding)
{
    struct binding *ret = &finding->caller.binding;
    void *version_info = object_symbol(object, "curl_version_info");

    /* A function's address comes as an object pointer; POSIX guarantees that they convert. */
#define BIND(member, name)                               \
    do {                                                 \
        void *address = object_symbol(object, name);     \
        memcpy(&ret->member, &address, sizeof(address)); \
    } while (0)
    BIND(easy_init, "curl_easy_init");
    BIND(easy_duphandle, "curl_easy_duphandle");
    BIND(easy_reset, "curl_easy_reset");
    BIND(easy_cleanup, "curl_easy_cleanup");
    BIND(easy_setopt, "curl_easy_setopt");
    BIND(easy_getinfo, "curl_easy_getinfo");
    BIND(easy_header, "curl_easy_header");
    BIND(easy_perform, "curl_easy_perform");
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
    finding->found = true;
}

/* Copies of this library define the same names and are never what a caller means. */
static bool defines_libcurl(const struct object *object)
{
    return object_symbol(object, PROBE) && !object_symbol(object, MARKER);
}

/* Would a reference of that version bind to this definition? As the loader judges it: an
   unversioned side fits everything. */
static bool version_fits(const struct object *definition, const char *wanted)
{
    const char *has = object_symbol_version(definition, PROBE);
    return !wanted || !has || strcmp(wanted, has) == 0;
}

/* Breadth first through DT_NEEDED, as the loader orders the scope of an object: the first one that
   is wanted, or NULL. */
static const struct object *walk_dependencies(const struct object_list *list, size_t from,
                                              bool (*wanted)(const struct object *, const void *),
                                              const void *data)
{
    size_t head = 0, tail = 0;

    memset(list->seen, 0, list->count * sizeof(*list->seen));
    list->queue[tail++] = from;
    list->seen[from] = true;
    while (head < tail) {
        const struct object *object = &list->items[list->queue[head++]];
        if (wanted(object, data))
            return object;
        for (size_t i = 0; i < list->count; i++) {
            if (list->seen[i] || !object_needs(object, &list->items[i]))
                continue;
            list->seen[i] = true;
            list->queue[tail++] = i;
        }
    }
    return NULL;
}

static bool is_fitting_libcurl(const struct object *object, const void *version)
{
    return defines_libcurl(object) && version_fits(object, version);
}

static const struct object *search_dependencies(const struct object_list *list, size_t from,
                                                const char *version)
{
    return walk_dependencies(list, from, is_fitting_libcurl, version);
}

static bool is_that(const struct object *object, const void *other)
{
    return object == other;
}

/* The main program and what it needs stay until the end. */
static bool is_lasting(const struct object_list *list, const struct object *object)
{
    return walk_dependencies(list, 0, is_that, object) != NULL;
}

/* A libcurl that the user preloaded behind us stands before everybody's own one. */
static const struct object *search_preloaded(const struct object_list *list, const char *version)
{
    long self = object_at(list, &own_number);

    for (size_t i = self < 0 ? list->count : (size_t)self + 1; i < list->count; i++) {
        const struct object *object = &list->items[i];
        if (object_needs(&list->items[0], object))
            return NULL; /* the program's own dependencies begin here */
        if (defines_libcurl(object) && version_fits(object, version))
            return object;
    }
    return NULL;
}

static const struct object *search_all(const struct object_list *list, const char *version)
{
    for (size_t i = 0; i < list->count; i++)
        if (defines_libcurl(&list->items[i]) && version_fits(&list->items[i], version))
            return &list->items[i];
    return NULL;
}

static const char *wanted_version(const struct object *caller)
{
    static const char *const names[] = {PROBE, "curl_easy_setopt", "curl_easy_perform",
                                        "curl_multi_add_handle"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *version = object_reference_version(caller, names[i]);
        if (version)
            return version;
    }
    return NULL;
}

static bool is_libcurl(const struct object *object)
{
    return defines_libcurl(object) && strncmp(object_base_name(object), "libcurl", 7) == 0;
}

static const struct object *search(const struct object_list *list, long caller)
{
    const struct object *found;
    const char *version = caller < 0 ? NULL : wanted_version(&list->items[caller]);

    if (caller >= 0 && defines_libcurl(&list->items[caller]))
        return &list->items[caller];
    found = search_preloaded(list, version);
    if (!found && caller >= 0)
        found = search_dependencies(list, (size_t)caller, version);
    if (!found)
        found = search_dependencies(list, 0, version);
    return found ? found : search_all(list, version);
}

/* The entry for what was found. libcurl is asked for its version now that no lock is held. */
static const struct caller *remember_finding(struct finding *finding)
{
    struct binding *binding = &finding->caller.binding;
    const curl_version_info_data *info;

    if (!finding->found)
        return NULL;
    info = finding->version_info ? finding->version_info(CURLVERSION_FIRST) : NULL;
    binding->version = info ? info->version_num : 0;
    binding->per_request = binding->version >= 0x075000;
    return callers_remember(&finding->caller);
}

static void search_for_caller(const struct object_list *list, void *data)
{
    struct finding *finding = data;
    struct caller *caller = &finding->caller;
    long index = object_at(list, finding->address);
    const struct object *libcurl = search(list, index);

    if (!libcurl)
        return;
    bind_functions(libcurl, finding);
    if (index < 0)
        return;
    object_bounds(&list->items[index], &caller->low, &caller->high);
    caller->inner = is_libcurl(&list->items[index]);
    caller->lasting = is_lasting(list, &list->items[index]) && is_lasting(list, libcurl);
}

static const struct caller *search_and_remember(const void *return_address,
                                                unsigned long long unload_count)
{
    struct finding finding = {.address = return_address, .caller.unload_count = unload_count};

    objects_read(search_for_caller, &finding);
    return remember_finding(&finding);
}

static const struct caller *find_asking(ElfW(Addr) address)
{
    unsigned long long unload_count = object_unload_count();
    const struct caller *caller = callers_at(address, unload_count);

    return caller ? caller : search_and_remember((const void *)address, unload_count);
}

static const struct caller *find(const void *return_address)
{
    ElfW(Addr) address = (ElfW(Addr))return_address;
    const struct caller *caller = callers_lasting_at(address);

    if (!caller && fork_guard_in_child())
        caller = callers_still_at(address);
    if (!caller)
        caller = find_asking(address);
    if (!caller)
        log_once(LOG_WARN, "no libcurl",
                 "no libcurl found behind the program's call; it gets libcurl's own error");
    return caller;
}

const struct binding *binding_for_caller(const void *return_address, bool *ret_inner)
{
    int saved = errno;
    const struct caller *caller = find(return_address);

    errno = saved;
    if (ret_inner)
        *ret_inner = caller && caller->inner;
    return caller ? &caller->binding : NULL;
}

static void search_for_function(const struct object_list *list, void *data)
{
    struct finding *finding = data;
    long index = object_at(list, finding->address);

    if (index < 0 || !defines_libcurl(&list->items[index]))
        return;
    object_bounds(&list->items[index], &finding->caller.low, &finding->caller.high);
    finding->caller.inner = is_libcurl(&list->items[index]);
    bind_functions(&list->items[index], finding);
}

/* The entry that a libcurl has for itself. */
static bool is_own(const struct caller *caller)
{
    ElfW(Addr) easy_init;

    memcpy(&easy_init, &caller->binding.easy_init, sizeof(easy_init));
    return easy_init >= caller->low && easy_init < caller->high;
}

static const struct caller *find_own(ElfW(Addr) function)
{
    struct finding finding = {.address = (const void *)function};
    const struct caller *libcurl = fork_guard_in_child() ? callers_still_at(function) : NULL;

    if (libcurl)
        return libcurl;
    finding.caller.unload_count = object_unload_count();
    libcurl = callers_at(function, finding.caller.unload_count);
    if (libcurl)
        return libcurl;
    objects_read(search_for_function, &finding);
    return remember_finding(&finding);
}

const struct binding *binding_of_function(const void *function)
{
    const struct caller *libcurl = find_own((ElfW(Addr))function);
    return libcurl && is_own(libcurl) ? &libcurl->binding : NULL;
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
    if (fork_guard_in_child() && callers_libcurl_is_there(curl))
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
