/* json_answer - what a service says and is told: members out of a JSON object, judged as strictly
   as everything else we read, and small objects of strings. */
#ifndef SYNAUTH_SERVICE_JSON_ANSWER_H
#define SYNAUTH_SERVICE_JSON_ANSWER_H

#include "base/secret.h"
#include "format/json_scan.h"
#include <stdbool.h>
#include <stdint.h>

/* Finds the member at a path of names (NULL-terminated); the last duplicate counts. Returns its
   kind, and the scan as it stood behind it: an array or object can be walked through from there.
   JSON_END: no such member. JSON_ERROR: the text is not valid JSON, or no object. */
enum json_event json_answer_find(const struct secret *body, const char *const *path,
                                 struct json_scan *ret_at);
/* Is it valid JSON with an object as root? */
bool json_answer_is_object(const struct secret *body);

/* A member of the root that is a string, decoded; else NULL. */
struct secret *json_answer_string(const struct secret *body, const char *name);
/* The same for text that is no secret: a heap string without NUL bytes. */
char *json_answer_text(const struct secret *body, const char *name);
/* A number or a string of digits, as digits: a heap string, else NULL. */
char *json_answer_digits(const struct secret *body, const char *name);
/* The whole part of a number at a path; false when there is none. */
bool json_answer_integer(const struct secret *body, const char *const *path, int64_t *ret);
/* Is the member there and false? */
bool json_answer_is_false(const struct secret *body, const char *name);
/* The string that the scan has just come to. */
struct secret *json_answer_decode(const struct json_scan *at);

/* A member of an object to be sent. One of text, secret and number is set. */
struct json_member {
    const char *name;
    const char *text;
    struct secret *secret;
    const char *number; /* digits */
};
/* The object as text; members without a value are left out. NULL when memory is short or a value is
   no UTF-8. */
struct secret *json_object(const struct json_member *members, size_t count);

#endif
