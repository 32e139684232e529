/* json_object - a JSON object of strings and numbers as text, written by cJSON. */
#include "format/json_object.h"

#include "base/utf8.h"
#include "foreign/deps.h"
#include "format/json_tree.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

/* Each byte as six at most; cJSON asks for a few bytes more than it uses. */
enum { ESCAPED_MAX = 6, SLACK = 64 };

static const char *value_of(const struct json_member *member)
{
    if (member->number)
        return member->number;
    return member->secret ? secret_bytes(member->secret) : member->text;
}

static bool add(const struct deps *deps, cJSON *object, const struct json_member *member)
{
    const char *value = value_of(member);
    if (!value)
        return true;
    if (member->secret && strlen(value) != secret_length(member->secret))
        return false;
    if (!utf8_valid(value, strlen(value)))
        return false;
    cJSON *item = member->number ? deps->cJSON_CreateRaw(value)
                                 : deps->cJSON_CreateStringReference(value); /* no copy to wipe */
    if (item && deps->cJSON_AddItemToObjectCS(object, member->name, item))
        return true;
    json_tree_free(item);
    return false;
}

static struct secret *print(const struct deps *deps, cJSON *object, size_t size)
{
    AUTO_SECRET room = size <= INT_MAX ? secret_alloc(size) : NULL;
    if (!room || !deps->cJSON_PrintPreallocated(object, secret_buffer(room), (int)size, false))
        return NULL;
    return secret_slice(room, 0, strlen(secret_bytes(room)));
}

struct secret *json_object(const struct json_member *members, size_t count)
{
    const struct deps *deps = deps_get(NULL);
    AUTO_JSON object = deps ? deps->cJSON_CreateObject() : NULL;
    size_t size = SLACK;
    for (size_t i = 0; object && i < count; i++) {
        const char *value = value_of(&members[i]);
        size += ESCAPED_MAX * (strlen(members[i].name) + (value ? strlen(value) : 0)) + SLACK;
        if (!add(deps, object, &members[i]))
            return NULL;
    }
    return object ? print(deps, object, size) : NULL;
}
