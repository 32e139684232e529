/* http - one request to a service: https only, bounded in time and size, and never with a secret
   to another host than the one it was meant for. */
#ifndef SYNAUTH_SERVICE_HTTP_H
#define SYNAUTH_SERVICE_HTTP_H

#include "base/secret.h"
#include "synauth.h"
#include <stdbool.h>

#define HTTP_BODY_MAX ((size_t)1024 * 1024)
#define HTTP_TIMEOUT_MS 30000L
#define HTTP_SECRETS_MAX 6

struct http_request {
    const char *method;        /* "GET", "POST", "DELETE"; NULL = GET */
    const char *url;           /* absolute; https, or http to a loopback address */
    struct secret *bearer;     /* sent as `Authorization: Bearer ...`; NULL = no such header */
    const struct secret *body; /* JSON, sent as it is; NULL = none */
    long timeout_ms;           /* for each attempt as a whole; 0 = HTTP_TIMEOUT_MS */
    bool follow;               /* a GET follows up to five redirects within its own origin */
    /* What else of it is secret, NULL-terminated; NULL = nothing but the bearer. */
    struct secret *const *secrets;
    /* Set to true once any of the body may have reached the server, also when http_send fails.
       NULL = nobody asks. */
    bool *ret_body_sent;
};

struct http_answer {
    long status;
    struct secret *body; /* never NULL after success; at most HTTP_BODY_MAX bytes */
    /* Without control characters and secrets of the request; NULL when there is no such header. */
    char *content_type, *location;
    struct secret *secrets[HTTP_SECRETS_MAX + 1]; /* of the request: redact what is said of it */
};

/* Sends the request and returns any answer of the server, whatever its status: SYNAUTH_OK.
   SYNAUTH_E_NETWORK: no connection, TLS, time-out, an answer over HTTP_BODY_MAX; *error is a
   sentence that names the host and the remedy, never a secret or a query. SYNAUTH_E_ARGUMENT: a
   URL that may not be used.
   A GET is tried again up to three times (after 0.25, 0.5 and 1 s) when there is no connection and
   on 500, 502, 503 and 504; nothing else is ever sent twice. A GET follows up to five redirects
   within its own origin; a redirect elsewhere is returned as the answer. Proxies come from
   libcurl's environment variables (never for http to loopback), the CA file from CURL_CA_BUNDLE or
   SSL_CERT_FILE. Thread-safe; blocks for at most four time-outs. */
SYNAUTH_MUST_USE int http_send(const struct http_request *request, struct http_answer *ret,
                               synauth_error *error);
void http_answer_free(struct http_answer *answer);
/* A member of the body's object that is a string, without secrets of the request (redact.h), for
   people to read. Heap string; NULL when there is none. */
char *http_answer_text(const struct http_answer *answer, const char *name);
#define AUTO_HTTP_ANSWER __attribute__((cleanup(http_answer_free))) struct http_answer

#endif
