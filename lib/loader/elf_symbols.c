/* elf_symbols - the names that a shared object on disk defines, and those that it refers to. */
#include "loader/elf_symbols.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SYMBOLS_MAX ((size_t)1 << 20)
#define TABLE_MAX ((size_t)64 << 20)
#define CHAIN_MAX 65536u

#if __SIZEOF_POINTER__ == 8
#define SYMBOL_OF(info) ELF64_R_SYM(info)
#else
#define SYMBOL_OF(info) ELF32_R_SYM(info)
#endif

/* A table of relocations: each begins with its place and what it is about. */
struct symbol_table {
    char *entries;
    size_t size, entry_size;
};

static bool read_table(int fd, const struct elf_file *file, ElfW(Addr) address, size_t size,
                       size_t entry_size, struct symbol_table *ret)
{
    *ret = (struct symbol_table){.size = size, .entry_size = entry_size};
    if (!size)
        return true;
    ret->entries = elf_file_part(fd, file, address, size, TABLE_MAX);
    return ret->entries != NULL;
}

/* Calls the function with the symbol of each relocation; false when there is none to be read. */
static bool each_reference(int fd, struct elf_symbols *symbols,
                           void (*see)(struct elf_symbols *, size_t))
{
    const struct elf_file *file = &symbols->file;
    size_t plain = sizeof(ElfW(Rel)), added = sizeof(ElfW(Rela));
    size_t of_plt = elf_file_value(file, DT_PLTREL) == DT_REL ? plain : added;
    struct symbol_table tables[3];
    bool complete = read_table(fd, file, elf_file_value(file, DT_REL),
                               elf_file_value(file, DT_RELSZ), plain, &tables[0]);

    complete &= read_table(fd, file, elf_file_value(file, DT_RELA), elf_file_value(file, DT_RELASZ),
                           added, &tables[1]);
    complete &= read_table(fd, file, elf_file_value(file, DT_JMPREL),
                           elf_file_value(file, DT_PLTRELSZ), of_plt, &tables[2]);
    for (size_t i = 0; i < 3; i++) {
        for (size_t at = 0; complete && at + tables[i].entry_size <= tables[i].size;
             at += tables[i].entry_size) {
            ElfW(Rel) reference; /* an ElfW(Rela) begins so, too */
            memcpy(&reference, tables[i].entries + at, sizeof(reference));
            see(symbols, SYMBOL_OF(reference.r_info));
        }
        free(tables[i].entries);
    }
    return complete;
}

static void count_reference(struct elf_symbols *symbols, size_t index)
{
    if (index >= symbols->count)
        symbols->count = index + 1;
}

static void mark_reference(struct elf_symbols *symbols, size_t index)
{
    if (index && index < symbols->count)
        symbols->referred[index] = true;
}

static bool read_words(int fd, const struct elf_file *file, ElfW(Addr) address, size_t count,
                       uint32_t *ret)
{
    uint32_t *words =
        elf_file_part(fd, file, address, count * sizeof(*words), count * sizeof(*words));

    if (words)
        memcpy(ret, words, count * sizeof(*words));
    free(words);
    return words != NULL;
}

/* One more than the last symbol of the table that is made for looking names up; 0 for none. */
static size_t count_by_gnu_hash(int fd, const struct elf_file *file, ElfW(Addr) table)
{
    enum { BUCKETS, FIRST, BLOOM, SHIFT, HEAD };
    uint32_t head[HEAD], *buckets, last = 0, word = 0;
    ElfW(Addr) chains;

    if (!table || !read_words(fd, file, table, HEAD, head) ||
        head[BUCKETS] > TABLE_MAX / sizeof(word))
        return 0;
    table += sizeof(head) + (ElfW(Addr))head[BLOOM] * sizeof(ElfW(Addr));
    chains = table + (ElfW(Addr))head[BUCKETS] * sizeof(word);
    buckets = elf_file_part(fd, file, table, head[BUCKETS] * sizeof(word), TABLE_MAX);
    for (size_t i = 0; buckets && i < head[BUCKETS]; i++)
        last = buckets[i] > last ? buckets[i] : last;
    free(buckets);
    if (last < head[FIRST])
        return head[FIRST];
    for (unsigned i = 0; i < CHAIN_MAX && !(word & 1); i++, last++)
        if (!read_words(fd, file, chains + (ElfW(Addr))(last - head[FIRST]) * sizeof(word), 1,
                        &word))
            return 0;
    return last;
}

static size_t count_by_hash(int fd, const struct elf_file *file, ElfW(Addr) table)
{
    uint32_t head[2]; /* buckets, symbols */
    return table && read_words(fd, file, table, 2, head) ? head[1] : 0;
}

static bool read_symbols(int fd, struct elf_symbols *symbols)
{
    const struct elf_file *file = &symbols->file;
    size_t by_hash = count_by_hash(fd, file, elf_file_value(file, DT_HASH));

    if (!by_hash)
        by_hash = count_by_gnu_hash(fd, file, elf_file_value(file, DT_GNU_HASH));
    if (!by_hash || !each_reference(fd, symbols, count_reference))
        return false;
    if (by_hash > symbols->count)
        symbols->count = by_hash;
    if (symbols->count > SYMBOLS_MAX)
        return false;
    symbols->items = elf_file_part(fd, file, elf_file_value(file, DT_SYMTAB),
                                   symbols->count * sizeof(symbols->items[0]), TABLE_MAX);
    symbols->referred = calloc(symbols->count, sizeof(symbols->referred[0]));
    return symbols->items && symbols->referred && each_reference(fd, symbols, mark_reference);
}

bool elf_symbols_read(const char *path, struct elf_symbols *ret)
{
    int fd = elf_file_open(path);
    bool complete;

    *ret = (struct elf_symbols){0};
    complete = elf_file_read(path, &ret->file) && fd >= 0 && read_symbols(fd, ret);
    if (fd >= 0)
        close(fd);
    if (!complete)
        ret->count = 0;
    return complete;
}

void elf_symbols_free(struct elf_symbols *symbols)
{
    free(symbols->items);
    free(symbols->referred);
    elf_file_free(&symbols->file);
    *symbols = (struct elf_symbols){0};
}

const char *elf_symbols_name(const struct elf_symbols *symbols, size_t index)
{
    size_t place = symbols->items[index].st_name;
    return place < symbols->file.strings_size ? symbols->file.strings + place : "";
}

bool elf_symbols_wants(const struct elf_symbols *symbols, const char *name)
{
    for (size_t i = 1; i < symbols->count; i++)
        if (symbols->items[i].st_shndx == SHN_UNDEF && symbols->referred[i] &&
            strcmp(elf_symbols_name(symbols, i), name) == 0)
            return true;
    return false;
}
