/* elf_file - what a shared object on disk would bring along, read before the loader opens it. */
#ifndef SYNAUTH_LOADER_ELF_FILE_H
#define SYNAUTH_LOADER_ELF_FILE_H

#include <link.h>
#include <stdbool.h>
#include <stddef.h>

struct elf_file {
    ElfW(Dyn) * dynamic; /* DT_NULL at the end */
    char *strings;
    size_t strings_size;
};

/* A shared object or program of this process's kind? */
bool elf_file_is_native(const char *path);
/* false when it cannot be read or isn't one of this process's kind. Keeps no
   descriptor. Free with elf_file_free(), also after a failure. */
bool elf_file_read(const char *path, struct elf_file *ret);
void elf_file_free(struct elf_file *file);
/* A string of the dynamic section, or "". */
const char *elf_file_string(const struct elf_file *file, const ElfW(Dyn) * entry);

#endif
