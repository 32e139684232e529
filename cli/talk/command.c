/* command - what all verbs of the command line share: help, groups of verbs, mistakes of usage. */
#include "talk/command.h"

#include "talk/output.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int command_help(const struct command *self)
{
    fputs(self->help, stdout);
    return output_finish(EXIT_YES);
}

/* The number of letters to add, drop, change or swap with a neighbour to get from a to b. */
static size_t edit_distance(const char *a, const char *b)
{
    enum { MOST = 32 };
    size_t rows[3][MOST + 1];
    size_t a_length = strlen(a), b_length = strlen(b);
    if (a_length > MOST || b_length > MOST)
        return MOST;
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t best = above[j - 1] + (a[i - 1] != b[j - 1]);
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped && two_above[j - 2] + 1 < best)
                best = two_above[j - 2] + 1;
            row[j] = best;
        }
    }
    return rows[a_length % 3][b_length];
}

const char *nearest_name(const char *word, const void *names, size_t count, size_t stride)
{
    const char *nearest = NULL;
    size_t least = strlen(word) < 4 ? 2 : 3;
    for (size_t i = 0; i < count; i++) {
        const char *name = NULL;
        memcpy(&name, (const char *)names + i * stride, sizeof name);
        size_t distance = edit_distance(word, name);
        if (distance < least) {
            least = distance;
            nearest = name;
        }
    }
    return nearest;
}

int usage_error(const struct command *self, const char *format, ...)
{
    char *text = NULL;
    va_list list;
    va_start(list, format);
    int length = vasprintf(&text, format, list);
    va_end(list);
    fprintf(stderr, "synauth %s: ", self->name);
    put_text(stderr, length < 0 ? "wrong usage" : text);
    fprintf(stderr, "\nTry 'synauth %s --help'.\n", self->name);
    if (length >= 0)
        free(text);
    return self->usage_status;
}

int command_group(const struct command *self, const struct subcommand *verbs, size_t count,
                  int argc, char **argv)
{
    if (argc == 0)
        return usage_error(self, "which of its commands?");
    if (strcmp(argv[0], "-h") == 0 || strcmp(argv[0], "--help") == 0)
        return command_help(self);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(verbs[i].name, argv[0]) == 0)
            return verbs[i].run(self, argc - 1, argv + 1);
    }
    const char *what = argv[0][0] == '-' ? "option" : "command";
    const char *near = nearest_name(argv[0], verbs, count, sizeof verbs[0]);
    if (!near)
        return usage_error(self, "unknown %s '%s'", what, argv[0]);
    return usage_error(self, "unknown %s '%s'; did you mean '%s'?", what, argv[0], near);
}
