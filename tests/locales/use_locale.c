/* A preloaded library that takes the locale of its environment, which must write numbers its own
 * way. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((constructor)) static void use_locale(void)
{
    if (setlocale(LC_ALL, "") && strcmp(localeconv()->decimal_point, ".") != 0)
        return;
    fputs("the locale of the environment is none with a decimal point of its own\n", stderr);
    _Exit(99);
}
