/* browser - opens a page when the user asks for it. */
#ifndef SYNAUTH_CLI_BROWSER_H
#define SYNAUTH_CLI_BROWSER_H

#include <stdbool.h>

/* Is there somewhere to show a browser: $BROWSER or a display? */
bool browser_is_likely(void);
/* Opens the URL with $BROWSER (a list separated by colons, `%s` for the URL) or xdg-open, and does
   not wait for it to end. False when nothing could be started; nothing is said. */
bool browser_open(const char *url);

#endif
