/* json_object - a JSON object of strings and numbers as text, written by cJSON. */
#ifndef SYNAUTH_JSON_OBJECT_H
#define SYNAUTH_JSON_OBJECT_H

#include "base/secret.h"
#include <stddef.h>

/* One of text, secret and number is set. */
struct json_member {
    const char *name;
    const char *text;
    struct secret *secret;
    const char *number; /* digits */
};

/* {"NAME":"VALUE",...}; members without a value are left out. NULL when memory runs out or a value
   is not UTF-8 or holds a NUL. */
struct secret *json_object(const struct json_member *members, size_t count);

#endif
