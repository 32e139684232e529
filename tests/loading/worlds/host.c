/* host - does what the arguments say, one after the other:
     open FILE FLAGS    dlopen; FLAGS are letters: g global, d deepbind, k nodelete, n now, l lazy
     close NUMBER       dlclose of what was opened as that number, from 0
     begin NUMBER, end NUMBER    the two halves of a plugin's calls
     own-begin, own-end          the program's own, if it has some
     look NUMBER        curl_easy_init and curl_easy_cleanup found by dlsym on that handle
     look-default, look-next, look-self    the same by RTLD_DEFAULT, RTLD_NEXT, dlopen(NULL)
   What cannot be done is said and passed over. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef RTLD_DEEPBIND /* musl binds no plugin deeply */
#define RTLD_DEEPBIND 0
#endif

#define OPENED_MAX 32
typedef void action(void);
static void *opened[OPENED_MAX];
static int opened_count;

#ifdef OWN
void caller_begin(void);
void caller_end(void);
#endif

static int flags_of(const char *letters)
{
    int flags = strchr(letters, 'n') ? RTLD_NOW : RTLD_LAZY;

    flags |= strchr(letters, 'g') ? RTLD_GLOBAL : RTLD_LOCAL;
    flags |= strchr(letters, 'd') ? RTLD_DEEPBIND : 0;
    return flags | (strchr(letters, 'k') ? RTLD_NODELETE : 0);
}

static void call(void *object, const char *name)
{
    void *address = object ? dlsym(object, name) : NULL;
    action *function;

    if (!address) {
        printf("  no %s\n", name);
        return;
    }
    memcpy(&function, &address, sizeof(function));
    function();
}

static void look(void *object)
{
    void *addresses[2] = {dlsym(object, "curl_easy_init"), dlsym(object, "curl_easy_cleanup")};
    void *(*init)(void);
    void (*cleanup)(void *);

    if (!addresses[0] || !addresses[1]) {
        printf("  none: %s\n", strchr(dlerror(), ':'));
        return;
    }
    memcpy(&init, &addresses[0], sizeof(init));
    memcpy(&cleanup, &addresses[1], sizeof(cleanup));
    cleanup(init());
    fflush(stdout);
}

static void look_for(const char *what)
{
    if (strcmp(what, "look-default") == 0)
        look(RTLD_DEFAULT);
    else
        look(strcmp(what, "look-next") == 0 ? RTLD_NEXT : dlopen(NULL, RTLD_LAZY));
}

static void own(const char *half)
{
#ifdef OWN
    if (strcmp(half, "own-begin") == 0)
        caller_begin();
    else
        caller_end();
#else
    (void)half;
#endif
}

/* Returns the number of arguments that it took. */
static int act(char **arguments)
{
    const char *what = arguments[0];
    int number;

    if (strncmp(what, "own-", 4) == 0) {
        own(what);
        return 1;
    }
    if (strncmp(what, "look-", 5) == 0) {
        look_for(what);
        return 1;
    }
    if (strcmp(what, "open") == 0) {
        opened[opened_count++] = dlopen(arguments[1], flags_of(arguments[2]));
        return 3;
    }
    number = atoi(arguments[1]);
    if (strcmp(what, "close") == 0) {
        if (opened[number])
            dlclose(opened[number]);
        opened[number] = NULL;
    } else if (strcmp(what, "look") == 0) {
        if (opened[number])
            look(opened[number]);
    } else {
        call(opened[number], strcmp(what, "begin") == 0 ? "caller_begin" : "caller_end");
    }
    return 2;
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 1; i < argc;) {
        printf("%s %s\n", argv[i], i + 1 < argc && *argv[i] != 'o' ? argv[i + 1] : "");
        i += act(argv + i);
    }
    return 0;
}
