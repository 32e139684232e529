/* program_credentials - what the program itself has set that identifies it: its own credentials
   win, and a cookie of its own keeps the token off requests that a redirect brought
   from elsewhere. */
#ifndef SYNAUTH_PROGRAM_CREDENTIALS_H
#define SYNAUTH_PROGRAM_CREDENTIALS_H

#include "remember/transfer.h"

/* Why the program authenticates itself in this transfer: a phrase for a debug line, or NULL.
   url and authority are those of the request. */
const char *program_credentials(const struct program_options *program, const char *url,
                                const struct authority *authority);
/* The same of its header lines alone, which it may change without a call of libcurl. */
const char *program_header_credentials(const struct program_options *program,
                                       const struct authority *authority);
/* All of it for the request that transfer->authority is of: NULL, or why the program stands for
   itself. Notes in the transfer what holds until its end. */
const char *program_stands_back(struct transfer *transfer, const char *url);
/* The same for a request to a host without a rule: what identifies the program there may hold for
   the rest of the transfer. */
void program_note_elsewhere(struct transfer *transfer, const char *url);
bool program_has_cookie(const struct program_options *program);

#endif
