/* deps_probe - the resolver's objects as a module, with one way to ask whether its functions are
   bound: what a host program that exports the same names opens. */
#include "deps.h"

#include <string.h>

__attribute__((visibility("default"))) int deps_probe(synauth_error *error);

/* Reads a configuration and decodes JSON strings with the bound functions, as the resolver does. */
int deps_probe(synauth_error *error)
{
    const struct deps *deps = deps_get(error);
    if (!deps)
        return error->code;
    config_t config;
    deps->config_init(&config);
    int read = deps->config_read_string(&config, "rules = ( { a = \"b\"; } );\n");
    deps->config_destroy(&config);
    static const char *const texts[] = {"\"abc\"", "\"a\\u0062c\\/\""};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        deps->cJSON_Delete(
            deps->cJSON_ParseWithLengthOpts(texts[i], strlen(texts[i]) + 1, NULL, 1));
    struct sha256_ctx hash;
    uint8_t digest[SHA256_DIGEST_SIZE];
    deps->nettle_sha256_init(&hash);
    deps->nettle_sha256_update(&hash, 3, (const uint8_t *)"abc");
    deps->nettle_sha256_digest(&hash, sizeof digest, digest);
    return read == CONFIG_TRUE && digest[0] == 0xba && digest[1] == 0x78 ? 0 : -1;
}
