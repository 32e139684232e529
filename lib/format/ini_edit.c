/* ini_edit - finds the lines to change in a `.synapseConfig`, changes them, and reads the result
   back before it is handed out. */
#include "format/ini_edit.h"

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/utf8.h"
#include "format/ini_store.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define NOWHERE ((size_t)-1)

/* A line as offsets into the text. `end` is where its line end begins, `next` where that is over.
 */
struct line {
    size_t start, end, next;
};

/* What of the text gives way to a new piece: bytes [from, to). */
struct change {
    size_t from, to;
};

/* What was found about the section and the key. Offsets, NOWHERE when there is none. */
struct survey {
    struct line header;              /* start NOWHERE: no such section */
    struct line commented_header;    /* `#[section]` */
    struct line key;                 /* `key = value` */
    size_t value_end;                /* where the last line of that value ends */
    struct line commented_key;       /* `#key = word` in the section */
    struct line commented_key_below; /* the same below the commented header */
    struct line first_key;           /* of any name in the section */
};

static bool take_line(const struct ini_edit *edit, size_t start, struct line *ret)
{
    if (start >= edit->length)
        return false;
    size_t end = start;
    while (end < edit->length && edit->text[end] != '\n' && edit->text[end] != '\r')
        end++;
    size_t next = end;
    if (next < edit->length)
        next += next + 1 < edit->length && memcmp(edit->text + next, "\r\n", 2) == 0 ? 2 : 1;
    *ret = (struct line){start, end, next};
    return true;
}

static size_t skip_blanks(const struct ini_edit *edit, size_t at, size_t end)
{
    while (at < end && (edit->text[at] == ' ' || edit->text[at] == '\t'))
        at++;
    return at;
}

/* Does the line, from `at` on, say `[section]`? What follows is ignored, as the reader does, but
   not behind a comment sign, where it may be prose. */
static bool is_header(const struct ini_edit *edit, const struct line *line, size_t at, bool alone)
{
    size_t length = strlen(edit->section);
    if (line->end - at < length + 2 || edit->text[at] != '[' ||
        memcmp(edit->text + at + 1, edit->section, length) != 0 ||
        edit->text[at + 1 + length] != ']')
        return false;
    size_t rest = at + length + 2;
    if (alone)
        return skip_blanks(edit, rest, line->end) == line->end;
    return !memchr(edit->text + rest, ']', line->end - rest);
}

/* The offset behind the delimiter when the line, from `at` on, sets the key; else NOWHERE. */
static size_t behind_delimiter(const struct ini_edit *edit, const struct line *line, size_t at)
{
    for (const char *key = edit->key; *key; key++, at++) {
        char byte = at < line->end ? edit->text[at] : '\0';
        if (ascii_lower(byte) != *key)
            return NOWHERE;
    }
    at = skip_blanks(edit, at, line->end);
    return at < line->end && (edit->text[at] == '=' || edit->text[at] == ':') ? at + 1 : NOWHERE;
}

/* A template line has one word or none behind the delimiter; more is prose. */
static bool is_commented_key(const struct ini_edit *edit, const struct line *line, size_t at)
{
    size_t value = behind_delimiter(edit, line, at);
    if (value == NOWHERE)
        return false;
    value = skip_blanks(edit, value, line->end);
    while (value < line->end && edit->text[value] != ' ' && edit->text[value] != '\t')
        value++;
    return skip_blanks(edit, value, line->end) == line->end;
}

/* Where the walk over the lines is. */
struct ini_walk {
    bool inside;          /* the section asked for */
    bool below_commented; /* its commented header came last */
    bool has_key;         /* a value may go on in the next line */
    bool wanted;          /* and it is the value of the key asked for */
    size_t indent;
};

static void note_comment(const struct ini_edit *edit, const struct line *line, size_t at,
                         struct ini_walk *walk, struct survey *survey)
{
    at = skip_blanks(edit, at + 1, line->end);
    if (is_header(edit, line, at, true)) {
        if (survey->commented_header.start == NOWHERE) {
            survey->commented_header = *line;
            walk->below_commented = true;
        }
        return;
    }
    if (at < line->end && edit->text[at] == '[') {
        walk->below_commented = false;
        return;
    }
    if (!is_commented_key(edit, line, at))
        return;
    if (walk->inside && survey->commented_key.start == NOWHERE)
        survey->commented_key = *line;
    if (walk->below_commented && survey->commented_key_below.start == NOWHERE)
        survey->commented_key_below = *line;
}

static void note_line(const struct ini_edit *edit, const struct line *line, size_t at,
                      struct ini_walk *walk, struct survey *survey)
{
    bool is_any_header = edit->text[at] == '[' && line->end - at > 2 &&
                         memchr(edit->text + at + 2, ']', line->end - at - 2);
    walk->indent = at - line->start;
    walk->below_commented = false;
    walk->has_key = !is_any_header;
    walk->wanted = false;
    if (is_any_header) {
        walk->inside = is_header(edit, line, at, false);
        if (walk->inside)
            survey->header = *line;
        return;
    }
    if (!walk->inside)
        return;
    if (survey->first_key.start == NOWHERE)
        survey->first_key = *line;
    if (behind_delimiter(edit, line, at) != NOWHERE) {
        walk->wanted = true;
        survey->key = *line;
        survey->value_end = line->end;
    }
}

static struct survey look_around(const struct ini_edit *edit)
{
    const struct line nowhere = {NOWHERE, NOWHERE, NOWHERE};
    struct survey survey = {nowhere, nowhere, nowhere, NOWHERE, nowhere, nowhere, nowhere};
    struct ini_walk walk = {.inside = false};
    struct line line;
    size_t start = utf8_has_bom(edit->text, edit->length) ? UTF8_BOM_LENGTH : 0;
    for (; take_line(edit, start, &line); start = line.next) {
        size_t at = skip_blanks(edit, line.start, line.end);
        if (at == line.end)
            continue;
        if (edit->text[at] == '#' || edit->text[at] == ';') {
            note_comment(edit, &line, at, &walk, &survey);
        } else if (walk.has_key && at - line.start > walk.indent) {
            if (walk.wanted)
                survey.value_end = line.end;
        } else {
            note_line(edit, &line, at, &walk, &survey);
        }
    }
    return survey;
}

static const char *line_end_of(const struct ini_edit *edit)
{
    struct line line;
    if (!take_line(edit, 0, &line) || line.next == line.end)
        return "\n";
    if (edit->text[line.end] == '\n')
        return "\n";
    return line.next - line.end == 2 ? "\r\n" : "\r";
}

/* The text with `pieces` in place of what the change takes out. */
static struct secret *splice(const struct ini_edit *edit, struct change change,
                             const char *const *pieces, const struct secret *value)
{
    size_t length = edit->length - (change.to - change.from);
    for (size_t i = 0; pieces[i]; i++)
        length += *pieces[i] ? strlen(pieces[i]) : secret_length(value);
    struct secret *result = secret_alloc(length);
    if (!result)
        return NULL;
    char *at = secret_buffer(result);
    at = mempcpy(at, edit->text, change.from);
    for (size_t i = 0; pieces[i]; i++)
        at = *pieces[i] ? mempcpy(at, pieces[i], strlen(pieces[i]))
                        : mempcpy(at, secret_bytes(value), secret_length(value));
    memcpy(at, edit->text + change.to, edit->length - change.to);
    return result;
}

/* An empty piece stands for the value. */
#define VALUE ""

/* The comment lines among those of a value, each behind a line end. NULL when memory runs out. */
static struct secret *comments_within(const struct ini_edit *edit, const struct survey *survey)
{
    AUTO_SECRET all = secret_alloc(survey->value_end - survey->key.end);
    if (!all)
        return NULL;
    char *end = secret_buffer(all);
    size_t line_end = survey->key.end;
    struct line line;
    for (size_t start = survey->key.next;
         start < survey->value_end && take_line(edit, start, &line); start = line.next) {
        size_t at = skip_blanks(edit, line.start, line.end);
        if (at < line.end && (edit->text[at] == '#' || edit->text[at] == ';'))
            end = mempcpy(end, edit->text + line_end, line.end - line_end);
        line_end = line.end;
    }
    return secret_slice(all, 0, (size_t)(end - secret_buffer(all)));
}

/* As found: the key as written, its delimiter, the blanks around it, and comments stay. */
static struct secret *replace_value(const struct ini_edit *edit, const struct survey *survey,
                                    const struct secret *value)
{
    const struct line *line = &survey->key;
    AUTO_SECRET comments = comments_within(edit, survey);
    if (!comments)
        return NULL;
    size_t at = behind_delimiter(edit, line, skip_blanks(edit, line->start, line->end));
    size_t from = skip_blanks(edit, at, line->end);
    const char *rest = secret_length(comments) > 0 ? secret_bytes(comments) : NULL;
    bool bare = from == line->end && from == at;
    const char *const pieces[] = {bare ? " " : VALUE, bare ? VALUE : rest, bare ? rest : NULL,
                                  NULL};
    return splice(edit, (struct change){from, survey->value_end}, pieces, value);
}

static struct secret *uncomment_key(const struct ini_edit *edit, const struct line *line,
                                    const struct secret *value)
{
    const char *const pieces[] = {edit->key, " = ", VALUE, NULL};
    return splice(edit, (struct change){line->start, line->end}, pieces, value);
}

/* Below the header, as far indented as the keys that are there: a deeper line would belong to the
   value of the new one. */
static struct secret *add_below(const struct ini_edit *edit, const struct survey *survey,
                                const struct secret *value)
{
    const struct line *first = &survey->first_key;
    int width = 0;
    if (first->start != NOWHERE)
        width = (int)(skip_blanks(edit, first->start, first->end) - first->start);
    bool has_end = survey->header.next > survey->header.end;
    const char *end = line_end_of(edit);
    AUTO_STRING name = NULL;
    if (asprintf(&name, "%s%.*s%s", has_end ? "" : end, width,
                 width > 0 ? edit->text + first->start : "", edit->key) < 0) {
        name = NULL;
        return NULL;
    }
    const char *const pieces[] = {name, " = ", VALUE, has_end ? end : NULL, NULL};
    return splice(edit, (struct change){survey->header.next, survey->header.next}, pieces, value);
}

static struct secret *append_section(const struct ini_edit *edit, const struct secret *value)
{
    const char *end = line_end_of(edit);
    const char *pieces[12];
    size_t count = 0;
    bool ended = edit->length == 0 || edit->text[edit->length - 1] == '\n' ||
                 edit->text[edit->length - 1] == '\r';
    if (!ended)
        pieces[count++] = end;
    if (edit->length > 0)
        pieces[count++] = end;
    const char *const rest[] = {"[", edit->section, "]", end, edit->key, " = ", VALUE, end, NULL};
    memcpy(pieces + count, rest, sizeof rest);
    return splice(edit, (struct change){edit->length, edit->length}, pieces, value);
}

/* The commented header becomes one; then the key finds its place below it. */
static struct secret *uncomment_section(const struct ini_edit *edit, const struct survey *survey,
                                        const struct secret *value)
{
    const struct line *line = &survey->commented_header;
    const char *const header[] = {"[", edit->section, "]", NULL};
    AUTO_SECRET text = splice(edit, (struct change){line->start, line->end}, header, NULL);
    if (!text)
        return NULL;
    struct ini_edit next = *edit;
    next.text = secret_bytes(text);
    next.length = secret_length(text);
    struct survey there = look_around(&next);
    if (there.header.start == NOWHERE)
        return NULL;
    return there.commented_key.start != NOWHERE ? uncomment_key(&next, &there.commented_key, value)
                                                : add_below(&next, &there, value);
}

static void ini_cleanup(struct ini **ini)
{
    ini_free(*ini);
}
#define AUTO_INI __attribute__((cleanup(ini_cleanup))) struct ini *

static bool same_secret(const struct secret *a, const struct secret *b)
{
    if (!a || !b)
        return a == b;
    return secret_length(a) == secret_length(b) &&
           memcmp(secret_bytes(a), secret_bytes(b), secret_length(a)) == 0;
}

/* Does the result say what it should and nothing else? `value` NULL: the key is to be gone, or to
   be what [DEFAULT] says. */
static bool reads_back(const struct ini_edit *edit, const struct ini *before,
                       const struct secret *result, const struct secret *value)
{
    AUTO_INI after = NULL;
    if (!result || ini_parse(secret_bytes(result), secret_length(result), edit->path, &after,
                             NULL) != SYNAUTH_OK)
        return false;
    if (!ini_includes(after, before, edit->section, edit->key) ||
        !ini_includes(before, after, edit->section, edit->key))
        return false;
    return !value || same_secret(ini_get(after, edit->section, edit->key, NULL), value);
}

static int impossible(const struct ini_edit *edit, synauth_error *error)
{
    return error_set(error, SYNAUTH_E_UNUSABLE, edit->path, 0,
                     "section [%s] cannot be changed without changing what else the file says; "
                     "edit it by hand",
                     edit->section);
}

/* The ways to set a key, the most welcome first; NULL when a way does not apply. */
static struct secret *try_way(const struct ini_edit *edit, const struct survey *survey, int way,
                              const struct secret *value)
{
    bool has_section = survey->header.start != NOWHERE;
    switch (way) {
    case 0:
        return survey->key.start != NOWHERE ? replace_value(edit, survey, value) : NULL;
    case 1:
        if (survey->key.start != NOWHERE || survey->commented_key.start == NOWHERE)
            return NULL;
        return uncomment_key(edit, &survey->commented_key, value);
    case 2:
        return has_section && survey->key.start == NOWHERE ? add_below(edit, survey, value) : NULL;
    case 3:
        if (has_section || survey->commented_header.start == NOWHERE)
            return NULL;
        return uncomment_section(edit, survey, value);
    default:
        return has_section ? NULL : append_section(edit, value);
    }
}

int ini_edit_set(const struct ini_edit *edit, const struct secret *value, struct secret **ret,
                 synauth_error *error)
{
    AUTO_INI before = NULL;
    int code = ini_parse(edit->text, edit->length, edit->path, &before, error);
    if (code != SYNAUTH_OK)
        return code;
    const struct survey survey = look_around(edit);
    for (int way = 0; way < 5; way++) {
        AUTO_SECRET result = try_way(edit, &survey, way, value);
        if (!reads_back(edit, before, result, value))
            continue;
        *ret = secret_ref(result);
        return SYNAUTH_OK;
    }
    return impossible(edit, error);
}

int ini_edit_comment_out(const struct ini_edit *edit, struct secret **ret, synauth_error *error)
{
    AUTO_INI before = NULL;
    int code = ini_parse(edit->text, edit->length, edit->path, &before, error);
    if (code != SYNAUTH_OK)
        return code;
    const struct survey survey = look_around(edit);
    if (survey.key.start == NOWHERE)
        return impossible(edit, error);
    AUTO_SECRET comments = comments_within(edit, &survey);
    if (!comments)
        return error_set(error, SYNAUTH_E_MEMORY, edit->path, 0, "out of memory");
    const char *rest = secret_length(comments) > 0 ? secret_bytes(comments) : NULL;
    const char *const pieces[] = {"#", edit->key, " = <", edit->key, ">", rest, NULL};
    AUTO_SECRET result =
        splice(edit, (struct change){survey.key.start, survey.value_end}, pieces, NULL);
    if (!reads_back(edit, before, result, NULL))
        return impossible(edit, error);
    *ret = secret_ref(result);
    return SYNAUTH_OK;
}
