/* log - one `synauth: ...` line per message, safe inside any process: no lock, no allocation, no
   stdio stream, no signal that the program would see. */
#undef _TIME_BITS /* the kernel fills struct stat here, and old libraries have no other calls */
#include "base/log.h"

#include "base/ascii.h"
#include "base/log_cause.h"
#include "base/text.h"
#include "base/write_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 1024, WAIT_MILLISECONDS = 1000 };
static const char prefix[] = "synauth: ";

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

int log_level(void)
{
    static const char *const names[] = {"off", "error", "warn", "info", "debug"};
    if (getauxval(AT_SECURE))
        return 0;
    const char *value = variable("SYNAUTH_LOG");
    if (!value)
        return LEVEL_WARN;
    for (int level = 0; level <= LEVEL_DEBUG; level++)
        if (ascii_equal(value, names[level]))
            return level;
    return -1;
}

/* What must be as before when a message has been written. */
struct guard {
    int saved_errno;
    int cancel_state;
    struct write_guard writes;
};

static void guard_enter(struct guard *guard)
{
    guard->saved_errno = errno;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &guard->cancel_state);
    write_guard_enter(&guard->writes);
}

static void guard_leave(const struct guard *guard)
{
    write_guard_leave(&guard->writes);
    pthread_setcancelstate(guard->cancel_state, NULL);
    errno = guard->saved_errno;
}

/* One write(2), so that lines of several processes don't mix. */
static bool write_whole(struct guard *guard, int fd, const char *line, size_t length)
{
    ssize_t written;
    do
        written = write(fd, line, length);
    while (written < 0 && errno == EINTR);
    if (written < 0)
        write_guard_note(&guard->writes, errno);
    return written >= 0 && (size_t)written == length;
}

/* fstat(3) is no function of libc before glibc 2.33, nor is this fcntl(3) before 2.28 where files
   are larger than a word. On our platforms the kernel fills libc's struct stat. */
#if __SIZEOF_POINTER__ == 8
enum { FSTAT = SYS_fstat, FCNTL = SYS_fcntl };
#else
enum { FSTAT = SYS_fstat64, FCNTL = SYS_fcntl64 };
#endif

static const char *problem_with_file(int fd)
{
    struct stat status;
    memset(&status, 0, sizeof status);
    if (syscall(FSTAT, fd, &status) != 0 || !S_ISREG(status.st_mode))
        return "is not a regular file; name one";
    if (status.st_uid != geteuid() && status.st_uid != 0) /* who would read all that is said */
        return "belongs to another user; name one of your own";
    return NULL;
}

/* NULL, or why nothing could be written. */
static const char *append_line(struct guard *guard, const char *path, const char *line,
                               size_t length)
{
    if (path[0] != '/')
        return "is not an absolute path; give one";
    int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    int fd = open(path, flags, S_IRUSR | S_IWUSR);
    if (fd < 0)
        return errno == ELOOP ? "is a symbolic link; name the file itself"
                              : "cannot be opened; check the directory and the permissions";
    const char *problem = problem_with_file(fd);
    if (!problem && !write_whole(guard, fd, line, length))
        problem = "cannot be written to; check the free space and the limits";
    close(fd);
    return problem;
}

/* Escapes text (cut to what fits) into "synauth: text\n". Returns the length. */
static size_t line_build(char line[LINE_MAX_BYTES], const char *text)
{
    size_t start = sizeof prefix - 1;
    memcpy(line, prefix, start);
    text_escape(line + start, LINE_MAX_BYTES - start - 1, text, strlen(text));
    size_t length = start + strlen(line + start);
    line[length++] = '\n';
    return length;
}

/* A daemon that has closed its descriptors may have anything as number 2: what it opened for
   itself alone is marked close-on-exec, which standard streams never are; a connection to another
   machine or a pair of sockets that the process has made is no place for messages either. */
static bool is_standard_error(void)
{
    long flags = syscall(FCNTL, STDERR_FILENO, F_GETFD);
    int domain = 0;
    struct ucred peer = {0};
    socklen_t size = sizeof domain;

    if (flags < 0 || (flags & FD_CLOEXEC))
        return false;
    if (getsockopt(STDERR_FILENO, SOL_SOCKET, SO_DOMAIN, &domain, &size) != 0)
        return true; /* no socket */
    if (domain == AF_INET || domain == AF_INET6)
        return false;
    size = sizeof peer;
    return getsockopt(STDERR_FILENO, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
           peer.pid != getpid();
}

/* A pipe that nobody empties would hold the program up for ever. One that can be written to has
   room for PIPE_BUF bytes, more than a line. */
static bool takes_a_line(int fd)
{
    struct pollfd wanted = {.fd = fd, .events = POLLOUT};
    return poll(&wanted, 1, WAIT_MILLISECONDS) > 0;
}

static void say_on_stderr(struct guard *guard, const char *text)
{
    if (!is_standard_error() || !takes_a_line(STDERR_FILENO))
        return;
    char line[LINE_MAX_BYTES];
    size_t length = line_build(line, text);
    (void)write_whole(guard, STDERR_FILENO, line, length);
}

static void say_in_file(struct guard *guard, const char *path, const char *text)
{
    char line[LINE_MAX_BYTES];
    size_t length = line_build(line, text);
    const char *problem = append_line(guard, path, line, length);
    if (!problem || log_cause_note("log: SYNAUTH_LOG_FILE") != CAUSE_NEW)
        return;
    /* The path is the user's own and may be shown; it is escaped with the rest of the line. */
    char complaint[LINE_MAX_BYTES];
    snprintf(complaint, sizeof complaint, "SYNAUTH_LOG_FILE=%.800s %s (messages are lost)", path,
             problem);
    say_on_stderr(guard, complaint);
}

static void say(const char *text)
{
    struct guard guard;
    const char *path = variable("SYNAUTH_LOG_FILE");
    guard_enter(&guard);
    if (path)
        say_in_file(&guard, path, text);
    else
        say_on_stderr(&guard, text);
    guard_leave(&guard);
}

int log_wants(enum log_level level)
{
    int wanted = log_level();
    if (wanted < 0) {
        if (log_cause_note("log: SYNAUTH_LOG") == CAUSE_NEW)
            say("SYNAUTH_LOG is none of off, error, warn, info, debug; it counts as warn");
        wanted = LEVEL_WARN;
    }
    return (int)level <= wanted;
}

__attribute__((format(printf, 1, 0))) static void say_formatted(const char *format, va_list values)
{
    char text[LINE_MAX_BYTES];
    int saved_errno = errno;
    if (vsnprintf(text, sizeof text, format, values) >= 0)
        say(text);
    errno = saved_errno;
}

void log_write(enum log_level level, const char *format, ...)
{
    va_list values;
    if (!log_wants(level))
        return;
    va_start(values, format);
    say_formatted(format, values);
    va_end(values);
}

void log_once(enum log_level level, const char *cause, const char *format, ...)
{
    va_list values;
    if (!log_wants(level))
        return;
    enum cause_state state = log_cause_note(cause);
    if (state == CAUSE_SEEN)
        return;
    /* With the table full, silence is better than the same warning for ever. */
    if (state == CAUSE_UNKNOWN && !log_wants(LEVEL_DEBUG))
        return;
    va_start(values, format);
    say_formatted(format, values);
    va_end(values);
}
