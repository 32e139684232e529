/* session_directory - the directory of the login sessions: the user's alone, opened once and judged
   by its descriptor; everything in it is reached by that descriptor. */
#ifndef SYNAUTH_SYNAPSE_SESSION_DIRECTORY_H
#define SYNAUTH_SYNAPSE_SESSION_DIRECTORY_H

#include "synauth.h"
#include <stdbool.h>

enum session_place {
    SESSION_PLACE_OPEN,     /* fd is open */
    SESSION_PLACE_MISSING,  /* it is not there; it could be made */
    SESSION_PLACE_NONE,     /* sessions are kept in memory only: that is no error */
    SESSION_PLACE_RELATIVE, /* SYNAUTH_SESSION_DIR is no absolute path */
    SESSION_PLACE_PARENT,   /* others can exchange the directory */
    SESSION_PLACE_FOREIGN,  /* somebody else's, or no directory */
    SESSION_PLACE_READABLE, /* ours, and open to others: chmod 700 mends it */
    SESSION_PLACE_SHARED,   /* the same, but others use it (/tmp): not to be closed to them */
    SESSION_PLACE_FAILED    /* the system refuses */
};

struct session_directory {
    enum session_place place;
    int fd;
    char *path; /* NULL for NONE, RELATIVE and FAILED without memory */
    int cause;  /* errno of FAILED */
};

/* Opens $SYNAUTH_SESSION_DIR, else $XDG_RUNTIME_DIR/synauth where that is this user's. */
void session_directory_open(struct session_directory *ret, bool make);
void session_directory_close(struct session_directory *directory);
#define AUTO_SESSION_DIRECTORY \
    __attribute__((cleanup(session_directory_close))) struct session_directory
/* SYNAUTH_OK for OPEN, MISSING and NONE; else *error says what is wrong, and the remedy. */
SYNAUTH_MUST_USE int session_directory_judge(const struct session_directory *directory,
                                             synauth_error *error);
/* The directory's path where it is or would be, not judged: heap string, NULL when there is none.
 */
char *session_directory_path(void);

#endif
