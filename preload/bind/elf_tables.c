/* elf_tables - one shared object as its ELF tables in memory say it. */
#include "bind/elf_tables.h"
#include "ground/before_sanitizers.h"
#include <elf.h>
#include <string.h>

#ifdef __i386__
enum { TABLE = DT_REL, TABLE_SIZE = DT_RELSZ };
#else
enum { TABLE = DT_RELA, TABLE_SIZE = DT_RELASZ };
#endif

/* glibc relocates the pointers of a dynamic section in place, musl and the vDSO do not. */
BEFORE_SANITIZERS static const void *dynamic_pointer(const struct object *object, ElfW(Addr) value)
{
    return (const void *)(value < object->base ? object->base + value : value);
}

/* DT_GNU_HASH has no count: the longest chain ends at the last symbol. */
BEFORE_SANITIZERS static size_t gnu_hash_symbol_count(const uint32_t *table)
{
    const uint32_t buckets = table[0], first = table[1], bloom_words = table[2];
    const uint32_t *bucket = table + 4 + bloom_words * (sizeof(ElfW(Addr)) / sizeof(uint32_t));
    const uint32_t *chain = bucket + buckets;
    uint32_t last = 0;

    for (uint32_t i = 0; i < buckets; i++)
        if (bucket[i] > last)
            last = bucket[i];
    if (last < first)
        return first;
    while (!(chain[last - first] & 1))
        last++;
    return (size_t)last + 1;
}

BEFORE_SANITIZERS void object_read_dynamic(struct object *object)
{
    ElfW(Addr) soname = 0;
    bool has_soname = false;

    for (const ElfW(Dyn) *entry = object->dynamic; entry->d_tag != DT_NULL; entry++) {
        const void *pointer = dynamic_pointer(object, entry->d_un.d_ptr);
        switch (entry->d_tag) {
        case DT_SYMTAB:
            object->symbols = pointer;
            break;
        case DT_STRTAB:
            object->strings = pointer;
            break;
        case DT_VERSYM:
            object->versions = pointer;
            break;
        case DT_VERNEED:
            object->needed_versions = pointer;
            break;
        case DT_VERDEF:
            object->defined_versions = pointer;
            break;
        case DT_HASH:
            object->symbol_count = ((const uint32_t *)pointer)[1];
            break;
        case DT_GNU_HASH:
            object->gnu_hash = pointer;
            break;
        case DT_PLTGOT:
            object->got = pointer;
            break;
        case DT_JMPREL:
            object->plt_relocations = pointer;
            break;
        case DT_PLTRELSZ:
            object->plt_relocations_size = entry->d_un.d_val;
            break;
        case TABLE:
            object->relocations = pointer;
            break;
        case TABLE_SIZE:
            object->relocations_size = entry->d_un.d_val;
            break;
        case DT_BIND_NOW:
            object->bound_at_once = true;
            break;
        case DT_FLAGS:
            object->bound_at_once |= (entry->d_un.d_val & DF_BIND_NOW) != 0;
            break;
        case DT_FLAGS_1:
            object->bound_at_once |= (entry->d_un.d_val & DF_1_NOW) != 0;
            break;
        case DT_SONAME:
            soname = entry->d_un.d_val;
            has_soname = true;
            break;
        default:
            break;
        }
    }
    if (!object->symbol_count && object->gnu_hash)
        object->symbol_count = gnu_hash_symbol_count(object->gnu_hash);
    if (has_soname && object->strings)
        object->soname = object->strings + soname;
}

void object_from_info(const struct dl_phdr_info *info, struct object *ret)
{
    *ret = (struct object){.name = info->dlpi_name ? info->dlpi_name : "",
                           .segments = info->dlpi_phdr,
                           .segment_count = info->dlpi_phnum,
                           .base = info->dlpi_addr};
    for (size_t i = 0; i < ret->segment_count; i++)
        if (ret->segments[i].p_type == PT_DYNAMIC)
            ret->dynamic = (const void *)(ret->base + ret->segments[i].p_vaddr);
    if (ret->dynamic)
        object_read_dynamic(ret);
}

bool object_holds(const struct object *object, ElfW(Addr) address)
{
    for (size_t i = 0; i < object->segment_count; i++) {
        const ElfW(Phdr) *segment = &object->segments[i];
        if (segment->p_type == PT_LOAD && address >= object->base + segment->p_vaddr &&
            address - (object->base + segment->p_vaddr) < segment->p_memsz)
            return true;
    }
    return false;
}

void object_bounds(const struct object *object, ElfW(Addr) * ret_low, ElfW(Addr) * ret_high)
{
    ElfW(Addr) low = ~(ElfW(Addr))0, high = 0;
    for (size_t i = 0; i < object->segment_count; i++) {
        const ElfW(Phdr) *segment = &object->segments[i];
        if (segment->p_type != PT_LOAD)
            continue;
        if (object->base + segment->p_vaddr < low)
            low = object->base + segment->p_vaddr;
        if (object->base + segment->p_vaddr + segment->p_memsz > high)
            high = object->base + segment->p_vaddr + segment->p_memsz;
    }
    *ret_low = low;
    *ret_high = high;
}

const char *object_base_name(const struct object *object)
{
    const char *slash = strrchr(object->name, '/');
    if (object->soname)
        return object->soname;
    return slash ? slash + 1 : object->name;
}

bool object_is_called(const struct object *object, const char *name)
{
    const char *slash = strrchr(object->name, '/');

    return (object->soname && strcmp(name, object->soname) == 0) ||
           strcmp(name, object->name) == 0 || (slash && strcmp(name, slash + 1) == 0);
}
