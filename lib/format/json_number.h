/* json_number - one whole number at the top level of a JSON object. */
#ifndef SYNAUTH_JSON_NUMBER_H
#define SYNAUTH_JSON_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/* The last member of that name, its fraction cut off; 0 when there is none, and for a text that is
   no JSON. Thread-safe. */
int64_t json_number_get(const char *text, size_t length, const char *key);

#endif
