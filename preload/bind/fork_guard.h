/* fork_guard - keeps forks of other threads out while we hold the loader's lock: glibc's child
   finds that lock taken for ever, and waits for it in its next dlopen. */
#ifndef SYNAUTH_FORK_GUARD_H
#define SYNAUTH_FORK_GUARD_H

/* Around a dl_iterate_phdr. A fork waits until the others have left, and who comes during a fork
   until it is over; neither waits for long. Keep errno. */
void fork_guard_enter(void);
void fork_guard_leave(void);

#endif
