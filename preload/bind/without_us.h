/* without_us - what dlsym would have found for one of our functions if we were not there. */
#ifndef SYNAUTH_WITHOUT_US_H
#define SYNAUTH_WITHOUT_US_H

#include <stdbool.h>

struct without_us {
    bool known;
    void *found; /* NULL: nothing */
};

/* caller: code that calls dlsym(RTLD_DEFAULT), or with `next` dlsym(RTLD_NEXT); NULL for a look-up
   on the program's own handle. Keeps errno. */
struct without_us without_us_find(const void *caller, bool next, const char *name);
/* Is it code of this library? Asks nobody. */
bool without_us_is_ours(const void *address);

#endif
