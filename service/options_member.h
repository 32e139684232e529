/* options_member - reads structures of options that callers may have compiled when they were
   shorter. */
#ifndef SYNAUTH_SERVICE_OPTIONS_MEMBER_H
#define SYNAUTH_SERVICE_OPTIONS_MEMBER_H

#include <stddef.h>

/* The member, or `otherwise` when the caller's structure ends before it. */
#define OPTION(options, member, otherwise)                                                 \
    ((options) && (options)->size >=                                                       \
                      offsetof(__typeof__(*(options)), member) + sizeof((options)->member) \
         ? (options)->member                                                               \
         : (otherwise))

#endif
