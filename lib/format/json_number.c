/* json_number - one whole number at the top level of a JSON object. */
#include "format/json_number.h"

#include "base/ascii.h"
#include "format/json_scan.h"

#include <string.h>

/* The whole part of the number that ends there; saturates. One with an exponent counts as 0. */
static int64_t number_before(const char *begin, const char *end)
{
    const char *at = end;
    while (at > begin && strchr("0123456789+-.eE", at[-1]))
        at--;
    for (const char *letter = at; letter < end; letter++)
        if (*letter == 'e' || *letter == 'E')
            return 0;
    bool negative = at < end && *at == '-';
    int64_t number = 0;
    for (at += negative; at < end && ascii_is_digit(*at); at++) {
        if (number > INT64_MAX / 10 - 1)
            return negative ? INT64_MIN : INT64_MAX;
        number = number * 10 + (*at - '0');
    }
    return negative ? -number : number;
}

int64_t json_number_get(const char *text, size_t length, const char *key)
{
    struct json_scan scan;
    int64_t result = 0;
    bool is_wanted = false;
    json_scan_begin(&scan, text, length);
    for (enum json_event event; (event = json_scan_next(&scan)) != JSON_END;) {
        if (event == JSON_ERROR)
            return 0;
        if (is_wanted)
            result = event == JSON_NUMBER ? number_before(text, scan.position) : 0;
        is_wanted = event == JSON_KEY && scan.depth == 1 && json_string_is(&scan, key);
    }
    return result;
}
