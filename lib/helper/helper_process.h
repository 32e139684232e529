/* helper_process - runs one of our helpers from inside a host program that must not notice: no
   SIGCHLD, no zombie, no descriptor left, whatever the host does with SIGCHLD or waitpid(-1). */
#ifndef SYNAUTH_HELPER_PROCESS_H
#define SYNAUTH_HELPER_PROCESS_H

#include "base/secret.h"
#include "file/code_trust.h"

#define HELPER_INPUT_MAX ((size_t)32 * 1024)
#define HELPER_OUTPUT_MAX ((size_t)64 * 1024)

struct helper_run {
    const char *program;          /* file name, e.g. "synauth-helper" */
    const char *const *arguments; /* behind the name; NULL-terminated; everybody can read them */
    struct secret *input;         /* its standard input, where secrets belong; NULL = empty */
    unsigned milliseconds;        /* then it is killed, with all it has started */
    char *problem;                /* CODE_PROBLEM_MAX bytes (code_trust.h); NULL: nobody asks */
};

enum helper_end {
    HELPER_ENDED,   /* *ret_status is its exit status, *ret_output what it printed */
    HELPER_MISSING, /* not installed */
    HELPER_REFUSED, /* somebody else may have put it there: a sentence in run->problem */
    HELPER_LATE,    /* killed at its time limit */
    HELPER_BROKEN   /* could not be started, was killed, or said too much */
};

/* Blocks for at most the time limit and the moment it takes to kill. The helper has no terminal,
   "/" as its directory, default signals, standard error thrown away, and the environment of the
   host without LD_PRELOAD and LD_AUDIT, with SYNAUTH_DISABLE=1 and SYNAUTH_HELPER=1. Thread-safe;
   errno is kept. */
enum helper_end helper_process_run(const struct helper_run *run, struct secret **ret_output,
                                   int *ret_status);
/* Where the helper is: beside the library it is found from, or in libexecdir, and judged
   (code_trust.h). *ret_path (heap string) is set for CODE_TRUSTED, `problem` (CODE_PROBLEM_MAX
   bytes) for CODE_REFUSED. */
enum code_trust helper_process_find(const char *program, char **ret_path, char *problem);

#endif
