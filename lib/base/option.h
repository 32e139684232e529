/* option - members of an options structure that may be older (shorter) than ours. */
#ifndef SYNAUTH_OPTION_H
#define SYNAUTH_OPTION_H

#include <stddef.h>

/* What the caller's structure lacks is default: NULL or 0. */
#define OPTION(options, member)                                                            \
    ((options) && (options)->size >=                                                       \
                      offsetof(__typeof__(*(options)), member) + sizeof((options)->member) \
         ? (options)->member                                                               \
         : (__typeof__((options)->member))0)

#endif
