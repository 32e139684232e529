/* attempts - the password logins that were tried and did not succeed, so that no other process
   tries the same once more: Synapse locks an account after a few.

   The lock file of a session holds them, the latest first, a line each: "SECONDS WHAT REASON". */
#ifndef SYNAUTH_SYNAPSE_ATTEMPTS_H
#define SYNAUTH_SYNAPSE_ATTEMPTS_H

#include <stdbool.h>
#include <stddef.h>

#define ATTEMPT_PAUSE 300 /* seconds between two logins with one password */

/* `lock` is what session_lock gave; with -1 (no session directory) nothing is forbidden or kept.
   `what`: the password and the state of the file that holds it, "PASSWORD.STATE", both without
   blanks and no secret. What was tried is not tried again; nor, for ATTEMPT_PAUSE seconds, the same
   password from another state. NULL: it came from no file, and only the pause holds. */

/* May it be tried? Else the buffer has the earlier one's reason, terminated. */
bool attempts_allow(int lock, const char *what, char *buffer, size_t size);
/* To be called before the password is sent: whoever is killed meanwhile has tried. False when that
   cannot be written down. */
bool attempts_begin(int lock, const char *what);
/* How it went: it gave no session. */
void attempts_failed(int lock, const char *what, const char *reason);
/* It succeeded, or nothing was sent: forgotten. */
void attempts_forget(int lock, const char *what);
/* The account works: all are forgotten. */
void attempts_forget_all(int lock);

#endif
