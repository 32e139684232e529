/* cookie_engine - what the program has told libcurl's cookie engine. */
#include "remember/cookie_engine.h"
#include "base/ascii.h"
#include <stdlib.h>
#include <string.h>

static void add_file(struct cookie_engine *engine, const char *path)
{
    size_t length = strlen(path) + 1;
    char *files = realloc(engine->files, engine->files_length + length);

    if (!files) {
        engine->unseen_token = true; /* a file that we cannot look into may hold it */
        return;
    }
    memcpy(files + engine->files_length, path, length);
    engine->files = files;
    engine->files_length += length;
}

/* Where the next attribute of a Set-Cookie line begins. */
static const char *next_attribute(const char *at)
{
    at += strcspn(at, ";");
    return *at ? at + 1 : at;
}

/* libcurl shows a cookie with a domain in CURLINFO_COOKIELIST, or drops it. */
static bool names_domain(const char *text)
{
    static const char name[] = "domain=";
    bool found = false;

    for (const char *at = next_attribute(text); *at; at = next_attribute(at)) {
        while (*at == ' ' || *at == '\t')
            at++;
        if (!ascii_starts_with(at, name))
            continue;
        at += sizeof(name) - 1;
        at += *at == '.';
        found = ascii_is_alnum(*at);
        if (!found)
            return false;
    }
    return found;
}

static void note_list(struct cookie_engine *engine, const char *text)
{
    if (ascii_equal(text, "ALL"))
        engine->unseen_token = false;
    else if (ascii_starts_with(text, "Set-Cookie:") && strstr(text, "middle_auth_token") &&
             !names_domain(text))
        engine->unseen_token = true;
}

/* A NULL takes nothing back: what libcurl forgets then differs from version to version. */
void cookie_engine_note(struct cookie_engine *engine, CURLoption option, const char *text)
{
    if (!text)
        return;
    engine->on = true;
    if (option == CURLOPT_COOKIEFILE && *text)
        add_file(engine, text);
    else if (option == CURLOPT_COOKIELIST)
        note_list(engine, text);
}

bool cookie_engine_copy(struct cookie_engine *ret, const struct cookie_engine *from)
{
    *ret = (struct cookie_engine){.on = from->on};
    if (!from->files)
        return true;
    ret->files = malloc(from->files_length);
    if (!ret->files)
        return false;
    memcpy(ret->files, from->files, from->files_length);
    ret->files_length = from->files_length;
    return true;
}

void cookie_engine_free(struct cookie_engine *engine)
{
    free(engine->files);
    *engine = (struct cookie_engine){0};
}
