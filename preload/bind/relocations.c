/* relocations - what the loader has bound an object's references to, as its tables show. */
#include "bind/relocations.h"
#include <elf.h>
#include <string.h>

#if defined(__x86_64__)
enum { OF_CALL = R_X86_64_JUMP_SLOT, OF_ADDRESS = R_X86_64_GLOB_DAT };
#elif defined(__aarch64__)
enum { OF_CALL = R_AARCH64_JUMP_SLOT, OF_ADDRESS = R_AARCH64_GLOB_DAT };
#elif defined(__i386__)
enum { OF_CALL = R_386_JMP_SLOT, OF_ADDRESS = R_386_GLOB_DAT };
#else
enum { OF_CALL = -1, OF_ADDRESS = -1 }; /* no evidence there */
#endif

#ifdef __i386__
typedef ElfW(Rel) relocation;
#else
typedef ElfW(Rela) relocation;
#endif

#ifdef __LP64__
#define TYPE(info) ((int)ELF64_R_TYPE(info))
#define SYMBOL(info) ((size_t)ELF64_R_SYM(info))
#else
#define TYPE(info) ((int)ELF32_R_TYPE(info))
#define SYMBOL(info) ((size_t)ELF32_R_SYM(info))
#endif

struct relocation_table {
    const relocation *items;
    size_t count;
};

/* Calls first: both may be one table, or one inside the other. */
static void tables_of(const struct object *object, struct relocation_table ret[2])
{
    ret[0].items = object->plt_relocations;
    ret[0].count = ret[0].items ? object->plt_relocations_size / sizeof(relocation) : 0;
    ret[1].items = object->relocations;
    ret[1].count = ret[1].items ? object->relocations_size / sizeof(relocation) : 0;
}

/* The name that a slot is for, or NULL when it is no slot. */
static const char *name_of(const struct object *object, const relocation *item)
{
    size_t symbol = SYMBOL(item->r_info);
    int type = TYPE(item->r_info);

    if ((type != OF_CALL && type != OF_ADDRESS) || !symbol || symbol >= object->symbol_count)
        return NULL;
    return object->strings + object->symbols[symbol].st_name;
}

static const void *content_of(const struct object *object, const relocation *item)
{
    const void *content;

    memcpy(&content, (const void *)(object->base + item->r_offset), sizeof(content));
    return content;
}

static bool has_tables(const struct object *object)
{
    return object->symbols && object->strings;
}

void relocations_each(const struct object *object, const char *prefix,
                      bool (*see)(const char *name, const void *address, void *data), void *data)
{
    struct relocation_table tables[2];
    size_t length = strlen(prefix);

    if (!has_tables(object))
        return;
    tables_of(object, tables);
    for (size_t t = 0; t < 2; t++)
        for (size_t i = 0; i < tables[t].count; i++) {
            const char *name = name_of(object, &tables[t].items[i]);
            if (name && strncmp(name, prefix, length) == 0 &&
                !see(name, content_of(object, &tables[t].items[i]), data))
                return;
        }
}

/* The loader writes its own address into the second entry of the table if it is to be asked at the
   first call, and leaves it alone if all was bound at once (RTLD_NOW, LD_BIND_NOW). */
static bool is_bound_late(const struct object *object)
{
    const void *const *table = object->got;

    return table && !object->bound_at_once && table[1];
}

bool relocations_are_late(const struct object *object, const char *name)
{
    struct relocation_table tables[2];
    bool late = false;

    if (!has_tables(object) || !is_bound_late(object))
        return false;
    tables_of(object, tables);
    for (size_t t = 0; t < 2; t++)
        for (size_t i = 0; i < tables[t].count; i++) {
            const char *is = name_of(object, &tables[t].items[i]);
            if (!is || strcmp(is, name) != 0)
                continue;
            if (TYPE(tables[t].items[i].r_info) == OF_ADDRESS)
                return false;
            late = true;
        }
    return late;
}
