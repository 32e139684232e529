/* token - what may stand behind `Authorization: Bearer `: trimming and judging a value. */
#ifndef SYNAUTH_TOKEN_H
#define SYNAUTH_TOKEN_H

#include "base/secret.h"
#include <stdint.h>

#define TOKEN_MAX 8192

enum token_verdict { TOKEN_OK, TOKEN_EMPTY, TOKEN_BAD };

/* Trims ASCII white space. TOKEN_OK: *ret is the token. TOKEN_EMPTY: counts as absent. TOKEN_BAD:
   *ret_why is a static phrase that fits behind "the token " ("contains white space", "is in
   quotes", "begins with \"Bearer \""), never the value. */
enum token_verdict token_judge(const char *bytes, size_t length, struct secret **ret,
                               const char **ret_why);
/* For JWTs whose scopes lack `view`: used, with a warning. True when the text decodes and lacks it.
 */
int token_lacks_view_scope(const struct secret *token);
/* The `exp` of a JWT in seconds since 1970; 0 when it has none or is no JWT. Nothing is verified.
 */
int64_t token_expires(const struct secret *token);
/* The claims of a JWT as JSON text; not verified. NULL when it is none. */
struct secret *token_jwt_payload(const struct secret *token);

#endif
