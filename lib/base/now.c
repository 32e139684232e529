/* now - what time it is. Asked here where something is due by it, so that a test can say so. */
#include "base/now.h"

#include <time.h>

static int64_t read_clock(clockid_t clock)
{
    struct timespec time = {0, 0};
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

int64_t now_seconds(void)
{
    return (int64_t)time(NULL);
}

int64_t now_nanoseconds(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t now_tick(void)
{
    return read_clock(CLOCK_MONOTONIC_COARSE);
}
