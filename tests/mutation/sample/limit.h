/* limit - how much of something is taken */
#ifndef LIMIT_H
#define LIMIT_H

#include <stdbool.h>

enum limit_state { LIMIT_LESS, LIMIT_ALL };

enum limit_state limit_take(int wanted, int most, int *ret_taken);
bool limit_is_even(int number);

#endif
