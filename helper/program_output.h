/* program_output - runs a program and keeps what it prints. */
#ifndef SYNAUTH_HELPER_PROGRAM_OUTPUT_H
#define SYNAUTH_HELPER_PROGRAM_OUTPUT_H

#include "base/secret.h"

#define PROGRAM_OUTPUT_MAX ((size_t)32 * 1024)

enum program_end {
    PROGRAM_ENDED,     /* *ret_status is the exit status, *ret what was printed (cut) */
    PROGRAM_KILLED,    /* by a signal: *ret_status */
    PROGRAM_NOT_FOUND, /* no such program, or none that may be executed */
    PROGRAM_FAILED     /* no process, no memory */
};

/* arguments[0]: an absolute path, or a name that is looked for in the absolute directories of PATH.
   No shell; standard input is empty. Stops reading when the program ends, though what it has
   started may still hold its output open. */
enum program_end program_output(char **arguments, struct secret **ret, int *ret_status);

#endif
