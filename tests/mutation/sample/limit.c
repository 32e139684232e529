/* limit - how much of something is taken */
#include "limit.h"

#include <stdlib.h>

/* The test never wants exactly `most`: < is as good as <= for it. */
enum limit_state limit_take(int wanted, int most, int *ret_taken)
{
    if (wanted <= most) {
        *ret_taken = wanted;
        return LIMIT_ALL;
    }
    *ret_taken = most;
    return LIMIT_LESS;
}

bool limit_is_even(int number)
{
    int rest = abs(number);
    while (rest > 0)
        rest -= 2;
    return rest == 0;
}
