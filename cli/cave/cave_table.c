/* cave_table - a list of JSON objects as a table for people. */
#include "base/utf8.h"
#include "cave/cave.h"
#include "format/json_scan.h"
#include "talk/output.h"
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 16, WIDTH_MAX = 60 };

struct row {
    char *cells[COLUMNS_MAX]; /* NULL = empty */
};

struct table {
    char *names[COLUMNS_MAX];
    size_t widths[COLUMNS_MAX];
    size_t columns;
    struct row *rows;
    size_t count;
};

static char *string_text(const struct json_scan *scan)
{
    struct json_characters characters = json_characters(scan);
    char *text = malloc(scan->string_length + 5);
    size_t used = 0;
    uint32_t character;
    while (text && json_character_next(&characters, &character)) {
        bool odd = character == 0 || (character >= 0xd800 && character <= 0xdfff);
        used += utf8_encode(odd ? 0xfffd : character, text + used);
    }
    if (text)
        text[used] = '\0';
    return text;
}

static void wipe(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

static void table_free(struct table *table)
{
    for (size_t i = 0; i < table->columns; i++)
        free(table->names[i]);
    for (size_t i = 0; i < table->count; i++)
        for (size_t j = 0; j < table->columns; j++)
            wipe(table->rows[i].cells[j]);
    free(table->rows);
}

/* The column of that name, a new one if need be; COLUMNS_MAX when there are enough. */
static size_t find_column(struct table *table, char *name)
{
    for (size_t i = 0; name && i < table->columns; i++) {
        if (strcmp(table->names[i], name) == 0) {
            free(name);
            return i;
        }
    }
    if (!name || table->columns == COLUMNS_MAX) {
        free(name);
        return COLUMNS_MAX;
    }
    table->names[table->columns] = name;
    table->widths[table->columns] = strlen(name);
    return table->columns++;
}

static bool add_row(struct table *table)
{
    struct row *more = realloc(table->rows, (table->count + 1) * sizeof *more);
    if (!more)
        return false;
    table->rows = more;
    table->rows[table->count++] = (struct row){{NULL}};
    return true;
}

static void set_cell(struct table *table, size_t column, char *text)
{
    size_t length = text ? strlen(text) : 0;
    char **cell = &table->rows[table->count - 1].cells[column];
    wipe(*cell);
    *cell = text;
    if (length > table->widths[column] && length <= WIDTH_MAX)
        table->widths[column] = length;
}

/* A value that is no string as it is written; what is nested only as "...". */
static char *value_text(const struct json_scan *scan, enum json_event event, const char *start)
{
    if (event == JSON_STRING)
        return string_text(scan);
    if (event == JSON_OBJECT || event == JSON_ARRAY)
        return strdup("...");
    if (event == JSON_NULL)
        return NULL;
    while (start < scan->position && strchr(" \t\r\n", *start))
        start++;
    return strndup(start, (size_t)(scan->position - start));
}

/* `level` is the depth of the members: 2 in a list of objects, 1 in one object. */
static void fill(struct table *table, const char *json)
{
    struct json_scan scan;
    json_scan_begin(&scan, json, strlen(json));
    enum json_event event = json_scan_next(&scan);
    size_t level = event == JSON_ARRAY ? 2 : 1, column = COLUMNS_MAX;
    bool value_is_next = false;
    for (; event != JSON_END && event != JSON_ERROR; event = json_scan_next(&scan)) {
        const char *start = scan.position;
        bool member = scan.depth == level || (value_is_next && scan.depth == level + 1);
        if (event == JSON_OBJECT && scan.depth == level && !value_is_next) {
            if (!add_row(table))
                return;
        } else if (event == JSON_KEY && scan.depth == level) {
            column = find_column(table, string_text(&scan));
            value_is_next = true;
            continue;
        } else if (value_is_next && member && column < COLUMNS_MAX) {
            bool word = event == JSON_NUMBER || event == JSON_BOOLEAN;
            while (word && start[-1] != ':' && !strchr(" \t\r\n", start[-1]))
                start--;
            set_cell(table, column, value_text(&scan, event, start));
        }
        value_is_next = false;
    }
}

void cave_put_table(const char *json)
{
    struct table table = {.columns = 0};
    fill(&table, json);
    for (size_t i = 0; i < table.columns; i++)
        put_padded(table.names[i], i + 1 < table.columns ? table.widths[i] + 2 : 0);
    putchar('\n');
    for (size_t i = 0; i < table.count; i++) {
        for (size_t j = 0; j < table.columns; j++) {
            const char *cell = table.rows[i].cells[j];
            put_padded(cell ? cell : "-", j + 1 < table.columns ? table.widths[j] + 2 : 0);
        }
        putchar('\n');
    }
    table_free(&table);
}
