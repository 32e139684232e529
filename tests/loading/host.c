/* host - opens plugins by bare names, which only its RUNPATH can find, and fetches URLs by them.
   Usage: host FLAGS PLUGIN[,PLUGIN...] [CA URL...]     FLAGS: local, global or deepbind */
#include "plugin.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLUGINS_MAX 8
#ifndef RTLD_DEEPBIND /* musl binds no plugin deeply */
#define RTLD_DEEPBIND 0
#endif

int whose(void)
{
    return 1;
}

static int flags_of(const char *name)
{
    if (strcmp(name, "deepbind") == 0)
        return RTLD_NOW | RTLD_GLOBAL | RTLD_DEEPBIND;
    return RTLD_NOW | (strcmp(name, "global") == 0 ? RTLD_GLOBAL : RTLD_LOCAL);
}

static void *open_plugin(const char *name, int flags)
{
    void *plugin = dlopen(name, flags);

    if (!plugin) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    return plugin;
}

/* The result of a function of the plugin that takes nothing, -1 when it has none. */
static int ask(void *plugin, const char *name)
{
    int (*function)(void);
    void *address = dlsym(plugin, name);

    memcpy(&function, &address, sizeof(function));
    return function ? function() : -1;
}

static int fetch(void *plugin, const char *ca, const char *url)
{
    int (*function)(const char *, const char *);
    void *address = dlsym(plugin, "plugin_fetch");

    if (!address)
        address = dlsym(plugin, "outer_fetch");
    memcpy(&function, &address, sizeof(function));
    return function(ca, url);
}

int main(int argc, char **argv)
{
    void *plugins[PLUGINS_MAX];
    int count = 0;

    if (argc < 3)
        return 2;
    for (char *name = strtok(argv[2], ","); name && count < PLUGINS_MAX; name = strtok(NULL, ","))
        plugins[count++] = open_plugin(name, flags_of(argv[1]));
    for (int i = 0; i < count; i++) {
        printf("whose %d default %d\n", ask(plugins[i], "plugin_whose"),
               ask(plugins[i], "default_sees_own"));
        for (int url = 4; url < argc; url++)
            printf("%d\n", fetch(plugins[i], argv[3], argv[url]));
    }
    return 0;
}
