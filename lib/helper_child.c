/* helper_child - what runs in the supervisor and in the helper before it is executed. */
#include "helper_child.h"

#include "ascii.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

enum { FIRST_FOREIGN = 3, SAFE_FROM = 10, EXEC_FAILED = CHILD_NOT_STARTED };

/* As the kernel gives them (linux/dirent.h does not export it). */
struct directory_entry {
    uint64_t inode;
    int64_t offset;
    uint16_t length;
    uint8_t type;
    char name[];
};

/* -1 for "." and "..". */
static int number_of(const char *name)
{
    uint64_t number;
    return ascii_number(name, INT_MAX, &number) ? (int)number : -1;
}

/* How many were closed in one pass over the directory. */
static int close_listed(int directory)
{
    _Alignas(struct directory_entry) char buffer[2048];
    int closed = 0;
    long size;
    lseek(directory, 0, SEEK_SET);
    while ((size = syscall(SYS_getdents64, directory, buffer, sizeof buffer)) > 0)
        for (long at = 0; at < size;) {
            const struct directory_entry *entry = (const void *)(buffer + at);
            int fd = number_of(entry->name);
            if (fd >= FIRST_FOREIGN && fd != directory && close(fd) == 0)
                closed++;
            at += entry->length;
        }
    return closed;
}

static void close_foreign(void)
{
    if (syscall(SYS_close_range, (unsigned)FIRST_FOREIGN, ~0u, 0u) == 0)
        return;
    int directory = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
        for (int fd = FIRST_FOREIGN; fd < 65536; fd++)
            close(fd);
        return;
    }
    while (close_listed(directory) > 0)
        ;
    close(directory);
}

/* The host may have closed its own 0, 1 or 2: ours are moved out of the way first. */
static int take_standard_streams(const struct helper_child *child)
{
    int input = fcntl(child->input, F_DUPFD, SAFE_FROM);
    int output = fcntl(child->output, F_DUPFD, SAFE_FROM);
    int null = fcntl(child->null, F_DUPFD, SAFE_FROM);
    if (input < 0 || output < 0 || null < 0)
        return -1;
    return dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(null, 2) < 0 ? -1 : 0;
}

static void default_signals(void)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigset_t none;
    for (int number = 1; number <= SIGRTMAX; number++)
        sigaction(number, &action, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void execute(const struct helper_child *child, pid_t supervisor) __attribute__((noreturn));
static void execute(const struct helper_child *child, pid_t supervisor)
{
    setsid(); /* no terminal to ask on, and a group of its own to be killed with */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != supervisor || chdir("/") != 0)
        _exit(EXEC_FAILED);
    default_signals();
    execve(child->path, child->arguments, child->environment);
    _exit(EXEC_FAILED);
}

static int64_t now_milliseconds(void)
{
    struct timespec time = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int status_of(int status)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) < CHILD_FIRST)
        return WEXITSTATUS(status);
    return WIFEXITED(status) ? CHILD_NOT_STARTED : CHILD_KILLED;
}

/* What the helper had started, killed with it, falls to the supervisor; a host that is process 1
   shall not find it among its children. */
static void reap_orphans(void)
{
    const struct timespec pause = {.tv_nsec = 5000000};
    for (int left = 40; left > 0; left--) {
        pid_t pid = waitpid(-1, NULL, WNOHANG);
        if (pid < 0)
            return;
        if (pid == 0)
            nanosleep(&pause, NULL);
    }
}

static int wait_for(pid_t helper, unsigned milliseconds)
{
    int64_t deadline = now_milliseconds() + milliseconds;
    int status = 0;
    sigset_t child_signal;
    sigemptyset(&child_signal);
    sigaddset(&child_signal, SIGCHLD);
    for (;;) {
        pid_t ended = waitpid(helper, &status, WNOHANG);
        if (ended == helper)
            return status_of(status);
        int64_t left = deadline - now_milliseconds();
        if (ended < 0 || left <= 0)
            break;
        const struct timespec time = {.tv_sec = (time_t)(left / 1000),
                                      .tv_nsec = (long)(left % 1000) * 1000000};
        sigtimedwait(&child_signal, NULL, &time);
    }
    kill(-helper, SIGKILL);
    kill(helper, SIGKILL);
    while (waitpid(helper, &status, 0) < 0 && errno == EINTR)
        ;
    reap_orphans();
    return CHILD_LATE;
}

void helper_child_supervise(const struct helper_child *child)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    pid_t self = (pid_t)syscall(SYS_getpid); /* older C libraries remember the host's */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigaction(SIGCHLD, &action, NULL); /* ignored, it would reap the helper and tell nobody */
    if (take_standard_streams(child) != 0)
        _exit(CHILD_NOT_STARTED);
    close_foreign();
    pid_t helper = (pid_t)syscall(SYS_clone, (long)SIGCHLD, 0L, 0L, 0L, 0L);
    if (helper == 0)
        execute(child, self);
    for (int fd = 0; fd < FIRST_FOREIGN; fd++)
        close(fd);
    _exit(helper < 0 ? CHILD_NOT_STARTED : wait_for(helper, child->milliseconds));
}
