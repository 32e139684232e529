/* elf - what the header of an executable says about how it will be started. */
#include "run/elf.h"

#include "loader/native.h"
#include <link.h>
#include <string.h>
#include <unistd.h>

static bool read_at(int fd, void *buffer, size_t size, ElfW(Off) offset)
{
    return offset <= LONG_MAX && pread(fd, buffer, size, (off_t)offset) == (ssize_t)size;
}

static enum elf_state read_interpreter(int fd, const ElfW(Phdr) * header, char *interpreter)
{
    size_t size = header->p_filesz;
    if (size < 2 || size > PATH_MAX || !read_at(fd, interpreter, size, header->p_offset))
        return ELF_BROKEN;
    return interpreter[size - 1] == '\0' ? ELF_DYNAMIC : ELF_BROKEN;
}

enum elf_state elf_inspect(int fd, char *interpreter)
{
    ElfW(Ehdr) file;
    memset(&file, 0, sizeof file);
    ssize_t size = pread(fd, &file, sizeof file, 0);
    if (size < SELFMAG || memcmp(file.e_ident, ELFMAG, SELFMAG) != 0)
        return ELF_NONE;
    /* e_machine stands in the same place in both classes. */
    if (size < 20 || file.e_ident[EI_CLASS] != NATIVE_CLASS ||
        file.e_ident[EI_DATA] != NATIVE_DATA || file.e_machine != NATIVE_MACHINE)
        return size < 20 ? ELF_BROKEN : ELF_FOREIGN;
    if (size < (ssize_t)sizeof file || file.e_phentsize != sizeof(ElfW(Phdr)))
        return ELF_BROKEN;
    for (unsigned i = 0; i < file.e_phnum; i++) {
        ElfW(Phdr) header;
        if (!read_at(fd, &header, sizeof header, file.e_phoff + i * sizeof header))
            return ELF_BROKEN;
        if (header.p_type == PT_INTERP)
            return read_interpreter(fd, &header, interpreter);
    }
    return ELF_STATIC;
}
