/* fork_guard - keeps forks of other threads out while we hold the loader's lock: glibc's child
   finds that lock taken for ever, and waits for it in its next dlopen. */
#ifndef SYNAUTH_FORK_GUARD_H
#define SYNAUTH_FORK_GUARD_H

#include <stdbool.h>

/* Around a dl_iterate_phdr. A fork waits until the others have left, and who comes during a fork
   until it is over; neither waits for long. Keep errno. */
void fork_guard_enter(void);
void fork_guard_leave(void);
/* True in the child of a fork. Another thread may have been in dlclose at that moment: then the
   loader's lock is taken for ever, and what is known must do. */
bool fork_guard_in_child(void);

#endif
