/* helper_path - where the helpers are that belong to this program. */
#ifndef SYNAUTH_CLI_HELPER_PATH_H
#define SYNAUTH_CLI_HELPER_PATH_H

/* Beside this program (build tree), in libexec relative to it, or where it was installed to. Heap
   string; NULL when it is not there. */
char *helper_path(const char *name);

#endif
