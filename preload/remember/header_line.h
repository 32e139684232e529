/* header_line - header lines in a text that a program has given to libcurl, which writes it as it
   is: "X: 1\nAuthorization: mine" is two lines on the wire. */
#ifndef SYNAUTH_HEADER_LINE_H
#define SYNAUTH_HEADER_LINE_H

#include "rules/origin.h"
#include <stdbool.h>

/* Is that a line that identifies the program? A phrase for a debug line, or NULL. A Host header is
   one if it names another host than `origin`; without an origin, always. */
const char *header_line_credential(const char *line, const struct origin *origin);
/* The same for every line of the text. */
const char *header_lines_credential(const char *text, const struct origin *origin);
bool header_lines_have_cookie(const char *text);

/* The second line of a text, NULL when it has one only. Carriage returns alone count too: some
   servers take them for the end of a line. */
const char *header_line_after(const char *line);

#endif
