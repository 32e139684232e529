/* fuzz_redact - service/redact.c: JSON stays JSON, and a secret is gone from its strings. The input
   is the secret's length in a byte, the secret, the text. */
#include "base/ascii.h"
#include "format/json_scan.h"
#include "fuzz.h"
#include "redact.h"

#include <stdlib.h>
#include <string.h>

static bool is_json(const char *text, size_t length)
{
    struct json_scan scan;
    enum json_event event;
    json_scan_begin(&scan, text, length);
    do
        event = json_scan_next(&scan);
    while (event != JSON_END && event != JSON_ERROR);
    return event == JSON_END;
}

/* One that neither the mark nor what stands beside it can make up. */
static bool is_telling(const struct secret *secret)
{
    bool letters = false;
    for (size_t i = 0; i < secret_length(secret); i++) {
        char c = secret_bytes(secret)[i];
        if (!ascii_is_alnum(c))
            return false;
        letters = letters || ascii_is_alpha(c);
    }
    return letters && secret_length(secret) > sizeof REDACTED;
}

static void check_json(const char *text, size_t length, struct secret *const *secrets)
{
    AUTO_SECRET json = secret_new(text, length);
    AUTO_SECRET plain = json ? redact_json(json, secrets) : NULL;
    must(plain && is_json(secret_bytes(plain), secret_length(plain)));
    if (is_telling(secrets[0]))
        must(!strstr(secret_bytes(plain), secret_bytes(secrets[0])));
}

static void check_text(const char *text, size_t length, struct secret *const *secrets)
{
    char *copy = strndup(text, length);
    char *plain = redact_text(copy, secrets);
    must(copy && plain);
    if (is_telling(secrets[0]))
        must(!strstr(plain, secret_bytes(secrets[0])));
    free(copy);
    free(plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data + 1;
    size_t length = size > 0 ? data[0] % 64 : 0;
    if (length == 0 || size < 1 + length || memchr(text, 0, size - 1))
        return 0;
    struct secret *secrets[] = {secret_new(text, length), NULL};
    must(secrets[0] != NULL);
    check_text(text + length, size - 1 - length, secrets);
    if (is_json(text + length, size - 1 - length))
        check_json(text + length, size - 1 - length, secrets);
    secret_unref(secrets[0]);
    return 0;
}
