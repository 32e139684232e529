/* elf - what the header of an executable says about how it will be started. */
#ifndef SYNAUTH_CLI_ELF_H
#define SYNAUTH_CLI_ELF_H

#include <limits.h>
#include <stdbool.h>

enum elf_state {
    ELF_NONE,    /* no ELF file */
    ELF_FOREIGN, /* another class, byte order or machine than ours */
    ELF_STATIC,  /* no interpreter: nothing reads LD_PRELOAD */
    ELF_DYNAMIC,
    ELF_BROKEN /* begins like an ELF file, and cannot be read as one */
};

/* interpreter (PATH_MAX bytes) is filled for ELF_DYNAMIC: the loader of glibc or musl. */
enum elf_state elf_inspect(int fd, char *interpreter);

#endif
