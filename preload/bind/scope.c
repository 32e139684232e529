/* scope - the objects in which the loader looks for an object's references, in its order: first the
   global scope (the program, what is preloaded, their dependencies, what was opened with
   RTLD_GLOBAL), then what the caller came in with. */
#include "bind/scope.h"
#include "bind/loader_scope.h"
#include "ground/interpose.h"
#include <stdatomic.h>
#include <string.h>
#include <sys/auxv.h>

#ifdef SYNAUTH_INTERPOSE
static _Atomic bool global_seen;
#else
static _Atomic bool global_seen = true; /* dlopen is not ours there: it cannot be told */
#endif

void scope_note_global(void)
{
    atomic_store_explicit(&global_seen, true, memory_order_relaxed);
}

static size_t add(const struct object_list *list, size_t count, size_t index)
{
    if (list->seen[index])
        return count;
    list->seen[index] = true;
    list->queue[count] = index;
    return count + 1;
}

/* The first one of that name is the one that the loader takes. musl's libc is its loader, which is
   called otherwise. */
static long find_called(const struct object_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (object_is_called(&list->items[i], name))
            return (long)i;
    return strncmp(name, "libc.", 5) == 0 ? object_at(list, (const void *)(uintptr_t)getauxval)
                                          : -1;
}

static size_t add_needed(const struct object_list *list, size_t count, size_t index)
{
    const struct object *object = &list->items[index];

    for (const ElfW(Dyn) *entry = object->strings ? object->dynamic : NULL;
         entry && entry->d_tag != DT_NULL; entry++) {
        long needed =
            entry->d_tag == DT_NEEDED ? find_called(list, object->strings + entry->d_un.d_val) : -1;
        if (needed >= 0)
            count = add(list, count, (size_t)needed);
    }
    return count;
}

static void forget_seen(const struct object_list *list)
{
    memset(list->seen, 0, list->count * sizeof(*list->seen));
}

/* Breadth first: what is in list->queue already, and what that needs. */
static size_t add_dependencies(const struct object_list *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        count = add_needed(list, count, list->queue[i]);
    return count;
}

bool scope_needs(const struct object_list *list, size_t from, size_t object)
{
    forget_seen(list);
    add_dependencies(list, add(list, 0, from));
    return list->seen[object];
}

/* What is preloaded stands between the program and the program's first dependency. */
static size_t first_dependency(const struct object_list *list)
{
    size_t first = list->count, count;

    forget_seen(list);
    count = add_needed(list, 0, 0);
    for (size_t i = 0; i < count; i++)
        if (list->queue[i] < first)
            first = list->queue[i];
    return first;
}

static size_t queue_start(const struct object_list *list)
{
    size_t first = first_dependency(list), count = 0;

    forget_seen(list);
    for (size_t i = 0; i < first; i++)
        count = add(list, count, i);
    return add_dependencies(list, count);
}

void scope_mark_start(const struct object_list *list)
{
    size_t count = queue_start(list);

    memset(list->start, 0, list->count * sizeof(*list->start));
    for (size_t i = 0; i < count; i++)
        list->start[list->queue[i]] = true;
}

static size_t place_queue(const struct object_list *list, size_t placed, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t index = list->queue[i];
        if (!list->placed[index])
            list->order[placed++] = index;
        list->placed[index] = true;
    }
    return placed;
}

/* As the loader keeps it; 0 where that is not known. */
static size_t place_loaders(const struct object_list *list, long caller, const bool *there)
{
    size_t count = loader_scope_of(list, caller < 0 ? 0 : (size_t)caller, there);

    memset(list->placed, 0, list->count * sizeof(*list->placed));
    return place_queue(list, 0, count);
}

/* What brought the caller in stands before it in the list; what needs it too and was opened later
   comes after. */
static size_t place_local(const struct object_list *list, size_t placed, size_t caller)
{
    for (size_t i = 0; i < list->count; i++) {
        size_t count;
        if (list->start[i])
            continue;
        forget_seen(list);
        count = add_dependencies(list, add(list, 0, i));
        if (list->seen[caller])
            placed = place_queue(list, placed, count);
    }
    return placed;
}

size_t scope_of(const struct object_list *list, long caller, bool *ret_complete)
{
    size_t placed = place_loaders(list, caller, NULL);

    *ret_complete = placed != 0;
    if (placed)
        return placed;
    placed = place_queue(list, 0, queue_start(list));
    *ret_complete = !atomic_load_explicit(&global_seen, memory_order_relaxed);
    return caller < 0 || list->start[caller] ? placed : place_local(list, placed, (size_t)caller);
}

/* Marks what was there once the caller was: what came before it, and what that needs. */
static void see_loaded_with(const struct object_list *list, size_t caller)
{
    size_t count = 0;

    forget_seen(list);
    for (size_t i = 0; i <= caller; i++)
        count = add(list, count, i);
    add_dependencies(list, count);
}

size_t scope_when_loaded(const struct object_list *list, size_t caller, size_t count)
{
    const bool *there = list->start[caller] ? list->start : list->seen;
    size_t left;

    if (!list->start[caller])
        see_loaded_with(list, caller);
    left = place_loaders(list, (long)caller, there);
    if (left)
        return left;
    for (size_t i = 0; i < count; i++)
        if (there[list->order[i]])
            list->order[left++] = list->order[i];
    return left;
}
