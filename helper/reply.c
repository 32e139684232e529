/* reply - what a helper tells the library on standard output. Past stdio, whose buffers are never
   wiped. */
#include "reply.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int put(const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(STDOUT_FILENO, bytes, length);
        if (written < 0 && errno != EINTR)
            return 1;
        if (written > 0) {
            bytes += written;
            length -= (size_t)written;
        }
    }
    return 0;
}

int reply_value(const char *bytes, size_t length, int64_t expires)
{
    char head[48];
    int used = snprintf(head, sizeof head, "value\n%" PRId64 "\n", expires);
    return put(head, (size_t)used) || put(bytes, length);
}

__attribute__((format(printf, 2, 0))) static int sentence(const char *word, const char *format,
                                                          va_list values)
{
    char text[512];
    if (vsnprintf(text, sizeof text, format, values) < 0)
        text[0] = '\0';
    for (char *at = text; *at; at++)
        if (*at == '\n' || *at == '\r')
            *at = ' ';
    return put(word, strlen(word)) || put(text, strlen(text)) || put("\n", 1);
}

int reply_absent(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int status = sentence("absent\n", format, values);
    va_end(values);
    return status;
}

int reply_unusable(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int status = sentence("unusable\n", format, values);
    va_end(values);
    return status;
}

int reply_failed(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int status = sentence("failed\n", format, values);
    va_end(values);
    return status;
}
