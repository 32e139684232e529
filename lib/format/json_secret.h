/* json_secret - one string out of a JSON secrets object, judged as Python's json judges the whole
   text (CPython, Lib/json/decoder.py). */
#ifndef SYNAUTH_JSON_SECRET_H
#define SYNAUTH_JSON_SECRET_H

#include "base/secret.h"
#include "synauth.h"

enum json_secret_state {
    JSON_SECRET_FOUND,  /* *ret is the decoded string, untrimmed */
    JSON_SECRET_ABSENT, /* no such key, or null */
    JSON_SECRET_BAD     /* *error says what and on which line; never the text */
};
enum json_secret_state json_secret_get(const char *text, size_t length, const char *key,
                                       const char *path, struct secret **ret, unsigned *ret_line,
                                       synauth_error *error);

#endif
