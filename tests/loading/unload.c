/* unload - threads that open libcurls, use them and close them, while others open plugins that
   bring one, and one forks. The libcurls are stand-ins that print what they would send; at the end,
   the number of requests. Usage: unload REQUESTS_OF_A_THREAD PLUGIN LIBCURL... */
#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef RTLD_DEEPBIND
#define RTLD_DEEPBIND 0
#endif

enum { USERS = 3, PLUGIN_USERS = 2 };
static const char url[] = "https://configured.test/unload";
static char **libraries;
static int library_count;
static const char *plugin;
static size_t rounds;
static _Atomic int running = USERS + PLUGIN_USERS;
static _Atomic unsigned long requests;

static void fail(const char *what)
{
    fprintf(stderr, "failed: %s\n", what);
    _exit(1);
}

static void *open_object(const char *path, int flags)
{
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL | flags);
    if (!object)
        fail(dlerror());
    return object;
}

static void find(void *object, const char *name, void *ret)
{
    void *address = dlsym(object, name);
    if (!address)
        fail(name);
    memcpy(ret, &address, sizeof(address));
}

static void use(void *library, int fetch)
{
    CURL *(*init)(void);
    CURLcode (*set)(CURL *, CURLoption, ...), (*perform)(CURL *);
    void (*cleanup)(CURL *);
    CURL *curl;

    find(library, "curl_easy_init", &init);
    find(library, "curl_easy_setopt", &set);
    find(library, "curl_easy_perform", &perform);
    find(library, "curl_easy_cleanup", &cleanup);
    curl = init();
    set(curl, CURLOPT_URL, url);
    if (fetch && perform(curl) != CURLE_OK)
        fail("curl_easy_perform");
    cleanup(curl);
    if (fetch)
        atomic_fetch_add(&requests, 1);
}

static void *use_libraries(void *number)
{
    for (size_t i = 0; i < rounds; i++) {
        void *library = open_object(libraries[((size_t)number + i) % (size_t)library_count], 0);
        use(library, 1);
        dlclose(library);
    }
    atomic_fetch_sub(&running, 1);
    return NULL;
}

static void *use_plugins(void *unused)
{
    int (*fetch)(const char *, const char *);

    (void)unused;
    for (size_t i = 0; i < rounds; i++) {
        void *object = open_object(plugin, 0), *again = open_object(plugin, RTLD_DEEPBIND);
        find(object, "plugin_fetch", &fetch);
        if (fetch("", url) != 0)
            fail("plugin_fetch");
        atomic_fetch_add(&requests, 1);
        dlclose(again);
        dlclose(object);
    }
    atomic_fetch_sub(&running, 1);
    return NULL;
}

/* Nothing is opened in the child: the loader itself may have been in the middle of something. */
static void fork_and_use(void *library)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        alarm(10);
        use(library, 0);
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        fail("the forked child");
}

int main(int argc, char **argv)
{
    pthread_t threads[USERS + PLUGIN_USERS];
    void *kept;

    if (argc < 4)
        return 2;
    rounds = (size_t)strtol(argv[1], NULL, 10);
    plugin = argv[2];
    libraries = argv + 3;
    library_count = argc - 3;
    kept = open_object(libraries[0], 0);
    libraries++;
    library_count--;
    use(kept, 1);
    for (size_t i = 0; i < USERS + PLUGIN_USERS; i++)
        if (pthread_create(&threads[i], NULL, i < USERS ? use_libraries : use_plugins, (void *)i))
            fail("pthread_create");
    while (atomic_load(&running))
        fork_and_use(kept);
    for (size_t i = 0; i < USERS + PLUGIN_USERS; i++)
        pthread_join(threads[i], NULL);
    fflush(stdout);
    fprintf(stderr, "%lu requests\n", atomic_load(&requests));
    return 0;
}
