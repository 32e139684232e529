/* program_output - runs a program and keeps what it prints. */
#include "program_output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_MILLISECONDS = 20 };

static bool is_executable(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

/* Relative directories in PATH are passed over: the working directory never decides anything. */
static bool find_in_path(const char *name, char path[PATH_MAX])
{
    const char *at = getenv("PATH");
    for (at = at ? at : "/usr/local/bin:/usr/bin:/bin"; *at; at += *at == ':') {
        size_t length = strcspn(at, ":");
        if (*at == '/' && snprintf(path, PATH_MAX, "%.*s/%s", (int)length, at, name) < PATH_MAX &&
            is_executable(path))
            return true;
        at += length;
    }
    return false;
}

static bool find(const char *name, char path[PATH_MAX])
{
    if (!strchr(name, '/'))
        return find_in_path(name, path);
    return name[0] == '/' && snprintf(path, PATH_MAX, "%s", name) < PATH_MAX && is_executable(path);
}

static void execute(const char *path, char **arguments, int output) __attribute__((noreturn));
static void execute(const char *path, char **arguments, int output)
{
    enum { EXEC_FAILED = 126 };
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0)
        execv(path, arguments);
    _exit(EXEC_FAILED);
}

/* False when there is no more to come. */
static bool read_some(int fd, int milliseconds, char *buffer, size_t *used)
{
    char rest[4096];
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    if (poll(&ready, 1, milliseconds) <= 0)
        return milliseconds > 0;
    size_t room = PROGRAM_OUTPUT_MAX - *used;
    ssize_t got = read(fd, room > 0 ? buffer + *used : rest, room > 0 ? room : sizeof rest);
    if (room == 0)
        explicit_bzero(rest, sizeof rest);
    if (got > 0 && room > 0)
        *used += (size_t)got;
    return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

/* Reads until the end of the output or of the program; returns the program's wait status. */
static int collect(pid_t pid, int fd, char *buffer, size_t *used)
{
    int status = 0;
    while (read_some(fd, LOOK_MILLISECONDS, buffer, used))
        if (waitpid(pid, &status, WNOHANG) == pid) {
            while (read_some(fd, 0, buffer, used))
                ;
            return status;
        }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

enum program_end program_output(char **arguments, struct secret **ret, int *ret_status)
{
    char path[PATH_MAX];
    int ends[2];
    if (!find(arguments[0], path))
        return PROGRAM_NOT_FOUND;
    AUTO_SECRET room = secret_alloc(PROGRAM_OUTPUT_MAX);
    if (!room || pipe2(ends, O_CLOEXEC) != 0)
        return PROGRAM_FAILED;
    pid_t pid = fork();
    if (pid == 0)
        execute(path, arguments, ends[1]);
    close(ends[1]);
    size_t used = 0;
    int status = pid > 0 ? collect(pid, ends[0], secret_buffer(room), &used) : 0;
    close(ends[0]);
    if (pid < 0)
        return PROGRAM_FAILED;
    *ret_status = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
    if (!WIFEXITED(status))
        return PROGRAM_KILLED;
    *ret = secret_slice(room, 0, used);
    return *ret ? PROGRAM_ENDED : PROGRAM_FAILED;
}
