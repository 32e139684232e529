/* json_scan - walks through JSON text event by event, as strictly as Python's json, and refuses
   NaN, Infinity and nesting beyond 1000 besides. No recursion, no allocation, nothing copied. */
#ifndef SYNAUTH_JSON_SCAN_H
#define SYNAUTH_JSON_SCAN_H

#include "format/json_string.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_DEPTH_MAX 1000

enum json_event {
    JSON_ERROR, /* scan.problem and scan.line say what and where */
    JSON_END,
    JSON_OBJECT,
    JSON_OBJECT_END,
    JSON_ARRAY,
    JSON_ARRAY_END,
    JSON_KEY, /* of an object; its value follows as the next event */
    JSON_STRING,
    JSON_NUMBER,
    JSON_BOOLEAN,
    JSON_NULL
};

enum json_expected {
    JSON_EXPECT_VALUE,
    JSON_EXPECT_VALUE_OR_END,
    JSON_EXPECT_KEY_OR_END,
    JSON_EXPECT_SEPARATOR,
    JSON_EXPECT_NOTHING
};

struct json_scan {
    const char *position;
    const char *end;
    unsigned line;       /* how far the walk has come: the place of a problem */
    unsigned event_line; /* where the last key or value began */
    size_t depth;        /* open arrays and objects, the event's own included */
    const char *problem; /* static phrase, after JSON_ERROR */
    /* Of the last JSON_KEY or JSON_STRING: the text between the quotes, still escaped. */
    const char *string;
    size_t string_length;

    enum json_expected expected;
    unsigned char is_object[(JSON_DEPTH_MAX + 7) / 8];
};

/* A byte order mark is skipped. */
void json_scan_begin(struct json_scan *scan, const char *text, size_t length);
enum json_event json_scan_next(struct json_scan *scan);

/* The characters of the last key or string. */
struct json_characters json_characters(const struct json_scan *scan);

/* Is the last key or string this text (UTF-8)? */
bool json_string_is(const struct json_scan *scan, const char *text);

#endif
