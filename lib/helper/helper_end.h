/* helper_end - nothing that a helper has started is left: ends all descendants of a supervisor, to
   which they fall when their parents die (PR_SET_CHILD_SUBREAPER). Async-signal-safe. */
#ifndef SYNAUTH_HELPER_END_H
#define SYNAUTH_HELPER_END_H

/* Kills and reaps the children of this process until there are none, whatever session they have
   made, or the time is over (a process that hangs in the kernel). SIGCHLD is blocked and not
   ignored. Without /proc only those that have ended are reaped. */
void helper_end_all(unsigned milliseconds);

#endif
