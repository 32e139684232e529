/* clashes - would objects that are opened with RTLD_DEEPBIND mean others without that flag? */
#include "bind/clashes.h"
#include "bind/objects.h"
#include "loader/elf_symbols.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX 32u
#define FILTER_BITS 65536u
#define NOBODY 0u
#define LIBC 1u
#define FIRST_OWNER 2u /* of the first object in load order */

/* A name that the files refer to. */
struct symbol_name {
    const char *text; /* NULL: a free place */
    size_t owner;
    bool ours; /* a file defines it */
    bool clash;
};

struct clash_search {
    struct elf_symbols files[FILES_MAX];
    size_t file_count;
    struct symbol_name *names; /* a hash table, never full */
    size_t mask;
    unsigned char likely[FILTER_BITS / 8]; /* a bit for each hash that a name has */
};

/* These we stand in front of; that we do is what the flag is dropped for. */
static bool is_meant_to_change(const char *text)
{
    return strcmp(text, "dlsym") == 0 || strcmp(text, "dlopen") == 0 ||
           strcmp(text, "dlerror") == 0;
}

/* The hash of DT_GNU_HASH, whose last bit means something else there. */
static uint32_t hash_of(const char *text)
{
    uint32_t hash = 5381;

    for (; *text; text++)
        hash = hash * 33 + (unsigned char)*text;
    return hash | 1;
}

static bool is_likely(const struct clash_search *search, uint32_t hash)
{
    size_t bit = (hash | 1) % FILTER_BITS;
    return search->likely[bit / 8] >> bit % 8 & 1;
}

static struct symbol_name *place_of(const struct clash_search *search, const char *text)
{
    for (size_t i = hash_of(text) >> 1 & search->mask;; i = (i + 1) & search->mask)
        if (!search->names[i].text || strcmp(search->names[i].text, text) == 0)
            return &search->names[i];
}

static bool make_names(struct clash_search *search)
{
    size_t count = 0, room = 64;

    for (size_t i = 0; i < search->file_count; i++)
        count += search->files[i].count;
    while (room < 2 * count)
        room *= 2;
    search->mask = room - 1;
    search->names = calloc(room, sizeof(search->names[0]));
    return search->names != NULL;
}

static void add_references(struct clash_search *search, const struct elf_symbols *file)
{
    for (size_t i = 1; i < file->count; i++) {
        const char *text = elf_symbols_name(file, i);
        size_t bit = hash_of(text) % FILTER_BITS;
        if (!file->referred[i] || !*text || is_meant_to_change(text))
            continue;
        place_of(search, text)->text = text;
        search->likely[bit / 8] |= (unsigned char)(1u << bit % 8);
    }
}

static bool is_offered(const ElfW(Sym) * symbol)
{
    unsigned binding = symbol->st_info >> 4;
    return symbol->st_shndx != SHN_UNDEF && binding != STB_LOCAL;
}

/* Among the files themselves the first one wins with the flag and without. */
static void add_definitions(struct clash_search *search, const struct elf_symbols *file)
{
    for (size_t i = 1; i < file->count; i++) {
        struct symbol_name *name = place_of(search, elf_symbols_name(file, i));
        if (is_offered(&file->items[i]) && name->text)
            name->ours = true;
    }
}

static bool begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_of_libc(const char *base_name)
{
    static const char *const parts[] = {"libc.", "libpthread.", "libdl.", "librt.",
                                        "libm.", "ld-linux",    "ld64.",  "ld-musl"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (begins_with(base_name, parts[i]))
            return true;
    return false;
}

/* A variable of libc's that a program uses lies in the program. */
static size_t owner_of(const struct object_list *list, size_t index, const ElfW(Sym) * symbol)
{
    if (is_of_libc(object_base_name(&list->items[index])) ||
        (index == 0 && (symbol->st_info & 0xf) == STT_OBJECT))
        return LIBC;
    return FIRST_OWNER + index;
}

static void see(struct symbol_name *name, size_t owner)
{
    if (name->ours || (name->owner != NOBODY && name->owner != owner))
        name->clash = true;
    name->owner = owner;
}

static bool is_in_no_scope(const struct object *object)
{
    const char *name = object_base_name(object);
    return begins_with(name, "linux-") ||            /* the kernel's */
           begins_with(name, "libsynauth_preload."); /* whose names are meant to come first */
}

static void see_symbol(const struct clash_search *search, const struct object_list *list,
                       size_t index, const ElfW(Sym) * symbol)
{
    struct symbol_name *name =
        is_offered(symbol) ? place_of(search, list->items[index].strings + symbol->st_name) : NULL;
    if (name && name->text)
        see(name, owner_of(list, index, symbol));
}

/* Nearly all symbols are passed over by the hash that the object has for them. */
static void see_object(const struct clash_search *search, const struct object_list *list,
                       size_t index)
{
    const struct object *object = &list->items[index];
    const uint32_t *table = object->gnu_hash, *hashes = NULL;
    size_t first = 1;

    if (table) {
        hashes = table + 4 + table[2] * (sizeof(ElfW(Addr)) / sizeof(*table)) + table[0];
        first = table[1];
    }
    for (size_t at = first; at < object->symbol_count; at++)
        if (!hashes || is_likely(search, hashes[at - first]))
            see_symbol(search, list, index, &object->symbols[at]);
}

static void see_objects(const struct object_list *list, void *data)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].symbols && list->items[i].strings && !is_in_no_scope(&list->items[i]))
            see_object(data, list, i);
}

static bool search_names(struct clash_search *search, const char *const *paths, size_t count,
                         char *ret_name)
{
    if (count > FILES_MAX)
        return true;
    for (size_t i = 0; i < count; i++, search->file_count++)
        if (!elf_symbols_read(paths[i], &search->files[i]))
            return true;
    if (!make_names(search))
        return true;
    for (size_t i = 0; i < count; i++)
        add_references(search, &search->files[i]);
    for (size_t i = 0; i < count; i++)
        add_definitions(search, &search->files[i]);
    if (!objects_read(see_objects, search))
        return true;
    for (size_t i = 0; i <= search->mask; i++)
        if (search->names[i].text && search->names[i].clash) {
            strncpy(ret_name, search->names[i].text, CLASH_NAME_MAX - 1);
            return true;
        }
    return false;
}

bool clashes_find(const char *const *paths, size_t count, char *ret_name)
{
    struct clash_search *search = calloc(1, sizeof(*search));
    bool found;

    memset(ret_name, 0, CLASH_NAME_MAX);
    if (!search)
        return true;
    found = search_names(search, paths, count, ret_name);
    for (size_t i = 0; i < FILES_MAX; i++)
        elf_symbols_free(&search->files[i]);
    free(search->names);
    free(search);
    return found;
}
