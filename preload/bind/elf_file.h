/* elf_file - what a shared object on disk would bring along, read before the loader opens it. */
#ifndef SYNAUTH_ELF_FILE_H
#define SYNAUTH_ELF_FILE_H

#include <link.h>
#include <stdbool.h>
#include <stddef.h>

struct elf_file {
    ElfW(Dyn) * dynamic; /* DT_NULL at the end */
    char *strings;
    size_t strings_size;
};

/* false when it cannot be read or isn't a shared object of this process's kind. Keeps no
   descriptor. Free with elf_file_free(), also after a failure. */
bool elf_file_read(const char *path, struct elf_file *ret);
void elf_file_free(struct elf_file *file);
/* A string of the dynamic section, or "". */
const char *elf_file_string(const struct elf_file *file, const ElfW(Dyn) * entry);

#endif
