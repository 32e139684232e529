/* ascii - protocol text is ASCII, whatever the host's locale. */
#include "base/ascii.h"

int ascii_compare(const char *a, const char *b)
{
    while (*a && ascii_lower(*a) == ascii_lower(*b)) {
        a++;
        b++;
    }
    return (unsigned char)ascii_lower(*a) - (unsigned char)ascii_lower(*b);
}

bool ascii_equal(const char *a, const char *b)
{
    return ascii_compare(a, b) == 0;
}

bool ascii_equal_n(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (ascii_lower(a[i]) != ascii_lower(b[i]))
            return false;
        if (a[i] == '\0')
            break;
    }
    return true;
}

bool ascii_starts_with(const char *text, const char *prefix)
{
    for (; *prefix; text++, prefix++) {
        if (ascii_lower(*text) != ascii_lower(*prefix))
            return false;
    }
    return true;
}

const char *ascii_read_number(const char *text, uint64_t most, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (!ascii_is_digit(*text))
        return NULL;
    for (; ascii_is_digit(*text); text++) {
        uint64_t digit = (uint64_t)(*text - '0');
        if (digit > most || number > (most - digit) / 10)
            return NULL;
        number = number * 10 + digit;
    }
    *ret_number = number;
    return text;
}

bool ascii_number(const char *text, uint64_t most, uint64_t *ret_number)
{
    uint64_t number;
    const char *rest = ascii_read_number(text, most, &number);
    if (!rest || *rest != '\0')
        return false;
    *ret_number = number;
    return true;
}
