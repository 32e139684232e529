/* objects - the shared objects of this process, read from the loader's list. */
#include "bind/objects.h"
#include "bind/fork_guard.h"
#include "bind/next.h"
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct objects_reading {
    const struct link_map *map;
    struct object_list list; /* its count may be larger than the room that was made for it */
    size_t room;
    void (*read)(const struct object_list *, void *);
    void *data;
};

static int collect(struct dl_phdr_info *info, size_t size, void *data)
{
    struct objects_reading *reading = data;
    size_t index = reading->list.count++;

    (void)size;
    if (index < reading->room) {
        struct object *object = &reading->list.items[index];
        object_from_info(info, object);
        if (reading->map && reading->map->l_ld == object->dynamic)
            object->map = reading->map;
    }
    if (reading->map)
        reading->map = reading->map->l_next;
    return 0;
}

/* glibc holds its lock during the calls, and the same thread may take it again; musl unloads
   nothing. */
static int read_held(struct dl_phdr_info *info, size_t size, void *data)
{
    struct objects_reading *reading = data;

    (void)info, (void)size;
    reading->map = next_first_object();
    dl_iterate_phdr(collect, reading);
    if (reading->list.count <= reading->room)
        reading->read(&reading->list, reading->data);
    return 1;
}

static bool make_room(struct objects_reading *reading, size_t room)
{
    struct object_list *list = &reading->list;

    list->items = malloc(room * (sizeof(*list->items) + 2 * sizeof(size_t) + 3 * sizeof(bool)));
    if (!list->items)
        return false;
    list->queue = (void *)(list->items + room);
    list->order = list->queue + room;
    list->seen = (void *)(list->order + room);
    list->placed = list->seen + room;
    list->start = list->placed + room;
    list->count = 0;
    reading->room = room;
    return true;
}

bool objects_read(void (*read)(const struct object_list *, void *), void *data)
{
    static _Atomic size_t usual = 60;
    struct objects_reading reading = {.read = read, .data = data};
    int saved = errno;
    bool fits = false;

    while (!fits && make_room(&reading, usual + 4)) {
        fork_guard_enter();
        dl_iterate_phdr(read_held, &reading);
        fork_guard_leave();
        free(reading.list.items);
        fits = reading.list.count <= reading.room;
        usual = reading.list.count;
    }
    errno = saved;
    return fits;
}

long object_at(const struct object_list *list, const void *address)
{
    for (size_t i = 0; i < list->count; i++)
        if (object_holds(&list->items[i], (ElfW(Addr))address))
            return (long)i;
    return -1;
}

static int read_unload_count(struct dl_phdr_info *info, size_t size, void *data)
{
    if (size >= offsetof(struct dl_phdr_info, dlpi_subs) + sizeof(info->dlpi_subs))
        *(unsigned long long *)data = info->dlpi_subs;
    return 1; /* the first object carries the process-wide count */
}

unsigned long long object_unload_count(void)
{
    unsigned long long count = 0;

    fork_guard_enter();
    dl_iterate_phdr(read_unload_count, &count);
    fork_guard_leave();
    return count;
}
