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
static bool file_offset(const struct elf_file *file, ElfW(Addr) address, ElfW(Off) * ret)
{
    for (size_t i = 0; i < file->segment_count; i++) {
        const ElfW(Phdr) *segment = &file->segments[i];
        if (segment->p_type != PT_LOAD || address < segment->p_vaddr ||
            address - segment->p_vaddr >= segment->p_filesz)
            continue;
        *ret = address - segment->p_vaddr + segment->p_offset;
        return true;
    }
    return false;
}

void *elf_file_part(int fd, const struct elf_file *file, ElfW(Addr) address, size_t size,
                    size_t limit)
{
    ElfW(Off) offset;
    return file_offset(file, address, &offset) ? read_part(fd, size, offset, limit, 1) : NULL;
}

static bool read_strings(int fd, struct elf_file *file)
{
    file->strings_size = elf_file_value(file, DT_STRSZ);
    file->strings =
        elf_file_part(fd, file, elf_file_value(file, DT_STRTAB), file->strings_size, STRINGS_MAX);
    return file->strings != NULL;
}

static bool read_parts(int fd, struct elf_file *file)
{
    ElfW(Ehdr) header;

    if (!read_at(fd, &header, sizeof(header), 0) || !is_native(&header))
        return false;
    file->segment_count = header.e_phnum;
    file->segments = read_part(fd, header.e_phnum * sizeof(file->segments[0]), header.e_phoff,
                               SEGMENTS_MAX * sizeof(file->segments[0]), 0);
    for (size_t i = 0; file->segments && i < file->segment_count && !file->dynamic; i++)
        if (file->segments[i].p_type == PT_DYNAMIC)
            file->dynamic = read_part(fd, file->segments[i].p_filesz, file->segments[i].p_offset,
                                      DYNAMIC_MAX, 2 * sizeof(ElfW(Dyn))); /* an entry may be cut */
    return file->dynamic && read_strings(fd, file);
}

int elf_file_open(const char *path)
{
    return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

bool elf_file_is_native(const char *path)
{
    int fd = elf_file_open(path);
    ElfW(Ehdr) header;
    bool native = fd >= 0 && read_at(fd, &header, sizeof(header), 0) && is_native(&header);

    if (fd >= 0)
        close(fd);
    return native;
}

bool elf_file_read(const char *path, struct elf_file *ret)
{
    int fd = elf_file_open(path);
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
    free(file->segments);
    free(file->dynamic);
    free(file->strings);
    *file = (struct elf_file){0};
}

const char *elf_file_string(const struct elf_file *file, const ElfW(Dyn) * entry)
{
    return entry->d_un.d_val < file->strings_size ? file->strings + entry->d_un.d_val : "";
}

ElfW(Addr) elf_file_value(const struct elf_file *file, __typeof__(((ElfW(Dyn) *)0)->d_tag) tag)
{
    ElfW(Addr) value = 0;

    for (const ElfW(Dyn) *entry = file->dynamic; entry->d_tag != DT_NULL; entry++)
        if (entry->d_tag == tag)
            value = entry->d_un.d_val;
    return value;
}
