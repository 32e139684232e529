/* loaded - what is in the process, copied. */
#include "bind/loaded.h"
#include "bind/symbols.h"
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM (64u << 10)
#define LARGEST_ROOM (16u << 20)

/* Nothing can be allocated while objects are read: all goes into one block, the objects in front
   and their texts behind. */
struct copying {
    struct loaded *ret;
    const void *caller_address;
    bool with_libcurls;
    char *next, *end;
    bool full;
};

static void *take(struct copying *copying, size_t size)
{
    char *taken = copying->next;

    if (copying->full || (size_t)(copying->end - taken) < size) {
        copying->full = true;
        return NULL;
    }
    copying->next += size;
    return taken;
}

static const char *copy_text(struct copying *copying, const char *text)
{
    size_t size = text ? strlen(text) + 1 : 0;
    char *copy = text ? take(copying, size) : NULL;
    return copy ? memcpy(copy, text, size) : NULL;
}

static void copy_object(struct copying *copying, const struct object *object,
                        struct loaded_object *ret)
{
    *ret = (struct loaded_object){
        .name = copy_text(copying, object->name),
        .soname = copy_text(copying, object->soname),
        .libcurl = copying->with_libcurls && object_symbol(object, "curl_easy_init") &&
                   !object_symbol(object, "synauth_preload_number"),
    };
    if (ret->libcurl)
        ret->version = copy_text(copying, object_symbol_version(object, "curl_easy_init"));
}

static void copy_objects(const struct object_list *list, void *data)
{
    struct copying *copying = data;
    struct loaded *ret = copying->ret;
    long caller = object_at(list, copying->caller_address);

    ret->items = take(copying, list->count * sizeof(*ret->items));
    for (size_t i = 0; i < list->count && !copying->full; i++)
        copy_object(copying, &list->items[i], &ret->items[i]);
    ret->count = copying->full ? 0 : list->count;
    if (caller >= 0)
        ret->caller_name = copy_text(copying, list->items[caller].name);
}

bool loaded_read(const void *caller_address, bool with_libcurls, struct loaded *ret)
{
    bool complete = false;

    *ret = (struct loaded){0};
    for (size_t room = FIRST_ROOM; !complete && room <= LARGEST_ROOM; room *= 4) {
        struct copying copying = {
            .ret = ret, .caller_address = caller_address, .with_libcurls = with_libcurls};
        char *block = malloc(room);
        if (!block)
            return false;
        copying.next = block;
        copying.end = block + room;
        complete = objects_read(copy_objects, &copying) && !copying.full;
        ret->items = (void *)block;
        if (!complete)
            loaded_free(ret);
    }
    return complete;
}

void loaded_free(struct loaded *loaded)
{
    free(loaded->items);
    *loaded = (struct loaded){0};
}

const char *loaded_base_name(const struct loaded_object *object)
{
    const char *slash = strrchr(object->name, '/');
    if (object->soname)
        return object->soname;
    return slash ? slash + 1 : object->name;
}
