/* arena - memory that is taken piece by piece and given back at once: the strings of a
   configuration. Not for secrets. */
#ifndef SYNAUTH_ARENA_H
#define SYNAUTH_ARENA_H

#include <stddef.h>

struct arena; /* opaque */

struct arena *arena_new(void);
/* NULL is fine. */
void arena_free(struct arena *arena);
/* Zeroed, aligned for any type; NULL when memory runs out. */
void *arena_alloc(struct arena *arena, size_t size);
char *arena_strdup(struct arena *arena, const char *text);

#endif
