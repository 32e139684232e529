/* fuzz_json_secret - lib/format/json_secret.c: what is found is text inside the file's size, and
   cJSON agrees that the file is an object. */
#include "foreign/deps.h"
#include "format/json_secret.h"
#include "fuzz.h"

#include <string.h>

/* Whatever our strict scanner accepts, the lax parser must accept too, but for half surrogate
   pairs and what lies deeper than its own limit. */
static void compare_with_cjson(const char *text, size_t size)
{
    const struct deps *deps = deps_get(NULL);
    must(deps != NULL);
    if (memmem(text, size, "\\u", 2))
        return;
    cJSON *root = deps->cJSON_ParseWithLengthOpts(text, size, NULL, 0);
    must(root && (root->type & 0xff) == cJSON_Object);
    deps->cJSON_Delete(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    AUTO_SECRET secret = NULL;
    unsigned line = 0;
    synauth_error error = {0};
    if (size == 0)
        return 0;
    enum json_secret_state state =
        json_secret_get(text, size, "token", "f", &secret, &line, &error);
    must((state == JSON_SECRET_FOUND) == (secret != NULL));
    must((state == JSON_SECRET_BAD) == (error.code != SYNAUTH_OK));
    if (state == JSON_SECRET_BAD) {
        must(error.line > 0);
        return 0;
    }
    if (secret) {
        must(line > 0 && secret_length(secret) < size);
        must(!memchr(secret_bytes(secret), '\0', secret_length(secret)));
    }
    compare_with_cjson(text, size);
    return 0;
}
