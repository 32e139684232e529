/* sanitizer - the runtimes of sanitizers, which stand in front of every other preloaded library:
   AddressSanitizer ends the program where it doesn't come first. */
#ifndef SYNAUTH_CLI_SANITIZER_H
#define SYNAUTH_CLI_SANITIZER_H

#include <stdbool.h>
#include <stddef.h>

/* ld.so splits LD_PRELOAD at spaces and colons. */
#define PRELOAD_SEPARATORS " :"

/* Does this item of LD_PRELOAD, a path or a name of so many bytes, mean one of gcc's or clang's? */
bool sanitizer_is_runtime(const char *item, size_t length);
/* Those that must come first, that the program needs as shared libraries and that `list` (may be
   NULL) does not have, with a colon behind each: its bare name where the loader's cache finds it
   so, else its path. Heap string, mostly empty; NULL when memory runs out. */
char *sanitizer_runtimes(const char *program, const char *list);

#endif
