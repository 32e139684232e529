/* source - where a token comes from, as JSON and for people. */
#ifndef SYNAUTH_CLI_SOURCE_H
#define SYNAUTH_CLI_SOURCE_H

#include "synauth.h"

/* `"file",line` with line as a number or null, behind the name of the first member. */
void put_json_place(const char *file, unsigned line);
/* {"kind", "name", "path", "line", "key"}, absent parts null; or null. */
void put_json_source(const synauth_source *source);
/* "name (path:line), key K"; nothing when there is no source. */
void put_source(const synauth_source *source);

#endif
