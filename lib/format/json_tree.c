/* json_tree - JSON that a service or we ourselves have written, as cJSON's tree. */
#include "format/json_tree.h"

#include "base/secret.h"
#include "foreign/deps.h"
#include "format/json_scan.h"

#include <string.h>

/* What cJSON is given instead of the text. */
struct copy {
    const char *copied; /* up to here the text is written */
    char *out;
};

static void copy_up_to(struct copy *copy, const char *end)
{
    copy->out = mempcpy(copy->out, copy->copied, (size_t)(end - copy->copied));
    copy->copied = end;
}

/* An odd character can only have been written as six letters, \uXXXX. */
static void mend_string(struct copy *copy, const struct json_scan *scan)
{
    static const char replacement[] = "\\ufffd";
    struct json_characters characters = json_characters(scan);
    const char *start = characters.position;
    uint32_t character;
    for (; json_character_next(&characters, &character); start = characters.position) {
        if (character != 0 && (character < 0xd800 || character > 0xdfff))
            continue;
        copy_up_to(copy, start);
        copy->out = mempcpy(copy->out, replacement, sizeof replacement - 1);
        copy->copied = characters.position;
    }
}

/* The scan stands behind it. */
static void quote_number(struct copy *copy, const char *end)
{
    const char *start = end;
    while (start > copy->copied && strchr("+-.0123456789Ee", start[-1]))
        start--;
    copy_up_to(copy, start);
    *copy->out++ = '"';
    copy_up_to(copy, end);
    *copy->out++ = '"';
}

/* NULL when it is not valid. */
static struct secret *prepare(const char *text, size_t length)
{
    AUTO_SECRET room = secret_alloc(2 * length + 2); /* a number takes a byte and a separator */
    if (!room)
        return NULL;
    struct copy copy = {.copied = text, .out = secret_buffer(room)};
    struct json_scan scan;
    json_scan_begin(&scan, text, length);
    for (enum json_event event; (event = json_scan_next(&scan)) != JSON_END;) {
        if (event == JSON_ERROR)
            return NULL;
        if (event == JSON_KEY || event == JSON_STRING)
            mend_string(&copy, &scan);
        else if (event == JSON_NUMBER)
            quote_number(&copy, scan.position);
    }
    copy_up_to(&copy, text + length);
    return secret_slice(room, 0, (size_t)(copy.out - secret_buffer(room)));
}

cJSON *json_tree_parse(const char *text, size_t length)
{
    const struct deps *deps = deps_get(NULL);
    AUTO_SECRET prepared = deps ? prepare(text, length) : NULL;
    if (!prepared)
        return NULL;
    return deps->cJSON_ParseWithLengthOpts(secret_bytes(prepared), secret_length(prepared), NULL,
                                           0);
}

const cJSON *json_tree_member(const cJSON *object, const char *name)
{
    const cJSON *found = NULL;
    if (!object || (object->type & 0xff) != cJSON_Object)
        return NULL;
    for (const cJSON *item = object->child; item; item = item->next)
        if (strcmp(item->string, name) == 0)
            found = item;
    return found;
}

const char *json_tree_text(const cJSON *item)
{
    return item && (item->type & 0xff) == cJSON_String ? item->valuestring : NULL;
}

/* One by one: cJSON_Delete calls itself by its name, which a program with a cJSON of its own would
   answer. */
void json_tree_free(cJSON *tree)
{
    const struct deps *deps = deps_get(NULL);
    while (deps && tree) {
        cJSON *next = tree->next;
        json_tree_free(tree->child);
        tree->child = NULL;
        tree->next = NULL;
        if (tree->valuestring && !(tree->type & cJSON_IsReference))
            explicit_bzero(tree->valuestring, strlen(tree->valuestring));
        deps->cJSON_Delete(tree);
        tree = next;
    }
}
