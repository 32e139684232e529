/* save_token - writes a token into CAVE's secrets files, all or none. */
#ifndef SYNAUTH_CAVE_SAVE_TOKEN_H
#define SYNAUTH_CAVE_SAVE_TOKEN_H

#include "base/secret.h"
#include "synauth.h"
#include <stdbool.h>

/* One call of save_token with everything resolved. Servers are host[:port]. */
struct cave_save {
    const char *directory; /* of the secrets */
    const char *server;
    const char *local;      /* NULL = no local server */
    const char *token_file; /* absolute; NULL = the usual files */
    /* The auth server whose file the rules read for the two; NULL = no rule reads any. */
    const char *server_reads, *local_reads;
    const char *key;
    const struct secret *token; /* judged */
    bool in_server_file;        /* write <server>-cave-secret.json */
    bool only_server_file;      /* leave cave-secret.json alone */
    bool no_local;              /* leave the files of all other servers alone */
    bool overwrite, ignore_readonly;
    bool keep_local; /* another token in the local server's file is an error in any case */
};
SYNAUTH_MUST_USE int cave_save_token(const struct cave_save *save, synauth_cave_saved **ret,
                                     synauth_error *error);

#endif
