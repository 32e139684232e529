/* json_edit - sets or removes one top-level member of a JSON object by editing its text: every
   other byte stays what it is (a round trip through cJSON rounds numbers and rewrites escapes). */
#ifndef SYNAUTH_JSON_EDIT_H
#define SYNAUTH_JSON_EDIT_H

#include "base/secret.h"
#include "synauth.h"
#include <stdbool.h>

/* An object and the member of the wanted name that Python's json would return: the last one. The
   pointers lead into the text. */
struct json_edit {
    const char *text, *end;
    const char *open;       /* behind the `{` of the root */
    const char *close;      /* at its `}` */
    const char *first;      /* at the quote of the first key; NULL for an empty object */
    const char *last_comma; /* before the last member; NULL when there is only one */
    const char *last_key, *last_key_end, *last_value, *last_end;
    bool found;
    const char *comma; /* before the member that was found; NULL when it is the first */
    const char *key;   /* at the quote of its key */
    const char *value, *value_end;
    bool is_string;
};

/* Judges the whole text (json_scan.h) and looks for `key` (UTF-8). SYNAUTH_E_UNUSABLE: no valid
   JSON or no object; *error has `path` and the line, never the text. */
SYNAUTH_MUST_USE int json_edit_find(const char *text, size_t length, const char *key,
                                    const char *path, struct json_edit *ret, synauth_error *error);
/* Is its value this string? */
bool json_edit_equals(const struct json_edit *edit, const struct secret *value);
/* The text with `key`: `value` in the place of the member that was found, or behind the last one,
   in its style. Both may hold any UTF-8. NULL when memory runs out. */
struct secret *json_edit_set(const struct json_edit *edit, const char *key,
                             const struct secret *value);
/* `{"key": "value"}` */
struct secret *json_edit_new(const char *key, const struct secret *value);
/* The text without all members of that name, in one pass; whether none is left in the object. */
struct secret *json_edit_remove_all(const struct json_edit *edit, const char *key, bool *ret_empty);

#endif
