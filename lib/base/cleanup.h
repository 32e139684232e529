/* cleanup - heap memory without secrets, freed at the end of its scope. */
#ifndef SYNAUTH_CLEANUP_H
#define SYNAUTH_CLEANUP_H

#include <stdlib.h>

static inline void string_cleanup(char **string)
{
    free(*string);
    *string = NULL;
}
#define AUTO_STRING __attribute__((cleanup(string_cleanup))) char *

#endif
