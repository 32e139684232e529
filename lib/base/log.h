/* log - one `synauth: ...` line per message, on stderr or appended to SYNAUTH_LOG_FILE.
   Compiled into both the resolver and the preload library: libc only, write(2), no stdio, no lock.
   SYNAUTH_LOG = off, error, warn (default), info, debug. */
#ifndef SYNAUTH_LOG_H
#define SYNAUTH_LOG_H

enum log_level { LEVEL_ERROR = 1, LEVEL_WARN = 2, LEVEL_INFO = 3, LEVEL_DEBUG = 4 };

/* What SYNAUTH_LOG asks for, in any case of letters: 0 = off, LEVEL_WARN when it is unset or empty,
   -1 for a value that is none of the levels. 0 in a setuid program. */
int log_level(void);
/* Is a message of this level wanted? Cheap; for callers that would have to build one. */
int log_wants(enum log_level level);
/* Writes one line of at most 1 KiB, errno kept. Control characters in arguments are escaped. */
void log_write(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same, once per process and cause. `cause` tells causes apart and is not printed. */
void log_once(enum log_level level, const char *cause, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
