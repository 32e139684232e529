/* hidden_keys - the keys that a server's new secrets file would hide from its hosts. */
#ifndef SYNAUTH_CAVE_HIDDEN_KEYS_H
#define SYNAUTH_CAVE_HIDDEN_KEYS_H

#include "base/secret.h"
#include <stdbool.h>

struct hidden_keys {
    const char *directory; /* of the secrets, locked */
    const char *reads;     /* auth server (host[:port]) whose file its hosts read; NULL = none */
    const char *key;       /* the one that the new file is made for */
};

/* The text of the new file: `key` with the token, and every other member of the file that the hosts
   have read so far, which are none when it is broken. *ret_carried: there are others. NULL when
   out of memory. */
struct secret *hidden_keys_with(const struct hidden_keys *hidden, const struct secret *token,
                                bool *ret_carried);

#endif
