/* config_include - reads a configuration file and what it includes, and joins them. */
#include "base/cleanup.h"
#include "base/error.h"
#include "base/paths.h"
#include "config/config_text.h"
#include "config/config_text_parts.h"
#include "file/file_read.h"

#include <stdlib.h>
#include <string.h>

/* As in libconfig; brackets nest three deep in a sensible file. libconfig looks through a whole
   group for each setting that it adds to it, so the number there is what time depends on. */
enum {
    INCLUDE_DEPTH_MAX = 10,
    BRACKET_DEPTH_MAX = 64,
    FILES_MAX = 1000,
    SETTINGS_MAX = 250000,
    GROUP_SETTINGS_MAX = 64
};
#define JOINED_BYTES_MAX ((size_t)8 * 1024 * 1024)

/* One file that is being read, and who included it. */
struct source {
    const struct source *parent;
    struct secret *content;
    const char *file, *text;
    size_t length, at, copied; /* [copied, at) is still to be joined */
    unsigned line, joined_offset;
    dev_t device;
    ino_t inode;
};

struct joiner {
    struct config_text *text;
    struct arena *arena;
    unsigned brackets, joined_line, files, settings;
    unsigned group_settings[BRACKET_DEPTH_MAX + 1]; /* so far, of each bracket that is open */
    enum config_state state;
    synauth_error *error;
};

static enum config_state read_file(struct joiner *joiner, const char *path,
                                   const struct source *parent);

static bool fail(struct joiner *joiner, enum config_state state)
{
    joiner->state = state;
    return false;
}

static bool fail_at(struct joiner *joiner, const struct source *source, const char *problem)
{
    error_set(joiner->error, SYNAUTH_E_CONFIG, source->file, source->line, "%s", problem);
    return fail(joiner, CONFIG_INVALID);
}

static bool fail_memory(struct joiner *joiner)
{
    error_memory(joiner->error);
    return fail(joiner, CONFIG_INVALID);
}

static bool append(struct joiner *joiner, const struct source *source, const char *bytes,
                   size_t length)
{
    if (length > JOINED_BYTES_MAX - joiner->text->length)
        return fail_at(joiner, source,
                       "the file and what it includes are larger than 8 MiB together; divide the "
                       "rules or remove some");
    return config_text_append(joiner->text, bytes, length) || fail_memory(joiner);
}

static bool begin_run(struct joiner *joiner, struct source *source)
{
    const struct run run = {
        .joined_line = joiner->joined_line, .line = source->line, .file = source->file};
    source->joined_offset = joiner->joined_line - source->line; /* modulo 2^32, as it is added */
    return config_text_begin_run(joiner->text, &run) || fail_memory(joiner);
}

/* Joins what has been looked at, and notes the line that the joined text has come to. */
static bool flush(struct joiner *joiner, struct source *source)
{
    bool done = append(joiner, source, source->text + source->copied, source->at - source->copied);
    source->copied = source->at;
    joiner->joined_line = source->line + source->joined_offset;
    return done;
}

/* Ends the text before what is not closed. */
static bool stop_unclosed(struct joiner *joiner, struct source *source, const char *problem)
{
    struct config_text *text = joiner->text;
    error_set(&text->unclosed, SYNAUTH_E_CONFIG, source->file, source->line, "%s", problem);
    text->unclosed_line = source->line + source->joined_offset;
    return flush(joiner, source);
}

static void count_lines(struct source *source, size_t end)
{
    for (; source->at < end; source->at++)
        source->line += source->text[source->at] == '\n';
}

static bool skip_string(struct joiner *joiner, struct source *source)
{
    const char *text = source->text;
    size_t at = source->at + 1;
    unsigned newlines = 0;
    static const bool is_special[256] = {['"'] = true, ['\\'] = true, ['\n'] = true, ['\0'] = true};
    for (;; at++) {
        while (!is_special[(unsigned char)text[at]])
            at++;
        if (text[at] == '"')
            break;
        if (text[at] == '\\')
            at++;
        if (text[at] == '\0') /* stands behind the text */
            return stop_unclosed(joiner, source, "a string begins here and is never closed");
        newlines += text[at] == '\n';
    }
    source->line += newlines;
    source->at = at + 1;
    return true;
}

static bool skip_comment(struct joiner *joiner, struct source *source)
{
    const char *from = source->text + source->at + 2;
    const char *end = memmem(from, (size_t)(source->text + source->length - from), "*/", 2);
    if (!end)
        return stop_unclosed(joiner, source, "a comment begins here and is never closed");
    count_lines(source, (size_t)(end + 2 - source->text));
    return true;
}

static void skip_line(struct source *source)
{
    const char *from = source->text + source->at;
    const char *end = memchr(from, '\n', source->length - source->at);
    source->at = end ? (size_t)(end - source->text) : source->length;
}

static bool is_first_on_line(const struct source *source)
{
    size_t at = source->at;
    while (at > 0 && (source->text[at - 1] == ' ' || source->text[at - 1] == '\t'))
        at--;
    return at == 0 || source->text[at - 1] == '\n';
}

/* Reads the directive at source->at. NULL when it is malformed; else the name as written (heap),
   and source->at is behind the closing quote. */
static char *take_include_name(struct source *source)
{
    static const char directive[] = "@include";
    size_t at = source->at + sizeof directive - 1, used = 0;
    if (source->length - source->at < sizeof directive ||
        memcmp(source->text + source->at, directive, sizeof directive - 1) != 0)
        return NULL;
    size_t blanks = strspn(source->text + at, " \t");
    at += blanks;
    if (blanks == 0 || source->text[at] != '"')
        return NULL;
    size_t length = strcspn(source->text + ++at, "\n");
    char *name = malloc(length + 1);
    for (; name && length > 0 && source->text[at] != '"'; length--, at++) {
        bool is_escape = source->text[at] == '\\' && length > 1 &&
                         (source->text[at + 1] == '"' || source->text[at + 1] == '\\');
        if (is_escape) {
            length--;
            at++;
        }
        name[used++] = source->text[at];
    }
    if (!name || length == 0 || used == 0) {
        free(name);
        return NULL;
    }
    name[used] = '\0';
    source->at = at + 1;
    return name;
}

/* The included file's name made absolute, in the arena. */
static const char *resolve_include(struct joiner *joiner, const struct source *source,
                                   const char *name)
{
    AUTO_STRING directory = paths_directory(source->file);
    AUTO_STRING path = directory ? paths_expand(name, directory) : NULL;
    const char *kept = path ? arena_strdup(joiner->arena, path) : NULL;
    if (!kept)
        fail_at(joiner, source, "@include: ~ is used, but there is no home directory");
    return kept;
}

static bool include_file(struct joiner *joiner, struct source *source, const char *name)
{
    const char *path = resolve_include(joiner, source, name);
    if (!path)
        return false;
    synauth_error *outer = joiner->error, inner = {0};
    joiner->error = &inner;
    enum config_state state = read_file(joiner, path, source);
    joiner->error = outer;
    if (state == CONFIG_READ)
        return true;
    if (inner.line > 0) { /* a mistake inside has its own place */
        if (outer && outer->code == SYNAUTH_OK)
            *outer = inner;
        return fail(joiner, state);
    }
    error_set(outer, SYNAUTH_E_CONFIG, source->file, source->line, "@include \"%.200s\": %s", name,
              state == CONFIG_ABSENT ? "there is no such file; correct the name or remove the line"
                                     : inner.text);
    return fail(joiner, state == CONFIG_ABSENT ? CONFIG_INVALID : state);
}

static bool take_include(struct joiner *joiner, struct source *source)
{
    if (!is_first_on_line(source))
        return fail_at(joiner, source, "a stray @; \"@include\" must be the first on its line");
    if (!flush(joiner, source))
        return false;
    AUTO_STRING name = take_include_name(source);
    if (!name)
        return fail_at(joiner, source, "a malformed @include; write @include \"file\"");
    source->copied = source->at;
    return include_file(joiner, source, name) && begin_run(joiner, source);
}

static bool take_bracket(struct joiner *joiner, struct source *source)
{
    if (++joiner->brackets > BRACKET_DEPTH_MAX)
        return fail_at(joiner, source, "brackets are nested too deeply");
    joiner->group_settings[joiner->brackets] = 0;
    source->at++;
    return true;
}

/* At what stands between a name and its value. */
static bool take_setting(struct joiner *joiner, struct source *source)
{
    source->at++;
    if (++joiner->group_settings[joiner->brackets] > GROUP_SETTINGS_MAX)
        return fail_at(joiner, source, "more than 64 settings in one group; remove some");
    if (++joiner->settings > SETTINGS_MAX)
        return fail_at(joiner, source, "more than 250000 settings; remove some");
    return true;
}

static void skip_plain(struct source *source)
{
    static const bool is_special[256] = {
        ['"'] = true,  ['#'] = true,  ['/'] = true, ['@'] = true, ['('] = true,
        ['['] = true,  ['{'] = true,  [')'] = true, [']'] = true, ['}'] = true,
        ['\n'] = true, ['\0'] = true, ['='] = true, [':'] = true};
    const char *at = source->text + source->at;
    for (;; at++) {
        while (!is_special[(unsigned char)*at])
            at++;
        if (*at != '\n')
            break;
        source->line++;
    }
    source->at = (size_t)(at - source->text);
}

/* Moves on by one character or by what it begins: the states of libconfig's own scanner. */
static bool step(struct joiner *joiner, struct source *source)
{
    char next = source->at + 1 < source->length ? source->text[source->at + 1] : '\0';
    switch (source->text[source->at]) {
    case '"':
        return skip_string(joiner, source);
    case '#':
        skip_line(source);
        return true;
    case '/':
        if (next == '*')
            return skip_comment(joiner, source);
        if (next == '/')
            skip_line(source);
        else
            source->at++;
        return true;
    case '@':
        return take_include(joiner, source);
    case '(':
    case '[':
    case '{':
        return take_bracket(joiner, source);
    case '=':
    case ':':
        return take_setting(joiner, source);
    case ')':
    case ']':
    case '}':
        joiner->brackets -= joiner->brackets > 0;
        break;
    default:
        break;
    }
    source->at++;
    return true;
}

static bool stays_whole(const struct source *source)
{
    return !source->parent && source->copied == 0 && source->length > 0 &&
           source->text[source->length - 1] == '\n';
}

static bool join_source(struct joiner *joiner, struct source *source)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    if (source->length >= 3 && memcmp(source->text, byte_order_mark, 3) == 0)
        source->at = source->copied = 3;
    const char *nul = memchr(source->text, '\0', source->length);
    if (nul) {
        count_lines(source, (size_t)(nul - source->text));
        return fail_at(joiner, source, "a NUL byte; this is no text file");
    }
    if (!begin_run(joiner, source))
        return false;
    for (skip_plain(source); source->at < source->length; skip_plain(source))
        if (!step(joiner, source) || joiner->text->unclosed.code != SYNAUTH_OK)
            break;
    if (joiner->state != CONFIG_READ)
        return false;
    if (joiner->text->unclosed.code != SYNAUTH_OK)
        return true; /* joined up to there already */
    if (source->length > JOINED_BYTES_MAX)
        return append(joiner, source, source->text, source->length); /* says so */
    if (stays_whole(source)) {
        joiner->text->whole = secret_ref(source->content);
        joiner->joined_line = source->line;
        return true;
    }
    if (!flush(joiner, source))
        return false;
    /* libconfig takes a comment on the last line for garbage when no newline follows. */
    if (source->length == 0 || source->text[source->length - 1] == '\n')
        return true;
    joiner->joined_line++;
    return append(joiner, source, "\n", 1);
}

static const char *judge_parents(const struct source *source)
{
    unsigned depth = 0;
    for (const struct source *parent = source->parent; parent; parent = parent->parent) {
        if (parent->device == source->device && parent->inode == source->inode)
            return "the file includes itself";
        if (++depth > INCLUDE_DEPTH_MAX)
            return "files are included more than 10 deep";
    }
    return NULL;
}

/* What file_read calls absent may be a directory. */
static enum config_state judge_absent(struct joiner *joiner, const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return CONFIG_ABSENT;
    error_set(joiner->error, SYNAUTH_E_CONFIG, path, 0, "is a directory; a file is needed");
    return CONFIG_REFUSED;
}

static enum config_state read_file(struct joiner *joiner, const char *path,
                                   const struct source *parent)
{
    AUTO_SECRET content = NULL;
    struct stat status;
    if (++joiner->files > FILES_MAX) {
        error_set(joiner->error, SYNAUTH_E_CONFIG, path, 0,
                  "more than 1000 files are included; does one include others many times?");
        return CONFIG_INVALID;
    }
    enum file_state state =
        file_read(path, CONFIG_FILE_MAX, FILE_TRUST_CONFIG, &content, &status, joiner->error);
    if (state == FILE_ABSENT)
        return judge_absent(joiner, path);
    if (state != FILE_OK)
        return CONFIG_REFUSED;
    struct source source = {.parent = parent,
                            .content = content,
                            .file = path,
                            .text = secret_bytes(content),
                            .length = secret_length(content),
                            .line = 1,
                            .device = status.st_dev,
                            .inode = status.st_ino};
    const char *problem = judge_parents(&source);
    if (problem) {
        error_set(joiner->error, SYNAUTH_E_CONFIG, path, 0, "%s", problem);
        return CONFIG_INVALID;
    }
    return join_source(joiner, &source) ? CONFIG_READ : joiner->state;
}

enum config_state config_text_read(const char *path, struct arena *arena, struct config_text **ret,
                                   synauth_error *error)
{
    struct config_text *text = calloc(1, sizeof *text);
    struct joiner joiner = {
        .text = text, .arena = arena, .joined_line = 1, .state = CONFIG_READ, .error = error};
    const char *name = arena_strdup(arena, path);
    enum config_state state = CONFIG_INVALID;
    if (!text || !name || !config_text_append(text, "", 0))
        fail_memory(&joiner);
    else
        state = read_file(&joiner, name, NULL);
    if (state != CONFIG_READ) {
        config_text_free(text);
        return state;
    }
    text->last_line = joiner.joined_line > 1 ? joiner.joined_line - 1 : 1;
    *ret = text;
    return CONFIG_READ;
}
