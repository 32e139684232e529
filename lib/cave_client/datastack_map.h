/* datastack_map - cave_datastack_to_server_map.json: which server a datastack is served by. */
#ifndef SYNAUTH_CAVE_DATASTACK_MAP_H
#define SYNAUTH_CAVE_DATASTACK_MAP_H

#include "synauth.h"

/* Reads the map in `directory`. SYNAUTH_E_ARGUMENT: no such datastack, or no map. Heap string. */
SYNAUTH_MUST_USE int datastack_map_get(const char *directory, const char *datastack, char **ret,
                                       synauth_error *error);

#endif
