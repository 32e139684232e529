/* json_secret - one string out of a JSON secrets object: found by our own strict scanner, decoded
   by cJSON. */
#include "format/json_secret.h"

#include "base/error.h"
#include "foreign/deps.h"
#include "format/json_scan.h"

#include <string.h>

/* The last member of the wanted name. */
struct member {
    bool seen;
    enum json_event kind;
    unsigned line;
    const char *string; /* with its quotes */
    size_t length;
    bool odd; /* holds U+0000 or half a surrogate pair: cJSON would cut or refuse it */
};

static enum json_secret_state bad(const char *path, unsigned line, synauth_error *error,
                                  const char *problem)
{
    error_set(error, SYNAUTH_E_UNUSABLE, path, line, "%s", problem);
    return JSON_SECRET_BAD;
}

static bool is_odd(const struct json_scan *scan)
{
    struct json_characters characters = json_characters(scan);
    uint32_t character;
    while (json_character_next(&characters, &character))
        if (character == 0 || (character >= 0xd800 && character <= 0xdfff))
            return true;
    return false;
}

static void note_value(struct member *member, const struct json_scan *scan, enum json_event kind)
{
    member->kind = kind;
    if (kind != JSON_STRING)
        return;
    member->string = scan->string - 1;
    member->length = scan->string_length + 2;
    member->odd = is_odd(scan);
}

/* Walks through everything, since a mistake anywhere spoils the file and the last member of the
   name counts. Returns the root's kind or JSON_ERROR. */
static enum json_event walk(struct json_scan *scan, const char *key, struct member *ret)
{
    struct member member = {.seen = false};
    enum json_event root = json_scan_next(scan);
    enum json_event event = root;
    bool wanted = false;
    while (event != JSON_END) {
        if (event == JSON_ERROR)
            return JSON_ERROR;
        if (wanted)
            note_value(&member, scan, event);
        wanted = event == JSON_KEY && scan->depth == 1 && json_string_is(scan, key);
        if (wanted)
            member = (struct member){.seen = true, .line = scan->event_line};
        event = json_scan_next(scan);
    }
    *ret = member;
    return root;
}

static const char *root_problem(enum json_event root)
{
    switch (root) {
    case JSON_STRING:
        return "the file holds a string, not an object";
    case JSON_NUMBER:
        return "the file holds a number, not an object";
    case JSON_ARRAY:
        return "the file holds an array, not an object";
    default:
        return "the file holds a bare word, not an object";
    }
}

static const char *value_problem(const struct member *member)
{
    switch (member->kind) {
    case JSON_STRING:
        return member->odd ? "the value holds a NUL or half a surrogate pair" : NULL;
    case JSON_NUMBER:
        return "the value is a number, not a string";
    case JSON_BOOLEAN:
        return "the value is true or false, not a string";
    case JSON_ARRAY:
        return "the value is an array, not a string";
    default:
        return "the value is an object, not a string";
    }
}

static struct secret *decode(const struct deps *deps, const struct member *member)
{
    cJSON *item = deps->cJSON_ParseWithLengthOpts(member->string, member->length, NULL, 0);
    struct secret *secret = NULL;
    if (item && item->valuestring) {
        size_t length = strlen(item->valuestring);
        secret = secret_new(item->valuestring, length);
        explicit_bzero(item->valuestring, length);
    }
    deps->cJSON_Delete(item);
    return secret;
}

static enum json_secret_state decode_member(const struct member *member, const char *path,
                                            struct secret **ret, unsigned *ret_line,
                                            synauth_error *error)
{
    const struct deps *deps = deps_get(error);
    if (!deps)
        return JSON_SECRET_BAD;
    struct secret *secret = decode(deps, member);
    if (!secret) {
        error_set(error, SYNAUTH_E_MEMORY, path, member->line, "out of memory");
        return JSON_SECRET_BAD;
    }
    *ret = secret;
    if (ret_line)
        *ret_line = member->line;
    return JSON_SECRET_FOUND;
}

enum json_secret_state json_secret_get(const char *text, size_t length, const char *key,
                                       const char *path, struct secret **ret, unsigned *ret_line,
                                       synauth_error *error)
{
    struct json_scan scan;
    struct member member;
    json_scan_begin(&scan, text, length);
    enum json_event root = walk(&scan, key, &member);
    if (root == JSON_ERROR) {
        error_set(error, SYNAUTH_E_UNUSABLE, path, scan.line, "not valid JSON: %s", scan.problem);
        return JSON_SECRET_BAD;
    }
    if (root != JSON_OBJECT)
        return bad(path, 1, error, root_problem(root));
    if (!member.seen || member.kind == JSON_NULL)
        return JSON_SECRET_ABSENT;
    const char *problem = value_problem(&member);
    if (problem)
        return bad(path, member.line, error, problem);
    return decode_member(&member, path, ret, ret_line, error);
}
