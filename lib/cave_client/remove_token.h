/* remove_token - takes a token out of CAVE's secrets files, all or none. */
#ifndef SYNAUTH_CAVE_REMOVE_TOKEN_H
#define SYNAUTH_CAVE_REMOVE_TOKEN_H

#include "base/secret.h"
#include "config/config.h"

/* The key in `path`, in cave-secret.json and in the files of the server and of the hosts that the
   rules give to it, wherever it has this value. */
struct cave_removal {
    const char *directory;
    const char *path;   /* absolute: where the token is read from */
    const char *server; /* host[:port] */
    const struct config *config;
    const char *key;
    struct secret *token;
    bool only_path; /* look at no other file */
};
SYNAUTH_MUST_USE int cave_remove_token(const struct cave_removal *removal, synauth_cave_saved **ret,
                                       synauth_error *error);

#endif
