/* now - what time it is. Asked here where something is due by it, so that a test can say so. */
#ifndef SYNAUTH_NOW_H
#define SYNAUTH_NOW_H

#include <stdint.h>

/* Since 1970. */
int64_t now_seconds(void);
int64_t now_nanoseconds(void);
/* Nanoseconds; nobody sets this clock. It goes by ticks of some milliseconds and costs next to
   nothing, for what every request asks. */
int64_t now_tick(void);

#endif
