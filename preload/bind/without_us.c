/* without_us - what dlsym would have found for one of our functions if we were not there. */
#include "bind/without_us.h"
#include "bind/choice.h"
#include "bind/fork_guard.h"
#include "bind/scope.h"

/* By the linker. */
extern const char own_start[] __asm__("__ehdr_start") __attribute__((visibility("hidden")));
extern const char own_end[] __asm__("_end") __attribute__((visibility("hidden")));

struct dlsym_question {
    const void *caller;
    bool next;
    struct reference reference; /* as dlsym asks: any version */
    struct without_us answer;
};

static bool is_ours(const struct object *object)
{
    return object_symbol(object, MARKER) != NULL;
}

/* Who else might be found, if it was opened with RTLD_GLOBAL? */
static bool others_may_define(const struct object_list *list, const struct reference *reference)
{
    for (size_t i = 0; i < list->count; i++)
        if (!list->start[i] && symbols_bound(&list->items[i], reference))
            return true;
    return false;
}

/* Who was opened later searches what it came in with, and who stands behind us does not see us. */
static bool finds_us_next(const struct object_list *list, long caller)
{
    long self = object_at(list, (const void *)(uintptr_t)without_us_find);
    return caller >= 0 && list->start[caller] && caller < self;
}

static void search(const struct object_list *list, void *data)
{
    struct dlsym_question *question = data;
    struct without_us *answer = &question->answer;
    long caller = question->caller ? object_at(list, question->caller) : -1;
    bool complete, behind = !question->next;
    size_t count;

    scope_mark_start(list);
    if (question->next && !finds_us_next(list, caller))
        return;
    count = scope_of(list, caller, &complete);
    for (size_t i = 0; i < count && !answer->found; i++) {
        size_t index = list->order[i];
        if (behind && !is_ours(&list->items[index]))
            answer->found = symbols_bound(&list->items[index], &question->reference);
        answer->known = answer->found && (complete || list->start[index]);
        behind = behind || (long)index == caller;
    }
    if (!answer->found)
        answer->known = complete || !others_may_define(list, &question->reference);
}

struct without_us without_us_find(const void *caller, bool next, const char *name)
{
    struct dlsym_question question = {.caller = caller, .next = next, .reference.name = name};

    if (!fork_guard_in_child()) /* there, objects may not be readable any more */
        objects_read(search, &question);
    return question.answer;
}

bool without_us_is_ours(const void *address)
{
    uintptr_t place = (uintptr_t)address;
    return place >= (uintptr_t)own_start && place < (uintptr_t)own_end;
}
