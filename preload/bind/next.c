/* next - the definition that a name would have without this library. */
#include "bind/next.h"
#include "bind/elf_tables.h"
#include "ground/before_sanitizers.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/auxv.h>

/* By another name, since <link.h> declares it for the whole process, not for this object. */
extern const ElfW(Dyn) own_dynamic[] __asm__("_DYNAMIC") __attribute__((visibility("hidden")));

/* Ours: strcmp belongs to the sanitizers. */
BEFORE_SANITIZERS static bool same(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

/* The loader's list of objects, by the main program's DT_DEBUG: the dl_iterate_phdr of a starting
   ThreadSanitizer would end the process. */
BEFORE_SANITIZERS const struct link_map *next_first_object(void)
{
    const ElfW(Phdr) *segment = (const void *)getauxval(AT_PHDR);
    unsigned long count = getauxval(AT_PHNUM);
    ElfW(Addr) base = 0;
    const ElfW(Dyn) *dynamic = NULL;
    bool placed = false;

    for (unsigned long i = 0; segment && i < count && !placed; i++) {
        placed = segment[i].p_type == PT_PHDR;
        if (placed)
            base = (ElfW(Addr))segment - segment[i].p_vaddr;
    }
    for (unsigned long i = 0; placed && i < count; i++)
        if (segment[i].p_type == PT_DYNAMIC)
            dynamic = (const void *)(base + segment[i].p_vaddr);
    for (; dynamic && dynamic->d_tag != DT_NULL; dynamic++)
        if (dynamic->d_tag == DT_DEBUG && dynamic->d_un.d_ptr)
            return ((const struct r_debug *)dynamic->d_un.d_ptr)->r_map;
    return NULL;
}

/* An object that has versions marks the definition that is for old programs only. */
BEFORE_SANITIZERS static void *definition_in(const struct object *object, const char *name)
{
    const ElfW(Sym) *found = NULL;

    for (size_t i = 1; object->symbols && object->strings && i < object->symbol_count; i++) {
        const ElfW(Sym) *symbol = &object->symbols[i];
        bool hidden = object->versions && (object->versions[i] & 0x8000u);
        if (symbol->st_shndx == SHN_UNDEF || ELF64_ST_BIND(symbol->st_info) == STB_LOCAL ||
            !same(object->strings + symbol->st_name, name))
            continue;
        if (!found || !hidden)
            found = symbol;
        if (!hidden)
            break;
    }
    return found ? (void *)(object->base + found->st_value) : NULL;
}

struct wanted_function {
    const char *name;
    bool behind_us;
    void *found;
};

static int look_behind_us(struct dl_phdr_info *info, size_t size, void *data)
{
    struct wanted_function *wanted = data;
    struct object object;

    (void)size;
    object_from_info(info, &object);
    if (wanted->behind_us)
        wanted->found = definition_in(&object, wanted->name);
    wanted->behind_us = wanted->behind_us || object.dynamic == own_dynamic;
    return wanted->found != NULL;
}

BEFORE_SANITIZERS void *next_definition(const char *name)
{
    const struct link_map *map = next_first_object();
    struct wanted_function wanted = {.name = name};

    if (!map) { /* musl's loader as a command says nothing of the program it runs */
        dl_iterate_phdr(look_behind_us, &wanted);
        return wanted.found;
    }
    while (map && map->l_ld != own_dynamic)
        map = map->l_next;
    for (map = map ? map->l_next : NULL; map && !wanted.found; map = map->l_next) {
        struct object object = {.base = map->l_addr, .dynamic = map->l_ld};
        object_read_dynamic(&object);
        wanted.found = definition_in(&object, name);
    }
    return wanted.found;
}

BEFORE_SANITIZERS void *next_cached(void *_Atomic *cache, const char *name)
{
    void *found = atomic_load_explicit(cache, memory_order_relaxed);

    if (!found) {
        found = next_definition(name);
        atomic_store_explicit(cache, found, memory_order_relaxed);
    }
    return found;
}
