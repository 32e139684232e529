/* json_answer - reads with the resolver's strict scanner, so that a cut-off answer never looks like
   a whole one. */
#include "json_answer.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include <stdlib.h>
#include <string.h>

enum json_event json_answer_find(const struct secret *body, const char *const *path,
                                 struct json_scan *ret_at)
{
    struct json_scan scan;
    json_scan_begin(&scan, secret_bytes(body), secret_length(body));
    enum json_event found = JSON_END, event = json_scan_next(&scan);
    if (event != JSON_OBJECT)
        return JSON_ERROR;
    size_t matched = 0; /* how much of the path the open objects stand for */
    bool wanted = false;
    for (event = json_scan_next(&scan); event != JSON_END; event = json_scan_next(&scan)) {
        if (event == JSON_ERROR)
            return JSON_ERROR;
        if (wanted && !path[matched + 1]) {
            *ret_at = scan;
            found = event;
        } else if (wanted && event == JSON_OBJECT) {
            matched++;
        } else if (event == JSON_OBJECT_END && matched > 0 && scan.depth <= matched) {
            matched--;
        }
        wanted =
            event == JSON_KEY && scan.depth == matched + 1 && json_string_is(&scan, path[matched]);
    }
    return found;
}

bool json_answer_is_object(const struct secret *body)
{
    static const char *const nothing[] = {"", NULL};
    struct json_scan at;
    return json_answer_find(body, nothing, &at) != JSON_ERROR;
}

struct secret *json_answer_decode(const struct json_scan *at)
{
    struct json_characters characters = json_characters(at);
    uint32_t character;
    /* No character takes more bytes than its escape does. */
    AUTO_SECRET whole = secret_alloc(at->string_length);
    if (!whole)
        return NULL;
    char *end = secret_buffer(whole);
    while (json_character_next(&characters, &character)) {
        bool odd = character == 0 || (character >= 0xd800 && character <= 0xdfff);
        end += utf8_encode(odd ? '?' : character, end);
    }
    return secret_slice(whole, 0, (size_t)(end - secret_buffer(whole)));
}

struct secret *json_answer_string(const struct secret *body, const char *name)
{
    const char *const path[] = {name, NULL};
    struct json_scan at;
    return json_answer_find(body, path, &at) == JSON_STRING ? json_answer_decode(&at) : NULL;
}

char *json_answer_text(const struct secret *body, const char *name)
{
    AUTO_SECRET text = json_answer_string(body, name);
    return text ? strdup(secret_bytes(text)) : NULL;
}

/* The scan has just passed the number: its text ends there. */
static const char *number_start(const struct json_scan *at, const char *text)
{
    const char *start = at->position;
    while (start > text && strchr("+-.0123456789Ee", start[-1]))
        start--;
    return start;
}

char *json_answer_digits(const struct secret *body, const char *name)
{
    const char *const path[] = {name, NULL};
    struct json_scan at;
    const char *start = NULL;
    size_t length = 0;
    switch (json_answer_find(body, path, &at)) {
    case JSON_NUMBER:
        start = number_start(&at, secret_bytes(body));
        length = (size_t)(at.position - start);
        break;
    case JSON_STRING:
        start = at.string;
        length = at.string_length;
        break;
    default:
        return NULL;
    }
    if (length == 0 || length > 32 || strspn(start, "0123456789") < length)
        return NULL;
    return strndup(start, length);
}

bool json_answer_integer(const struct secret *body, const char *const *path, int64_t *ret)
{
    struct json_scan at;
    if (json_answer_find(body, path, &at) != JSON_NUMBER)
        return false;
    const char *start = number_start(&at, secret_bytes(body));
    uint64_t number = 0;
    if (strcspn(start, "eE") < (size_t)(at.position - start) ||
        !ascii_read_number(start, INT64_MAX, &number))
        return false;
    *ret = (int64_t)number;
    return number > 0;
}

bool json_answer_is_false(const struct secret *body, const char *name)
{
    const char *const path[] = {name, NULL};
    struct json_scan at;
    return json_answer_find(body, path, &at) == JSON_BOOLEAN && at.position[-2] == 's';
}

/* Writes the escaped text, or only counts when `to` is NULL. 0 with *ret_bad for what is no
   UTF-8. */
static size_t escape(const char *text, size_t length, char *to, bool *ret_bad)
{
    static const char hex[] = "0123456789abcdef";
    size_t written = 0;
    for (size_t i = 0; i < length;) {
        uint32_t point;
        size_t width = utf8_decode(text + i, length - i, &point);
        char escaped[6] = {'\\', 'u', '0', '0', hex[point >> 4 & 0xf], hex[point & 0xf]};
        const char *piece = text + i;
        size_t piece_length = width;
        if (width == 0) {
            *ret_bad = true;
            return 0;
        }
        if (point < 0x20) {
            piece = escaped;
            piece_length = sizeof escaped;
        } else if (point == '"' || point == '\\') {
            escaped[1] = (char)point;
            piece = escaped;
            piece_length = 2;
        }
        if (to)
            memcpy(to + written, piece, piece_length);
        written += piece_length;
        i += width;
        explicit_bzero(escaped, sizeof escaped);
    }
    return written;
}

static size_t put(const char *text, char *to)
{
    size_t length = strlen(text);
    if (to)
        memcpy(to, text, length);
    return length;
}

static size_t write_member(const struct json_member *member, bool first, char *to, bool *ret_bad)
{
    const char *value = member->secret ? secret_bytes(member->secret) : member->text;
    size_t length = member->secret ? secret_length(member->secret) : value ? strlen(value) : 0;
    size_t written = 0;
#define AT (to ? to + written : NULL)
    if (!value && !member->number)
        return 0;
    written += put(first ? "\"" : ",\"", AT);
    written += put(member->name, AT);
    written += put(member->number ? "\":" : "\":\"", AT);
    if (member->number)
        return written + put(member->number, AT);
    written += escape(value, length, AT, ret_bad);
    written += put("\"", AT);
#undef AT
    return written;
}

static size_t write_object(const struct json_member *members, size_t count, char *to, bool *ret_bad)
{
    size_t written = put("{", to);
    for (size_t i = 0; i < count; i++)
        written += write_member(&members[i], written == 1, to ? to + written : NULL, ret_bad);
    return written + put("}", to ? to + written : NULL);
}

struct secret *json_object(const struct json_member *members, size_t count)
{
    bool bad = false;
    size_t length = write_object(members, count, NULL, &bad);
    struct secret *text = bad ? NULL : secret_alloc(length);
    if (text)
        write_object(members, count, secret_buffer(text), &bad);
    return text;
}
