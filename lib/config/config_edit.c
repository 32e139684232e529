/* config_edit - appends a rule to the text of a configuration file and keeps everything else. */
#include "config/config_edit.h"

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/paths.h"
#include "config/config.h"
#include "file/file_save.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* A walk over libconfig's syntax: what is neither blank nor comment, one token a step. */
struct config_walk {
    const char *at, *end;
    const char *token; /* the last one */
    size_t length;
};

static const char *find_line_end(const char *at, const char *end)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    return newline ? newline : end;
}

static const char *skip_comment(const char *at, const char *end)
{
    bool two = end - at > 1;
    if (*at == '#' || (two && at[0] == '/' && at[1] == '/'))
        return find_line_end(at, end);
    if (!two || at[0] != '/' || at[1] != '*')
        return at;
    const char *close = memmem(at + 2, (size_t)(end - at - 2), "*/", 2);
    return close ? close + 2 : end;
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end) {
        const char *next = skip_comment(at, end);
        if (next == at && memchr(" \t\r\n\f\v", *at, 6))
            next = at + 1;
        if (next == at)
            break;
        at = next;
    }
    return at;
}

static const char *skip_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\' && end - at > 1)
            at++;
    return at < end ? at + 1 : end;
}

static bool is_word(char byte)
{
    return ascii_is_alnum(byte) || (byte != '\0' && strchr("_-*+.", byte));
}

static const char *token_end(const char *at, const char *end)
{
    if (*at == '"')
        return skip_string(at, end);
    if (*at == '@')
        return find_line_end(at, end);
    const char *after = at;
    while (after < end && is_word(*after))
        after++;
    return after > at ? after : at + 1;
}

static bool next_token(struct config_walk *walk)
{
    walk->at = skip_blanks(walk->at, walk->end);
    if (walk->at == walk->end)
        return false;
    walk->token = walk->at;
    walk->at = token_end(walk->at, walk->end);
    walk->length = (size_t)(walk->at - walk->token);
    return true;
}

static bool token_is(const struct config_walk *walk, const char *text)
{
    return walk->length == strlen(text) && memcmp(walk->token, text, walk->length) == 0;
}

/* Where the new rule goes, and whether a comma has to go before it. */
struct edit_place {
    const char *at;
    bool needs_comma;
};

/* Behind the `(` of the list: up to its `)`. */
static bool walk_list(struct config_walk *walk, struct edit_place *ret)
{
    const char *last_end = walk->at;
    bool after_comma = true;
    for (int depth = 0; next_token(walk);) {
        if (depth == 0 && token_is(walk, ")")) {
            *ret = (struct edit_place){last_end, !after_comma};
            return true;
        }
        if (walk->length == 1 && strchr("({[", *walk->token))
            depth++;
        else if (walk->length == 1 && strchr(")}]", *walk->token))
            depth--;
        last_end = walk->at;
        after_comma = depth == 0 && token_is(walk, ",");
    }
    return false;
}

/* The top-level `rules = ( ... )`. */
static bool find_list(const char *text, size_t length, struct edit_place *ret)
{
    struct config_walk walk = {.at = text, .end = text + length};
    bool named = false, assigned = false;
    for (int depth = 0; next_token(&walk);) {
        if (depth == 0 && assigned && token_is(&walk, "("))
            return walk_list(&walk, ret);
        assigned = depth == 0 && named && (token_is(&walk, "=") || token_is(&walk, ":"));
        named = depth == 0 && token_is(&walk, "rules");
        if (walk.length == 1 && strchr("({[", *walk.token))
            depth++;
        else if (walk.length == 1 && strchr(")}]", *walk.token))
            depth--;
    }
    return false;
}

static struct secret *compose(const char *text, size_t head, size_t length, const char *before,
                              const char *rule, const char *after)
{
    size_t parts[] = {head, strlen(before), strlen(rule), strlen(after), length - head};
    const char *bytes[] = {text, before, rule, after, text + head};
    struct secret *joined = secret_alloc(parts[0] + parts[1] + parts[2] + parts[3] + parts[4]);
    char *at = joined ? secret_buffer(joined) : NULL;
    for (size_t i = 0; at && i < 5; i++) {
        if (parts[i] > 0)
            memcpy(at, bytes[i], parts[i]);
        at += parts[i];
    }
    return joined;
}

struct secret *config_edit_text(const char *text, size_t length, const char *rule)
{
    struct edit_place place;
    if (find_list(text, length, &place))
        return compose(text, (size_t)(place.at - text), length,
                       place.needs_comma ? ",\n  " : "\n  ", rule, "");
    bool complete = length == 0 || text[length - 1] == '\n';
    const char *before = complete ? "rules = (\n  " : "\nrules = (\n  ";
    return compose(text, length, length, before, rule, "\n);\n");
}

static int first_mistake(const struct config *config, const char *path, const char *what,
                         synauth_error *error)
{
    if (config->error_count == 0)
        return SYNAUTH_OK;
    const synauth_error *first = &config->errors[0];
    return error_set(error, SYNAUTH_E_CONFIG, path, first->line, "%s: %s", what, first->text);
}

/* What stands at `path`, read as a configuration of its own. */
static int check(const char *path, const char *name, const char *what, synauth_error *error)
{
    struct config *config = config_load(path);
    if (!config)
        return error_memory(error);
    int code = first_mistake(config, name, what, error);
    config_free(config);
    return code;
}

int config_edit_add_rule(const char *path, const char *rule, synauth_error *error)
{
    AUTO_FILE_SAVE save = file_save_new();
    AUTO_STRING prepared = NULL;
    size_t index = 0;
    if (!save)
        return error_memory(error);
    int code = file_save_add(save, path, FILE_TRUST_CONFIG, &index, error);
    if (code == SYNAUTH_OK)
        code = file_save_lock(save, error);
    if (code != SYNAUTH_OK)
        return code;
    const char *name = file_save_path(save, index);
    const struct secret *content = file_save_content(save, index);
    if (content)
        code = check(name, name, "has a mistake, which has to be mended first", error);
    if (code != SYNAUTH_OK)
        return code;
    AUTO_SECRET wanted =
        config_edit_text(content ? secret_bytes(content) : "", secret_length(content), rule);
    if (!wanted)
        return error_memory(error);
    file_save_set(save, index, wanted);
    code = file_save_prepare(save, index, &prepared, error);
    if (code == SYNAUTH_OK)
        code = check(prepared, name, "would be invalid with the new rule", error);
    return code == SYNAUTH_OK ? file_save_commit(save, error) : code;
}

int synauth_config_add_rule(const char *rule, char **ret_path, synauth_error *error)
{
    error_clear(error);
    if (!rule)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "an argument is NULL");
    int saved_errno = errno;
    char *path = paths_user_config();
    int code = path ? config_edit_add_rule(path, rule, error)
                    : error_set(error, SYNAUTH_E_IO, NULL, 0,
                                "there is no home directory for the file: set HOME or "
                                "XDG_CONFIG_HOME");
    if (code == SYNAUTH_OK && ret_path)
        *ret_path = path;
    else
        free(path);
    errno = saved_errno;
    return code;
}
