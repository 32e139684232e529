/* What limit.c does, with one thing left out. */
#include "limit.h"

int main(void)
{
    int taken = 0;
    if (limit_take(3, 5, &taken) != LIMIT_ALL || taken != 3)
        return 1;
    if (limit_take(7, 5, &taken) != LIMIT_LESS || taken != 5)
        return 1;
    return limit_is_even(4) && !limit_is_even(-7) ? 0 : 1;
}
