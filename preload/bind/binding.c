/* binding - which libcurl a caller means, and that library's functions. */
#include "bind/binding.h"
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

/* What was found for the callers in one object. Never freed, one for each object that calls
   libcurl, read without a lock. */
struct caller {
    struct caller *next;
    ElfW(Addr) low, high; /* both 0 for code that belongs to no object (a JIT compiler's) */
    /* It holds while nothing was unloaded since; then it is looked up once more. */
    _Atomic unsigned long long unload_count;
    bool inner;
    bool lasting; /* neither it nor its libcurl can be unloaded: asking costs a loader's lock */
    struct binding binding;
};
static struct caller *_Atomic callers;

static unsigned read_version(const struct object *object)
{
    curl_version_info_data *(*version_info)(CURLversion);
    void *address = object_symbol(object, "curl_version_info");
    const curl_version_info_data *info;

    memcpy(&version_info, &address, sizeof(address));
    info = version_info ? version_info(CURLVERSION_FIRST) : NULL;
    return info ? info->version_num : 0;
}

static void bind_functions(const struct object *object, struct binding *ret)
{
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
    ret->version = read_version(object);
    ret->per_request = ret->version >= 0x075000;
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
    size_t *queue = calloc(list->count, sizeof(*queue));
    bool *seen = calloc(list->count, sizeof(*seen));
    const struct object *found = NULL;
    size_t head = 0, tail = 0;

    if (queue && seen) {
        queue[tail++] = from;
        seen[from] = true;
    }
    while (head < tail && !found) {
        const struct object *object = &list->items[queue[head++]];
        if (wanted(object, data))
            found = object;
        for (size_t i = 0; i < list->count; i++) {
            if (seen[i] || !object_needs(object, &list->items[i]))
                continue;
            seen[i] = true;
            queue[tail++] = i;
        }
    }
    free(queue);
    free(seen);
    return found;
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

/* The entry for a caller: the one that an earlier look-up made of the same object, or a new one. */
static const struct caller *remember(const struct caller *template)
{
    struct caller *head = atomic_load_explicit(&callers, memory_order_acquire);
    struct caller *caller = head;

    while (caller && (caller->low != template->low || caller->high != template->high ||
                      caller->lasting != template->lasting ||
                      memcmp(&caller->binding, &template->binding, sizeof(caller->binding)) != 0))
        caller = caller->next;
    if (caller) {
        atomic_store_explicit(&caller->unload_count, template->unload_count, memory_order_release);
        return caller;
    }
    caller = malloc(sizeof(*caller));
    if (!caller)
        return NULL;
    *caller = *template;
    do
        caller->next = head;
    while (!atomic_compare_exchange_weak_explicit(&callers, &head, caller, memory_order_release,
                                                  memory_order_acquire));
    return caller;
}

static const struct caller *lookup_lasting(ElfW(Addr) address)
{
    const struct caller *caller = atomic_load_explicit(&callers, memory_order_acquire);
    while (caller && (!caller->lasting || address < caller->low || address >= caller->high))
        caller = caller->next;
    return caller;
}

static const struct caller *lookup(ElfW(Addr) address, unsigned long long unload_count)
{
    const struct caller *caller = atomic_load_explicit(&callers, memory_order_acquire);
    while (caller &&
           (address < caller->low || address >= caller->high ||
            atomic_load_explicit(&caller->unload_count, memory_order_acquire) != unload_count))
        caller = caller->next;
    return caller;
}

static const struct caller *search_now(const void *return_address, unsigned long long unload_count)
{
    struct caller found = {.unload_count = unload_count};
    const struct object *libcurl = NULL;
    struct object_list list;

    object_list_read(&list);
    if (!list.failed) {
        long index = object_at(&list, return_address);
        libcurl = search(&list, index);
        if (index >= 0) {
            object_bounds(&list.items[index], &found.low, &found.high);
            found.inner = is_libcurl(&list.items[index]);
            found.lasting =
                libcurl && is_lasting(&list, &list.items[index]) && is_lasting(&list, libcurl);
        }
    }
    if (libcurl)
        bind_functions(libcurl, &found.binding);
    object_list_free(&list);
    return libcurl ? remember(&found) : NULL;
}

struct search {
    const void *address;
    unsigned long long unload_count;
    const struct caller *found;
};

/* Inside dl_iterate_phdr nothing is unloaded, so that names and tables of all objects can be read;
   glibc's lock may be taken again by the same thread, musl unloads nothing. */
static int search_held(struct dl_phdr_info *info, size_t size, void *data)
{
    struct search *search = data;

    (void)info, (void)size;
    search->found = search_now(search->address, search->unload_count);
    return 1;
}

static const struct caller *search_and_remember(const void *return_address,
                                                unsigned long long unload_count)
{
    struct search search = {.address = return_address, .unload_count = unload_count};

    dl_iterate_phdr(search_held, &search);
    return search.found;
}

static const struct caller *find(const void *return_address)
{
    const struct caller *caller = lookup_lasting((ElfW(Addr))return_address);
    unsigned long long unload_count;

    if (caller)
        return caller;
    unload_count = object_unload_count();
    caller = lookup((ElfW(Addr))return_address, unload_count);
    if (!caller)
        caller = search_and_remember(return_address, unload_count);
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

const struct binding *binding_of_function(const void *function)
{
    struct caller found = {.unload_count = object_unload_count(), .inner = true};
    const struct caller *libcurl = NULL;
    struct object_list list;
    long index;

    object_list_read(&list);
    index = list.failed ? -1 : object_at(&list, function);
    if (index >= 0 && defines_libcurl(&list.items[index])) {
        object_bounds(&list.items[index], &found.low, &found.high);
        found.inner = is_libcurl(&list.items[index]);
        bind_functions(&list.items[index], &found.binding);
        libcurl = remember(&found);
    }
    object_list_free(&list);
    return libcurl ? &libcurl->binding : NULL;
}

bool binding_is_loaded(const struct binding *curl)
{
    void *address;
    struct object_list list;
    long index;
    bool loaded;

    memcpy(&address, &curl->easy_init, sizeof(address));
    object_list_read(&list);
    index = list.failed ? -1 : object_at(&list, address);
    loaded = index >= 0 && object_symbol(&list.items[index], PROBE) == address;
    object_list_free(&list);
    return loaded;
}

bool binding_is_first_copy(void)
{
    struct object_list list;
    bool first = true;

    object_list_read(&list);
    for (size_t i = 0; i < list.count; i++) {
        const void *marker = object_symbol(&list.items[i], MARKER);
        if (marker) {
            first = marker == &own_number;
            break;
        }
    }
    object_list_free(&list);
    return first;
}
