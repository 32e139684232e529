/* output - what the commands print: text that cannot drive a terminal, colours, and the
   one place where a failed write is noticed. Answers go to stdout, talk to stderr. */
#ifndef SYNAUTH_CLI_OUTPUT_H
#define SYNAUTH_CLI_OUTPUT_H

#include "synauth.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum exit_status {
    EXIT_YES = 0,
    EXIT_NO = 1,
    EXIT_USAGE = 2,
    EXIT_NOT_STARTED = 125, /* run: we failed before the program began */
    EXIT_NOT_EXECUTABLE = 126,
    EXIT_NOT_FOUND = 127
};

/* One line on stderr, `synauth: ...`, control characters escaped. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same for warnings: silent when SYNAUTH_LOG is off or error, in any case of letters. */
void say_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A mistake with its place: `synauth: file:line: text`. */
void say_error(const synauth_error *error);

/* Control characters, marks that turn the direction of text, and what cannot be seen. */
bool steers_terminal(uint32_t point);
/* Text for people: what steers a terminal, and broken UTF-8, as \xNN. NULL prints nothing. */
void put_text(FILE *stream, const char *text);
/* Text on stdout, filled up with blanks to a width in bytes. */
void put_padded(const char *text, size_t width);
/* A mistake as `file:line: text`, without a newline. */
void put_error(FILE *stream, const synauth_error *error);
/* "file:line", or "file" when line is 0. */
void put_place(FILE *stream, const char *file, unsigned line);

enum colour { COLOUR_PLAIN, COLOUR_GOOD, COLOUR_BAD, COLOUR_DIM };
/* Text on stdout, coloured on a terminal unless NO_COLOR is set. */
void put_coloured(enum colour colour, const char *text);

/* Writes a line that holds a token: past stdio, whose buffers are never wiped. */
int put_secret_line(const char *line);
/* Closes stdout. Returns status, or EXIT_NO after saying why what was printed is incomplete. */
int output_finish(int status);

#endif
