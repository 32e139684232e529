/* deps_probe - the resolver's objects as a module, with one way to ask whether its functions are
   bound: what a host program that exports the same names opens. */
#include "config/config.h"
#include "foreign/deps.h"
#include "format/base64.h"
#include "format/json_object.h"
#include "format/json_tree.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__attribute__((visibility("default"))) int deps_probe(synauth_error *error);

static bool read_configuration(void)
{
    static const char text[] = "rules = ( { match = \"a.example\"; service = \"cave\"; } );\n";
    char path[] = "/tmp/synauth-probe-XXXXXX";
    int fd = mkstemp(path);
    bool written = fd >= 0 && write(fd, text, sizeof text - 1) == (ssize_t)(sizeof text - 1);
    struct config *config = written ? config_load(path) : NULL;
    bool read = config && !config->unusable && rules_count(config->rules) == 1;
    config_free(config);
    if (fd >= 0)
        close(fd);
    unlink(path);
    return read;
}

/* Reads a configuration and decodes JSON strings with the bound functions, as the resolver does. */
int deps_probe(synauth_error *error)
{
    const struct deps *deps = deps_get(error);
    if (!deps)
        return error->code;
    bool read = read_configuration();
    static const char *const texts[] = {"\"abc\"", "\"a\\u0062c\\/\""};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        deps->cJSON_Delete(
            deps->cJSON_ParseWithLengthOpts(texts[i], strlen(texts[i]) + 1, NULL, 1));
    static const char tree[] = "{\"a\":[1,{\"b\":\"\\u0000\"}],\"c\":null}";
    json_tree_free(json_tree_parse(tree, sizeof tree - 1));
    const struct json_member member = {.name = "a", .text = "b"};
    secret_unref(json_object(&member, 1));
    secret_unref(base64_decode("YWJj", 4, BASE64_URL));
    struct sha256_ctx hash;
    uint8_t digest[SHA256_DIGEST_SIZE];
    deps->nettle_sha256_init(&hash);
    deps->nettle_sha256_update(&hash, 3, (const uint8_t *)"abc");
    deps->nettle_sha256_digest(&hash, sizeof digest, digest);
    return read && digest[0] == 0xba && digest[1] == 0x78 ? 0 : -1;
}
