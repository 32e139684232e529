/* json - JSON on standard output: what the commands say, and what a server sent. */
#include "talk/json.h"

#include "base/cleanup.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "talk/output.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What cJSON gave, which is NULL only when memory has run out. */
static void *must(void *given)
{
    if (given)
        return given;
    say("out of memory");
    exit(EXIT_NO);
}

cJSON *json_new_object(void)
{
    return must(cJSON_CreateObject());
}

cJSON *json_new_list(void)
{
    return must(cJSON_CreateArray());
}

cJSON *json_new_answer(void)
{
    cJSON *answer = json_new_object();
    json_add(answer, "schema", must(cJSON_CreateNumber(1)));
    return answer;
}

void json_add(cJSON *object, const char *name, cJSON *item)
{
    cJSON_AddItemToObjectCS(object, name, item ? item : must(cJSON_CreateNull()));
}

void json_append(cJSON *list, cJSON *item)
{
    cJSON_AddItemToArray(list, item);
}

cJSON *json_new_text(const char *text)
{
    AUTO_STRING mended = must(utf8_mended(text));
    return must(cJSON_CreateString(mended));
}

void json_add_text(cJSON *object, const char *name, const char *text)
{
    json_add(object, name, text ? json_new_text(text) : NULL);
}

void json_add_line(cJSON *object, const char *name, unsigned line)
{
    json_add(object, name, line > 0 ? must(cJSON_CreateNumber(line)) : NULL);
}

enum { ESCAPED_MAX = 12 }; /* two halves of a character beyond the first plane */

static size_t escape(uint32_t point, char *to)
{
    if (point < 0x10000)
        return (size_t)sprintf(to, "\\u%04x", (unsigned)point);
    point -= 0x10000;
    return (size_t)sprintf(to, "\\u%04x\\u%04x", 0xd800 + (unsigned)(point >> 10),
                           0xdc00 + (unsigned)(point & 0x3ff));
}

/* The same JSON in other letters: outside of strings only white space can steer. */
static struct secret *harmless(const char *json)
{
    size_t left = strlen(json), used = 0;
    AUTO_SECRET room = secret_alloc(left * ESCAPED_MAX + 1);
    char *to = room ? secret_buffer(room) : NULL;
    while (to && left > 0) {
        uint32_t point = 0;
        size_t width = utf8_decode(json, left, &point);
        if (width == 0)
            return NULL; /* no JSON */
        if (point == '\r')
            to[used++] = ' ';
        else if (point != '\n' && point != '\t' && steers_terminal(point))
            used += escape(point, to + used);
        else
            for (size_t i = 0; i < width; i++)
                to[used++] = json[i];
        json += width;
        left -= width;
    }
    return room ? secret_slice(room, 0, used) : NULL;
}

void put_json(cJSON *tree)
{
    char *json = must(cJSON_PrintUnformatted(tree));
    AUTO_SECRET text = must(harmless(json));
    puts(secret_bytes(text));
    cJSON_free(json);
    cJSON_Delete(tree);
}

void put_json_list(const char *name, cJSON *list)
{
    cJSON *answer = json_new_answer();
    json_add(answer, name, list);
    put_json(answer);
}

int put_json_answer(const char *json)
{
    if (!isatty(STDOUT_FILENO))
        return put_secret_line(json);
    AUTO_SECRET text = harmless(json);
    if (text)
        return put_secret_line(secret_bytes(text));
    say("the answer cannot be shown on a terminal; send it into a file");
    return EXIT_NO;
}
