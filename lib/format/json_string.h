/* json_string - one character of a JSON string at a time. Internal to json_scan. */
#ifndef SYNAUTH_JSON_STRING_H
#define SYNAUTH_JSON_STRING_H

#include "format/json_scan.h"

/* Reads the character at text, which is not the closing quote. Returns what follows it, or NULL
   with *ret_problem set. */
const char *json_character_read(const char *text, const char *end, uint32_t *ret,
                                const char **ret_problem);

#endif
