/* pending_error - what dlerror still has to tell the program while we open the resolver.

   Each call of the loader drops the message of the last one, and none can be set; but the failure
   can be repeated: a library that is not there (dlopen), a name that the program's scope does not
   have (dlsym). Other messages are lost. */
#include "pending_error.h"
#include "next.h"
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static const char no_file[] = ": cannot open shared object file: No such file or directory";
static const char no_symbol[] = ": undefined symbol: ";

struct loader {
    char *(*error)(void);
    void *(*open)(const char *, int);
    void *(*symbol)(void *, const char *);
};

static struct loader loader_functions(void)
{
    struct loader loader;
    void *address = next_definition("dlerror");

    memcpy(&loader.error, &address, sizeof(address));
    address = next_definition("dlopen");
    memcpy(&loader.open, &address, sizeof(address));
    address = next_definition("dlsym");
    memcpy(&loader.symbol, &address, sizeof(address));
    return loader;
}

char *pending_error_take(void)
{
    struct loader loader = loader_functions();
    const char *message = loader.error ? loader.error() : NULL;
    return message ? strdup(message) : NULL;
}

/* RTLD_NOLOAD: should the file be there by now, nothing of it is loaded. */
static void repeat_open(const struct loader *loader, char *message, size_t name_length)
{
    message[name_length] = '\0';
    (void)loader->open(message, RTLD_LAZY | RTLD_NOLOAD);
    message[name_length] = no_file[0];
}

/* The program's own handle needs no dlclose, which would drop the message. */
static void repeat_look_up(const struct loader *loader, const char *name)
{
    void *program = loader->open(NULL, RTLD_LAZY);
    if (program)
        (void)loader->symbol(program, name);
}

static void repeat(const struct loader *loader, char *message)
{
    size_t length = strlen(message), tail = sizeof(no_file) - 1;
    const char *name = strstr(message, no_symbol);

    if (length > tail && strcmp(message + length - tail, no_file) == 0)
        repeat_open(loader, message, length - tail);
    else if (name)
        repeat_look_up(loader, name + sizeof(no_symbol) - 1);
}

void pending_error_put_back(char *message)
{
    struct loader loader = loader_functions();
    const char *now;

    if (loader.error)
        (void)loader.error(); /* ours, if any */
    if (message && loader.error && loader.open && loader.symbol) {
        repeat(&loader, message);
        now = loader.error();
        if (now && strcmp(now, message) == 0)
            repeat(&loader, message); /* it has just been taken */
    }
    free(message);
}
