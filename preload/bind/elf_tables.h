/* elf_tables - one shared object as its ELF tables in memory say it: without a call, so that it
   works while a sanitizer or an allocator is still starting. */
#ifndef SYNAUTH_ELF_TABLES_H
#define SYNAUTH_ELF_TABLES_H

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

/* From what the loader says of the object, or (base and dynamic being set) from its dynamic
   section alone, without a call. */
void object_from_info(const struct dl_phdr_info *info, struct object *ret);
void object_read_dynamic(struct object *object);

bool object_holds(const struct object *object, ElfW(Addr) address);
/* Bounds of the object in memory. */
void object_bounds(const struct object *object, ElfW(Addr) * ret_low, ElfW(Addr) * ret_high);
/* Would a DT_NEEDED of that name mean this object? */
bool object_is_called(const struct object *object, const char *name);
/* Last component of the object's file name, or its soname. */
const char *object_base_name(const struct object *object);

#endif
