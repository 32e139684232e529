/* helper_use - may a helper process be started for a slow source? */
#ifndef SYNAUTH_HELPER_USE_H
#define SYNAUTH_HELPER_USE_H

enum helper_use {
    HELPER_FORBIDDEN, /* the configuration says `helper = false` */
    HELPER_ASKED,     /* a slow source is asked when it is its turn */
    HELPER_NAMED      /* only what would be done is said: no process, no connection, no file */
};

#endif
