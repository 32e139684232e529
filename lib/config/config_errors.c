/* config_errors - the mistakes of a configuration, in the order in which they are told. */
#include "config/config_errors.h"

#include <stdlib.h>
#include <string.h>

void config_add_error(struct config *config, enum mistake mistake, const synauth_error *error)
{
    enum { ERRORS_MAX = 1000 }; /* more tell nobody more */
    bool goes_first = mistake == MISTAKE_FATAL && !config->unusable;
    if (mistake == MISTAKE_FATAL)
        config->unusable = true;
    if (config->error_count >= ERRORS_MAX && !goes_first)
        return;
    size_t count = config->error_count;
    if ((count & (count - 1)) == 0) { /* a power of two: full */
        size_t capacity = count ? count * 2 : 1;
        synauth_error *grown = reallocarray(config->errors, capacity, sizeof *grown);
        if (!grown)
            return;
        config->errors = grown;
    }
    size_t at = goes_first ? 0 : count;
    memmove(&config->errors[at + 1], &config->errors[at], (count - at) * sizeof *error);
    config->errors[at] = *error;
    config->error_count++;
}
