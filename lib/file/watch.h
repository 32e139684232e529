/* watch - has a file changed? What stat and lstat say about a path, for comparison later. */
#ifndef SYNAUTH_WATCH_H
#define SYNAUTH_WATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct watch_stat {
    int error; /* errno of the look, 0 = the rest is filled */
    mode_t mode;
    dev_t device;
    ino_t inode;
    off_t size;
    int64_t modified, changed; /* nanoseconds */
};

struct watch_state {
    struct watch_stat target; /* behind links: what is read */
    struct watch_stat name;   /* the name itself: a link that is replaced */
    /* Changed so shortly before the look that another change could carry the same time. */
    bool unsettled;
};

/* Look before reading the file, so that a change in between is noticed at the next look. */
void watch_look(const char *path, struct watch_state *ret);
bool watch_same(const struct watch_state *before, const struct watch_state *now);

#endif
