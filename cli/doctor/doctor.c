/* doctor - the list of what `synauth doctor` finds. */
#include "doctor/doctor.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_known(const struct doctor *doctor, const struct finding *finding)
{
    for (size_t i = 0; i < doctor->count; i++)
        if (same_text(doctor->findings[i].path, finding->path) &&
            doctor->findings[i].line == finding->line &&
            same_text(doctor->findings[i].text, finding->text))
            return true;
    return false;
}

static const char *copy(const char *text, bool *good)
{
    char *result = text ? strdup(text) : NULL;
    *good = *good && (result || !text);
    return result;
}

void doctor_add(struct doctor *doctor, const struct finding *finding)
{
    bool good = true;
    if (is_known(doctor, finding))
        return;
    struct finding *more =
        reallocarray(doctor->findings, doctor->count + 1, sizeof *doctor->findings);
    if (!more) {
        doctor->short_of_memory = true;
        return;
    }
    doctor->findings = more;
    struct finding *added = &more[doctor->count++];
    *added = *finding;
    added->path = copy(finding->path, &good);
    added->text = copy(finding->text, &good);
    added->remedy = copy(finding->remedy, &good);
    doctor->short_of_memory = doctor->short_of_memory || !good;
}

/* 'text', each quote in it as '\''. Heap string. */
static char *shell_quote(const char *text)
{
    char *result = malloc(4 * strlen(text) + 3), *to = result;
    if (!result)
        return NULL;
    *to++ = '\'';
    for (; *text; text++) {
        if (*text == '\'')
            to = stpcpy(to, "'\\'");
        *to++ = *text;
    }
    strcpy(to, "'");
    return result;
}

void doctor_add_file(struct doctor *doctor, enum severity severity, const char *check,
                     const char *path, const char *text, const char *command)
{
    char *quoted = shell_quote(path), *remedy = NULL;
    if (!quoted || asprintf(&remedy, "%s %s", command, quoted) < 0)
        remedy = NULL;
    const struct finding finding = {
        .severity = severity, .check = check, .path = path, .text = text, .remedy = remedy};
    doctor_add(doctor, &finding);
    free(quoted);
    free(remedy);
}
