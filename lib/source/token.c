/* token - what may stand behind `Authorization: Bearer `. */
#include "source/token.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "format/base64.h"
#include "format/json_number.h"
#include "format/json_scan.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static bool is_quote(char byte)
{
    return byte == '"' || byte == '\'' || byte == '`';
}

static bool has_bearer_prefix(const char *token, size_t length)
{
    static const char word[] = "bearer";
    size_t width = sizeof word - 1;
    return length >= width && ascii_equal_n(token, word, width) &&
           (length == width || ascii_is_space(token[width]));
}

static const char *bytes_problem(const char *token, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)token[i];
        if (byte == '\n' || byte == '\r')
            return "contains a line break";
        if (ascii_is_space(token[i]))
            return "contains white space";
        if (byte < 0x20 || byte == 0x7f)
            return "contains a control character";
        if (byte > 0x7f)
            return "contains a character that is not ASCII";
    }
    return NULL;
}

/* The most telling complaint first: `"Bearer x"` is in quotes above all. */
static const char *problem_with(const char *token, size_t length)
{
    if (length > TOKEN_MAX)
        return "is longer than 8192 bytes";
    if (is_quote(token[0]) || is_quote(token[length - 1]))
        return "is in quotes";
    if (has_bearer_prefix(token, length))
        return "begins with \"Bearer \"";
    if (token[0] == '<' && token[length - 1] == '>')
        return "is in angle brackets: a placeholder";
    return bytes_problem(token, length);
}

enum token_verdict token_judge(const char *bytes, size_t length, struct secret **ret,
                               const char **ret_why)
{
    if (utf8_has_bom(bytes, length)) {
        bytes += UTF8_BOM_LENGTH;
        length -= UTF8_BOM_LENGTH;
    }
    while (length > 0 && ascii_is_space(bytes[length - 1]))
        length--;
    while (length > 0 && ascii_is_space(*bytes)) {
        bytes++;
        length--;
    }
    if (length == 0)
        return TOKEN_EMPTY;
    const char *problem = problem_with(bytes, length);
    struct secret *token = problem ? NULL : secret_new(bytes, length);
    if (!token) {
        *ret_why = problem ? problem : "does not fit into memory";
        return TOKEN_BAD;
    }
    *ret = token;
    return TOKEN_OK;
}

/* The part between the first dot and the next one, or the end. */
struct secret *token_jwt_payload(const struct secret *token)
{
    const char *dot = memchr(secret_bytes(token), '.', secret_length(token));
    if (!dot)
        return NULL;
    const char *end = secret_bytes(token) + secret_length(token);
    const char *start = dot + 1;
    const char *next = memchr(start, '.', (size_t)(end - start));
    return base64_decode(start, (size_t)((next ? next : end) - start), BASE64_URL);
}

static bool string_contains_view(const struct json_scan *scan)
{
    static const char word[] = "view"; /* no letter twice: no need to step back */
    struct json_characters characters = json_characters(scan);
    uint32_t character;
    size_t matched = 0;
    while (word[matched] && json_character_next(&characters, &character)) {
        if (character == (unsigned char)word[matched])
            matched++;
        else
            matched = character == 'v';
    }
    return word[matched] == '\0';
}

/* The Python client's test: is there an access.scope, a list or a string, without "view"? The
   last of members with the same name counts. */
struct scope_test {
    bool in_access; /* inside the value of "access" */
    bool in_scope;  /* the next value, or what is inside it, belongs to access.scope */
    bool lacks_view;
};

static void note_event(struct scope_test *test, const struct json_scan *scan, enum json_event event)
{
    if (event == JSON_KEY && scan->depth == 1) {
        test->in_access = json_string_is(scan, "access");
        test->in_scope = false;
        test->lacks_view = test->in_access ? false : test->lacks_view;
    } else if (event == JSON_KEY && scan->depth == 2 && test->in_access) {
        test->in_scope = json_string_is(scan, "scope");
        test->lacks_view = test->in_scope ? false : test->lacks_view;
    } else if (event == JSON_ARRAY && scan->depth == 3 && test->in_scope) {
        test->lacks_view = true;
    } else if (event == JSON_STRING && scan->depth == 2 && test->in_scope) {
        test->lacks_view = !string_contains_view(scan);
    } else if (event == JSON_STRING && scan->depth == 3 && test->in_scope && test->lacks_view) {
        test->lacks_view = !json_string_is(scan, "view");
    }
}

int token_lacks_view_scope(const struct secret *token)
{
    AUTO_SECRET payload = token_jwt_payload(token);
    if (!payload)
        return 0;
    struct json_scan scan;
    struct scope_test test = {false, false, false};
    json_scan_begin(&scan, secret_bytes(payload), secret_length(payload));
    enum json_event event = json_scan_next(&scan);
    if (event != JSON_OBJECT)
        return 0;
    while ((event = json_scan_next(&scan)) != JSON_END) {
        if (event == JSON_ERROR)
            return 0;
        note_event(&test, &scan, event);
    }
    return test.lacks_view;
}

int64_t token_expires(const struct secret *token)
{
    AUTO_SECRET payload = token_jwt_payload(token);
    int64_t expires =
        payload ? json_number_get(secret_bytes(payload), secret_length(payload), "exp") : 0;
    return expires > 0 ? expires : 0;
}
