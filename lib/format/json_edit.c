/* json_edit - sets or removes one top-level member of a JSON object by editing its text. */
#include "format/json_edit.h"

#include "base/error.h"
#include "base/utf8.h"
#include "format/json_scan.h"

#include <stdio.h>
#include <string.h>

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && memchr(" \t\r\n", *at, 4))
        at++;
    return at;
}

/* A key at depth 1 begins a member. */
static void begin_member(struct json_edit *edit, const struct json_scan *scan, bool wanted)
{
    const char *key = scan->string - 1;
    edit->last_comma = edit->first ? skip_blanks(edit->last_end, edit->end) : NULL;
    if (!edit->first)
        edit->first = key;
    edit->last_key = key;
    edit->last_key_end = scan->string + scan->string_length + 1;
    edit->last_value = skip_blanks(scan->position, edit->end);
    if (!wanted)
        return;
    edit->found = true;
    edit->comma = edit->last_comma;
    edit->key = key;
    edit->value = edit->last_value;
}

/* The last event of a value at depth 1: of a container it is its end. */
static bool ends_member(const struct json_scan *scan, enum json_event event)
{
    if (event == JSON_OBJECT || event == JSON_ARRAY || event == JSON_KEY)
        return false;
    return scan->depth == 1;
}

static void end_member(struct json_edit *edit, const struct json_scan *scan, enum json_event event)
{
    edit->last_end = scan->position;
    if (!edit->found || edit->value != edit->last_value)
        return;
    edit->value_end = scan->position;
    edit->is_string = event == JSON_STRING;
}

static enum json_event walk(struct json_edit *edit, struct json_scan *scan, const char *key)
{
    enum json_event event;
    while ((event = json_scan_next(scan)) != JSON_END && event != JSON_ERROR) {
        if (event == JSON_KEY && scan->depth == 1)
            begin_member(edit, scan, json_string_is(scan, key));
        else if (event == JSON_OBJECT_END && scan->depth == 0)
            edit->close = scan->position - 1;
        else if (ends_member(scan, event))
            end_member(edit, scan, event);
    }
    return event;
}

int json_edit_find(const char *text, size_t length, const char *key, const char *path,
                   struct json_edit *ret, synauth_error *error)
{
    struct json_edit edit = {.text = text, .end = text + length};
    struct json_scan scan;
    json_scan_begin(&scan, text, length);
    enum json_event root = json_scan_next(&scan);
    edit.open = scan.position;
    enum json_event event = root == JSON_ERROR ? root : walk(&edit, &scan, key);
    if (event == JSON_ERROR)
        return error_set(error, SYNAUTH_E_UNUSABLE, path, scan.line,
                         "not valid JSON: %s; the file is left as it is", scan.problem);
    if (root != JSON_OBJECT)
        return error_set(error, SYNAUTH_E_UNUSABLE, path, 1,
                         "holds no JSON object; the file is left as it is");
    *ret = edit;
    return SYNAUTH_OK;
}

bool json_edit_equals(const struct json_edit *edit, const struct secret *value)
{
    if (!edit->found || !edit->is_string)
        return false;
    const struct json_scan scan = {.string = edit->value + 1,
                                   .string_length = (size_t)(edit->value_end - edit->value) - 2};
    struct json_characters characters = json_characters(&scan);
    const char *at = secret_bytes(value);
    size_t left = secret_length(value);
    uint32_t found, wanted;
    while (json_character_next(&characters, &found)) {
        size_t width = utf8_decode(at, left, &wanted);
        if (width == 0 || wanted != found)
            return false;
        at += width;
        left -= width;
    }
    return left == 0;
}

/* What a text is put together from. */
struct piece {
    const char *bytes;
    size_t length;
};

static struct piece between(const char *start, const char *end)
{
    return (struct piece){start, (size_t)(end - start)};
}

static struct piece literal(const char *text)
{
    return (struct piece){text, strlen(text)};
}

static struct piece whole(const struct secret *secret)
{
    return (struct piece){secret_bytes(secret), secret_length(secret)};
}

static struct secret *join(const struct piece *pieces, size_t count)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += pieces[i].length;
    struct secret *joined = secret_alloc(length);
    if (!joined)
        return NULL;
    char *at = secret_buffer(joined);
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].length > 0)
            memcpy(at, pieces[i].bytes, pieces[i].length);
        at += pieces[i].length;
    }
    return joined;
}

static size_t put_unit(char *out, uint32_t unit)
{
    static const char digits[] = "0123456789abcdef";
    const char escape[] = {'\\',
                           'u',
                           digits[unit >> 12 & 15],
                           digits[unit >> 8 & 15],
                           digits[unit >> 4 & 15],
                           digits[unit & 15]};
    memcpy(out, escape, sizeof escape);
    return sizeof escape;
}

/* As Python writes it: ASCII only. */
static size_t put_character(char *out, uint32_t character)
{
    if (character == '"' || character == '\\') {
        out[0] = '\\';
        out[1] = (char)character;
        return 2;
    }
    if (character >= 0x20 && character < 0x7f) {
        out[0] = (char)character;
        return 1;
    }
    if (character < 0x10000)
        return put_unit(out, character);
    size_t width = put_unit(out, 0xd800 + ((character - 0x10000) >> 10));
    return width + put_unit(out + width, 0xdc00 + ((character - 0x10000) & 0x3ff));
}

/* In quotes and escaped. Bytes that are no UTF-8 become U+FFFD: the callers have judged them. */
static struct secret *quote(const char *text, size_t length)
{
    AUTO_SECRET quoted = secret_alloc(6 * length + 2);
    if (!quoted)
        return NULL;
    char *out = secret_buffer(quoted);
    size_t used = 0;
    out[used++] = '"';
    for (size_t at = 0; at < length;) {
        uint32_t character = 0xfffd;
        size_t width = utf8_decode(text + at, length - at, &character);
        used += put_character(out + used, width > 0 ? character : 0xfffd);
        at += width > 0 ? width : 1;
    }
    out[used++] = '"';
    return secret_slice(quoted, 0, used);
}

/* The blanks before a new last member: those before the present one. */
static struct piece separator(const struct json_edit *edit)
{
    struct piece blanks = edit->last_comma ? between(edit->last_comma + 1, edit->last_key)
                                           : between(edit->open, edit->first);
    bool spaced = edit->last_value - edit->last_key_end > 1;
    return blanks.length == 0 && !edit->last_comma && spaced ? literal(" ") : blanks;
}

static struct secret *append_member(const struct json_edit *edit, const struct secret *key,
                                    const struct secret *value)
{
    if (!edit->first) {
        const struct piece pieces[] = {between(edit->text, edit->open), whole(key), literal(": "),
                                       whole(value), between(edit->open, edit->end)};
        return join(pieces, sizeof pieces / sizeof *pieces);
    }
    const struct piece pieces[] = {between(edit->text, edit->last_end),
                                   literal(","),
                                   separator(edit),
                                   whole(key),
                                   between(edit->last_key_end, edit->last_value),
                                   whole(value),
                                   between(edit->last_end, edit->end)};
    return join(pieces, sizeof pieces / sizeof *pieces);
}

struct secret *json_edit_set(const struct json_edit *edit, const char *key,
                             const struct secret *value)
{
    AUTO_SECRET quoted_value = quote(secret_bytes(value), secret_length(value));
    if (!quoted_value)
        return NULL;
    if (edit->found) {
        const struct piece pieces[] = {between(edit->text, edit->value), whole(quoted_value),
                                       between(edit->value_end, edit->end)};
        return join(pieces, sizeof pieces / sizeof *pieces);
    }
    AUTO_SECRET quoted_key = quote(key, strlen(key));
    return quoted_key ? append_member(edit, quoted_key, quoted_value) : NULL;
}

struct secret *json_edit_new(const char *key, const struct secret *value)
{
    static const char empty[] = "{}";
    const struct json_edit edit = {
        .text = empty, .end = empty + 2, .open = empty + 1, .close = empty + 1};
    return json_edit_set(&edit, key, value);
}

/* What is written of a text from which members go. */
struct rest {
    const char *copied; /* up to here the text is written or left out */
    char *out;
    bool keeps; /* a member so far */
    const char *key, *comma;
    bool wanted; /* the member at hand goes */
    const char *last_end;
    bool found;
};

static void copy_up_to(struct rest *rest, const char *end)
{
    rest->out = mempcpy(rest->out, rest->copied, (size_t)(end - rest->copied));
    rest->copied = end;
}

/* A member goes with the comma before it, those at the beginning with the one behind them. */
static void pass_member(struct rest *rest, const char *end)
{
    rest->last_end = end;
    if (rest->wanted) {
        if (!rest->found || rest->keeps)
            copy_up_to(rest, rest->keeps ? rest->comma : rest->key);
        rest->found = true;
        rest->copied = end;
        return;
    }
    if (rest->found && !rest->keeps)
        rest->copied = rest->key;
    rest->keeps = true;
}

struct secret *json_edit_remove_all(const struct json_edit *edit, const char *key, bool *ret_empty)
{
    AUTO_SECRET room = secret_alloc((size_t)(edit->end - edit->text));
    if (!room)
        return NULL;
    struct rest rest = {.copied = edit->text, .out = secret_buffer(room)};
    struct json_scan scan;
    json_scan_begin(&scan, edit->text, (size_t)(edit->end - edit->text));
    enum json_event event = json_scan_next(&scan);
    while ((event = json_scan_next(&scan)) != JSON_END && event != JSON_ERROR) {
        if (event == JSON_KEY && scan.depth == 1) {
            rest.key = scan.string - 1;
            rest.comma = rest.last_end ? skip_blanks(rest.last_end, edit->end) : NULL;
            rest.wanted = json_string_is(&scan, key);
        } else if (ends_member(&scan, event)) {
            pass_member(&rest, scan.position);
        }
    }
    copy_up_to(&rest, edit->end);
    *ret_empty = !rest.keeps;
    return secret_slice(room, 0, (size_t)(rest.out - secret_buffer(room)));
}
