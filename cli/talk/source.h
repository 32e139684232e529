/* source - where a token comes from, as JSON and for people. */
#ifndef SYNAUTH_CLI_SOURCE_H
#define SYNAUTH_CLI_SOURCE_H

#include "synauth.h"
#include <cjson/cJSON.h>

/* {"kind", "name", "path", "line", "key"}, absent parts null; NULL without a source. */
cJSON *json_source(const synauth_source *source);
/* "name (path:line), key K"; nothing when there is no source. */
void put_source(const synauth_source *source);
/* What is odd about a token that is used: as an array of strings, and each as a line on stderr. NULL
   has nothing to say. */
cJSON *json_warnings(const synauth_result *result);
void say_warnings(const synauth_result *result);

#endif
