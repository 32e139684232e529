/* output - text that cannot drive a terminal, colours and failed writes. */
#include "talk/output.h"

#include "base/log.h"
#include "base/utf8.h"
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* The next code point of a terminated string; 0 when there is no valid one. */
static size_t decode(const char *text, uint32_t *ret)
{
    return utf8_decode(text, strnlen(text, 4), ret);
}

/* The marks of direction are those of Unicode TR 9; behind them a line reads as another. */
bool steers_terminal(uint32_t point)
{
    if (point < 0x20 || (point >= 0x7f && point < 0xa0))
        return true;
    bool is_direction = point == 0x61c || point == 0x200e || point == 0x200f ||
                        (point >= 0x202a && point <= 0x202e) ||
                        (point >= 0x2066 && point <= 0x206f);
    bool is_line_end = point == 0x2028 || point == 0x2029;
    bool is_unseen = point == 0x200b || point == 0x2060 || point == 0xfeff ||
                     (point >= 0xfff9 && point <= 0xfffb) || (point >= 0xe0000 && point <= 0xe007f);
    return is_direction || is_line_end || is_unseen;
}

void put_text(FILE *stream, const char *text)
{
    while (text && *text) {
        uint32_t point = 0;
        size_t length = decode(text, &point);
        if (length > 0 && !steers_terminal(point)) {
            fwrite(text, 1, length, stream);
            text += length;
        } else {
            fprintf(stream, "\\x%02x", (unsigned)(unsigned char)*text);
            text++;
        }
    }
}

void put_padded(const char *text, size_t width)
{
    put_text(stdout, text);
    for (size_t length = strlen(text); length < width; length++)
        putchar(' ');
}

void put_place(FILE *stream, const char *file, unsigned line)
{
    put_text(stream, file);
    if (line > 0)
        fprintf(stream, ":%u", line);
}

void put_error(FILE *stream, const synauth_error *error)
{
    if (error->file[0]) {
        put_place(stream, error->file, error->line);
        fputs(": ", stream);
    }
    put_text(stream, error->text[0] ? error->text : synauth_code_message(error->code));
}

static void __attribute__((format(printf, 1, 0))) say_list(const char *format, va_list list)
{
    char *text = NULL;
    if (vasprintf(&text, format, list) < 0)
        return;
    fputs("synauth: ", stderr);
    put_text(stderr, text);
    fputc('\n', stderr);
    free(text);
}

void say(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    say_list(format, list);
    va_end(list);
}

void say_warning(const char *format, ...)
{
    int level = log_level();
    if (level >= 0 && level < LEVEL_WARN) /* what is no level counts as warn */
        return;
    va_list list;
    va_start(list, format);
    say_list(format, list);
    va_end(list);
}

void say_error(const synauth_error *error)
{
    fputs("synauth: ", stderr);
    put_error(stderr, error);
    fputc('\n', stderr);
}

static bool colours_wanted(void)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    if (no_color && *no_color)
        return false;
    return term && strcmp(term, "dumb") != 0 && isatty(STDOUT_FILENO);
}

void put_coloured(enum colour colour, const char *text)
{
    static const char *const codes[] = {"", "\033[32m", "\033[33m", "\033[2m"};
    bool coloured = colour != COLOUR_PLAIN && colours_wanted();
    if (coloured)
        fputs(codes[colour], stdout);
    put_text(stdout, text);
    if (coloured)
        fputs("\033[0m", stdout);
}

static int write_failed(int cause)
{
    say("cannot write to standard output: %s",
        cause ? strerror(cause) : "the output is incomplete");
    return EXIT_NO;
}

int put_secret_line(const char *line)
{
    static char newline[] = "\n";
    /* writev does not write through iov_base; its type has no const for the sake of readv. */
    union {
        const char *in;
        char *out;
    } text = {.in = line};
    struct iovec parts[] = {{text.out, strlen(line)}, {newline, 1}};
    size_t done = 0;
    while (done < 2) {
        ssize_t written = writev(STDOUT_FILENO, parts + done, (int)(2 - done));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return write_failed(errno);
        size_t left = (size_t)written;
        while (done < 2 && left >= parts[done].iov_len)
            left -= parts[done++].iov_len;
        if (done < 2) {
            parts[done].iov_base = (char *)parts[done].iov_base + left;
            parts[done].iov_len -= left;
        }
    }
    return EXIT_YES;
}

int output_finish(int status)
{
    bool incomplete = ferror(stdout) != 0;
    errno = 0;
    /* close(2) is where a network file system tells. */
    if (fclose(stdout) != 0 || incomplete)
        return write_failed(errno);
    return status;
}
