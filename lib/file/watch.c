/* watch - has a file changed? What stat and lstat say about a path, for comparison later. */
#include "file/watch.h"

#include "base/now.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define SECOND INT64_C(1000000000)
/* File times advance with the kernel's tick (1 to 10 ms), not with the clock. */
#define SETTLE (50 * (SECOND / 1000))

static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * SECOND + time.tv_nsec;
}

static void keep(int result, const struct stat *found, struct watch_stat *ret)
{
    memset(ret, 0, sizeof *ret);
    if (result != 0) {
        ret->error = errno;
        return;
    }
    ret->mode = found->st_mode;
    ret->device = found->st_dev;
    ret->inode = found->st_ino;
    ret->size = found->st_size;
    ret->modified = nanoseconds(found->st_mtim);
    ret->changed = nanoseconds(found->st_ctim);
}

void watch_look(const char *path, struct watch_state *ret)
{
    struct stat found;
    int saved_errno = errno;
    keep(stat(path, &found), &found, &ret->target);
    keep(lstat(path, &found), &found, &ret->name);
    int64_t age = now_nanoseconds() - ret->target.changed;
    ret->unsettled = ret->target.error == 0 && age < SETTLE;
    errno = saved_errno;
}

static bool same(const struct watch_stat *a, const struct watch_stat *b)
{
    return a->error == b->error && a->mode == b->mode && a->device == b->device &&
           a->inode == b->inode && a->size == b->size && a->modified == b->modified &&
           a->changed == b->changed;
}

bool watch_same(const struct watch_state *before, const struct watch_state *now)
{
    return !before->unsettled && same(&before->target, &now->target) &&
           same(&before->name, &now->name);
}
