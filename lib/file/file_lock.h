/* file_lock - one saver at a time in a directory, in this process and in others. */
#ifndef SYNAUTH_FILE_LOCK_H
#define SYNAUTH_FILE_LOCK_H

#include "synauth.h"
#include <stdbool.h>

/* A flock on a file of ours in the directory (0600, so that nobody else can hold it), which is
   removed afterwards. Where others can write the directory, or we cannot, it lies in the home
   instead. Not on the directory itself: whoever may open that could keep us waiting. */
struct file_lock {
    int directory; /* of what is saved, for openat; -1 = not held */
    int place;     /* the directory of the lock file; -1 = there is none */
    int file;      /* the lock file; -1 = there is none */
    char name[64]; /* of the lock file */
    bool held;     /* false: there is no place for a lock, or the file system knows none */
    bool shared;   /* others can write the directory */
};

/* Waits at most half a minute for other savers. */
SYNAUTH_MUST_USE int file_lock_take(const char *directory, struct file_lock *ret,
                                    synauth_error *error);
/* Does nothing to a lock that is not held. errno is kept. */
void file_lock_release(struct file_lock *lock);

#endif
