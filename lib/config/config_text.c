/* config_text - the joined text of a configuration, and where each of its lines comes from. */
#include "config/config_text.h"

#include "config/config_text_parts.h"

#include <stdlib.h>
#include <string.h>

static void wipe(char *bytes, size_t length)
{
    if (bytes)
        explicit_bzero(bytes, length);
    free(bytes);
}

static bool make_room(struct config_text *text, size_t more)
{
    if (more <= text->capacity - text->length)
        return true;
    size_t capacity =
        text->capacity * 2 > text->length + more ? text->capacity * 2 : text->length + more;
    char *grown = malloc(capacity);
    if (!grown)
        return false;
    if (text->bytes)
        memcpy(grown, text->bytes, text->length);
    wipe(text->bytes, text->length);
    text->bytes = grown;
    text->capacity = capacity;
    return true;
}

bool config_text_append(struct config_text *text, const char *bytes, size_t length)
{
    if (!make_room(text, length + 1))
        return false;
    if (length > 0)
        memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
    return true;
}

bool config_text_begin_run(struct config_text *text, const struct run *run)
{
    if (text->run_count == text->run_capacity) {
        size_t capacity = text->run_capacity * 2 + 4;
        struct run *runs = reallocarray(text->runs, capacity, sizeof *runs);
        if (!runs)
            return false;
        text->runs = runs;
        text->run_capacity = capacity;
    }
    text->runs[text->run_count++] = *run;
    return true;
}

void config_text_free(struct config_text *text)
{
    if (!text)
        return;
    wipe(text->bytes, text->length);
    secret_unref(text->whole);
    free(text->runs);
    free(text->line_starts);
    free(text);
}

static size_t text_length(const struct config_text *text)
{
    return text->whole ? secret_length(text->whole) : text->length;
}

const char *config_text_bytes(const struct config_text *text)
{
    return text->whole ? secret_bytes(text->whole) : text->bytes;
}

/* libconfig's scanner starts an unfinished word anew with each 8 KiB that it reads from a stream:
   one word of 10 MiB would keep the host program for many seconds. */
enum { STREAM_MAX = 2 * 1024 * 1024 };

FILE *config_text_open(const struct config_text *text)
{
    if (text_length(text) > STREAM_MAX)
        return NULL;
    char *bytes = text->whole ? secret_buffer(text->whole) : text->bytes;
    return fmemopen(bytes, text_length(text), "r");
}

const char *config_text_place(const struct config_text *text, unsigned joined_line,
                              unsigned *ret_line)
{
    size_t low = 0, high = text->run_count;
    while (high - low > 1) { /* the last run that begins at or before the line */
        size_t middle = low + (high - low) / 2;
        if (text->runs[middle].joined_line <= joined_line)
            low = middle;
        else
            high = middle;
    }
    *ret_line = text->runs[low].line + (joined_line - text->runs[low].joined_line);
    return text->runs[low].file;
}

unsigned config_text_last_line(const struct config_text *text)
{
    return text->last_line;
}

const synauth_error *config_text_unclosed(const struct config_text *text, unsigned *ret_joined_line)
{
    if (text->unclosed.code == SYNAUTH_OK)
        return NULL;
    *ret_joined_line = text->unclosed_line;
    return &text->unclosed;
}

/* Where each line begins, made when the first mistake asks for it. False: out of memory. */
static bool index_lines(struct config_text *text)
{
    const char *bytes = config_text_bytes(text), *end = bytes + text_length(text);
    size_t count = 1;
    if (text->line_starts)
        return true;
    for (const char *at = bytes; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        count++;
    text->line_starts = reallocarray(NULL, count + 1, sizeof *text->line_starts);
    if (!text->line_starts)
        return false;
    text->line_starts[text->line_count++] = 0;
    for (const char *at = bytes; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        text->line_starts[text->line_count++] = (size_t)(at + 1 - bytes);
    text->line_starts[text->line_count] = text_length(text);
    return true;
}

static bool line_holds(const struct config_text *text, unsigned line, const char *value)
{
    const char *bytes = config_text_bytes(text);
    const char *at = bytes + text->line_starts[line - 1], *end = bytes + text->line_starts[line];
    size_t length = strlen(value);
    const char *found = memmem(at, (size_t)(end - at), value, length);
    return found && found > at && found[-1] == '"' && found + length < end && found[length] == '"';
}

/* Backwards from what follows it; a value with escapes is never found. */
unsigned config_text_find(struct config_text *text, const char *value, unsigned first,
                          unsigned last)
{
    enum { LINES_LOOKED_AT = 50 };
    if (!index_lines(text))
        return last;
    for (unsigned line = last; line >= first && line + LINES_LOOKED_AT > last; line--)
        if (line <= text->line_count && line_holds(text, line, value))
            return line;
    return last;
}
