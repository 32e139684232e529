/* helper_path - where the helpers are that belong to this program. */
#ifndef SYNAUTH_CLI_HELPER_PATH_H
#define SYNAUTH_CLI_HELPER_PATH_H

/* Beside this program (build tree), in libexec relative to it, or where it was installed to. Heap
   string; NULL when it is not there, or somebody else may have put it there (code_trust.h): then
   the line that helper_path_problem returns says so. */
char *helper_path(const char *name);
/* Why the latest helper_path found one and refused it; "" when it did not. */
const char *helper_path_problem(void);

#endif
