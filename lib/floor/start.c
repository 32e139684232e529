/* start - a program's way into main, by the version of __libc_start_main that every glibc has.

   Since 2.34 the C library runs a program's constructors; before, code that was linked into the
   program did and was handed over as `init`. The start file of a new glibc hands over none. */
#include "old_symbol.h"

#include <stddef.h>

typedef int main_function(int, char **, char **);
typedef void init_function(int, char **, char **);
typedef int start_function(main_function *, int, char **, init_function *, void (*)(void),
                           void (*)(void), void *);

OLD_SYMBOL(__libc_start_main, OLDEST);
extern start_function old___libc_start_main, __libc_start_main;

/* The linker's: where the list of constructors begins and ends. What comes before it (the
   .preinit_array) and what runs at the end are the loader's in every version. */
extern init_function *__init_array_start[] __attribute__((visibility("hidden")));
extern init_function *__init_array_end[] __attribute__((visibility("hidden")));
extern void _init(void) __attribute__((weak));

static void run_constructors(int argc, char **argv, char **environment)
{
    if (_init)
        _init();
    for (init_function **next = __init_array_start; next < __init_array_end; next++)
        (*next)(argc, argv, environment);
}

FLOOR int __libc_start_main(main_function *main, int argc, char **argv, init_function *init,
                            void (*fini)(void), void (*loader_fini)(void), void *stack_end)
{
    return old___libc_start_main(main, argc, argv, init ? init : run_constructors, fini,
                                 loader_fini, stack_end);
}
