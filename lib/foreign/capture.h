/* capture - notices when a library's calls of its own functions end up in another object that
   exports the same names (as a host program linked with -rdynamic does). */
#ifndef SYNAUTH_CAPTURE_H
#define SYNAUTH_CAPTURE_H

#include <stdbool.h>

struct captured {
    const char *symbol;
    char library[256], owner[256]; /* file names, cut when longer */
};

/* True when a call inside the library that contains `inside`, of one of its own functions that
   is_judged accepts, goes elsewhere. The library must stay loaded meanwhile. */
bool capture_find(const void *inside, bool (*is_judged)(const char *symbol), struct captured *ret);

#endif
