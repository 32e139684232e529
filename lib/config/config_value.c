/* config_value - one setting of a configuration: its place, its value and its mistakes. */
#include "config/config_value.h"

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/paths.h"
#include "rules/server_host.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* libconfig gives a string in a list the line of the token behind it. */
static unsigned joined_line(struct config_reader *reader, const config_setting_t *setting)
{
    const config_setting_t *parent = config_setting_parent(setting);
    unsigned line = config_setting_source_line(setting);
    if (config_setting_type(setting) != CONFIG_TYPE_STRING || config_setting_name(setting) ||
        !parent)
        return line;
    unsigned first = config_setting_source_line(parent);
    const char *value = reader->deps->config_setting_get_string(setting);
    return first < line ? config_text_find(reader->text, value, first, line) : line;
}

const char *value_place(struct config_reader *reader, const config_setting_t *setting,
                        unsigned *ret_line)
{
    return config_text_place(reader->text, joined_line(reader, setting), ret_line);
}

void value_mistake(struct config_reader *reader, enum mistake mistake,
                   const config_setting_t *setting, const char *format, ...)
{
    synauth_error error = {0};
    char text[sizeof error.text];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    unsigned line;
    const char *file = value_place(reader, setting, &line);
    error_set(&error, SYNAUTH_E_CONFIG, file, line, "%s", text);
    config_add_error(reader->config, mistake, &error);
    if (reader->first.code == SYNAUTH_OK)
        reader->first = error;
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t lower = a < b ? a : b;
    return lower < c ? lower : c;
}

enum { NAME_MAX_COMPARED = 32 };

/* The number of letters to insert, remove, change or swap with their neighbour. */
static size_t edit_distance(const char *from, const char *to)
{
    size_t rows[3][NAME_MAX_COMPARED + 1];
    size_t length = strlen(to);
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= length; j++)
        row[j] = j;
    for (size_t i = 1; from[i - 1]; i++) {
        size_t *oldest = before;
        before = above;
        above = row;
        row = oldest;
        row[0] = i;
        for (size_t j = 1; j <= length; j++) {
            row[j] = least(above[j] + 1, row[j - 1] + 1, above[j - 1] + (from[i - 1] != to[j - 1]));
            bool is_swap = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
            if (is_swap && before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
        }
    }
    return row[length];
}

const char *value_nearest(const char *name, const char *const *known)
{
    size_t length = strlen(name), best = 1 + length / 2;
    const char *nearest = NULL;
    if (length > NAME_MAX_COMPARED)
        return NULL;
    for (; *known; known++) {
        size_t distance = edit_distance(name, *known);
        if (distance >= best)
            continue;
        best = distance;
        nearest = *known;
    }
    return nearest;
}

void value_unknown(struct config_reader *reader, const config_setting_t *setting,
                   const char *const *known)
{
    const char *name = config_setting_name(setting);
    const char *nearest = value_nearest(name, known);
    if (nearest) {
        value_mistake(reader, MISTAKE_REPORTED, setting,
                      "unknown key \"%.60s\"; did you mean \"%s\"?", name, nearest);
        return;
    }
    char list[256] = "";
    for (size_t used = 0; *known && used < sizeof list; known++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", *known);
    value_mistake(reader, MISTAKE_REPORTED, setting, "unknown key \"%.60s\"; known here: %s", name,
                  list);
}

static const char *type_name(const config_setting_t *setting)
{
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_GROUP:
        return "a group";
    case CONFIG_TYPE_STRING:
        return "a string";
    case CONFIG_TYPE_BOOL:
        return "true or false";
    case CONFIG_TYPE_ARRAY:
    case CONFIG_TYPE_LIST:
        return "a list";
    default:
        return "a number";
    }
}

/* For the elements of a list too, which have no name of their own. */
static const char *name_of(const config_setting_t *setting)
{
    const char *name = config_setting_name(setting);
    if (!name && config_setting_parent(setting))
        name = config_setting_name(config_setting_parent(setting));
    return name ? name : "value";
}

static bool wrong_type(struct config_reader *reader, const config_setting_t *setting,
                       const char *wanted)
{
    value_mistake(reader, MISTAKE_REPORTED, setting, "\"%s\" must be %s, not %s", name_of(setting),
                  wanted, type_name(setting));
    return false;
}

bool value_bool(struct config_reader *reader, const config_setting_t *setting, bool *ret)
{
    if (config_setting_type(setting) != CONFIG_TYPE_BOOL)
        return wrong_type(reader, setting, "true or false (without quotes)");
    *ret = reader->deps->config_setting_get_bool(setting) != CONFIG_FALSE;
    return true;
}

/* The string as libconfig holds it; NULL after a mistake. */
static const char *borrow_string(struct config_reader *reader, const config_setting_t *setting)
{
    if (config_setting_type(setting) != CONFIG_TYPE_STRING) {
        wrong_type(reader, setting, "a string (in double quotes)");
        return NULL;
    }
    const char *value = reader->deps->config_setting_get_string(setting);
    if (value && value[0])
        return value;
    value_mistake(reader, MISTAKE_REPORTED, setting, "\"%s\" is empty; give a value or remove it",
                  name_of(setting));
    return NULL;
}

static bool keep(struct config_reader *reader, const config_setting_t *setting, const char *value,
                 const char **ret)
{
    const char *kept = arena_strdup(reader->arena, value);
    if (!kept) {
        value_mistake(reader, MISTAKE_FATAL, setting, "out of memory");
        return false;
    }
    *ret = kept;
    return true;
}

bool value_string(struct config_reader *reader, const config_setting_t *setting, const char **ret)
{
    const char *value = borrow_string(reader, setting);
    if (value)
        *ret = value;
    return value != NULL;
}

static bool keep_path(struct config_reader *reader, const config_setting_t *setting,
                      const char *value, const char **ret)
{
    unsigned line;
    AUTO_STRING directory = paths_directory(value_place(reader, setting, &line));
    AUTO_STRING path = directory ? paths_expand(value, directory) : NULL;
    if (path)
        return keep(reader, setting, path, ret);
    value_mistake(reader, MISTAKE_REPORTED, setting,
                  "\"%s\" begins with ~, but there is no home directory", name_of(setting));
    return false;
}

bool value_path(struct config_reader *reader, const config_setting_t *setting, const char **ret)
{
    const char *value = borrow_string(reader, setting);
    return value && keep_path(reader, setting, value, ret);
}

static bool is_variable_name(const char *name)
{
    if (ascii_is_digit(*name))
        return false;
    while (ascii_is_alnum(*name) || *name == '_')
        name++;
    return *name == '\0';
}

bool value_variable(struct config_reader *reader, const config_setting_t *setting, const char **ret)
{
    const char *value = borrow_string(reader, setting);
    if (!value)
        return false;
    if (is_variable_name(value)) {
        *ret = value;
        return true;
    }
    /* It may be the token itself: the message must not show it. */
    value_mistake(reader, MISTAKE_REPORTED, setting,
                  "\"%s\" must be the name of an environment variable, as in \"DEV_TOKEN\"",
                  name_of(setting));
    return false;
}

bool value_server(struct config_reader *reader, const config_setting_t *setting, const char **ret)
{
    const char *value = borrow_string(reader, setting);
    if (!value)
        return false;
    struct origin origin;
    const char *path = "";
    char url[ORIGIN_HOST_MAX + 64], server[SERVER_HOST_MAX];
    int length = snprintf(url, sizeof url, "%s%s", strstr(value, "://") ? "" : "https://", value);
    bool is_good =
        length < (int)sizeof url && origin_from_url(url, &origin, &path, NULL) == SYNAUTH_OK &&
        (strcmp(path, "") == 0 || strcmp(path, "/") == 0) &&
        origin.host[strlen(origin.host) - 1] != '.' && server_host(url, server, NULL) == SYNAUTH_OK;
    if (!is_good) {
        value_mistake(reader, MISTAKE_REPORTED, setting,
                      "\"%s\" must be a host, as in \"global.daf-apis.com\" or "
                      "\"localhost:5000\", without a path or user",
                      name_of(setting));
        return false;
    }
    return keep(reader, setting, server, ret);
}

bool value_arguments(struct config_reader *reader, const config_setting_t *setting,
                     const char *const **ret)
{
    int type = config_setting_type(setting);
    size_t count = value_count(setting);
    if ((type != CONFIG_TYPE_LIST && type != CONFIG_TYPE_ARRAY) || count == 0)
        return wrong_type(reader, setting,
                          "a list of a program and its arguments, as in "
                          "[\"pass\", \"show\", \"lab\"] (no shell reads it)");
    const char **arguments = arena_alloc(reader->arena, (count + 1) * sizeof *arguments);
    if (!arguments)
        return wrong_type(reader, setting, "shorter (out of memory)");
    for (size_t i = 0; i < count; i++) {
        const config_setting_t *element = value_element(setting, i);
        bool is_string = config_setting_type(element) == CONFIG_TYPE_STRING;
        const char *value = is_string ? reader->deps->config_setting_get_string(element) : NULL;
        if (!is_string || (i == 0 && !value[0]))
            return borrow_string(reader, element) != NULL; /* says what is wrong */
        arguments[i] = value;
        bool is_file = i == 0 && (strchr(value, '/') || value[0] == '~');
        if (is_file && !keep_path(reader, element, value, &arguments[i]))
            return false;
    }
    *ret = arguments;
    return true;
}

bool value_choice(struct config_reader *reader, const config_setting_t *setting,
                  const char *const *choices, size_t *ret)
{
    const char *value = borrow_string(reader, setting);
    if (!value)
        return false;
    for (size_t i = 0; choices[i]; i++) {
        if (strcmp(value, choices[i]) != 0)
            continue;
        *ret = i;
        return true;
    }
    const char *nearest = value_nearest(value, choices);
    if (nearest)
        value_mistake(reader, MISTAKE_REPORTED, setting,
                      "\"%s\" is \"%.60s\"; did you mean \"%s\"?", name_of(setting), value,
                      nearest);
    else
        value_mistake(reader, MISTAKE_REPORTED, setting,
                      "\"%s\" is \"%.60s\"; it must be \"%s\" or \"%s\"", name_of(setting), value,
                      choices[0], choices[1]);
    return false;
}
