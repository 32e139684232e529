/* pending_error - what dlerror still has to tell the program while we open the resolver.

   Each call of the loader drops the message of the last one, and none can be set. So the loader is
   asked for a library that is named like the lost message: its complaint has the message inside,
   and our dlerror cuts it out. libc drops that complaint when it would have dropped the message. */
#include "bind/pending_error.h"
#include "bind/next.h"
#include "ground/before_sanitizers.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef char *error_function(void);
typedef void *open_function(const char *, int);

static char *_Atomic put_back; /* set until its thread asks dlerror */
static pthread_t owner;

BEFORE_SANITIZERS static error_function *next_dlerror(void)
{
    static void *_Atomic next;
    return (error_function *)(uintptr_t)next_cached(&next, "dlerror");
}

static char *inner_message(char *complaint)
{
    char *message = atomic_load(&put_back);
    char *inside = complaint ? strstr(complaint, message) : NULL;

    if (inside)
        inside[strlen(message)] = '\0'; /* the caller's to write, by dlerror's prototype */
    atomic_store(&put_back, NULL);
    free(message);
    return inside ? inside : complaint;
}

/* The first calls of a process come from the runtimes of sanitizers. */
__attribute__((visibility("default"))) BEFORE_SANITIZERS char *dlerror(void)
{
    error_function *next = next_dlerror();
    char *message = next ? next() : NULL;

    if (!atomic_load_explicit(&put_back, memory_order_acquire) ||
        !pthread_equal(owner, pthread_self()))
        return message;
    return inner_message(message);
}

char *pending_error_take(void)
{
    error_function *next = next_dlerror();
    const char *message = next ? next() : NULL;
    return message ? strdup(message) : NULL;
}

/* RTLD_NOLOAD: should there be such a file, nothing of it is loaded. */
void pending_error_put_back(char *message)
{
    error_function *next = next_dlerror();
    void *address = next_definition("dlopen");
    open_function *open_object = (open_function *)(uintptr_t)address;

    if (next)
        (void)next(); /* ours, if any */
    if (!message || !open_object) {
        free(message);
        return;
    }
    owner = pthread_self();
    atomic_store_explicit(&put_back, message, memory_order_release);
    (void)open_object(message, RTLD_LAZY | RTLD_NOLOAD);
}
