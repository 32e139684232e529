/* json_scan - the structure of JSON text: one event a call. */
#include "format/json_scan.h"

#include "base/ascii.h"
#include "base/utf8.h"

#include <string.h>

void json_scan_begin(struct json_scan *scan, const char *text, size_t length)
{
    memset(scan, 0, sizeof *scan);
    size_t skipped = utf8_has_bom(text, length) ? UTF8_BOM_LENGTH : 0;
    scan->position = text + skipped;
    scan->end = text + length;
    scan->line = 1;
    scan->expected = JSON_EXPECT_VALUE;
}

static enum json_event fail(struct json_scan *scan, const char *problem)
{
    scan->problem = problem;
    scan->position = scan->end;
    return JSON_ERROR;
}

/* LF, CRLF and CR each count as one line end, as in Python's text files. */
static void skip_blanks(struct json_scan *scan)
{
    for (; scan->position < scan->end; scan->position++) {
        char byte = *scan->position;
        bool crlf = byte == '\r' && scan->end - scan->position > 1 && scan->position[1] == '\n';
        if (byte == '\n' || (byte == '\r' && !crlf))
            scan->line++;
        else if (byte != ' ' && byte != '\t' && !crlf)
            return;
    }
}

static bool take(struct json_scan *scan, char wanted)
{
    if (scan->position == scan->end || *scan->position != wanted)
        return false;
    scan->position++;
    return true;
}

static bool in_object(const struct json_scan *scan)
{
    size_t level = scan->depth - 1;
    return (scan->is_object[level / 8] >> (level % 8) & 1) != 0;
}

static void expect_after_value(struct json_scan *scan)
{
    scan->expected = scan->depth > 0 ? JSON_EXPECT_SEPARATOR : JSON_EXPECT_NOTHING;
}

static enum json_event open_level(struct json_scan *scan, bool object)
{
    size_t level = scan->depth;
    if (level == JSON_DEPTH_MAX)
        return fail(scan, "it is nested more than 1000 deep");
    unsigned bit = 1u << (level % 8);
    unsigned bits = scan->is_object[level / 8];
    scan->is_object[level / 8] = (unsigned char)(object ? bits | bit : bits & ~bit);
    scan->depth++;
    scan->expected = object ? JSON_EXPECT_KEY_OR_END : JSON_EXPECT_VALUE_OR_END;
    return object ? JSON_OBJECT : JSON_ARRAY;
}

static enum json_event close_level(struct json_scan *scan)
{
    enum json_event event = in_object(scan) ? JSON_OBJECT_END : JSON_ARRAY_END;
    scan->depth--;
    expect_after_value(scan);
    return event;
}

/* Behind the opening quote. */
static bool scan_string(struct json_scan *scan)
{
    uint32_t character;
    const char *problem = NULL;
    const char *at = scan->position;
    scan->string = at;
    while (at && !(at < scan->end && *at == '"'))
        at = json_character_read(at, scan->end, &character, &problem);
    if (!at) {
        fail(scan, problem);
        return false;
    }
    scan->string_length = (size_t)(at - scan->string);
    scan->position = at + 1;
    return true;
}

static size_t skip_digits(struct json_scan *scan)
{
    const char *start = scan->position;
    while (scan->position < scan->end && ascii_is_digit(*scan->position))
        scan->position++;
    return (size_t)(scan->position - start);
}

/* -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)? */
static enum json_event scan_number(struct json_scan *scan)
{
    static const char problem[] = "a number is not written as JSON wants it";
    take(scan, '-');
    if (!take(scan, '0') && skip_digits(scan) == 0)
        return fail(scan, problem);
    if (take(scan, '.') && skip_digits(scan) == 0)
        return fail(scan, problem);
    if (take(scan, 'e') || take(scan, 'E')) {
        if (!take(scan, '+'))
            take(scan, '-');
        if (skip_digits(scan) == 0)
            return fail(scan, problem);
    }
    expect_after_value(scan);
    return JSON_NUMBER;
}

static enum json_event unexpected(struct json_scan *scan, const char *problem)
{
    uint32_t character;
    if (scan->position == scan->end)
        return fail(scan, "it ends too early");
    if (utf8_decode(scan->position, (size_t)(scan->end - scan->position), &character) == 0)
        return fail(scan, "it is not valid UTF-8");
    return fail(scan, problem);
}

static enum json_event scan_word(struct json_scan *scan)
{
    static const struct {
        const char *word;
        enum json_event event;
    } words[] = {{"true", JSON_BOOLEAN}, {"false", JSON_BOOLEAN}, {"null", JSON_NULL}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i].word);
        if ((size_t)(scan->end - scan->position) < length ||
            memcmp(scan->position, words[i].word, length) != 0)
            continue;
        scan->position += length;
        expect_after_value(scan);
        return words[i].event;
    }
    return unexpected(scan, "a value is missing or misspelt");
}

static enum json_event scan_value(struct json_scan *scan)
{
    scan->event_line = scan->line;
    if (take(scan, '{'))
        return open_level(scan, true);
    if (take(scan, '['))
        return open_level(scan, false);
    if (take(scan, '"')) {
        if (!scan_string(scan))
            return JSON_ERROR;
        expect_after_value(scan);
        return JSON_STRING;
    }
    char byte = scan->position < scan->end ? *scan->position : '\0';
    if (byte == '-' || ascii_is_digit(byte))
        return scan_number(scan);
    return scan_word(scan);
}

static enum json_event scan_key(struct json_scan *scan)
{
    scan->event_line = scan->line;
    if (!take(scan, '"'))
        return unexpected(scan, "a key in double quotes is missing");
    if (!scan_string(scan))
        return JSON_ERROR;
    skip_blanks(scan);
    if (!take(scan, ':'))
        return unexpected(scan, "a colon is missing after a key");
    scan->expected = JSON_EXPECT_VALUE;
    return JSON_KEY;
}

static enum json_event scan_separator(struct json_scan *scan)
{
    bool object = in_object(scan);
    if (take(scan, object ? '}' : ']'))
        return close_level(scan);
    if (!take(scan, ','))
        return unexpected(scan, object ? "a comma or } is missing" : "a comma or ] is missing");
    skip_blanks(scan);
    return object ? scan_key(scan) : scan_value(scan);
}

enum json_event json_scan_next(struct json_scan *scan)
{
    if (scan->problem)
        return JSON_ERROR;
    skip_blanks(scan);
    switch (scan->expected) {
    case JSON_EXPECT_VALUE:
        return scan_value(scan);
    case JSON_EXPECT_VALUE_OR_END:
        return take(scan, ']') ? close_level(scan) : scan_value(scan);
    case JSON_EXPECT_KEY_OR_END:
        return take(scan, '}') ? close_level(scan) : scan_key(scan);
    case JSON_EXPECT_SEPARATOR:
        return scan_separator(scan);
    case JSON_EXPECT_NOTHING:
        break;
    }
    return scan->position == scan->end ? JSON_END : unexpected(scan, "there is text after its end");
}

struct json_characters json_characters(const struct json_scan *scan)
{
    return (struct json_characters){scan->string, scan->string + scan->string_length};
}

bool json_string_is(const struct json_scan *scan, const char *text)
{
    struct json_characters characters = json_characters(scan);
    size_t left = strlen(text);
    uint32_t found, wanted;
    while (json_character_next(&characters, &found)) {
        size_t width = utf8_decode(text, left, &wanted);
        if (width == 0 || wanted != found)
            return false;
        text += width;
        left -= width;
    }
    return left == 0;
}
