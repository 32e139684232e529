/* sandbox - a home directory of its own for each test, and an environment without our variables. */
#ifndef SYNAUTH_TEST_SANDBOX_H
#define SYNAUTH_TEST_SANDBOX_H

#include <stddef.h>

/* cmocka set-up and tear-down. */
int sandbox_enter(void **state);
int sandbox_leave(void **state);

/* An absolute name below the home directory. Valid for the next eight calls. */
const char *sandbox_path(const char *name);
/* Creates or rewrites a file below the home directory (0600), with its directories. A file that
   was there has another change time behind it. */
void sandbox_write(const char *name, const char *text);
void sandbox_write_bytes(const char *name, const void *bytes, size_t length);
void sandbox_directory(const char *name);
void sandbox_link(const char *name, const char *target);

/* Standard error goes to a file until sandbox_stderr_end, which returns its text (static). */
void sandbox_stderr_begin(void);
const char *sandbox_stderr_end(void);

#endif
