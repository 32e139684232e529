/* choice - the definition that the loader would have bound a call to without this library. The
   order of search says it: as it is now for a call that is bound now, as it was for an object that
   was bound when it was loaded. What the loader has bound the caller's other references to is
   stronger: an object that should have been found for those, and was not, was not there yet. */
#include "bind/choice.h"
#include "bind/relocations.h"
#include "bind/scope.h"
#include <string.h>

/* Names that are not ours and their kin: where they went can be seen. */
#define KIN "curl_"

/* What stands before us in the loader's list (the program, what is preloaded in front of us) is
   never what a call that has come to us was bound to; it may be an interposer that called us as the
   next one (RTLD_NEXT). */
static bool defines(const struct object_list *list, size_t index, const struct reference *reference)
{
    const struct object *object = &list->items[index];

    return (long)index > object_at(list, (const void *)(uintptr_t)choice_for) &&
           symbols_bound(object, reference) && !object_symbol(object, MARKER);
}

/* How many define it, wherever they stand. */
static size_t count_definitions(const struct object_list *list, const struct reference *reference,
                                size_t *ret_first)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        if (defines(list, i, reference)) {
            if (count++ == 0)
                *ret_first = i;
        }
    return count;
}

/* An order of search, for one caller and one name. */
struct choice_search {
    const struct object_list *list;
    const struct object *caller; /* NULL: none */
    const struct reference *reference;
    size_t count; /* of list->order */
};

struct testimony {
    const struct choice_search *search;
    size_t candidate, position; /* index of an object, and where it stands in the order */
    bool refuted, confirmed;
};

static size_t position_of(const struct choice_search *search, size_t index)
{
    size_t i = 0;

    while (i < search->count && search->list->order[i] != index)
        i++;
    return i;
}

/* One of the caller's references, and where it is bound to. */
static bool hear(const char *name, const void *address, void *data)
{
    struct testimony *testimony = data;
    const struct choice_search *search = testimony->search;
    const struct object *items = search->list->items;
    long bound_to = object_at(search->list, address);
    struct reference reference;

    if (bound_to < 0)
        return true;
    reference = symbols_reference(search->caller, name);
    if (symbols_bound(&items[bound_to], &reference) != address ||
        object_symbol(&items[bound_to], MARKER))
        return true; /* not bound yet, or to us */
    if ((size_t)bound_to == testimony->candidate)
        testimony->confirmed = true;
    else if (testimony->position < position_of(search, (size_t)bound_to) &&
             symbols_bound(&items[testimony->candidate], &reference))
        testimony->refuted = true;
    return true;
}

static struct testimony testimony_on(const struct choice_search *search, size_t candidate)
{
    struct testimony testimony = {
        .search = search, .candidate = candidate, .position = position_of(search, candidate)};

    if (search->caller)
        relocations_each(search->caller, KIN, hear, &testimony);
    return testimony;
}

static long first_in_order(const struct choice_search *search)
{
    for (size_t i = 0; i < search->count; i++)
        if (defines(search->list, search->list->order[i], search->reference))
            return (long)search->list->order[i];
    return -1;
}

/* The first one that nothing shows to have come into that order later; else, outside of the order,
   one that the caller is bound to. */
static long first_not_refuted(const struct choice_search *search, bool *ret_confirmed)
{
    const struct object_list *list = search->list;

    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < (pass ? list->count : search->count); i++) {
            size_t index = pass ? i : list->order[i];
            struct testimony testimony;
            if (!defines(list, index, search->reference))
                continue;
            testimony = testimony_on(search, index);
            *ret_confirmed = testimony.confirmed;
            if (pass ? testimony.confirmed : !testimony.refuted)
                return (long)index;
        }
    *ret_confirmed = false;
    return -1;
}

/* The loader's order is known. */
static struct choice choose_by_order(struct choice_search *search, long caller)
{
    struct choice choice = {.object = -1, .certain = true};
    bool confirmed;

    if (search->caller && search->reference->exists &&
        !relocations_are_late(search->caller, search->reference->name)) {
        search->count = scope_when_loaded(search->list, (size_t)caller, search->count);
        choice.object = first_not_refuted(search, &confirmed);
        choice.at_load = choice.object >= 0;
    }
    if (choice.object < 0)
        choice.object = first_in_order(search);
    return choice;
}

/* Who is not in the order, but was found for others of the caller's references, was opened with
   RTLD_GLOBAL: it stands before what the caller came in with. */
static long confirmed_beside_order(const struct choice_search *search)
{
    for (size_t i = 0; i < search->list->count; i++)
        if (position_of(search, i) == search->count &&
            defines(search->list, i, search->reference) && testimony_on(search, i).confirmed)
            return (long)i;
    return -1;
}

/* Some who may stand before what was found are not in the order. */
static struct choice choose_by_testimony(const struct choice_search *search)
{
    struct choice choice = {.certain = true};
    const struct object_list *list = search->list;
    bool confirmed;
    long beside;

    choice.object = first_not_refuted(search, &confirmed);
    if (confirmed || (choice.object >= 0 && list->start[choice.object]))
        return choice;
    beside = confirmed_beside_order(search);
    if (beside >= 0) {
        choice.object = beside;
        return choice;
    }
    for (size_t i = 0; i < list->count; i++)
        if ((long)i != choice.object && !list->start[i] && defines(list, i, search->reference))
            choice.certain = false;
    return choice;
}

struct choice choice_for(const struct object_list *list, long caller, const char *name)
{
    const struct object *object = caller < 0 ? NULL : &list->items[caller];
    struct reference reference = symbols_reference(object, name);
    struct choice_search search = {.list = list, .caller = object, .reference = &reference};
    struct choice choice = {.object = -1};
    size_t first = 0, definitions = count_definitions(list, &reference, &first);
    bool complete;

    if (definitions == 1) {
        choice.object = (long)first;
        choice.certain = true;
    } else if (definitions > 1) {
        search.count = scope_of(list, caller, &complete);
        choice = complete ? choose_by_order(&search, caller) : choose_by_testimony(&search);
        if (choice.object < 0) { /* by no rule of the loader's */
            choice.object = (long)first;
            choice.certain = false;
        }
    }
    choice.reference = reference;
    return choice;
}
