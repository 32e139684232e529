/* wire_text - options whose text libcurl writes into the request as it is: what is behind a line
   break in them is a header of its own. */
#ifndef SYNAUTH_WIRE_TEXT_H
#define SYNAUTH_WIRE_TEXT_H

#include "remember/transfer.h"

/* Notes the text (may be NULL) of any string option; those that never reach the wire change
   nothing. */
void wire_text_note(struct program_options *program, CURLoption option, const char *text);

#endif
