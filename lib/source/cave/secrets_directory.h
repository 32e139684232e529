/* secrets_directory - where CAVE's clients keep their secrets, and what the files in it are for. */
#ifndef SYNAUTH_CAVE_SECRETS_DIRECTORY_H
#define SYNAUTH_CAVE_SECRETS_DIRECTORY_H

#include "synauth.h"
#include <stdbool.h>

#define CAVE_SECRET_NAME "cave-secret.json"
#define CAVE_DEPRECATED_NAME "chunkedgraph-secret.json"
#define CAVE_MAP_NAME "cave_datastack_to_server_map.json"

/* $CLOUD_VOLUME_DIR/secrets or ~/.cloudvolume/secrets. Heap string. */
SYNAUTH_MUST_USE int cave_secrets_directory(char **ret, synauth_error *error);
/* The path of <host>-cave-secret.json in it. Heap string, NULL when memory runs out. */
char *cave_server_file(const char *directory, const char *host);
/* Is this the name of a secrets file? *ret_host_length: of the server's part before "-", 0 when it
   is for every server. */
bool cave_is_secret_name(const char *name, size_t *ret_host_length);

#endif
