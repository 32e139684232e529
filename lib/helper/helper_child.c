/* helper_child - what runs in the supervisor and in the helper before it is executed. */
#include "helper/helper_child.h"

#include "base/raw_directory.h"
#include "helper/helper_end.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
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
enum { END_MILLISECONDS = 800 }; /* less than the host's patience (helper_process.c) */
#define HOST_ENDED SIGRTMAX      /* nobody sends it to a group of processes, as they do SIGTERM */

/* `data`: the descriptor of the directory itself. */
static int close_one(int fd, void *data)
{
    const int *directory = data;
    return fd >= FIRST_FOREIGN && fd != *directory && close(fd) == 0;
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
    while (raw_directory_numbers(directory, close_one, &directory) > 0)
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

/* Waits for the helper to end, for the limit, or for the end of the host. */
static bool wait_until_ended(pid_t helper, unsigned milliseconds)
{
    int64_t deadline = now_milliseconds() + milliseconds;
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, HOST_ENDED);
    for (;;) {
        siginfo_t info = {.si_pid = 0};
        int waited = waitid(P_PID, (id_t)helper, &info, WEXITED | WNOHANG | WNOWAIT);
        if (waited == 0 && info.si_pid == helper)
            return true;
        int64_t left = deadline - now_milliseconds();
        if (waited != 0 || left <= 0)
            return false;
        const struct timespec time = {.tv_sec = (time_t)(left / 1000),
                                      .tv_nsec = (long)(left % 1000) * 1000000};
        if (sigtimedwait(&signals, NULL, &time) == HOST_ENDED)
            return false;
    }
}

/* At the limit nothing is left of what the helper has started, nor when it ends where nobody would
   reap that. Else a daemon that it has left behind (in a session of its own: an agent that keeps a
   passphrase) goes the way of all daemons, and only the helper's group ends. */
static int wait_for(pid_t helper, const struct helper_child *child)
{
    int status = 0;
    bool ended = wait_until_ended(helper, child->milliseconds);
    kill(-helper, SIGKILL); /* before it is reaped: until then the number is its own */
    kill(helper, SIGKILL);
    while (waitpid(helper, &status, 0) < 0 && errno == EINTR)
        ;
    if (!ended || child->nobody_reaps)
        helper_end_all(END_MILLISECONDS);
    return ended ? status_of(status) : CHILD_LATE;
}

void helper_child_supervise(const struct helper_child *child)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    pid_t self = (pid_t)syscall(SYS_getpid); /* older C libraries remember the host's */
    setsid(); /* a signal for the host's group shall not end us before we have ended the helper */
    prctl(PR_SET_PDEATHSIG, HOST_ENDED);
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
    _exit(helper < 0 ? CHILD_NOT_STARTED : wait_for(helper, child));
}
