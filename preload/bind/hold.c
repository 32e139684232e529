/* hold - what the loader would keep loaded because the caller is bound to it. */
#include "bind/hold.h"
#include "bind/fork_guard.h"
#include "bind/next.h"
#include "bind/pending_error.h"
#include "bind/scope.h"
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Who has brought both takes both away. */
static bool came_together(const struct object_list *list, size_t caller, size_t object)
{
    for (size_t i = 0; i < list->count; i++)
        if (!list->start[i] && scope_needs(list, i, object) && scope_needs(list, i, caller))
            return true;
    return false;
}

bool hold_is_needed(const struct object_list *list, long caller, size_t object)
{
    return caller >= 0 && (size_t)caller != object && !list->start[object] &&
           (list->start[caller] || !came_together(list, (size_t)caller, object));
}

struct named {
    ElfW(Addr) address;
    char name[PATH_MAX];
};

static void copy_name(const struct object_list *list, void *data)
{
    struct named *named = data;
    long index = object_at(list, (const void *)named->address);
    size_t length = index < 0 ? 0 : strlen(list->items[index].name);

    if (length && length < sizeof(named->name))
        memcpy(named->name, list->items[index].name, length + 1);
}

/* One more reference; what dlerror has to tell stays. */
static void open_once_more(const char *name)
{
    void *(*open_object)(const char *, int);
    void *address = next_definition("dlopen");
    char *message;

    memcpy(&open_object, &address, sizeof(open_object));
    if (!open_object)
        return;
    message = pending_error_take();
    (void)open_object(name, RTLD_LAZY | RTLD_NOLOAD);
    pending_error_put_back(message);
}

void hold_object_at(ElfW(Addr) address)
{
    int saved = errno;
    struct named *named = fork_guard_in_child() ? NULL : malloc(sizeof(*named));

    if (named) {
        named->address = address;
        named->name[0] = '\0';
        objects_read(copy_name, named);
        if (named->name[0])
            open_once_more(named->name);
        free(named);
    }
    errno = saved;
}
