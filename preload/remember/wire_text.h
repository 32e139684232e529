/* wire_text - options whose text libcurl writes into the request as it is: what is behind a line
   break in them is a header of its own. */
#ifndef SYNAUTH_WIRE_TEXT_H
#define SYNAUTH_WIRE_TEXT_H

#include "ground/libcurl.h"

/* What such options hold that have more lines than one, a bit for each option. */
struct wire_text {
    unsigned char credentials; /* identifies the program */
    unsigned char cookies;
};

/* Notes the text (may be NULL) of any string option; those that never reach the wire change
   nothing. */
void wire_text_note(struct wire_text *wire, CURLoption option, const char *text);

#endif
