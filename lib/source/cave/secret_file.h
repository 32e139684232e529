/* secret_file - the JSON secrets files of CAVE's clients: which file counts, and its key. */
#ifndef SYNAUTH_CAVE_SECRET_FILE_H
#define SYNAUTH_CAVE_SECRET_FILE_H

#include "source/answer.h"

struct cave_secret_file {
    const char *directory; /* NULL = $CLOUD_VOLUME_DIR/secrets or ~/.cloudvolume/secrets */
    const char *request_host, *auth_server; /* host[:port] */
    const char *key;
};

/* Asks the first of the files that exists, then the deprecated one. Returns whether the chain
   ends. */
bool cave_secret_file_ask(struct answer *answer, const struct cave_secret_file *query);

#endif
