/* objects - the shared objects of this process, read from the loader's list and their ELF tables:
   without dlsym, so that neither dlerror nor other interposers notice. */
#ifndef SYNAUTH_OBJECTS_H
#define SYNAUTH_OBJECTS_H

#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct object {
    const char *name; /* as the loader knows it; "" for the main program */
    const ElfW(Phdr) * segments;
    size_t segment_count;
    ElfW(Addr) base;
    /* From the dynamic section; NULL where absent. */
    const ElfW(Dyn) * dynamic;
    const ElfW(Sym) * symbols;
    const char *strings;
    const ElfW(Half) * versions;
    const ElfW(Verneed) * needed_versions;
    const ElfW(Verdef) * defined_versions;
    const char *soname;
    size_t symbol_count;
    const uint32_t *gnu_hash;
    const void *relocations, *plt_relocations, *got;
    size_t relocations_size, plt_relocations_size; /* bytes */
    bool bound_at_once;                            /* asked for in the file itself */
    /* The loader's own entry; NULL where it doesn't say. */
    const struct link_map *map;
};

/* Every object of the process in load order: main program, preloaded ones, dependencies. */
struct object_list {
    struct object *items;
    size_t count;
    /* Room for walks over them and what these find, see scope.h. */
    size_t *queue, *order;
    bool *seen, *placed, *start;
};

/* Calls read() while nothing can be unloaded: what the list says holds until it returns. Other
   threads' dlopen, dlclose and fork wait for it, so it must not allocate, wait, or call what is not
   ours. False when memory is short; read() was not called then. Keeps errno. */
bool objects_read(void (*read)(const struct object_list *, void *), void *data);

/* One object: from what the loader says of it, or (base and dynamic being set) from its dynamic
   section alone, without a call. */
void object_from_info(const struct dl_phdr_info *info, struct object *ret);
void object_read_dynamic(struct object *object);

/* Index of the object that holds the address, or -1. */
long object_at(const struct object_list *list, const void *address);
/* Bounds of the object in memory. */
void object_bounds(const struct object *object, ElfW(Addr) * ret_low, ElfW(Addr) * ret_high);
/* Would a DT_NEEDED of that name mean this object? */
bool object_is_called(const struct object *object, const char *name);
/* Last component of the object's file name, or its soname. */
const char *object_base_name(const struct object *object);

/* A number that changes when an object is unloaded: what was learned of addresses before may no
   longer hold then. */
unsigned long long object_unload_count(void);

#endif
