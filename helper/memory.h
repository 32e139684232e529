/* memory - what is in a helper's memory is worth a login. */
#ifndef SYNAUTH_HELPER_MEMORY_H
#define SYNAUTH_HELPER_MEMORY_H

/* No core file, and no other process of the user's looks in. */
void memory_keep_private(void);

#endif
