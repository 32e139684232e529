/* capture_host - a program that exports functions of the names that the resolver takes from its
   libraries, and opens the resolver's objects as a plugin: `capture_host MODULE [SYMBOL]`. Fails
   unless the functions are bound, or SYMBOL is named as captured. Its own must never run. */
#include "synauth.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name)                                              \
    __attribute__((visibility("default"))) void name(void);       \
    void name(void)                                               \
    {                                                             \
        fprintf(stderr, "the host's own %s was called\n", #name); \
        abort();                                                  \
    }

#ifdef HOST_EXPORTS_CJSON_PARSE
EXPORT(cJSON_Parse)
EXPORT(cJSON_ParseWithLengthOpts)
#endif
#ifdef HOST_EXPORTS_CJSON_DELETE
EXPORT(cJSON_Delete)
#endif
#ifdef HOST_EXPORTS_CONFIG_INIT
EXPORT(config_init)
#endif
#ifdef HOST_EXPORTS_CONFIG_WRITE
EXPORT(config_write)
EXPORT(config_lookup)
EXPORT(config_read_string)
#endif
#ifdef HOST_EXPORTS_NETTLE
EXPORT(nettle_sha256_init)
EXPORT(nettle_md5_init)
#endif

int main(int argc, char **argv)
{
    synauth_error error = {0};
    int (*probe)(synauth_error *);
    void *module = argc > 1 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    void *address = module ? dlsym(module, "deps_probe") : NULL;
    if (!address) {
        fprintf(stderr, "usage: capture_host MODULE [SYMBOL]\n");
        return 2;
    }
    memcpy(&probe, &address, sizeof probe);
    int first = probe(&error), second = probe(&error);
    fprintf(stderr, "%d %s\n", first, error.text);
    if (first != second)
        return 1;
    if (argc < 3)
        return first == SYNAUTH_OK ? 0 : 1;
    return first == SYNAUTH_E_CAPTURED && strstr(error.text, argv[2]) ? 0 : 1;
}
