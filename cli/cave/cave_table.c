/* cave_table - a list of JSON objects as a table for people. */
#include "cave/cave.h"
#include "format/json_tree.h"
#include "talk/output.h"
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 16, WIDTH_MAX = 60 };

struct row {
    char *cells[COLUMNS_MAX]; /* NULL = empty */
};

struct output_table {
    char *names[COLUMNS_MAX];
    size_t widths[COLUMNS_MAX];
    size_t columns;
    struct row *rows;
    size_t count;
};

static void wipe(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

static void table_free(struct output_table *table)
{
    for (size_t i = 0; i < table->columns; i++)
        free(table->names[i]);
    for (size_t i = 0; i < table->count; i++)
        for (size_t j = 0; j < table->columns; j++)
            wipe(table->rows[i].cells[j]);
    free(table->rows);
}

/* The column of that name, a new one if need be; COLUMNS_MAX when there are enough. */
static size_t find_column(struct output_table *table, const char *name)
{
    for (size_t i = 0; i < table->columns; i++)
        if (strcmp(table->names[i], name) == 0)
            return i;
    char *copy = table->columns < COLUMNS_MAX ? strdup(name) : NULL;
    if (!copy)
        return COLUMNS_MAX;
    table->names[table->columns] = copy;
    table->widths[table->columns] = strlen(copy);
    return table->columns++;
}

static bool add_row(struct output_table *table)
{
    struct row *more = realloc(table->rows, (table->count + 1) * sizeof *more);
    if (!more)
        return false;
    table->rows = more;
    table->rows[table->count++] = (struct row){{NULL}};
    return true;
}

static void set_cell(struct output_table *table, size_t column, char *text)
{
    size_t length = text ? strlen(text) : 0;
    char **cell = &table->rows[table->count - 1].cells[column];
    wipe(*cell);
    *cell = text;
    if (length > table->widths[column] && length <= WIDTH_MAX)
        table->widths[column] = length;
}

/* What is nested only as "..."; NULL for null. */
static char *value_text(const cJSON *value)
{
    switch (value->type & 0xff) {
    case cJSON_String:
        return strdup(value->valuestring);
    case cJSON_True:
        return strdup("true");
    case cJSON_False:
        return strdup("false");
    case cJSON_NULL:
        return NULL;
    default:
        return strdup("...");
    }
}

static void fill_row(struct output_table *table, const cJSON *object)
{
    if (!add_row(table))
        return;
    for (const cJSON *value = object->child; value; value = value->next) {
        size_t column = find_column(table, value->string);
        if (column < COLUMNS_MAX)
            set_cell(table, column, value_text(value));
    }
}

/* The objects of a list, or the one object. */
static void fill(struct output_table *table, const cJSON *root)
{
    bool is_list = (root->type & 0xff) == cJSON_Array;
    for (const cJSON *item = is_list ? root->child : root; item; item = item->next)
        if ((item->type & 0xff) == cJSON_Object)
            fill_row(table, item);
}

void cave_put_table(const char *json)
{
    struct output_table table = {.columns = 0};
    AUTO_JSON root = json_tree_parse(json, strlen(json));
    if (root)
        fill(&table, root);
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
