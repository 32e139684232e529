/* capture - notices when a library's calls of its own functions end up in another object.

   A shared library calls its own exported functions through its relocation table, and the dynamic
   loader looks these names up in the global scope first. Each such entry is compared with what
   the library itself defines; one that is not bound yet is judged by the look-up to come. */
#include "foreign/capture.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef ElfW(Dyn) elf_dynamic;
typedef ElfW(Half) elf_half;
typedef ElfW(Phdr) elf_segment;
typedef ElfW(Sym) elf_symbol;
typedef ElfW(Verdaux) elf_verdaux;
typedef ElfW(Verdef) elf_verdef;

/* The relocations that bind a call or an address. */
#if defined(__i386__)
typedef Elf32_Rel elf_relocation;
enum { DATA = DT_REL, DATA_SIZE = DT_RELSZ };
enum { JUMP_SLOT = R_386_JMP_SLOT, ADDRESS = R_386_GLOB_DAT, WORD = R_386_32 };
#else
typedef ElfW(Rela) elf_relocation;
enum { DATA = DT_RELA, DATA_SIZE = DT_RELASZ };
#if defined(__x86_64__)
enum { JUMP_SLOT = R_X86_64_JUMP_SLOT, ADDRESS = R_X86_64_GLOB_DAT, WORD = R_X86_64_64 };
#elif defined(__aarch64__)
enum { JUMP_SLOT = R_AARCH64_JUMP_SLOT, ADDRESS = R_AARCH64_GLOB_DAT, WORD = R_AARCH64_ABS64 };
#else
#error "the relocation types of this processor are missing"
#endif
#endif

struct called_object {
    uintptr_t address; /* that it was searched by */
    uintptr_t base;
    const elf_dynamic *dynamic;
    char name[256];
};

struct tables {
    const elf_symbol *symbols;
    const char *strings;
    const elf_relocation *calls, *data;
    size_t call_count, data_count;
    const elf_half *versions;
    const elf_verdef *definitions;
    size_t definition_count;
};

static int match_object(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    struct called_object *object = data;
    const elf_segment *dynamic = NULL;
    bool found = false;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const elf_segment *segment = &info->dlpi_phdr[i];
        if (segment->p_type == PT_DYNAMIC)
            dynamic = segment;
        if (segment->p_type == PT_LOAD &&
            object->address - (info->dlpi_addr + segment->p_vaddr) < segment->p_memsz)
            found = true;
    }
    if (!found || !dynamic)
        return 0;
    object->base = info->dlpi_addr;
    object->dynamic = (const void *)(info->dlpi_addr + dynamic->p_vaddr);
    snprintf(object->name, sizeof object->name, "%s",
             info->dlpi_name && info->dlpi_name[0] ? info->dlpi_name : "the program itself");
    return 1;
}

static bool find_object(const void *address, struct called_object *ret)
{
    struct called_object object = {.address = (uintptr_t)address};
    if (dl_iterate_phdr(match_object, &object) != 1)
        return false;
    *ret = object;
    return true;
}

/* glibc rewrites these entries into addresses when it loads an object, musl leaves offsets. */
static const void *table_at(const struct called_object *object, const elf_dynamic *entry)
{
    uintptr_t value = entry->d_un.d_ptr;
    return (const void *)(value < object->base ? value + object->base : value);
}

static void read_entry(const struct called_object *object, const elf_dynamic *entry,
                       struct tables *tables)
{
    switch (entry->d_tag) {
    case DT_SYMTAB:
        tables->symbols = table_at(object, entry);
        break;
    case DT_STRTAB:
        tables->strings = table_at(object, entry);
        break;
    case DT_JMPREL:
        tables->calls = table_at(object, entry);
        break;
    case DT_PLTRELSZ:
        tables->call_count = entry->d_un.d_val / sizeof(elf_relocation);
        break;
    case DATA:
        tables->data = table_at(object, entry);
        break;
    case DATA_SIZE:
        tables->data_count = entry->d_un.d_val / sizeof(elf_relocation);
        break;
    case DT_VERSYM:
        tables->versions = table_at(object, entry);
        break;
    case DT_VERDEF:
        tables->definitions = table_at(object, entry);
        break;
    case DT_VERDEFNUM:
        tables->definition_count = entry->d_un.d_val;
        break;
    default:
        break;
    }
}

static struct tables read_tables(const struct called_object *object)
{
    struct tables tables = {0};
    for (const elf_dynamic *entry = object->dynamic; entry->d_tag != DT_NULL; entry++)
        read_entry(object, entry, &tables);
    return tables;
}

/* The version node of a symbol that the library defines; NULL for none. */
static const char *version_of(const struct tables *tables, size_t symbol)
{
    enum { INDEX_MASK = 0x7fff, INDEX_FIRST = 2 };
    if (!tables->versions || !tables->definitions)
        return NULL;
    unsigned index = tables->versions[symbol] & INDEX_MASK;
    const char *at = (const char *)tables->definitions;
    for (size_t i = 0; index >= INDEX_FIRST && i < tables->definition_count; i++) {
        const elf_verdef *definition = (const void *)at;
        if (definition->vd_ndx == index) {
            const elf_verdaux *name = (const void *)(at + definition->vd_aux);
            return tables->strings + name->vda_name;
        }
        at += definition->vd_next;
    }
    return NULL;
}

static const void *look_up(const char *name, const char *version)
{
#ifdef __GLIBC__
    if (version)
        return dlvsym(RTLD_DEFAULT, name, version);
#endif
    (void)version; /* musl looks names up without versions */
    return dlsym(RTLD_DEFAULT, name);
}

/* Where the calls through this entry go, if not into the library itself. */
static bool leaves(const struct called_object *object, const struct tables *tables,
                   const elf_relocation *entry, size_t symbol, struct called_object *ret_owner)
{
    uintptr_t own = object->base + tables->symbols[symbol].st_value, target;
    memcpy(&target, (const void *)(object->base + entry->r_offset), sizeof target);
    if (target == own)
        return false;
    if (find_object((const void *)target, ret_owner) && ret_owner->base != object->base)
        return true;
    const char *name = tables->strings + tables->symbols[symbol].st_name;
    const void *found = look_up(name, version_of(tables, symbol));
    return found && find_object(found, ret_owner) && ret_owner->base != object->base;
}

/* The symbol of a relocation that binds a call or an address; 0 for other kinds. */
static size_t symbol_of(const elf_relocation *entry)
{
#if __SIZEOF_POINTER__ == 4
    size_t type = ELF32_R_TYPE(entry->r_info), symbol = ELF32_R_SYM(entry->r_info);
#else
    size_t type = ELF64_R_TYPE(entry->r_info), symbol = ELF64_R_SYM(entry->r_info);
#endif
    return type == JUMP_SLOT || type == ADDRESS || type == WORD ? symbol : 0;
}

static bool find_in(const struct called_object *object, const struct tables *tables,
                    const elf_relocation *entries, size_t count,
                    bool (*is_judged)(const char *symbol), struct captured *ret)
{
    struct called_object owner;
    for (size_t i = 0; i < count; i++) {
        size_t symbol = symbol_of(&entries[i]);
        if (symbol == 0 || tables->symbols[symbol].st_shndx == SHN_UNDEF)
            continue;
        const char *name = tables->strings + tables->symbols[symbol].st_name;
        if (!is_judged(name) || !leaves(object, tables, &entries[i], symbol, &owner))
            continue;
        ret->symbol = name;
        memcpy(ret->library, object->name, sizeof ret->library);
        memcpy(ret->owner, owner.name, sizeof ret->owner);
        return true;
    }
    return false;
}

bool capture_find(const void *inside, bool (*is_judged)(const char *symbol), struct captured *ret)
{
    struct called_object object;
    if (!find_object(inside, &object))
        return false;
    struct tables tables = read_tables(&object);
    if (!tables.symbols || !tables.strings)
        return false;
    return (tables.calls &&
            find_in(&object, &tables, tables.calls, tables.call_count, is_judged, ret)) ||
           (tables.data &&
            find_in(&object, &tables, tables.data, tables.data_count, is_judged, ret));
}
