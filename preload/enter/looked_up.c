/* looked_up - dlsym on a handle, the way of FFI libraries. */
#include "enter/looked_up.h"
#include "bind/next.h"
#include "bind/without_us.h"
#include "enter/out_of_reach.h"
#include "ground/before_sanitizers.h"
#include "ground/interpose.h"
#include "hooks.h"
#include "resolver.h"
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#ifdef SYNAUTH_INTERPOSE

/* The caller of a function that was looked up may be code of a JIT compiler or of an FFI library
   that isn't linked to libcurl, so the function itself must know its libcurl: a set of hooks for
   each libcurl that something was looked up in. */
#define SETS 8
static const struct binding *_Atomic libcurl_of_set[SETS];

#define LIBCURL(set) atomic_load_explicit(&libcurl_of_set[set], memory_order_acquire)
#define BINDING(set, transfer) ((transfer) ? (transfer)->curl : LIBCURL(set))

#define HOOKS_OF_SET(set)                                                                       \
    static CURL *easy_init_##set(void)                                                          \
    {                                                                                           \
        return hook_easy_init(LIBCURL(set), false);                                             \
    }                                                                                           \
    static CURL *easy_duphandle_##set(CURL *handle)                                             \
    {                                                                                           \
        struct transfer *from = transfer_of_handle(handle);                                     \
        return hook_easy_duphandle(BINDING(set, from), from, handle);                           \
    }                                                                                           \
    static void easy_reset_##set(CURL *handle)                                                  \
    {                                                                                           \
        struct transfer *transfer = transfer_of_handle(handle);                                 \
        hook_easy_reset(BINDING(set, transfer), transfer, handle);                              \
    }                                                                                           \
    static void easy_cleanup_##set(CURL *handle)                                                \
    {                                                                                           \
        struct transfer *transfer = transfer_of_handle(handle);                                 \
        hook_easy_cleanup(BINDING(set, transfer), transfer, handle);                            \
    }                                                                                           \
    static CURLcode easy_setopt_##set(CURL *handle, CURLoption option, ...)                     \
    {                                                                                           \
        struct transfer *transfer = transfer_of_handle(handle);                                 \
        CURLcode result;                                                                        \
        va_list arguments;                                                                      \
        va_start(arguments, option);                                                            \
        result = hook_easy_setopt(BINDING(set, transfer), transfer, handle, option, arguments); \
        va_end(arguments);                                                                      \
        return result;                                                                          \
    }                                                                                           \
    static CURLcode easy_perform_##set(CURL *handle)                                            \
    {                                                                                           \
        struct transfer *transfer = transfer_of_handle(handle);                                 \
        return hook_easy_perform(BINDING(set, transfer), transfer, handle);                     \
    }                                                                                           \
    static CURLMcode multi_add_handle_##set(CURLM *multi, CURL *handle)                         \
    {                                                                                           \
        struct transfer *transfer = transfer_of_handle(handle);                                 \
        return hook_multi_add_handle(BINDING(set, transfer), transfer, multi, handle);          \
    }                                                                                           \
    static CURLMcode multi_remove_handle_##set(CURLM *multi, CURL *handle)                      \
    {                                                                                           \
        struct transfer *transfer = transfer_of_handle(handle);                                 \
        return hook_multi_remove_handle(BINDING(set, transfer), transfer, multi, handle);       \
    }                                                                                           \
    static CURLMcode multi_setopt_##set(CURLM *multi, CURLMoption option, ...)                  \
    {                                                                                           \
        CURLMcode result;                                                                       \
        va_list arguments;                                                                      \
        va_start(arguments, option);                                                            \
        result = hook_multi_setopt(LIBCURL(set), multi, option, arguments);                     \
        va_end(arguments);                                                                      \
        return result;                                                                          \
    }                                                                                           \
    static CURLMcode multi_cleanup_##set(CURLM *multi)                                          \
    {                                                                                           \
        return hook_multi_cleanup(LIBCURL(set), multi);                                         \
    }

HOOKS_OF_SET(0)
HOOKS_OF_SET(1)
HOOKS_OF_SET(2)
HOOKS_OF_SET(3)
HOOKS_OF_SET(4)
HOOKS_OF_SET(5)
HOOKS_OF_SET(6)
HOOKS_OF_SET(7)

typedef void function(void);

#define ROW(member)                                                                     \
    {                                                                                   \
        "curl_" #member, offsetof(struct binding, member),                              \
        {                                                                               \
            (function *)member##_0, (function *)member##_1, (function *)member##_2,     \
                (function *)member##_3, (function *)member##_4, (function *)member##_5, \
                (function *)member##_6, (function *)member##_7                          \
        }                                                                               \
    }

static const struct row {
    const char *name;
    size_t member; /* of struct binding */
    function *hooks[SETS];
} rows[] = {
    ROW(easy_init),    ROW(easy_duphandle), ROW(easy_reset),       ROW(easy_cleanup),
    ROW(easy_setopt),  ROW(easy_perform),   ROW(multi_add_handle), ROW(multi_remove_handle),
    ROW(multi_setopt), ROW(multi_cleanup),
};

static const struct row *row_of(const char *name)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

static bool is_same(const struct binding *a, const struct binding *b)
{
    return a && memcmp(a, b, sizeof(*a)) == 0;
}

/* Set while it is found out whether a set's libcurl is gone. Who reads libcurl_of_set to hand out a
   hook looks at both: a libcurl may come back in between. */
static _Atomic bool changing[SETS];

static bool is_set_of(int set, const struct binding *curl)
{
    return is_same(LIBCURL(set), curl) && !atomic_load(&changing[set]) &&
           is_same(LIBCURL(set), curl);
}

/* A program may close a libcurl and open it again elsewhere: then the old one's set is free. */
static bool take_over(int set, const struct binding *curl)
{
    bool idle = false, gone;

    if (!atomic_compare_exchange_strong(&changing[set], &idle, true))
        return false;
    gone = !binding_is_loaded(LIBCURL(set));
    if (gone)
        atomic_store(&libcurl_of_set[set], curl);
    atomic_store(&changing[set], false);
    return gone;
}

/* The set of hooks for a libcurl, or -1 when all are taken. */
static int set_of(const struct binding *curl)
{
    for (int set = 0; set < SETS; set++) {
        const struct binding *none = NULL;
        if (atomic_compare_exchange_strong(&libcurl_of_set[set], &none, curl) ||
            is_set_of(set, curl))
            return set;
    }
    for (int set = 0; set < SETS; set++)
        if (take_over(set, curl))
            return set;
    return -1;
}

/* Our hook in the place of `found`, or NULL when it isn't a libcurl's own function. */
static void *hook_for(const struct row *row, const void *found)
{
    const struct binding *curl = binding_of_function(found);
    const void *own;
    void *hook;
    int set;

    if (!curl)
        out_of_reach_say(found);
    if (!curl || !binding_is_first_copy())
        return NULL;
    memcpy(&own, (const char *)curl + row->member, sizeof(own));
    if (own != found)
        return NULL;
    set = set_of(curl);
    if (set < 0)
        return NULL;
    memcpy(&hook, &row->hooks[set], sizeof(hook));
    return hook;
}

static void *no_symbol(void *handle, const char *name)
{
    (void)handle, (void)name;
    return NULL;
}

BEFORE_SANITIZERS static void *next_dlsym(void)
{
    static void *_Atomic next;
    void *address = next_cached(&next, "dlsym");

    return address ? address : (void *)(uintptr_t)no_symbol;
}

static void *call_next_dlsym(void *handle, const char *name)
{
    void *(*real)(void *, const char *);
    void *address = next_dlsym();

    memcpy(&real, &address, sizeof(real));
    return real(handle, name);
}

/* Ours was found, or would be. What is said instead: the hook for what would be found without us,
   or that itself when we are switched off. Where the order is not known, the loader is asked who is
   next in the global scope; where nothing would be found, it has dlerror say so. */
static void *in_place_of_ours(const struct without_us *without, const char *name)
{
    void *found = without->found, *hook = NULL;

    if (!found)
        found = call_next_dlsym(RTLD_NEXT, name);
    if (found && !resolver_switched_off())
        hook = hook_for(row_of(name), found);
    return hook ? hook : found;
}

/* On a real handle libc doesn't ask who calls. The real look-up is the only one, so dlerror says
   what it would say without us. */
static void *look_up(void *handle, const char *name)
{
    void *found = call_next_dlsym(handle, name), *hook = NULL;
    int saved = errno;

    if (found && without_us_is_ours(found)) {
        struct without_us without = without_us_find(NULL, false, name);
        hook = in_place_of_ours(&without, name);
        errno = saved;
        return hook;
    }
    if (found && !resolver_switched_off())
        hook = hook_for(row_of(name), found);
    errno = saved;
    return hook ? hook : found;
}

/* RTLD_DEFAULT and RTLD_NEXT mean something for the caller. It is found by the return address, also
   here: we have been jumped to. */
static struct without_us find_for_caller(const void *handle, const char *name,
                                         const void *return_address)
{
    return without_us_find(return_address, handle == RTLD_NEXT, name);
}

static void *look_up_for_caller(void *handle, const char *name)
{
    struct without_us without = find_for_caller(handle, name, __builtin_return_address(0));
    void *found;
    int saved;

    (void)call_next_dlsym(RTLD_DEFAULT, name); /* finds ours, and drops what dlerror had to say */
    saved = errno;
    found = in_place_of_ours(&without, name);
    errno = saved;
    return found;
}

BEFORE_SANITIZERS static bool begins_as_libcurl(const char *name)
{
    static const char prefix[] = "curl_";
    for (size_t i = 0; prefix[i]; i++)
        if (name[i] != prefix[i])
            return false;
    return true;
}

/* Runs for every look-up of the program, the first ones before a sanitizer has started. */
BEFORE_SANITIZERS void *looked_up_choose(const void *handle, const char *name,
                                         const void *return_address)
{
    if (!name || !begins_as_libcurl(name) || !row_of(name))
        return next_dlsym();
    if (handle != RTLD_DEFAULT && handle != RTLD_NEXT)
        return (void *)(uintptr_t)look_up;
    return handle == RTLD_DEFAULT || find_for_caller(handle, name, return_address).known
               ? (void *)(uintptr_t)look_up_for_caller
               : next_dlsym();
}

INTERPOSE_DLSYM

#endif
