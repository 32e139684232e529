/* deps - the functions we take from libconfig, cJSON and nettle, bound to those libraries.

   A handle on the resolver itself has the resolver and its own dependencies as its scope; the
   global scope, where a host program's functions come first, is not asked. A private copy of
   libconfig is called directly: its names are no longer there to be looked up. */
#include "foreign/deps.h"

#include "base/error.h"
#include "foreign/capture.h"

#include <dlfcn.h>
#include <link.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* musl's link.h does not declare it. */
extern ElfW(Dyn) _DYNAMIC[];

struct bound_deps {
    struct deps deps;
    synauth_error error; /* code 0: usable */
};

/* Every thread that comes early makes its own; the first one published is kept. No lock, so that
   a fork in between cannot block the child. */
static _Atomic(struct bound_deps *) published;

/* Unit tests have the resolver's objects in the program. */
static bool is_program(void *handle)
{
    struct link_map *map = NULL;
    return dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0 && map && map->l_ld == _DYNAMIC;
}

static void *own_handle(void)
{
    Dl_info info;
    void *program = dlopen(NULL, RTLD_LAZY);
    if (program && is_program(program))
        return program;
    if (program)
        dlclose(program);
    if (!dladdr(&published, &info) || !info.dli_fname)
        return NULL;
    return dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
}

/* The file that the loader took for the library of this function: by one that each of its releases
   has. NULL when that is missing, too. */
static const char *file_of_library(void *handle, const char *name, Dl_info *info)
{
    static const char *const old[] = {"cJSON_Delete", "nettle_sha256_init", "config_init"};
    for (size_t i = 0; i < sizeof old / sizeof old[0]; i++) {
        void *known = strncmp(name, old[i], strcspn(name, "_")) == 0 ? dlsym(handle, old[i]) : NULL;
        if (known && dladdr(known, info))
            return info->dli_fname;
    }
    return NULL;
}

static void say_missing(void *handle, const char *name, synauth_error *error)
{
    Dl_info info;
    const char *file = file_of_library(handle, name, &info);
    const char *folders = getenv("LD_LIBRARY_PATH");
    if (!file)
        error_set(error, SYNAUTH_E_IO, NULL, 0,
                  "%s is missing from the libraries that synauth needs; reinstall them", name);
    else if (folders && *folders)
        error_set(error, SYNAUTH_E_IO, NULL, 0,
                  "%.300s is too old: it has no %s; take its folder out of LD_LIBRARY_PATH", file,
                  name);
    else
        error_set(error, SYNAUTH_E_IO, NULL, 0,
                  "%.300s is too old: it has no %s; install a newer one", file, name);
}

static void bind_one(void *handle, const char *name, void *ret_function, synauth_error *error)
{
    void *address = dlsym(handle, name);
    if (address)
        memcpy(ret_function, &address, sizeof address);
    else if (error->code == SYNAUTH_OK)
        say_missing(handle, name, error);
}

static bool begins_with_any(const char *name, const char *const *prefixes)
{
    for (; *prefixes; prefixes++)
        if (strncmp(name, *prefixes, strlen(*prefixes)) == 0)
            return true;
    return false;
}

#ifndef SYNAUTH_LIBCONFIG_INSIDE
/* What reading a configuration can come by: all but writing and looking up by path. */
static bool is_judged_in_libconfig(const char *name)
{
    static const char *const never[] = {"config_write", "config_lookup", "config_setting_lookup",
                                        "config_read_file", NULL};
    return !begins_with_any(name, never);
}
#endif

static bool is_judged_in_nettle(const char *name)
{
    static const char *const inner[] = {"nettle_sha",    "nettle_hmac", "nettle_memxor",
                                        "nettle_base64", "_nettle_",    NULL};
    return begins_with_any(name, inner);
}

static void judge(const void *inside, bool (*is_judged)(const char *), synauth_error *error)
{
    struct captured captured;
    if (!capture_find(inside, is_judged, &captured))
        return;
    error_set(
        error, SYNAUTH_E_CAPTURED, NULL, 0,
        "%.150s would call %s of %.150s instead of its own; nothing is sent from this program",
        captured.library, captured.symbol, captured.owner);
}

/* A function's address as data, which POSIX allows and ISO C does not. */
#define ADDRESS_OF(function) __extension__((const void *)(function))

static struct bound_deps *bind_all(void)
{
    struct bound_deps *binding = calloc(1, sizeof *binding);
    if (!binding)
        return NULL;
    struct deps *deps = &binding->deps;
    synauth_error *error = &binding->error;
    void *handle = own_handle();
    if (!handle) {
        error_set(error, SYNAUTH_E_IO, NULL, 0,
                  "the resolver does not find itself among the "
                  "loaded libraries; reinstall synauth");
        return binding;
    }
#define DEP(name) bind_one(handle, #name, &deps->name, error);
#ifdef SYNAUTH_LIBCONFIG_INSIDE
#define DEP_LIBCONFIG(name) deps->name = name;
#else
#define DEP_LIBCONFIG DEP
#endif
#include "foreign/deps.def"
#undef DEP_LIBCONFIG
#undef DEP
    if (error->code != SYNAUTH_OK)
        return binding;
#ifndef SYNAUTH_LIBCONFIG_INSIDE
    judge(ADDRESS_OF(deps->config_init), is_judged_in_libconfig, error);
#endif
    /* cJSON is not judged: of its own functions it calls cJSON_Delete alone by name, to give back
       what it failed to parse or what has children. It gets texts from us that are judged already,
       and items without their children (json_tree_free), so it does neither. A program with a
       cJSON of its own keeps its tokens. */
    judge(ADDRESS_OF(deps->nettle_sha256_init), is_judged_in_nettle, error);
    return binding;
}

static const struct bound_deps *get_binding(void)
{
    struct bound_deps *binding = atomic_load_explicit(&published, memory_order_acquire),
                      *first = NULL;
    if (binding)
        return binding;
    binding = bind_all();
    dlerror(); /* our look-ups are no news for the program */
    if (!binding)
        return NULL;
    if (atomic_compare_exchange_strong(&published, &first, binding))
        return binding;
    free(binding);
    return first;
}

const struct deps *deps_get(synauth_error *error)
{
    const struct bound_deps *binding = get_binding();
    if (!binding) {
        error_memory(error);
        return NULL;
    }
    if (binding->error.code == SYNAUTH_OK)
        return &binding->deps;
    if (error && error->code == SYNAUTH_OK)
        *error = binding->error;
    return NULL;
}
