/* elf_case - small shared objects, made to order in a folder of their own. */
#ifndef SYNAUTH_TEST_ELF_CASE_H
#define SYNAUTH_TEST_ELF_CASE_H

#include <link.h>
#include <stddef.h>

#define ELF_CASE_NEEDED 4

struct elf_case {
    const char *needed[ELF_CASE_NEEDED]; /* NULL: no more */
    const char *runpath, *rpath;         /* NULL: none */
};

/* The parts lie in this order, the strings behind them. */
struct elf_layout {
    ElfW(Ehdr) header;
    ElfW(Phdr) load, dynamic_segment;
    ElfW(Dyn) dynamic[ELF_CASE_NEEDED + 5];
};

/* Its bytes; *ret_size of them. Free it. */
struct elf_layout *elf_case_make(const struct elf_case *wanted, size_t *ret_size);

/* cmocka's set-up and tear-down: an empty folder. */
int elf_case_folder(void **state);
int elf_case_folder_remove(void **state);
/* The path of a name in it; good until the next call but three. */
const char *elf_case_path(const char *name);
const char *elf_case_write(const char *name, const void *bytes, size_t size);
/* elf_case_make and elf_case_write. */
const char *elf_case_file(const char *name, const struct elf_case *wanted);

#endif
