/* transfer - what the program has set on one libcurl handle, as far as it decides about a token,
   and what we have put there. libcurl has no getters for its options, so they are noted as they
   pass through curl_easy_setopt. */
#ifndef SYNAUTH_TRANSFER_H
#define SYNAUTH_TRANSFER_H

#include "bind/binding.h"
#include "remember/authority.h"
#include "remember/cookie_engine.h"
#include "remember/redact.h"
#include "remember/wire_text.h"
#include <stdint.h>

/* The program's own settings. Pointers are the program's, as libcurl keeps them itself; strings
   that libcurl copies are reduced to what we need of them. */
struct program_options {
    bool url_set; /* no URL was ever seen: this handle's setopt calls pass us by */
    char *url;    /* a copy, for libcurl without a request callback only */
    CURLU *url_handle;
    struct curl_slist *headers;
    long port;
    bool user, password, bearer, aws_sigv4, httpsig_algorithm, httpsig_key;
    bool auth_alone;             /* CURLOPT_HTTPAUTH is one way only, which needs no user name */
    bool url_user;               /* user info in CURLOPT_URL */
    bool cookie, cookie_token;   /* CURLOPT_COOKIE; with a middle_auth_token in it */
    bool target, target_foreign; /* CURLOPT_REQUEST_TARGET; not a plain path */
    struct wire_text wire;
    bool netrc;
    char *netrc_file; /* NULL = the user's own */
    bool peer_unverified, host_unverified, ssl_ctx_function;
    bool unrestricted_auth, unified_headers, verbose, follow;
    long connect_only;
    void *error_buffer;
    bool early_data; /* CURLSSLOPT_EARLYDATA */
    bool custom_method;
    bool port_hidden; /* the port that is connected to may be another than the request's */
    bool proxy, proxy_tunnel, progress_wanted, share;
    curl_prereq_callback prereq;
    void *prereq_data;
    curl_debug_callback debug;
    void *debug_data;
    FILE *err;
    curl_sockopt_callback sockopt;
    void *sockopt_data;
    curl_write_callback header;
    void *header_data;
    curl_write_callback write;
    curl_xferinfo_callback progress;
};

/* The text of a blank node: without a colon, libcurl skips the line. Nobody writes to it. */
extern char transfer_blank_line[];

/* What holds for the next requests too, until the program sets an option. */
enum settled { SETTLED_NOT, SETTLED_NOTHING /* no rule matches */, SETTLED_SEND };

struct transfer {
    uintptr_t id; /* callback data for libcurl; never reused */
    CURL *handle;
    const struct binding *curl;
    const struct hook_api *resolver; /* NULL until the first transfer begins */
    struct program_options program;

    /* Ours on the handle. */
    bool request_hook;   /* CURLOPT_PREREQFUNCTION is ours */
    bool node_installed; /* CURLOPT_HTTPHEADER is &node */
    bool unrestricted;   /* CURLOPT_UNRESTRICTED_AUTH is ours */
    bool debug_hook, socket_hook, header_hook, progress_hook;
    struct curl_slist node;
    /* A signed request has two more, behind the first one. */
    struct curl_slist signature_nodes[HOOK_SIGNATURE_LINES - 1];
    struct hook_signature *signature; /* NULL until a request is signed */
    struct redaction redaction;
    const struct authority *authority;        /* of the last request; NULL: none yet */
    const struct hook_credential *credential; /* of authority->rule and authority->origin */

    /* It may keep connections that nobody verified and libcurl does not tell from others: made
       under a CURLOPT_SSL_CTX_FUNCTION, or before verification was switched on in the middle of a
       transfer. For good, also after a reset. */
    bool keeps_unverified;
    /* CURLOPT_CUSTOMREQUEST may not be the method of a request: in a way to follow redirects (8.13)
       that drops it, and, once it was dropped, in later transfers of the handle as well. */
    bool method_dropped;

    struct cookie_engine cookies; /* stays after curl_easy_reset */

    /* The transfer that is under way. */
    bool active;            /* between the gate and the end */
    bool waiting;           /* it has no URL yet, so nothing of ours is on the handle */
    bool was_unverified;    /* TLS was, by options that the program has changed since it began */
    bool in_easy;           /* inside curl_easy_perform */
    bool elsewhere;         /* an earlier request of it had another origin */
    bool standing_back;     /* the program's own credentials win, for all of it */
    bool sent;              /* the last request carried our header */
    bool wanted;            /* the last request went to a configured host */
    bool cookie_files_seen; /* looked into since it began */
    enum settled settled;
    unsigned requests;
    long connections;       /* made for it so far, where early data might be */
    char *url_handle_text;  /* CURLOPT_CURLU at the gate, where its URL is not reported */
    bool url_handle_hidden; /* neither at the gate nor later can it be known */
};

/* State for a handle that libcurl has just made; NULL when memory runs out (then the handle is
   left alone). Anything that is known of an earlier handle at the same address is forgotten. */
struct transfer *transfer_new(CURL *handle, const struct binding *curl);
/* A copy of the program's options, not of what is ours or under way. */
struct transfer *transfer_copy(const struct transfer *from, CURL *handle);
struct transfer *transfer_of_handle(CURL *handle);
/* From callback data; NULL for an id that is gone. */
struct transfer *transfer_of_id(const void *callback_data);
void *transfer_callback_data(const struct transfer *transfer);
/* May libcurl keep such a connection for this handle, be it one that another handle of the same
   multi or share has made? */
bool transfer_unverified_in_reach(const struct transfer *transfer);
/* After curl_easy_reset. */
void transfer_reset(struct transfer *transfer);
/* Before libcurl frees the handle: another thread may be given its address at once. What libcurl
   still carries of ours stays until transfer_free(). */
void transfer_detach(struct transfer *transfer);
void transfer_free(struct transfer *transfer);

/* Notes an option that libcurl has accepted. */
void transfer_note_long(struct transfer *transfer, CURLoption option, long value);
void transfer_note_pointer(struct transfer *transfer, CURLoption option, void *value);

#endif
