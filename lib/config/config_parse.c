/* config_parse - libconfig's reading of one text, in memory of ours. */
#include "config/config_parse.h"

#include <locale.h>
#include <stdio.h>

struct config_tree {
    struct config_tree *next;
    const struct deps *deps;
    config_t parsed; /* its settings point to it: it is never moved */
};

struct text_reading {
    struct config_tree *tree;
    const struct config_text *text;
    FILE *stream; /* NULL: from memory */
    bool parsed;
};

static void read_text(void *data)
{
    struct text_reading *reading = data;
    const struct deps *deps = reading->tree->deps;
    config_t *parsed = &reading->tree->parsed;
    deps->config_init(parsed);
    int result = reading->stream
                     ? deps->config_read(parsed, reading->stream)
                     : deps->config_read_string(parsed, config_text_bytes(reading->text));
    reading->parsed = result == CONFIG_TRUE;
}

#ifdef SYNAUTH_LIBCONFIG_INSIDE

#include "foreign/libconfig_memory.h"

static bool run(struct arena *arena, struct text_reading *reading)
{
    return libconfig_memory_run(arena, read_text, reading);
}

void config_tree_free_all(struct config_tree *list)
{
    (void)list; /* all of it is in the arena */
}

#else

static bool run(struct arena *arena, struct text_reading *reading)
{
    (void)arena;
    read_text(reading);
    return true;
}

void config_tree_free_all(struct config_tree *list)
{
    for (struct config_tree *tree = list; tree; tree = tree->next)
        tree->deps->config_destroy(&tree->parsed);
}

#endif

/* libconfig switches the thread to the C locale and back to the global one, not to the thread's
   own. */
enum config_parse_result config_parse(const struct deps *deps, struct arena *arena,
                                      const struct config_text *text, struct config_tree **ret)
{
    struct config_tree *tree = arena_alloc(arena, sizeof *tree);
    struct text_reading reading = {.tree = tree, .text = text};
    *ret = NULL;
    if (!tree)
        return CONFIG_PARSE_NO_MEMORY;
    tree->deps = deps;
    locale_t own = uselocale((locale_t)0);
    reading.stream = config_text_open(text);
    bool whole = run(arena, &reading);
    if (reading.stream)
        fclose(reading.stream);
    uselocale(own);
    if (!whole)
        return CONFIG_PARSE_NO_MEMORY;
    *ret = tree;
    return reading.parsed ? CONFIG_PARSED : CONFIG_PARSE_MISTAKE;
}

const config_t *config_tree_parsed(const struct config_tree *tree)
{
    return &tree->parsed;
}

void config_tree_push(struct config_tree **list, struct config_tree *tree)
{
    tree->next = *list;
    *list = tree;
}
