/* preflight - whether the loader will hand a program our library, judged before it starts. */
#ifndef SYNAUTH_CLI_PREFLIGHT_H
#define SYNAUTH_CLI_PREFLIGHT_H

#include <limits.h>

enum reach {
    REACH_YES,
    REACH_NO,     /* static, setuid, setgid, file capabilities, other architecture */
    REACH_UNKNOWN /* the file may be executed but not read */
};

struct preflight {
    char judged[PATH_MAX];      /* the program, or the interpreter that stands for a script */
    char interpreter[PATH_MAX]; /* of `judged`, empty when it has none */
    const char *why;            /* fits behind "cannot be hooked: it ..."; NULL for REACH_YES */
};

enum reach preflight_judge(const char *path, struct preflight *ret);

#endif
