/* preload_env - our entry in LD_PRELOAD: where the library is, by which name the loader finds it,
   and the list with exactly one copy of it. */
#ifndef SYNAUTH_CLI_PRELOAD_ENV_H
#define SYNAUTH_CLI_PRELOAD_ENV_H

#include <limits.h>
#include <stdbool.h>

#define PRELOAD_NAME "libsynauth_preload.so"

/* The library that belongs to this program, as an absolute path (PATH_MAX bytes). */
bool preload_find(char *path);
/* What stands for it in LD_PRELOAD: its bare name when the loader's cache means this very copy,
   else its path; NULL when the path cannot stand in a list (a space, a colon, a dollar sign). */
const char *preload_entry(const char *path);
/* The list `current` (may be NULL) with `entry` for the library at `path`, behind the runtimes of
   sanitizers and else in front; `runtimes`, with a colon behind each, come before all. A copy that
   is in a good place already stays, the first other copy is replaced, more are dropped, everything
   else is kept to the byte. Heap string, NULL when memory runs out. */
char *preload_list(const char *current, const char *runtimes, const char *entry, const char *path);

#endif
