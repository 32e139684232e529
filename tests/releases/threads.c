/* threads - for the test programs: the functions of threads that moved to libc in glibc 2.34, by
   the versions that they have had in libpthread, too (see lib/floor). */
#include "old_symbol.h"

#include <pthread.h>

OLD_SYMBOL(pthread_attr_setstacksize, OLDEST);
OLD_SYMBOL(pthread_cancel, OLDEST);
OLD_SYMBOL(pthread_create, OLDEST);
OLD_SYMBOL(pthread_join, OLDEST);
extern __typeof__(pthread_attr_setstacksize) old_pthread_attr_setstacksize;
extern __typeof__(pthread_cancel) old_pthread_cancel;
extern __typeof__(pthread_create) old_pthread_create;
extern __typeof__(pthread_join) old_pthread_join;

FLOOR int pthread_attr_setstacksize(pthread_attr_t *attributes, size_t size)
{
    return old_pthread_attr_setstacksize(attributes, size);
}

FLOOR int pthread_cancel(pthread_t thread)
{
    return old_pthread_cancel(thread);
}

FLOOR int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
                         void *(*work)(void *), void *restrict argument)
{
    return old_pthread_create(thread, attributes, work, argument);
}

FLOOR int pthread_join(pthread_t thread, void **result)
{
    return old_pthread_join(thread, result);
}
