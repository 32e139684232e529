/* elf_symbols - the names that a shared object on disk defines, and those that it refers to. */
#ifndef SYNAUTH_LOADER_ELF_SYMBOLS_H
#define SYNAUTH_LOADER_ELF_SYMBOLS_H

#include "loader/elf_file.h"

struct elf_symbols {
    struct elf_file file;
    ElfW(Sym) * items;
    size_t count;
    bool *referred; /* for each: a relocation names it, so the loader looks it up */
};

/* false when something cannot be read. Free with elf_symbols_free(), also after a failure. */
bool elf_symbols_read(const char *path, struct elf_symbols *ret);
void elf_symbols_free(struct elf_symbols *symbols);
/* "" for none. */
const char *elf_symbols_name(const struct elf_symbols *symbols, size_t index);
/* Is this name to come from another object? */
bool elf_symbols_wants(const struct elf_symbols *symbols, const char *name);

#endif
