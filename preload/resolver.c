/* resolver - opens the resolver, once, when the first transfer of the process begins. */
#include "resolver.h"
#include "base/log.h"
#include "base/log_cause.h"
#include "bind/binding.h"
#include "bind/next.h"
#include "bind/objects.h"
#include "bind/pending_error.h"
#include "file/code_trust.h"
#include "identity.h"
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>
#include <unistd.h>

#define RESOLVER "libsynauth.so.1"
#define WAIT_MILLISECONDS 5000

static const char identity[] __attribute__((used)) = IDENTITY("preload");

static const struct hook_api *_Atomic resolver; /* set while ready */
/* 0: not tried yet; -1: decided; else the process in which a thread is at it. */
static _Atomic int opening;

bool resolver_switched_off(void)
{
    const char *disable = getenv("SYNAUTH_DISABLE");
    return getauxval(AT_SECURE) || (disable && *disable && strcmp(disable, "0") != 0);
}

/* scanf and strtoul have new names in each C standard's glibc; this loads everywhere. */
static uintptr_t read_hexadecimal(const char **text)
{
    static const char digits[] = "0123456789abcdef";
    uintptr_t value = 0;
    const char *digit;

    while (**text && (digit = strchr(digits, **text)) != NULL) {
        value = value << 4 | (uintptr_t)(digit - digits);
        ++*text;
    }
    return value;
}

/* On the heap: threads with a stack of 16 KiB make transfers, too. */
struct path {
    char text[PATH_MAX];
    char line[PATH_MAX + 128]; /* of /proc/self/maps */
    uid_t own_owner;           /* of the preload library */
};

/* The path that the kernel has for our own mapping, for a library that was named relative to a
   working directory of long ago. */
static bool own_path_from_maps(struct path *path)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    bool found = false;

    while (maps && !found && fgets(path->line, sizeof(path->line), maps)) {
        const char *text = path->line;
        uintptr_t low = read_hexadecimal(&text);
        uintptr_t high = *text == '-' ? (text++, read_hexadecimal(&text)) : 0;
        const char *name = strchr(path->line, '/');
        size_t length = name ? strcspn(name, "\n") : 0;
        if (!name || (uintptr_t)&resolver < low || (uintptr_t)&resolver >= high ||
            length >= sizeof(path->text))
            continue;
        memcpy(path->text, name, length);
        path->text[length] = '\0';
        found = true;
    }
    if (maps)
        fclose(maps);
    return found;
}

static void copy_own_name(const struct object_list *list, void *data)
{
    struct path *path = data;
    long self = object_at(list, &resolver);
    size_t length = self < 0 ? 0 : strlen(list->items[self].name);

    if (length && length < sizeof(path->text) && list->items[self].name[0] == '/')
        memcpy(path->text, list->items[self].name, length + 1);
}

/* The resolver's place beside us; false when we don't know our own, or nothing is there. One that
   may not be looked at counts as there: the loader says why. */
static bool path_beside_us(struct path *path)
{
    char *slash;

    path->text[0] = '\0';
    objects_read(copy_own_name, path);
    if (!path->text[0] && !own_path_from_maps(path))
        return false;
    path->own_owner = code_trust_owner(path->text);
    slash = strrchr(path->text, '/');
    if (!slash || (size_t)(slash - path->text) + sizeof("/" RESOLVER) > sizeof(path->text))
        return false;
    memcpy(slash, "/" RESOLVER, sizeof("/" RESOLVER));
    return access(path->text, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

/* The loader's own words: only it knows which library, symbol or version is missing. `path`: what
   was tried beside us, or NULL. */
static void say_not_loaded(const char *path, const char *words)
{
    if (!words)
        words = "the loader says no more";
    if (path)
        log_once(LEVEL_ERROR, "resolver",
                 "no token is sent: %s cannot be loaded: %s; run `ldd %s` to see what is missing, "
                 "or unset LD_PRELOAD",
                 path, words, path);
    else
        log_once(LEVEL_ERROR, "resolver",
                 "no token is sent: " RESOLVER " is not beside the preload library, and the loader "
                 "says: %s; install it there or unset LD_PRELOAD",
                 words);
}

/* The folder that we were built for is the system's; in any other, somebody may have put the
   resolver there for us to find. */
static bool may_be_opened(struct path *path)
{
    static const char installed[] = SYNAUTH_LIBDIR "/" RESOLVER;

    if (strcmp(path->text, installed) == 0 ||
        code_trust_judge(path->text, path->own_owner, NULL, path->line, sizeof(path->line)) !=
            CODE_REFUSED)
        return true;
    log_once(LEVEL_ERROR, "resolver", "no token is sent: %s", path->line);
    return false;
}

/* Beside us, else by the loader's search. */
static void *open_library(struct path *path)
{
    void *(*open_object)(const char *, int);
    void *address = next_definition("dlopen"), *library = NULL;
    bool beside;
    char *words;

    memcpy(&open_object, &address, sizeof(open_object));
    if (!open_object) {
        say_not_loaded(NULL, "this program has no dlopen");
        return NULL;
    }
    beside = path_beside_us(path);
    if (beside && !may_be_opened(path))
        return NULL;
    if (beside)
        library = open_object(path->text, RTLD_NOW | RTLD_LOCAL);
    if (library)
        return library;
    words = beside ? pending_error_take() : NULL;
    library = open_object(RESOLVER, RTLD_NOW | RTLD_LOCAL);
    if (!library && !beside)
        words = pending_error_take();
    if (!library)
        say_not_loaded(beside ? path->text : NULL, words);
    free(words);
    return library;
}

static const struct hook_api *interface_of(void *library)
{
    const struct hook_api *(*get)(unsigned);
    const struct hook_api *api;
    void *(*look_up)(void *, const char *);
    void *address = next_definition("dlsym");

    memcpy(&look_up, &address, sizeof(look_up));
    address = look_up ? look_up(library, SYNAUTH_HOOK_API_SYMBOL) : NULL;
    memcpy(&get, &address, sizeof(address));
    api = get ? get(SYNAUTH_HOOK_API_NUMBER) : NULL;
    if (!api || api->number != SYNAUTH_HOOK_API_NUMBER || api->size < sizeof(*api)) {
        log_once(LEVEL_ERROR, "interface",
                 "no token is sent: " RESOLVER " is of another version than the preload library; "
                 "install both from one release and restart the program");
        return NULL;
    }
    return api;
}

static const struct hook_api *open_resolver(void)
{
    const struct hook_api *api;
    struct path *path;
    void *library;

    if (resolver_switched_off())
        return NULL;
    if (!binding_is_first_copy()) {
        log_once(LEVEL_DEBUG, "copy",
                 "another copy of the preload library is at work; this one rests");
        return NULL;
    }
    path = malloc(sizeof(*path));
    library = path ? open_library(path) : NULL;
    free(path);
    if (!library)
        return NULL;
    api = interface_of(library);
    if (!api)
        return NULL;
    log_causes_join(api->log_causes());
    return api->start() ? api : NULL;
}

/* Another thread opens it: its answer decides about our request too. It may be waiting for us, when
   we are in a constructor and hold the loader's lock. */
static const struct hook_api *wait_for_other(void)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    int state = atomic_load(&opening);

    for (int i = 0; state == getpid() && i < WAIT_MILLISECONDS; i++) {
        nanosleep(&pause, NULL);
        state = atomic_load(&opening);
    }
    if (state == getpid())
        log_once(LEVEL_WARN, "wait", "no token is sent: another thread's first transfer hangs");
    else if (state != -1) /* we are a fork taken in the middle of it: its work is half done here */
        log_once(LEVEL_WARN, "fork",
                 "no token is sent: the process was forked while its first transfer began");
    return atomic_load_explicit(&resolver, memory_order_acquire);
}

/* A thread that is cancelled in the middle of it would keep all others waiting. */
static const struct hook_api *open_or_wait(void)
{
    const struct hook_api *api;
    char *message;
    int idle = 0, cancel_state;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    if (atomic_compare_exchange_strong(&opening, &idle, getpid())) {
        message = pending_error_take();
        api = open_resolver();
        pending_error_put_back(message);
        atomic_store_explicit(&resolver, api, memory_order_release);
        atomic_store_explicit(&opening, -1, memory_order_release);
    } else {
        api = wait_for_other();
    }
    pthread_setcancelstate(cancel_state, NULL);
    return api;
}

const struct hook_api *resolver_get(void)
{
    const struct hook_api *api = atomic_load_explicit(&resolver, memory_order_acquire);
    int saved = errno;

    if (api || atomic_load_explicit(&opening, memory_order_acquire) == -1)
        return api ? api : atomic_load_explicit(&resolver, memory_order_acquire);
    api = open_or_wait();
    errno = saved;
    return api;
}
