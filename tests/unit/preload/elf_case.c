/* elf_case - small shared objects, made to order in a folder of their own. */
#include "elf_case.h"
#include "loader/native.h"
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];

static void must(int holds, const char *what)
{
    if (holds)
        return;
    perror(what);
    abort();
}

static ElfW(Addr) add_string(char *strings, size_t *length, const char *text)
{
    size_t offset = *length;
    memcpy(strings + offset, text, strlen(text) + 1);
    *length += strlen(text) + 1;
    return offset;
}

static void add_entry(struct elf_layout *layout, size_t *count, int tag, size_t value)
{
    ElfW(Dyn) *entry = &layout->dynamic[(*count)++];
    entry->d_tag = tag;
    entry->d_un.d_val = value;
}

static size_t room_for(const struct elf_case *wanted)
{
    size_t room = 3 + (wanted->runpath ? strlen(wanted->runpath) : 0) +
                  (wanted->rpath ? strlen(wanted->rpath) : 0);
    for (int i = 0; i < ELF_CASE_NEEDED && wanted->needed[i]; i++)
        room += strlen(wanted->needed[i]) + 1;
    return room;
}

static void fill_headers(struct elf_layout *layout, size_t size)
{
    const uint16_t one = 1;
    unsigned char *ident = layout->header.e_ident;

    memcpy(ident, ELFMAG, SELFMAG);
    ident[EI_CLASS] = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
    ident[EI_DATA] = *(const unsigned char *)&one ? ELFDATA2LSB : ELFDATA2MSB;
    ident[EI_VERSION] = EV_CURRENT;
    layout->header.e_type = ET_DYN;
    layout->header.e_machine = NATIVE_MACHINE;
    layout->header.e_phoff = offsetof(struct elf_layout, load);
    layout->header.e_phentsize = sizeof(ElfW(Phdr));
    layout->header.e_phnum = 2;
    layout->load.p_type = PT_LOAD;
    layout->load.p_filesz = layout->load.p_memsz = size;
    layout->dynamic_segment.p_type = PT_DYNAMIC;
    layout->dynamic_segment.p_offset = offsetof(struct elf_layout, dynamic);
    layout->dynamic_segment.p_filesz = sizeof(layout->dynamic);
}

struct elf_layout *elf_case_make(const struct elf_case *wanted, size_t *ret_size)
{
    size_t room = room_for(wanted), count = 0, length = 1;
    struct elf_layout *layout = calloc(1, sizeof(*layout) + room);
    char *strings = (char *)(layout + 1);

    must(layout != NULL, "calloc");
    for (int i = 0; i < ELF_CASE_NEEDED && wanted->needed[i]; i++)
        add_entry(layout, &count, DT_NEEDED, add_string(strings, &length, wanted->needed[i]));
    if (wanted->runpath)
        add_entry(layout, &count, DT_RUNPATH, add_string(strings, &length, wanted->runpath));
    if (wanted->rpath)
        add_entry(layout, &count, DT_RPATH, add_string(strings, &length, wanted->rpath));
    add_entry(layout, &count, DT_STRTAB, sizeof(*layout));
    add_entry(layout, &count, DT_STRSZ, length);
    *ret_size = sizeof(*layout) + length;
    fill_headers(layout, *ret_size);
    return layout;
}

int elf_case_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/synauth-elf-XXXXXX");
    must(mkdtemp(folder) != NULL, "mkdtemp");
    return 0;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info, (void)kind, (void)where;
    return remove(path);
}

int elf_case_folder_remove(void **state)
{
    (void)state;
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *elf_case_path(const char *name)
{
    static char paths[4][PATH_MAX];
    static unsigned next;
    char *path = paths[next++ % 4];

    must(snprintf(path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX, name);
    return path;
}

const char *elf_case_write(const char *name, const void *bytes, size_t size)
{
    const char *path = elf_case_path(name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);

    must(fd >= 0 && write(fd, bytes, size) == (ssize_t)size && close(fd) == 0, path);
    return path;
}

const char *elf_case_file(const char *name, const struct elf_case *wanted)
{
    size_t size;
    struct elf_layout *layout = elf_case_make(wanted, &size);
    const char *path = elf_case_write(name, layout, size);

    free(layout);
    return path;
}
