/* refusal - calls without an answer that libcurl may refuse: from 8.22 on curl_easy_reset and
   curl_easy_cleanup do nothing while a call or a callback of the handle, or of its multi handle, is
   running. */
#ifndef SYNAUTH_REFUSAL_H
#define SYNAUTH_REFUSAL_H

#include "remember/transfer.h"

/* Calls curl_easy_reset; true when it was refused. */
bool refusal_of_reset(const struct binding *curl, CURL *handle);
/* Will curl_easy_cleanup be refused now? Afterwards nobody could ask the handle. */
bool refusal_of_cleanup(const struct transfer *transfer);

#endif
