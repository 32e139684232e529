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

#endif
