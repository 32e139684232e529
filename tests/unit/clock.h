/* clock - the time as lib/base/now.h tells it: the real one, until a test stops it. Then it goes on
   only as the test says, however long the machine takes. */
#ifndef SYNAUTH_TEST_CLOCK_H
#define SYNAUTH_TEST_CLOCK_H

#include <stdint.h>

void clock_stop(void);
void clock_go_on(int64_t milliseconds);
/* The time of day is so long after the file's last change. */
void clock_set_after(const char *path, int64_t milliseconds);
/* cmocka tear-down: the real time again. */
int clock_run(void **state);

#endif
