/* file_temporary - a file that gets another's name once it is whole. Where the file system knows
   files without a name (O_TMPFILE), it has none until then: of a saver that is killed nothing
   stays. */
#ifndef SYNAUTH_FILE_TEMPORARY_H
#define SYNAUTH_FILE_TEMPORARY_H

#include <limits.h>
#include <stdbool.h>

struct file_temporary {
    int directory; /* borrowed */
    int fd;        /* for writing; -1: there is no file, or it has a name and is flushed */
    bool named;
    char name[NAME_MAX + 1]; /* the one it has, or would get */
};

#define FILE_TEMPORARY_NONE \
    (struct file_temporary) \
    {                       \
        .fd = -1            \
    }

/* Makes an empty file, 0600, in a directory that must stay open. `usual`: the name to use while it
   has no better one, if only the lock's holder can make files there; NULL, or when it is taken: a
   name that nobody has. `nameless` false: it has that name from now on. -1 with errno. */
int file_temporary_open(int directory, const char *usual, bool nameless,
                        struct file_temporary *ret);
bool file_temporary_exists(const struct file_temporary *temporary);
/* After the last byte. -1 with errno. */
int file_temporary_flush(struct file_temporary *temporary);
/* It becomes `name` in its directory, instead of what has that name; `is_new`: nothing should.
   On success there is no temporary file any more. -1 with errno. */
int file_temporary_publish(struct file_temporary *temporary, const char *name, bool is_new);
/* Closes it, and removes the name it has. Keeps errno. */
void file_temporary_drop(struct file_temporary *temporary);

#endif
