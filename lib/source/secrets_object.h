/* secrets_object - the value of one key in the text of a JSON secrets file. */
#ifndef SYNAUTH_SECRETS_OBJECT_H
#define SYNAUTH_SECRETS_OBJECT_H

#include "source/answer.h"

/* Does the text begin with `{`, behind a byte order mark and white space? */
bool secrets_object_is(const struct secret *content);
/* Asks for the key; `place` is that of the file and gets key and line. Returns whether the chain
   ends: a key that is not there is absent, a text that is no such object is unusable. */
bool secrets_object_ask(struct answer *answer, struct place *place, const char *key,
                        const struct secret *content);

#endif
