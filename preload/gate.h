/* gate - the beginning and the end of a transfer, and what happens at each request in between. */
#ifndef SYNAUTH_GATE_H
#define SYNAUTH_GATE_H

#include "remember/transfer.h"

/* A transfer begins: curl_easy_perform or curl_multi_add_handle was called. Returns CURLE_OK, or
   the error with which the transfer must end instead (on_missing = "fail" where libcurl has no
   request callback). Keeps errno. */
CURLcode gate_begin(struct transfer *transfer);
/* The same for a handle that a multi handle has just taken. */
void gate_begin_multi(struct transfer *transfer);
/* For a transfer that is waiting: the program has set an option of its handle. Keeps errno. */
void gate_go_on(struct transfer *transfer);
/* Before curl_easy_reset: the transfer that is under way may use what is forgotten then, unverified
   TLS or credentials of the program's. */
void gate_reset(struct transfer *transfer);
/* It is over, or was never made: the program's options are put back, the server's answer is
   looked at. Keeps errno. */
void gate_end(struct transfer *transfer);
/* curl_easy_perform was called while a transfer of the handle is under way, or seems to be: what it
   needs is put aside. */
void gate_begin_again(struct transfer *transfer, struct transfer *ret_before);
/* libcurl has refused that call: the transfer of `before` goes on. */
void gate_resume(struct transfer *transfer, struct transfer *before);

#endif
