/* loader_scope - the order of search as glibc's loader keeps it. What no interface tells (who was
   opened with RTLD_GLOBAL or RTLD_DEEPBIND, by whom something came in) lies behind the public part
   of struct link_map: in glibc 2.1 to 2.43 a list of lists, l_scope, whose members are l_searchlist
   of this or another object. Where they are is not assumed but recognised, in the program's entry
   and in ours, by pointers from an entry into itself. Nothing else is followed, and where anything
   looks otherwise the answer is "not known". */
#include "bind/loader_scope.h"
#include "bind/next.h"
#include <stdatomic.h>
#include <string.h>

/* Of an entry, the part that is looked at: less than any glibc's. */
#define WORDS 136u
#define UNKNOWN (~0u)

/* Where in an entry, in words; 0 before it was found out. */
struct layout {
    unsigned scope; /* a pointer to a list of pointers to searchlists */
    unsigned searchlist;
};

/* As the loader has it: objects in order. */
struct searchlist {
    const struct link_map *const *items;
    unsigned count;
};

static const void *word(const struct link_map *map, size_t index)
{
    const void *content;

    memcpy(&content, (const char *)map + index * sizeof(void *), sizeof(content));
    return content;
}

/* The index of the word in this entry that a pointer means, or 0. */
static size_t word_meant(const struct link_map *map, const void *pointer)
{
    uintptr_t distance = (uintptr_t)pointer - (uintptr_t)map;

    if (distance >= WORDS * sizeof(void *) || distance % sizeof(void *))
        return 0;
    return distance / sizeof(void *);
}

static const void *place(const struct link_map *map, size_t index)
{
    return (const char *)map + index * sizeof(void *);
}

static struct searchlist searchlist_at(const void *address)
{
    struct searchlist list;

    memcpy(&list.items, address, sizeof(list.items));
    memcpy(&list.count, (const char *)address + sizeof(void *), sizeof(list.count));
    return list;
}

/* An object of the start has one list to search: the program's. */
static bool searches_only(const struct link_map *map, size_t scope, const void *searchlist)
{
    size_t list = word_meant(map, word(map, scope));

    return list && list + 1 < WORDS && word(map, list) == searchlist && !word(map, list + 1);
}

static bool is_layout(const struct object_list *list, const struct link_map *own, size_t scope,
                      size_t searchlist)
{
    const struct link_map *program = list->items[0].map;
    struct searchlist global = searchlist_at(place(program, searchlist));

    return searches_only(program, scope, place(program, searchlist)) &&
           searches_only(own, scope, place(program, searchlist)) && global.items &&
           global.count >= 2 && global.count <= list->count && global.items[0] == program;
}

static struct layout find_layout(const struct object_list *list)
{
    const struct link_map *program = list->items[0].map;
    long self = object_at(list, (const void *)(uintptr_t)find_layout);

    for (size_t scope = 1; self > 0 && program && scope < WORDS; scope++) {
        size_t inner = word_meant(program, word(program, scope));
        size_t searchlist = inner ? word_meant(program, word(program, inner)) : 0;
        const struct link_map *own = list->items[self].map;
        if (searchlist && searchlist + 1 < WORDS && own && is_layout(list, own, scope, searchlist))
            return (struct layout){.scope = (unsigned)scope, .searchlist = (unsigned)searchlist};
    }
    return (struct layout){.scope = UNKNOWN};
}

/* Both numbers in one, so that they are read together. */
static bool get_layout(const struct object_list *list, struct layout *ret)
{
    static _Atomic unsigned known;
    unsigned both = atomic_load_explicit(&known, memory_order_relaxed);

    if (!both) {
        struct layout found = {.scope = UNKNOWN};
        if (next_definition("gnu_get_libc_version"))
            found = find_layout(list);
        both = found.scope == UNKNOWN ? UNKNOWN : found.scope << 16 | found.searchlist;
        atomic_store_explicit(&known, both, memory_order_relaxed);
    }
    *ret = (struct layout){.scope = both >> 16, .searchlist = both & 0xffff};
    return both != UNKNOWN;
}

/* Index of an entry, looked for from `hint` on: lists are in the order of loading, mostly. */
static size_t index_of(const struct object_list *list, const struct link_map *map, size_t hint)
{
    for (size_t i = 0; i < list->count; i++) {
        size_t index = (hint + i) % list->count;
        if (list->items[index].map == map)
            return index;
    }
    return list->count;
}

/* An order of search in the making. */
struct making {
    const struct object_list *list;
    const bool *there; /* NULL: all of them */
    struct layout layout;
    size_t count;
};

static void append(struct making *making, size_t index)
{
    if (making->list->placed[index])
        return;
    making->list->placed[index] = true;
    making->list->queue[making->count++] = index;
}

/* Is it the searchlist of an object that is in the process? */
static bool is_searchlist(const struct making *making, const void *address)
{
    const struct object_list *list = making->list;

    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].map && place(list->items[i].map, making->layout.searchlist) == address)
            return true;
    return false;
}

/* The program's list grows at its end: what stands behind a later object was not in it earlier.
   false: something in the list is not known. */
static bool append_searchlist(struct making *making, const void *address)
{
    const struct object_list *list = making->list;
    bool global = address == place(list->items[0].map, making->layout.searchlist);
    struct searchlist searchlist = searchlist_at(address);
    size_t index = 0;

    if (!searchlist.items || searchlist.count > list->count)
        return false;
    for (unsigned i = 0; i < searchlist.count; i++) {
        index = index_of(list, searchlist.items[i], index);
        if (index == list->count)
            return false;
        if (!making->there || making->there[index])
            append(making, index);
        else if (global)
            return true;
    }
    return true;
}

static bool append_scope(struct making *making, size_t caller)
{
    const struct link_map *map = making->list->items[caller].map;
    const void *const *scope = word(map, making->layout.scope);

    for (size_t i = 0; scope && scope[i]; i++) {
        if (i > making->list->count)
            return false;
        if (!is_searchlist(making, scope[i])) {
            if (!word_meant(map, scope[i]))
                return false;
            append(making, caller); /* -Bsymbolic: itself before all others */
        } else if (!append_searchlist(making, scope[i])) {
            return false;
        }
    }
    return true;
}

size_t loader_scope_of(const struct object_list *list, size_t caller, const bool *there)
{
    struct making making = {.list = list, .there = there};

    memset(list->placed, 0, list->count * sizeof(*list->placed));
    if (!list->items[caller].map || !get_layout(list, &making.layout) ||
        !append_scope(&making, caller))
        return 0;
    return making.count;
}
