/* next - the definition that a name would have without this library: what dlsym(RTLD_NEXT) says,
   found without a call, so that it works while a sanitizer or an allocator is still starting. */
#ifndef SYNAUTH_NEXT_H
#define SYNAUTH_NEXT_H

struct link_map;

/* The loader's list of objects, NULL where it doesn't say (musl's loader as a command). */
const struct link_map *next_first_object(void);
/* The first definition of a function behind us in load order, or NULL. */
void *next_definition(const char *name);
/* The same, remembered in `cache` once it is found. */
void *next_cached(void *_Atomic *cache, const char *name);

#endif
