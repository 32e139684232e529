/* secret - the one type that may hold a token: a sized, immutable, reference-counted block that
   is wiped when the last reference goes. It is never reallocated and never formatted. */
#ifndef SYNAUTH_SECRET_H
#define SYNAUTH_SECRET_H

#include <stddef.h>

struct secret; /* opaque */

/* A copy of length bytes, followed by a NUL that does not count. NULL when memory runs out. */
struct secret *secret_new(const void *bytes, size_t length);
/* prefix + value in one block, e.g. "Authorization: Bearer " and a token. */
struct secret *secret_join(const char *prefix, const struct secret *value);
/* length zeroed bytes for a reader to fill through secret_buffer before it is shared. */
struct secret *secret_alloc(size_t length);
char *secret_buffer(struct secret *secret);
/* Shortens to [offset, offset + length) of itself as a new block. */
struct secret *secret_slice(const struct secret *secret, size_t offset, size_t length);

struct secret *secret_ref(struct secret *secret);
/* Drops one reference; NULL is fine. Thread-safe. */
void secret_unref(struct secret *secret);

const char *secret_bytes(const struct secret *secret); /* NUL-terminated; NULL for NULL */
size_t secret_length(const struct secret *secret);     /* 0 for NULL */

/* For struct members of type `struct secret *` declared with this attribute. */
void secret_cleanup(struct secret **secret);
#define AUTO_SECRET __attribute__((cleanup(secret_cleanup))) struct secret *

#endif
