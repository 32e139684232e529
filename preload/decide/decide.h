/* decide - may this request carry a token? One answer per request, from the URL that libcurl is
   about to fetch and from what the program has set. */
#ifndef SYNAUTH_DECIDE_H
#define SYNAUTH_DECIDE_H

#include "remember/transfer.h"

enum decision {
    DECIDE_NOTHING, /* not ours, or the program's own credentials win */
    DECIDE_SEND,    /* transfer->credential holds the header */
    DECIDE_ABORT    /* no token, and the rule says that the request must fail then */
};

/* What libcurl tells about the connection that the request will go over. */
struct peer {
    const char *address;
    int port;
};

/* url: what is about to be fetched, as libcurl reports it. Notes the request in the transfer
   (origins seen, standing back). */
enum decision decide_request(struct transfer *transfer, const char *url, const struct peer *peer);

/* The URL of the request that is about to be made, or NULL when two sources disagree. */
const char *decide_url(struct transfer *transfer, char **ret_owned);

/* The same for the next request of a handle on which the program has changed nothing since a token
   was sent: only what can change by itself is looked at again. false: decide anew. */
bool decide_again(struct transfer *transfer, enum decision *ret);

#endif
