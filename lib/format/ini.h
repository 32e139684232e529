/* ini - the dialect of Python's configparser.RawConfigParser() with its defaults
   (CPython, Lib/configparser.py), over bytes in memory. A UTF-8 BOM and non-UTF-8 bytes are
   accepted. Every value stays inside the caller's secret or in blocks that are wiped. */
#ifndef SYNAUTH_INI_H
#define SYNAUTH_INI_H

#include "base/secret.h"
#include "synauth.h"
#include <stdbool.h>

struct ini; /* opaque */

/* Parses text. `path` only names the file in errors, which carry the line and never its text. */
SYNAUTH_MUST_USE int ini_parse(const char *text, size_t length, const char *path, struct ini **ret,
                               synauth_error *error);
void ini_free(struct ini *ini);

/* Section names are exact bytes. [DEFAULT] itself is no section, but is inherited by all. */
bool ini_has_section(const struct ini *ini, const char *section);
/* Number of keys including inherited ones; 0 for an absent section. */
size_t ini_key_count(const struct ini *ini, const char *section);
/* Keys are compared in lower case. NULL when absent. The secret belongs to the ini; *ret_line
   (may be NULL) is the line of the key. */
const struct secret *ini_get(const struct ini *ini, const char *section, const char *key,
                             unsigned *ret_line);

/* For tests and writers: the sections in order (without [DEFAULT]), and their keys. */
size_t ini_section_count(const struct ini *ini);
const char *ini_section_name(const struct ini *ini, size_t index, size_t *ret_length);
const char *ini_key_name(const struct ini *ini, const char *section, size_t index,
                         size_t *ret_length);

#endif
