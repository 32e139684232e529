/* config_text_parts - what a joined text is made of: for config_include.c, which makes it. */
#ifndef SYNAUTH_CONFIG_TEXT_PARTS_H
#define SYNAUTH_CONFIG_TEXT_PARTS_H

#include "base/secret.h"
#include "synauth.h"
#include <stdbool.h>

/* From joined_line on, until the next run, lines come from `file`. */
struct run {
    unsigned joined_line, line;
    const char *file;
};

struct config_text {
    char *bytes;
    size_t length, capacity;
    struct secret *whole; /* a file that includes nothing is not copied: bytes is NULL */
    struct run *runs;
    size_t run_count, run_capacity;
    size_t *line_starts; /* line_count + 1 of them; NULL until config_text_find */
    size_t line_count;
    unsigned last_line;
    synauth_error unclosed;
    unsigned unclosed_line;
};

/* Both return false when memory runs out. Room for a NUL is always kept. */
bool config_text_append(struct config_text *text, const char *bytes, size_t length);
bool config_text_begin_run(struct config_text *text, const struct run *run);

#endif
