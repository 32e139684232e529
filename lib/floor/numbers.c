/* numbers - the names under which the headers of glibc 2.38 and newer ask for strtol and its kin:
   versions that know 0b101. Compiled so that the names of this file are the old ones. */
#include "old_symbol.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

extern long __isoc23_strtol(const char *text, char **end, int base);
extern unsigned long __isoc23_strtoul(const char *text, char **end, int base);
extern long long __isoc23_strtoll(const char *text, char **end, int base);
extern unsigned long long __isoc23_strtoull(const char *text, char **end, int base);
extern int __isoc23_sscanf(const char *text, const char *format, ...);

FLOOR long __isoc23_strtol(const char *text, char **end, int base)
{
    return strtol(text, end, base);
}

FLOOR unsigned long __isoc23_strtoul(const char *text, char **end, int base)
{
    return strtoul(text, end, base);
}

FLOOR long long __isoc23_strtoll(const char *text, char **end, int base)
{
    return strtoll(text, end, base);
}

FLOOR unsigned long long __isoc23_strtoull(const char *text, char **end, int base)
{
    return strtoull(text, end, base);
}

__attribute__((format(scanf, 2, 3))) FLOOR int __isoc23_sscanf(const char *text, const char *format,
                                                               ...)
{
    va_list values;
    va_start(values, format);
    int count = vsscanf(text, format, values);
    va_end(values);
    return count;
}
