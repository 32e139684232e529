/* kept - memory for what stays for good, not from the heap: taken in the middle of a transfer, a
   block that stays divides what libcurl gives back at its end, and that costs every later request
   some hundred instructions of malloc and free. */
#ifndef SYNAUTH_KEPT_H
#define SYNAUTH_KEPT_H

#include <stddef.h>

/* Not cleared; from the heap when the few KiB are used up. NULL: out of memory. Thread-safe,
   without a lock. */
void *kept_alloc(size_t size);
/* For what is not kept after all; the few KiB don't come back. */
void kept_free(void *memory);

#endif
