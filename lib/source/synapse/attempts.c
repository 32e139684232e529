/* attempts - the password logins that were tried and did not succeed. */
#include "source/synapse/attempts.h"

#include "base/ascii.h"
#include "base/text.h"
#include "base/write_guard.h"

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINES_MAX = 16, REASON_MAX = 320, NOTES_MAX = LINES_MAX * (REASON_MAX + 128) };

static const char unfinished[] = "an earlier login with this password was cut off before the "
                                 "answer came";
static const char no_file[] = "-"; /* for a password that came from no file */

/* One line; nothing is terminated. */
struct attempt {
    int64_t when;
    const char *what, *reason, *end;
    size_t what_length;
};

/* How much was read; terminated. */
static size_t read_notes(int lock, char notes[NOTES_MAX])
{
    ssize_t used = lock >= 0 ? pread(lock, notes, NOTES_MAX - 1, 0) : -1;
    notes[used > 0 ? used : 0] = '\0';
    return used > 0 ? (size_t)used : 0;
}

/* The line at `text`. What was cut off is read as far as it goes. */
static struct attempt read_line(const char *text)
{
    uint64_t when = 0;
    const char *at = ascii_read_number(text, INT64_MAX, &when);
    struct attempt line = {.when = (int64_t)when, .end = text + strcspn(text, "\n")};
    at = at ? at : line.end;
    line.what = at + (*at == ' ');
    line.what_length = strcspn(line.what, " \n");
    line.reason = line.what + line.what_length;
    line.reason += *line.reason == ' ';
    return line;
}

static const char *next_line(const struct attempt *line)
{
    return line->end + (*line->end == '\n');
}

static bool is_same(const struct attempt *line, const char *what)
{
    return line->what_length == strlen(what) && memcmp(line->what, what, line->what_length) == 0;
}

static bool is_same_password(const struct attempt *line, const char *what)
{
    size_t length = strcspn(what, ".");
    return line->what_length >= length && memcmp(line->what, what, length) == 0 &&
           (line->what_length == length || line->what[length] == '.');
}

static bool forbids(const struct attempt *line, const char *what)
{
    int64_t age = (int64_t)time(NULL) - line->when;
    if (is_same(line, what) && strchr(what, '.'))
        return true;
    return is_same_password(line, what) && age < ATTEMPT_PAUSE;
}

bool attempts_allow(int lock, const char *what, char *buffer, size_t size)
{
    char notes[NOTES_MAX];
    int saved_errno = errno;
    struct attempt line;
    read_notes(lock, notes);
    errno = saved_errno;
    for (const char *at = notes; *at; at = next_line(&line)) {
        line = read_line(at);
        if (!forbids(&line, what ? what : no_file))
            continue;
        bool said = line.reason < line.end;
        snprintf(buffer, size, "%.*s",
                 said ? (int)(line.end - line.reason) : (int)sizeof unfinished,
                 said ? line.reason : unfinished);
        return false;
    }
    return true;
}

/* Written over and then cut, so that no moment has less than before or after. */
static bool write_notes(int lock, const char *text, size_t length)
{
    return lock < 0 || (lseek(lock, 0, SEEK_SET) == 0 && write_guarded(lock, text, length) &&
                        ftruncate(lock, (off_t)length) == 0);
}

/* `first` (may be "") and the other lines but those of `what`. */
static bool replace(int lock, const char *what, const char *first)
{
    char notes[NOTES_MAX], text[NOTES_MAX];
    int saved_errno = errno;
    size_t used = strlen(first), count = 1;
    struct attempt line;
    memcpy(text, first, used);
    read_notes(lock, notes);
    for (const char *at = notes; *at; at = next_line(&line)) {
        line = read_line(at);
        size_t length = (size_t)(line.end - at);
        if (is_same(&line, what) || count == LINES_MAX || used + length + 1 > sizeof text)
            continue;
        memcpy(text + used, at, length);
        used += length;
        text[used++] = '\n';
        count++;
    }
    used -= used > 0; /* the last newline: lines are separated, not ended, by them */
    bool done = write_notes(lock, text, used);
    errno = saved_errno;
    return done;
}

static bool note(int lock, const char *what, const char *reason)
{
    char text[REASON_MAX + 128], plain[REASON_MAX];
    text_escape(plain, sizeof plain, reason, strlen(reason));
    snprintf(text, sizeof text, "%" PRId64 " %.90s %s\n", (int64_t)time(NULL), what, plain);
    return replace(lock, what, text);
}

bool attempts_begin(int lock, const char *what)
{
    return note(lock, what ? what : no_file, "");
}

void attempts_failed(int lock, const char *what, const char *reason)
{
    /* Where it cannot be written, the line says "cut off". */
    (void)note(lock, what ? what : no_file, reason);
}

void attempts_forget(int lock, const char *what)
{
    (void)replace(lock, what ? what : no_file, "");
}

void attempts_forget_all(int lock)
{
    int saved_errno = errno;
    (void)write_notes(lock, "", 0);
    errno = saved_errno;
}
