/* answer - what the sources of a token said: the token or why there is none, where it came from,
   the trail of what was tried, and the files whose change makes it stale. */
#include "source/answer.h"

#include "base/now.h"
#include "base/text.h"
#include "source/token.h"
#include "source/token_oddity.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SENTENCE_BYTES = 2048 };

void answer_init(struct answer *answer)
{
    memset(answer, 0, sizeof *answer);
    answer->outcome = OUTCOME_ABSENT;
}

static void forget_source(struct provenance *source)
{
    free(source->name);
    free(source->path);
    free(source->key);
    memset(source, 0, sizeof *source);
}

void answer_free(struct answer *answer)
{
    secret_unref(answer->value);
    secret_unref(answer->user);
    free(answer->reason);
    forget_source(&answer->source);
    for (size_t i = 0; i < answer->tried_count; i++) {
        free(answer->tried[i].name);
        free(answer->tried[i].outcome);
    }
    for (size_t i = 0; i < answer->warning_count; i++)
        free(answer->warnings[i]);
    for (size_t i = 0; i < answer->watched_count; i++)
        free(answer->watched[i].path);
    free(answer->tried);
    free(answer->warnings);
    free(answer->watched);
    answer_init(answer);
}

const char *answer_reason(const struct answer *answer)
{
    if (answer->reason)
        return answer->reason;
    return answer->outcome == OUTCOME_TOKEN ? "a token was found" : "out of memory";
}

/* NULL stays NULL. */
static char *copy(struct answer *answer, const char *text)
{
    char *result = text ? strdup(text) : NULL;
    if (text && !result)
        answer->short_of_memory = true;
    return result;
}

/* Room for one more element of `size` bytes behind `count` others; zeroed. NULL: out of memory.
 */
static void *grow(struct answer *answer, void **array, size_t *count, size_t size)
{
    if (*count >= SIZE_MAX / size - 1) {
        answer->short_of_memory = true;
        return NULL;
    }
    char *grown = realloc(*array, (*count + 1) * size);
    if (!grown) {
        answer->short_of_memory = true;
        return NULL;
    }
    *array = grown;
    char *element = grown + *count * size;
    ++*count;
    return memset(element, 0, size);
}

/* Not on the stack: a host's thread may have 16 KiB of it. */
__attribute__((format(printf, 2, 0))) static char *sentence(struct answer *answer,
                                                            const char *format, va_list values)
{
    char *plain = malloc(SENTENCE_BYTES), *escaped = malloc(SENTENCE_BYTES), *result = NULL;
    if (plain && escaped) {
        if (vsnprintf(plain, SENTENCE_BYTES, format, values) < 0)
            plain[0] = '\0';
        text_escape(escaped, SENTENCE_BYTES, plain, strlen(plain));
        result = copy(answer, escaped);
    } else {
        answer->short_of_memory = true;
    }
    free(plain);
    free(escaped);
    return result;
}

void answer_tried(struct answer *answer, const char *kind, const char *name, const char *format,
                  ...)
{
    void *array = answer->tried;
    struct tried *tried = grow(answer, &array, &answer->tried_count, sizeof *tried);
    answer->tried = array;
    if (!tried)
        return;
    va_list values;
    va_start(values, format);
    tried->kind = kind;
    tried->name = copy(answer, name);
    tried->outcome = sentence(answer, format, values);
    va_end(values);
}

void answer_warn(struct answer *answer, const char *format, ...)
{
    void *array = answer->warnings;
    char **warning = grow(answer, &array, &answer->warning_count, sizeof *warning);
    answer->warnings = array;
    if (!warning)
        return;
    va_list values;
    va_start(values, format);
    *warning = sentence(answer, format, values);
    va_end(values);
}

void answer_watch(struct answer *answer, const char *path)
{
    void *array = answer->watched;
    struct watched *watched = grow(answer, &array, &answer->watched_count, sizeof *watched);
    answer->watched = array;
    if (!watched)
        return;
    watched->path = copy(answer, path);
    watch_look(path, &watched->state);
}

static void set_source(struct answer *answer, const struct place *place)
{
    forget_source(&answer->source);
    answer->source.kind = place->kind;
    answer->source.name = copy(answer, place->name);
    answer->source.path = copy(answer, place->path);
    answer->source.key = copy(answer, place->key);
    answer->source.line = place->line;
}

static const char *trail_name(const struct place *place)
{
    return place->trail_name ? place->trail_name : place->name;
}

/* `PATH:LINE (NAME, key "KEY")`, or just the name. */
static void describe(const struct place *place, char *buffer, size_t size)
{
    char line[16] = "", key[256] = "";
    if (place->line > 0)
        snprintf(line, sizeof line, ":%u", place->line);
    if (place->key)
        snprintf(key, sizeof key, ", key \"%.200s\"", place->key);
    if (place->path && place->name)
        snprintf(buffer, size, "%.700s%s (%.200s%s)", place->path, line, place->name, key);
    else if (place->path)
        snprintf(buffer, size, "%.700s%s%s", place->path, line, key);
    else
        snprintf(buffer, size, "%.200s%s", place->name ? place->name : place->kind, key);
}

static void set_reason(struct answer *answer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void set_reason(struct answer *answer, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    free(answer->reason);
    answer->reason = sentence(answer, format, values);
    va_end(values);
}

void answer_end(struct answer *answer, enum outcome outcome, const struct place *place,
                const char *format, ...)
{
    char where[1280], what[SENTENCE_BYTES / 2];
    va_list values;
    va_start(values, format);
    if (vsnprintf(what, sizeof what, format, values) < 0)
        what[0] = '\0';
    va_end(values);
    describe(place, where, sizeof where);
    answer->outcome = outcome;
    set_source(answer, place);
    set_reason(answer, "%s: %s", where, what);
    answer_tried(answer, place->kind, trail_name(place), "%s", what);
}

static void warn_of_oddity(struct answer *answer, const struct place *place,
                           const struct secret *token)
{
    char where[1280], why[TOKEN_ODDITY_MAX];
    if (!token_oddity(token, now_seconds(), why))
        return;
    describe(place, where, sizeof where);
    answer_warn(answer, "%s: the token %s; it is sent all the same", where, why);
}

static void take(struct answer *answer, const struct place *place, struct secret *token)
{
    if (!token)
        answer->short_of_memory = true;
    answer->outcome = OUTCOME_TOKEN;
    answer->value = token;
    set_source(answer, place);
    answer_tried(answer, place->kind, trail_name(place), "has a token");
    if (token)
        warn_of_oddity(answer, place, token);
}

bool answer_judge(struct answer *answer, const struct place *place, const char *bytes,
                  size_t length)
{
    struct secret *token = NULL;
    const char *why = NULL;
    switch (token_judge(bytes, length, &token, &why)) {
    case TOKEN_OK:
        take(answer, place, token);
        return true;
    case TOKEN_EMPTY:
        answer_tried(answer, place->kind, trail_name(place), "is empty");
        return false;
    case TOKEN_BAD:
    default:
        answer_end(answer, OUTCOME_UNUSABLE, place, "the token %s", why ? why : "cannot be used");
        return true;
    }
}

void answer_sign(struct answer *answer, const struct place *place, const struct secret *user,
                 const struct secret *key)
{
    answer->user = secret_slice(user, 0, secret_length(user));
    answer->value = secret_slice(key, 0, secret_length(key));
    if (!answer->user || !answer->value)
        answer->short_of_memory = true;
    answer_end(answer, OUTCOME_SIGN, place, "every request is signed with an API key");
}

void answer_due(struct answer *answer, int64_t due)
{
    if (due != 0 && (answer->due == 0 || due < answer->due))
        answer->due = due;
}

void answer_absent(struct answer *answer)
{
    char list[SENTENCE_BYTES - 64];
    size_t used = 0;
    list[0] = '\0';
    for (size_t i = 0; i < answer->tried_count; i++) {
        const struct tried *tried = &answer->tried[i];
        int length = snprintf(list + used, sizeof list - used, "%s%s (%s)", i ? ", " : "",
                              tried->name ? tried->name : tried->kind,
                              tried->outcome ? tried->outcome : "?");
        if (length < 0 || (size_t)length >= sizeof list - used)
            break;
        used += (size_t)length;
    }
    answer->outcome = OUTCOME_ABSENT;
    set_reason(answer, "no token: looked in %s", used ? list : "no place at all");
}

void answer_seal(struct answer *answer)
{
    if (!answer->short_of_memory)
        return;
    answer->outcome = OUTCOME_UNUSABLE;
    secret_unref(answer->value);
    answer->value = NULL;
    free(answer->reason);
    answer->reason = NULL;
}
