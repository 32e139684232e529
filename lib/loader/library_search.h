/* library_search - the file that the dynamic loader would take for the name of a library. */
#ifndef SYNAUTH_LOADER_LIBRARY_SEARCH_H
#define SYNAUTH_LOADER_LIBRARY_SEARCH_H

#include "loader/elf_file.h"
#include <limits.h>
#include <stdbool.h>

/* The object that names the library in a DT_NEEDED or opens it. */
struct library_asker {
    const struct library_asker *loader; /* who brought it: RPATHs are inherited; NULL at the end */
    const char *path;                   /* its own file, for $ORIGIN; may be NULL */
    const char *rpath, *runpath;        /* or NULL; with a RUNPATH there is no RPATH */
};

/* Texts of `file`, valid as long as it is. */
void library_asker_from(const struct elf_file *file, const char *path,
                        const struct library_asker *loader, struct library_asker *ret);

/* In the order of glibc: RPATH of the asker and of its loaders, LD_LIBRARY_PATH, RUNPATH of the
   asker, the loader's cache, the system's folders; files of other machines are passed over. A name
   with a slash is the file itself. Into path (PATH_MAX bytes), false when there is none. $ORIGIN,
   $LIB and $PLATFORM are known in RPATHs; a build for some processors only (glibc-hwcaps) is found
   where there is no other. Calls no function of the loader; keeps errno. */
bool library_search(const char *name, const struct library_asker *asker, char *path);

#endif
