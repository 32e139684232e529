/* put_answer - JSON that a server sent, on stdout. */
#include "base/secret.h"
#include "base/utf8.h"
#include "talk/output.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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
static struct secret *for_terminal(const char *json)
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

int put_json_answer(const char *json)
{
    if (!isatty(STDOUT_FILENO))
        return put_secret_line(json);
    AUTO_SECRET text = for_terminal(json);
    if (text)
        return put_secret_line(secret_bytes(text));
    say("the answer cannot be shown on a terminal; send it into a file");
    return EXIT_NO;
}
