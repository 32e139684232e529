/* symbols - what an object defines and what it refers to, judged as the loader judges it. */
#include "bind/symbols.h"
#include "bind/next.h"
#include <elf.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#define OLD_VERSION 0x8000u /* "hidden" in the ELF tables: for programs linked long ago */
#define FIRST_VERSION 2u    /* the oldest one that an object defines */

/* A walk over an object's symbols of one name: by its hash table where it has DT_GNU_HASH, as the
   loader does, else over all of them. */
struct symbol_walk {
    const struct object *object;
    const char *name;
    uint32_t hash;
    size_t next; /* 0: at the end */
};

static uint32_t gnu_hash(const char *name)
{
    uint32_t hash = 5381;

    for (; *name; name++)
        hash = hash * 33 + (unsigned char)*name;
    return hash;
}

static const uint32_t *hash_buckets(const uint32_t *table)
{
    return table + 4 + table[2] * (sizeof(ElfW(Addr)) / sizeof(uint32_t));
}

static struct symbol_walk walk_begin(const struct object *object, const char *name)
{
    struct symbol_walk walk = {.object = object, .name = name, .next = 1};
    const uint32_t *table = object->gnu_hash;

    if (!object->symbols || !object->strings || object->symbol_count < 2) {
        walk.next = 0;
    } else if (table && table[0]) {
        walk.hash = gnu_hash(name);
        walk.next = hash_buckets(table)[walk.hash % table[0]];
        if (walk.next < table[1])
            walk.next = 0;
    }
    return walk;
}

static bool is_last_of_chain(const struct symbol_walk *walk, size_t index, bool *ret_same_hash)
{
    const uint32_t *table = walk->object->gnu_hash;
    uint32_t entry;

    *ret_same_hash = true;
    if (!table || !table[0])
        return index + 1 >= walk->object->symbol_count;
    entry = (hash_buckets(table) + table[0])[index - table[1]];
    *ret_same_hash = (entry | 1) == (walk->hash | 1);
    return entry & 1;
}

/* The next definition of that name; NULL at the end. */
static const ElfW(Sym) * walk_next(struct symbol_walk *walk)
{
    while (walk->next) {
        size_t index = walk->next;
        const ElfW(Sym) *symbol = &walk->object->symbols[index];
        bool same_hash;
        walk->next = is_last_of_chain(walk, index, &same_hash) ? 0 : index + 1;
        if (same_hash && symbol->st_shndx != SHN_UNDEF &&
            strcmp(walk->object->strings + symbol->st_name, walk->name) == 0)
            return symbol;
    }
    return NULL;
}

static const ElfW(Sym) * find_definition(const struct object *object, const char *name)
{
    struct symbol_walk walk = walk_begin(object, name);
    return walk_next(&walk);
}

static const ElfW(Sym) * find_reference(const struct object *object, const char *name)
{
    for (size_t i = 1; object->symbols && object->strings && i < object->symbol_count; i++)
        if (object->symbols[i].st_shndx == SHN_UNDEF &&
            strcmp(object->strings + object->symbols[i].st_name, name) == 0)
            return &object->symbols[i];
    return NULL;
}

static unsigned version_bits(const struct object *object, const ElfW(Sym) * symbol)
{
    return object->versions ? object->versions[symbol - object->symbols] : 0;
}

static const char *defined_version(const struct object *object, unsigned index)
{
    const ElfW(Verdef) *entry = object->defined_versions;

    while (entry) {
        if (entry->vd_ndx == index) {
            const ElfW(Verdaux) *text = (const void *)((const char *)entry + entry->vd_aux);
            return entry->vd_flags & VER_FLG_BASE ? NULL : object->strings + text->vda_name;
        }
        entry = entry->vd_next ? (const void *)((const char *)entry + entry->vd_next) : NULL;
    }
    return NULL;
}

static const char *needed_version(const struct object *object, unsigned index, bool *ret_hidden)
{
    const ElfW(Verneed) *entry = object->needed_versions;

    while (entry) {
        const ElfW(Vernaux) *text = (const void *)((const char *)entry + entry->vn_aux);
        for (size_t i = 0; i < entry->vn_cnt; i++) {
            *ret_hidden = text->vna_other & OLD_VERSION;
            if ((text->vna_other & ~OLD_VERSION) == index)
                return object->strings + text->vna_name;
            text = (const void *)((const char *)text + text->vna_next);
        }
        entry = entry->vn_next ? (const void *)((const char *)entry + entry->vn_next) : NULL;
    }
    return NULL;
}

static const char *version_of(const struct object *object, const ElfW(Sym) * symbol,
                              bool *ret_hidden)
{
    unsigned index = version_bits(object, symbol) & ~OLD_VERSION;

    *ret_hidden = false;
    if (index <= VER_NDX_GLOBAL)
        return NULL;
    return symbol->st_shndx == SHN_UNDEF ? needed_version(object, index, ret_hidden)
                                         : defined_version(object, index);
}

struct reference symbols_reference(const struct object *object, const char *name)
{
    struct reference reference = {.name = name};
    const ElfW(Sym) *symbol = object ? find_reference(object, name) : NULL;

    if (object && !symbol) /* what it defines itself may be bound to another's all the same */
        symbol = find_definition(object, name);
    if (symbol) {
        reference.version = version_of(object, symbol, &reference.hidden);
        reference.exists = true;
    }
    return reference;
}

/* Found out once; the loader's own libc does not change. */
static bool loader_knows_versions(void)
{
    static _Atomic int known; /* 1: yes, 2: no */
    int answer = atomic_load_explicit(&known, memory_order_relaxed);

    if (!answer) {
        answer = next_definition("gnu_get_libc_version") ? 1 : 2;
        atomic_store_explicit(&known, answer, memory_order_relaxed);
    }
    return answer == 1;
}

static bool can_be_bound(const ElfW(Sym) * symbol)
{
    unsigned type = ELF64_ST_TYPE(symbol->st_info), binding = ELF64_ST_BIND(symbol->st_info);
    unsigned visibility = ELF64_ST_VISIBILITY(symbol->st_other);

    return (symbol->st_value != 0 || symbol->st_shndx == SHN_ABS) &&
           (type == STT_NOTYPE || type == STT_OBJECT || type == STT_FUNC) &&
           (binding == STB_GLOBAL || binding == STB_WEAK || binding == STB_GNU_UNIQUE) &&
           visibility != STV_HIDDEN && visibility != STV_INTERNAL;
}

static bool version_fits(const struct object *object, const ElfW(Sym) * symbol,
                         const struct reference *reference)
{
    bool unused;
    const char *has = version_of(object, symbol, &unused);

    if (has && strcmp(has, reference->version) == 0)
        return true;
    return !has && !reference->hidden && !(version_bits(object, symbol) & OLD_VERSION);
}

/* Without a version: what has none or the oldest one; else the only one that is no old one. */
static const ElfW(Sym) * any_version(struct symbol_walk *walk)
{
    const ElfW(Sym) * symbol, *found = NULL;
    size_t count = 0;

    while ((symbol = walk_next(walk)) != NULL) {
        unsigned bits = version_bits(walk->object, symbol);
        if (!can_be_bound(symbol))
            continue;
        if ((bits & ~OLD_VERSION) <= FIRST_VERSION)
            return symbol;
        if (!(bits & OLD_VERSION) && count++ == 0)
            found = symbol;
    }
    return count == 1 ? found : NULL;
}

static const ElfW(Sym) * no_old_version(struct symbol_walk *walk)
{
    const ElfW(Sym) * symbol;

    while ((symbol = walk_next(walk)) != NULL)
        if (can_be_bound(symbol) && !(version_bits(walk->object, symbol) & OLD_VERSION))
            return symbol;
    return NULL;
}

static const ElfW(Sym) *
    fitting_version(struct symbol_walk *walk, const struct reference *reference)
{
    const ElfW(Sym) * symbol;

    while ((symbol = walk_next(walk)) != NULL)
        if (can_be_bound(symbol) &&
            (!walk->object->versions || version_fits(walk->object, symbol, reference)))
            return symbol;
    return NULL;
}

void *symbols_bound(const struct object *object, const struct reference *reference)
{
    struct symbol_walk walk = walk_begin(object, reference->name);
    const ElfW(Sym) * symbol;

    if (!walk.next)
        return NULL;
    if (!loader_knows_versions())
        symbol = no_old_version(&walk);
    else
        symbol = reference->version ? fitting_version(&walk, reference) : any_version(&walk);
    return symbol ? (void *)(object->base + symbol->st_value) : NULL;
}

void *object_symbol(const struct object *object, const char *name)
{
    const ElfW(Sym) *symbol = find_definition(object, name);
    return symbol ? (void *)(object->base + symbol->st_value) : NULL;
}

const char *object_symbol_version(const struct object *object, const char *name)
{
    const ElfW(Sym) *symbol = find_definition(object, name);
    bool unused;
    return symbol ? version_of(object, symbol, &unused) : NULL;
}

const char *object_reference_version(const struct object *object, const char *name)
{
    const ElfW(Sym) *symbol = find_reference(object, name);
    bool unused;
    return symbol ? version_of(object, symbol, &unused) : NULL;
}
