/* loader_cache - which file the dynamic loader's cache has for a bare library name. */
#ifndef SYNAUTH_LOADER_CACHE_H
#define SYNAUTH_LOADER_CACHE_H

#include <limits.h>
#include <stdbool.h>

/* The file for our own architecture, into path (PATH_MAX bytes). false: none, or no glibc cache of
   the present format (2.2 and newer), as on musl. Calls no function of the loader. */
bool loader_cache_find(const char *name, char *path);

#endif
