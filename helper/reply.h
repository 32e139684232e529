/* reply - what a helper tells the library on standard output (lib/source/slow_source.c): one of
       value\nEXP\nBYTES        EXP in seconds since 1970, 0 = unknown
       absent\nSENTENCE         there is none
       unusable\nSENTENCE       there is one, but it cannot be used
       failed\nSENTENCE         it could not be asked; it may be later */
#ifndef SYNAUTH_HELPER_REPLY_H
#define SYNAUTH_HELPER_REPLY_H

#include <stddef.h>
#include <stdint.h>

/* All return the exit status of the helper: 0, or 1 when nobody listens. */
int reply_value(const char *bytes, size_t length, int64_t expires);
int reply_absent(const char *format, ...) __attribute__((format(printf, 1, 2)));
int reply_unusable(const char *format, ...) __attribute__((format(printf, 1, 2)));
int reply_failed(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
