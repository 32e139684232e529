/* file_lock - one saver at a time in a directory, in this process and in others. */
#ifndef SYNAUTH_FILE_LOCK_H
#define SYNAUTH_FILE_LOCK_H

#include "synauth.h"
#include <stdbool.h>

/* A flock on the directory itself: it survives the rename of every file in it and leaves nothing
   behind. Where a directory cannot be locked (NFS, no right to list it) a file in it is, which is
   removed afterwards. */
struct file_lock {
    int directory; /* for openat; -1 = not held */
    int file;      /* of the lock file; -1 = there is none */
    bool held;     /* false: the file system knows no locks at all */
};

/* Waits at most half a minute for other savers. */
SYNAUTH_MUST_USE int file_lock_take(const char *directory, struct file_lock *ret,
                                    synauth_error *error);
/* Does nothing to a lock that is not held. errno is kept. */
void file_lock_release(struct file_lock *lock);

#endif
