/* pending_error - what dlerror still has to tell the program while we open the resolver. */
#ifndef SYNAUTH_PENDING_ERROR_H
#define SYNAUTH_PENDING_ERROR_H

/* The message that dlerror has for this thread, or NULL: the caller frees it. It is gone from
   dlerror then, as it would be with the next call of the loader. */
char *pending_error_take(void);
/* Leaves dlerror as it was: without a message, or with this one. Takes the message over; for one
   thread of the process only. */
void pending_error_put_back(char *message);

#endif
