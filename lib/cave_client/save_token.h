/* save_token - writes a token into CAVE's secrets files, or takes it out of them, all or none. */
#ifndef SYNAUTH_CAVE_SAVE_TOKEN_H
#define SYNAUTH_CAVE_SAVE_TOKEN_H

#include "base/secret.h"
#include "synauth.h"
#include <stdbool.h>

/* One call of save_token with everything resolved. */
struct cave_save {
    const char *directory;  /* of the secrets */
    const char *server;     /* host[:port]; NULL = no server file */
    const char *local;      /* host[:port]; NULL = no local server file */
    const char *token_file; /* absolute; NULL = the file that is read for current_server */
    const char *current_server;
    const char *key;
    const struct secret *token; /* judged */
    bool overwrite, ignore_readonly;
    bool keep_local; /* another token in the local server's file is an error in any case */
};
SYNAUTH_MUST_USE int cave_save_token(const struct cave_save *save, synauth_cave_saved **ret,
                                     synauth_error *error);

/* The key in `path`, and in every secrets file of the directory where it has the same value. */
struct cave_removal {
    const char *directory;
    const char *path; /* absolute: where the token is read from */
    const char *key;
    const struct secret *token;
};
SYNAUTH_MUST_USE int cave_remove_token(const struct cave_removal *removal, synauth_cave_saved **ret,
                                       synauth_error *error);

#endif
