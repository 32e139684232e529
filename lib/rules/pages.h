/* pages - gives a large block of memory its pages at once. One by one, as they are touched, they
   would cost a tenth of the time that ten thousand rules take to load. */
#ifndef SYNAUTH_PAGES_H
#define SYNAUTH_PAGES_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

static inline void pages_populate(void *block, size_t size)
{
    enum { PAGE = 4096, WORTH_IT = 16 * PAGE };
#ifdef MADV_POPULATE_WRITE /* Linux 5.14; an older one refuses it, and nothing is lost */
    if (size < WORTH_IT)
        return;
    int saved_errno = errno;
    size_t ahead = (PAGE - (uintptr_t)block % PAGE) % PAGE;
    (void)madvise((char *)block + ahead, (size - ahead) / PAGE * PAGE, MADV_POPULATE_WRITE);
    errno = saved_errno;
#else
    (void)block;
    (void)size;
#endif
}

#endif
