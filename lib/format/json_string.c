/* json_string - the inside of JSON strings: escapes and UTF-8, one character at a time. */
#include "format/json_string.h"

#include "base/ascii.h"
#include "base/utf8.h"

#include <string.h>

static bool read_unit(const char *text, const char *end, uint32_t *ret)
{
    uint32_t unit = 0;
    if (end - text < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        int digit = ascii_hex_value(text[i]);
        if (digit < 0)
            return false;
        unit = unit << 4 | (uint32_t)digit;
    }
    *ret = unit;
    return true;
}

/* Behind `\u`. A high and a low surrogate make one character; alone, each stays what it is. */
static const char *read_unicode_escape(const char *text, const char *end, uint32_t *ret)
{
    uint32_t low;
    if (!read_unit(text, end, ret))
        return NULL;
    text += 4;
    if (*ret < 0xd800 || *ret > 0xdbff || end - text < 6 || memcmp(text, "\\u", 2) != 0)
        return text;
    if (!read_unit(text + 2, end, &low) || low < 0xdc00 || low > 0xdfff)
        return text;
    *ret = 0x10000 + ((*ret - 0xd800) << 10) + (low - 0xdc00);
    return text + 6;
}

static const char *read_escape(const char *text, const char *end, uint32_t *ret)
{
    static const char names[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    if (text == end)
        return NULL;
    if (*text == 'u')
        return read_unicode_escape(text + 1, end, ret);
    const char *name = memchr(names, *text, sizeof names - 1);
    if (!name)
        return NULL;
    *ret = (unsigned char)values[name - names];
    return text + 1;
}

static const char *refuse(const char *problem, const char **ret_problem)
{
    *ret_problem = problem;
    return NULL;
}

const char *json_character_read(const char *text, const char *end, uint32_t *ret,
                                const char **ret_problem)
{
    if (text == end)
        return refuse("a string has no closing quote", ret_problem);
    if ((unsigned char)*text < 0x20)
        return refuse("a string holds a raw control character or line break", ret_problem);
    if (*text == '\\') {
        const char *next = read_escape(text + 1, end, ret);
        return next ? next : refuse("a string holds an escape that JSON lacks", ret_problem);
    }
    size_t width = utf8_decode(text, (size_t)(end - text), ret);
    return width > 0 ? text + width : refuse("it is not valid UTF-8", ret_problem);
}

bool json_character_next(struct json_characters *characters, uint32_t *ret)
{
    const char *problem;
    const char *next = json_character_read(characters->position, characters->end, ret, &problem);
    if (!next)
        return false;
    characters->position = next;
    return true;
}
