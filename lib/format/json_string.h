/* json_string - the inside of JSON strings: escapes and UTF-8, one character at a time. */
#ifndef SYNAUTH_JSON_STRING_H
#define SYNAUTH_JSON_STRING_H

#include <stdbool.h>
#include <stdint.h>

/* Reads the character at text, which is not the closing quote. Returns what follows it, or NULL
   with *ret_problem set. Lone surrogates come as they are. */
const char *json_character_read(const char *text, const char *end, uint32_t *ret,
                                const char **ret_problem);

/* The characters of a string that was read before, one a call. */
struct json_characters {
    const char *position;
    const char *end;
};
bool json_character_next(struct json_characters *characters, uint32_t *ret);

#endif
