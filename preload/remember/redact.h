/* redact - takes our token or signature out of what the program's debug output is shown. */
#ifndef SYNAUTH_REDACT_H
#define SYNAUTH_REDACT_H

#include <stdbool.h>
#include <stddef.h>

/* Where in the request's header block the bytes shown so far end: libcurl may hand the block over
   in pieces of any size. Zero = at its beginning. */
struct redaction {
    unsigned char matched; /* bytes of a prefix matched at the start of the line */
    unsigned char prefix;  /* which: "authorization: bearer " or "signature: " */
    bool in_line, in_token, done;
};

/* Copies a piece of the header block to out (room for length + REDACT_ROOM), the token replaced.
   Returns the number of bytes written. */
#define REDACT_ROOM 16
size_t redact_header_piece(struct redaction *state, const char *bytes, size_t length, char *out);
/* The same for one information line, cut or not ("[HTTP/2] [1] [authorization: Bearer ..."). */
size_t redact_info_line(const char *bytes, size_t length, char *out);

#endif
