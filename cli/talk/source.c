/* source - where a token comes from, as JSON and for people. */
#include "talk/source.h"

#include "talk/json.h"
#include "talk/output.h"

cJSON *json_source(const synauth_source *source)
{
    if (!source || !source->kind)
        return NULL;
    cJSON *object = json_new_object();
    json_add_text(object, "kind", source->kind);
    json_add_text(object, "name", source->name);
    json_add_text(object, "path", source->path);
    json_add_line(object, "line", source->line);
    json_add_text(object, "key", source->key);
    return object;
}

void put_source(const synauth_source *source)
{
    if (!source || !source->kind)
        return;
    if (source->name)
        put_text(stdout, source->name);
    if (source->path) {
        fputs(source->name ? " (" : "", stdout);
        put_place(stdout, source->path, source->line);
        fputs(source->name ? ")" : "", stdout);
    }
    if (!source->name && !source->path)
        put_text(stdout, source->kind);
    if (source->key) {
        fputs(", key ", stdout);
        put_text(stdout, source->key);
    }
}

cJSON *json_warnings(const synauth_result *result)
{
    size_t count = result ? synauth_result_warning_count(result) : 0;
    cJSON *list = json_new_list();
    for (size_t i = 0; i < count; i++)
        json_append(list, json_new_text(synauth_result_warning(result, i)));
    return list;
}

void say_warnings(const synauth_result *result)
{
    size_t count = result ? synauth_result_warning_count(result) : 0;
    for (size_t i = 0; i < count; i++)
        say_warning("%s", synauth_result_warning(result, i));
}
