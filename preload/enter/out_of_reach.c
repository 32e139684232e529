/* out_of_reach - says, to who asks for it, why a libcurl that was looked up gets no hooks. */
#include "enter/out_of_reach.h"
#include "base/log.h"
#include "bind/objects.h"

struct code_place {
    const void *function;
    bool here;
};

static void find(const struct object_list *list, void *data)
{
    struct code_place *place = data;
    place->here = object_at(list, place->function) >= 0;
}

void out_of_reach_say(const void *function)
{
    struct code_place place = {.function = function};

    if (!log_wants(LEVEL_DEBUG) || !objects_read(find, &place) || place.here)
        return;
    log_once(LEVEL_DEBUG, "namespace",
             "a libcurl in another namespace of the loader (dlmopen) is out of reach: its requests "
             "get no token");
}
