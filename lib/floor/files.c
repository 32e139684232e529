/* files - stat and its kin: functions of libc since glibc 2.33, before that of what is linked in,
   which calls these. They are there in every glibc. */
#include "old_symbol.h"

#include <sys/stat.h>

/* Which layout of struct stat. */
#ifdef __x86_64__
enum { LAYOUT = 1 };
#define VERSION_OF_FXSTATAT "GLIBC_2.4"
#else
enum { LAYOUT = 0 };
#define VERSION_OF_FXSTATAT OLDEST
#endif

OLD_SYMBOL(__xstat, OLDEST);
OLD_SYMBOL(__fxstat, OLDEST);
OLD_SYMBOL(__lxstat, OLDEST);
OLD_SYMBOL(__fxstatat, VERSION_OF_FXSTATAT);
extern int old___xstat(int layout, const char *path, struct stat *status);
extern int old___fxstat(int layout, int file, struct stat *status);
extern int old___lxstat(int layout, const char *path, struct stat *status);
extern int old___fxstatat(int layout, int folder, const char *path, struct stat *status, int flags);

FLOOR int stat(const char *restrict path, struct stat *restrict status)
{
    return old___xstat(LAYOUT, path, status);
}

FLOOR int fstat(int file, struct stat *status)
{
    return old___fxstat(LAYOUT, file, status);
}

FLOOR int lstat(const char *restrict path, struct stat *restrict status)
{
    return old___lxstat(LAYOUT, path, status);
}

FLOOR int fstatat(int folder, const char *restrict path, struct stat *restrict status, int flags)
{
    return old___fxstatat(LAYOUT, folder, path, status, flags);
}
