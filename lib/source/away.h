/* away - a file that cannot be looked at for a while: a ticket that ran out, a server that is gone.
   What was read of it stays in use, unless the process itself has become another. */
#ifndef SYNAUTH_AWAY_H
#define SYNAUTH_AWAY_H

#include "source/answer.h"

/* As whom, and below which root, the process sees files. */
struct file_view {
    bool known;
    uid_t user;
    dev_t root_device;
    ino_t root_inode;
};

void file_view_get(struct file_view *ret);
/* Does the process still see files so? */
bool file_view_is(const struct file_view *before);
/* Of the files that were there when they were read: is one out of sight now, and none gone, while
   the process sees files as it did at `view`? Says so once for each file. */
bool away_for_a_while(const struct watched *files, size_t count, const struct file_view *view);

#endif
