/* guarded_path - the CAVE paths that make tokens by GET: a redirect from elsewhere must not bring
   our token there. */
#ifndef SYNAUTH_GUARDED_PATH_H
#define SYNAUTH_GUARDED_PATH_H

#include <stdbool.h>

/* Is the path of this URL, or this request target, under /auth/ or /sticky_auth/, or written so
   that a server might read it as one? */
bool path_is_guarded(const char *url_or_path);

#endif
