/* inject - puts our header on a request and takes it away again, and keeps it out of the program's
   debug output. */
#ifndef SYNAUTH_INJECT_H
#define SYNAUTH_INJECT_H

#include "remember/transfer.h"

/* transfer->credential goes on the request that is about to be made. */
void inject_header(struct transfer *transfer);
/* The same for a credential that signs; `url` is what is about to be fetched. False: nothing is put
   on the request. */
bool inject_signature(struct transfer *transfer, const char *url);
/* The next request carries nothing of ours; the node stays in place, blank. */
void inject_blank(struct transfer *transfer);
/* The handle's options are the program's own again, but for the request callback. */
void inject_restore(struct transfer *transfer);
/* With CURLHEADER_UNIFIED libcurl writes the list into CONNECT requests too: the node is blanked
   whenever a connection is made. */
void inject_guard_connections(struct transfer *transfer);
/* Debug output passes through us while it may show our header. */
void inject_guard_debug(struct transfer *transfer);

#endif
