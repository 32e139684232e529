/* base64 - base64 text by nettle: both alphabets, with or without padding. */
#include "format/base64.h"

#include "base/ascii.h"
#include "foreign/deps.h"

#include <stdbool.h>
#include <stdint.h>

/* nettle passes over it. */
static bool holds_space(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (ascii_is_space(text[i]))
            return true;
    return false;
}

struct secret *base64_decode(const char *text, size_t length, enum base64_alphabet alphabet)
{
    struct base64_decode_ctx context;
    const struct deps *deps = deps_get(NULL);
    while (length > 0 && text[length - 1] == '=')
        length--;
    if (!deps || length % 4 == 1 || holds_space(text, length))
        return NULL;
    size_t size = length * 3 / 4;
    AUTO_SECRET decoded = secret_alloc(BASE64_DECODE_LENGTH(length));
    if (!decoded)
        return NULL;
    if (alphabet == BASE64_URL)
        deps->nettle_base64url_decode_init(&context);
    else
        deps->nettle_base64_decode_init(&context);
    /* Not finished: what is left over of the last letter is nobody's. */
    size_t done = 0;
    uint8_t *to = (uint8_t *)secret_buffer(decoded);
    if (!deps->nettle_base64_decode_update(&context, &done, to, length, text) || done != size)
        return NULL;
    return secret_slice(decoded, 0, size);
}
