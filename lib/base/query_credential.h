/* query_credential - does the query of a URL identify whoever wrote it? One test for the hooks and
   for the resolver, so that both say the same. libc only: preload/ contains it too. */
#ifndef SYNAUTH_QUERY_CREDENTIAL_H
#define SYNAUTH_QUERY_CREDENTIAL_H

#include <stdbool.h>

/* What CAVE's servers take for a token: middle_auth_token, anywhere in the query, as a part of
   another name or of a value too (less is sent rather than more). */
bool query_has_token(const char *url);
/* A signed URL: X-Amz-Signature or X-Goog-Signature; Signature with Expires or Key-Pair-Id; sig
   with se or sv (Azure). A store refuses a request with a second way to authenticate. Names are
   compared after %-decoding, and in any case, as Azure does. */
bool query_is_signed(const char *url);

#endif
