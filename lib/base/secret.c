/* secret - reference-counted blocks for tokens and the files that hold them, wiped at the end. */
#include "base/secret.h"

#include "base/secret_room.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct secret {
    atomic_size_t references;
    size_t length;
    char bytes[];
};

struct secret *secret_alloc(size_t length)
{
    if (length > SIZE_MAX - sizeof(struct secret) - 1)
        return NULL;
    size_t size = sizeof(struct secret) + length + 1;
    struct secret *secret = secret_room_take(size);
    if (!secret)
        secret = calloc(1, size);
    if (!secret)
        return NULL;
    atomic_init(&secret->references, 1);
    secret->length = length;
    return secret;
}

struct secret *secret_new(const void *bytes, size_t length)
{
    struct secret *secret = secret_alloc(length);
    if (secret && length > 0)
        memcpy(secret->bytes, bytes, length);
    return secret;
}

struct secret *secret_join(const char *prefix, const struct secret *value)
{
    size_t prefix_length = strlen(prefix);
    size_t value_length = secret_length(value);
    if (value_length > SIZE_MAX - prefix_length)
        return NULL;
    struct secret *joined = secret_alloc(prefix_length + value_length);
    if (!joined)
        return NULL;
    memcpy(joined->bytes, prefix, prefix_length);
    if (value_length > 0)
        memcpy(joined->bytes + prefix_length, value->bytes, value_length);
    return joined;
}

char *secret_buffer(struct secret *secret)
{
    return secret->bytes;
}

struct secret *secret_slice(const struct secret *secret, size_t offset, size_t length)
{
    if (!secret || offset > secret->length || length > secret->length - offset)
        return NULL;
    return secret_new(secret->bytes + offset, length);
}

struct secret *secret_ref(struct secret *secret)
{
    if (secret)
        atomic_fetch_add_explicit(&secret->references, 1, memory_order_relaxed);
    return secret;
}

void secret_unref(struct secret *secret)
{
    if (!secret)
        return;
    /* Release, so that no other thread's reading is moved behind its own unref; acquire for the
       last one, so that the wiping comes after all of them. */
    if (atomic_fetch_sub_explicit(&secret->references, 1, memory_order_acq_rel) != 1)
        return;
    explicit_bzero(secret->bytes, secret->length);
    if (!secret_room_give_back(secret))
        free(secret);
}

const char *secret_bytes(const struct secret *secret)
{
    return secret ? secret->bytes : NULL;
}

size_t secret_length(const struct secret *secret)
{
    return secret ? secret->length : 0;
}

void secret_cleanup(struct secret **secret)
{
    secret_unref(*secret);
    *secret = NULL;
}
