/* engine_cookie - would libcurl's cookie engine send the CAVE token with this request? */
#ifndef SYNAUTH_ENGINE_COOKIE_H
#define SYNAUTH_ENGINE_COOKIE_H

#include "remember/transfer.h"

/* For a request to `url` at transfer->authority. In doubt: yes. Costs nothing while the program has
   no cookie engine. */
bool engine_cookie_is_token(struct transfer *transfer, const char *url);
/* The same for one line as CURLINFO_COOKIELIST gives it, at the time `now`; `host` NULL: any. */
bool engine_cookie_line_matches(const char *line, const char *host, const char *url, int64_t now);

#endif
