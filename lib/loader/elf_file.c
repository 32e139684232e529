/* elf_file - what a shared object on disk would bring along. */
#include "loader/elf_file.h"
#include "loader/native.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SEGMENTS_MAX 128u
#define DYNAMIC_MAX (64u << 10)
#define STRINGS_MAX (4u << 20)

/* Not mapped: a file that shrinks under a mapping would kill the program. */
static bool read_at(int fd, void *buffer, size_t size, ElfW(Off) offset)
{
    return pread(fd, buffer, size, (off_t)offset) == (ssize_t)size;
}

/* A fresh buffer with these bytes of the file and `spare` zero bytes behind, or NULL. */
static void *read_part(int fd, size_t size, ElfW(Off) offset, size_t limit, size_t spare)
{
    char *part;

    if (!size || size > limit)
        return NULL;
    part = calloc(1, size + spare);
    if (part && read_at(fd, part, size, offset))
        return part;
    free(part);
    return NULL;
}

static bool is_native(const ElfW(Ehdr) * header)
{
    return memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
           header->e_ident[EI_CLASS] == NATIVE_CLASS && header->e_ident[EI_DATA] == NATIVE_DATA &&
           header->e_machine == NATIVE_MACHINE &&
           (header->e_type == ET_DYN || header->e_type == ET_EXEC) &&
           header->e_phentsize == sizeof(ElfW(Phdr)) && header->e_phnum > 0 &&
           header->e_phnum <= SEGMENTS_MAX;
}

/* Where in the file an address of the object lies. */
static bool file_offset(const ElfW(Phdr) * segments, size_t count, ElfW(Addr) address,
                        ElfW(Off) * ret)
{
    for (size_t i = 0; i < count; i++) {
        const ElfW(Phdr) *segment = &segments[i];
        if (segment->p_type != PT_LOAD || address < segment->p_vaddr ||
            address - segment->p_vaddr >= segment->p_filesz)
            continue;
        *ret = address - segment->p_vaddr + segment->p_offset;
        return true;
    }
    return false;
}

static bool read_strings(int fd, struct elf_file *file, const ElfW(Phdr) * segments, size_t count)
{
    ElfW(Addr) address = 0;
    ElfW(Off) offset;

    for (const ElfW(Dyn) *entry = file->dynamic; entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_STRTAB)
            address = entry->d_un.d_ptr;
        else if (entry->d_tag == DT_STRSZ)
            file->strings_size = entry->d_un.d_val;
    }
    if (!address || !file_offset(segments, count, address, &offset))
        return false;
    file->strings = read_part(fd, file->strings_size, offset, STRINGS_MAX, 1);
    return file->strings != NULL;
}

static bool read_parts(int fd, struct elf_file *file)
{
    ElfW(Ehdr) header;
    ElfW(Phdr) segments[SEGMENTS_MAX];
    size_t count;

    if (!read_at(fd, &header, sizeof(header), 0) || !is_native(&header))
        return false;
    count = header.e_phnum;
    if (!read_at(fd, segments, count * sizeof(segments[0]), header.e_phoff))
        return false;
    for (size_t i = 0; i < count && !file->dynamic; i++)
        if (segments[i].p_type == PT_DYNAMIC)
            file->dynamic = read_part(fd, segments[i].p_filesz, segments[i].p_offset, DYNAMIC_MAX,
                                      2 * sizeof(ElfW(Dyn))); /* an entry may be cut */
    return file->dynamic && read_strings(fd, file, segments, count);
}

static int open_file(const char *path)
{
    return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

bool elf_file_is_native(const char *path)
{
    int fd = open_file(path);
    ElfW(Ehdr) header;
    bool native = fd >= 0 && read_at(fd, &header, sizeof(header), 0) && is_native(&header);

    if (fd >= 0)
        close(fd);
    return native;
}

bool elf_file_read(const char *path, struct elf_file *ret)
{
    int fd = open_file(path);
    bool complete;

    *ret = (struct elf_file){0};
    if (fd < 0)
        return false;
    complete = read_parts(fd, ret);
    close(fd);
    return complete;
}

void elf_file_free(struct elf_file *file)
{
    free(file->dynamic);
    free(file->strings);
    *file = (struct elf_file){0};
}

const char *elf_file_string(const struct elf_file *file, const ElfW(Dyn) * entry)
{
    return entry->d_un.d_val < file->strings_size ? file->strings + entry->d_un.d_val : "";
}
