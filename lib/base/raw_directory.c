/* raw_directory - the numbers among the names in a directory, read with system calls. */
#include "base/raw_directory.h"

#include "base/ascii.h"

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As the kernel gives them (linux/dirent.h does not export it). */
struct directory_entry {
    uint64_t inode;
    int64_t offset;
    uint16_t length;
    uint8_t type;
    char name[];
};

/* -1 for "." and "..", and what else is no number. */
static int number_of(const char *name)
{
    uint64_t number = 0;
    return ascii_number(name, INT32_MAX, &number) ? (int)number : -1;
}

int raw_directory_numbers(int directory, int (*take)(int number, void *data), void *data)
{
    _Alignas(struct directory_entry) char buffer[2048];
    int taken = 0;
    long size;
    lseek(directory, 0, SEEK_SET);
    while ((size = syscall(SYS_getdents64, directory, buffer, sizeof buffer)) > 0)
        for (long at = 0; at < size;) {
            const struct directory_entry *entry = (const void *)(buffer + at);
            int number = number_of(entry->name);
            if (number >= 0)
                taken += take(number, data) != 0;
            at += entry->length;
        }
    return taken;
}
