/* ini_store - what an ini file holds: sections and keys by name. Internal to ini. */
#ifndef SYNAUTH_INI_STORE_H
#define SYNAUTH_INI_STORE_H

#include "format/ini.h"

#define INI_DEFAULT ((size_t)0) /* the node of [DEFAULT], always there */
#define INI_ROOT ((size_t)-1)   /* the parent of sections */
#define INI_NONE ((size_t)-2)   /* no such node */

/* A section (parent INI_ROOT, no value) or a key (parent: its section). The name may hold any
   byte, a mispasted token too: it is wiped like the value. */
struct ini_node {
    size_t parent;
    struct secret *name;
    struct secret *value;
    unsigned line;
};

struct ini {
    struct ini_node *nodes;
    size_t count;
    size_t capacity;
    size_t *slots; /* hash of (parent, name) -> node + 1; a power of two of them, 0 = free */
    size_t slot_count;
};

/* With [DEFAULT] in it; NULL when memory runs out. */
struct ini *ini_new(void);
size_t ini_find(const struct ini *ini, size_t parent, const char *name, size_t length);
/* Takes over `name` in any case. INI_NONE when memory runs out. The name must be new. */
size_t ini_add(struct ini *ini, size_t parent, struct secret *name, unsigned line);
/* Has `whole` all that `part` says, with the same values, but for one key? In one pass. */
bool ini_includes(const struct ini *whole, const struct ini *part, const char *section,
                  const char *key);

#endif
