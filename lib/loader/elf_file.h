/* elf_file - what a shared object on disk would bring along, read before the loader opens it. */
#ifndef SYNAUTH_LOADER_ELF_FILE_H
#define SYNAUTH_LOADER_ELF_FILE_H

#include <link.h>
#include <stdbool.h>
#include <stddef.h>

struct elf_file {
    ElfW(Phdr) * segments;
    size_t segment_count;
    ElfW(Dyn) * dynamic; /* DT_NULL at the end */
    char *strings;
    size_t strings_size;
};

/* A shared object or program of this process's kind? */
bool elf_file_is_native(const char *path);
/* false when it cannot be read or isn't one of this process's kind. Keeps no descriptor. Free with
   elf_file_free(), also after a failure. */
bool elf_file_read(const char *path, struct elf_file *ret);
void elf_file_free(struct elf_file *file);
/* A string of the dynamic section, or "". */
const char *elf_file_string(const struct elf_file *file, const ElfW(Dyn) * entry);
/* The value of its last entry of a kind (DT_SYMTAB), or 0. */
ElfW(Addr) elf_file_value(const struct elf_file *file, __typeof__(((ElfW(Dyn) *)0)->d_tag) tag);

/* For more of its bytes: -1, or a descriptor that is the caller's to close. */
int elf_file_open(const char *path);
/* So many bytes at an address of the object as it will be loaded, and a zero byte behind; NULL for
   none, for more than the limit and for what isn't in the file. The caller frees it. */
void *elf_file_part(int fd, const struct elf_file *file, ElfW(Addr) address, size_t size,
                    size_t limit);

#endif
