/* legacy - libcurl 7.58 to 7.79, which has no callback before each request: the decision falls when
   the transfer begins, and the header is taken away at the first redirect that leaves the origin.
   It sends less than newer versions, never more. */
#ifndef SYNAUTH_LEGACY_H
#define SYNAUTH_LEGACY_H

#include "remember/transfer.h"

/* Returns CURLE_OK, or the error with which the transfer must end (on_missing = "fail"). */
CURLcode legacy_begin(struct transfer *transfer);
/* Makes the transfer that a multi handle runs end with CURLE_ABORTED_BY_CALLBACK. */
void legacy_abort(struct transfer *transfer);
void legacy_end(struct transfer *transfer);

/* Notes an option that is set when the decision was made and the request may not be: one that says
   something else than before takes the header back. */
void legacy_note_long(struct transfer *transfer, CURLoption option, long value);
void legacy_note_pointer(struct transfer *transfer, CURLoption option, void *value);

#endif
