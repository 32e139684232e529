/* source - where a token comes from, as JSON and for people. */
#include "talk/source.h"

#include "talk/output.h"

void put_json_place(const char *file, unsigned line)
{
    put_json(file);
    fputs(",\"line\":", stdout);
    if (line > 0)
        printf("%u", line);
    else
        fputs("null", stdout);
}

void put_json_source(const synauth_source *source)
{
    if (!source || !source->kind) {
        fputs("null", stdout);
        return;
    }
    putchar('{');
    put_json_member("kind", source->kind);
    putchar(',');
    put_json_member("name", source->name);
    fputs(",\"path\":", stdout);
    put_json_place(source->path, source->line);
    putchar(',');
    put_json_member("key", source->key);
    putchar('}');
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
