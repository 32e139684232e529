/* helper_process - runs one of our helpers from inside a host program that must not notice.

   Between host and helper stands a supervisor: a copy of the host without an exit signal, which the
   host's SIGCHLD handling and waitpid(-1) do not see. It may not exec (the kernel would give it the
   exit signal SIGCHLD), so it starts the helper, waits, kills it at the limit, and passes its exit
   status on. The helper is never orphaned: a host that is process 1 would inherit it. */
#include "helper/helper_process.h"

#include "base/cleanup.h"
#include "base/env.h"
#include "base/paths.h"
#include "helper/helper_child.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MILLISECONDS = 100, GRACE_MILLISECONDS = 1000 };

static int64_t now_milliseconds(void)
{
    struct timespec time = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void close_cleanup(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}
#define AUTO_CLOSE __attribute__((cleanup(close_cleanup))) int

/* `directory``inside`/`program`, if it can be executed. */
static enum code_trust candidate(const char *directory, const char *inside, const char *program,
                                 uid_t own_owner, char **ret_path, char *problem)
{
    AUTO_STRING path = NULL;
    if (asprintf(&path, "%s%s/%s", directory, inside, program) < 0) {
        path = NULL;
        return CODE_ABSENT;
    }
    if (access(path, X_OK) != 0)
        return CODE_ABSENT;
    enum code_trust trust = code_trust_judge(path, own_owner, ret_path, problem, CODE_PROBLEM_MAX);
    return trust == CODE_TRUSTED && !*ret_path ? CODE_ABSENT : trust;
}

/* The first that is there decides. */
static enum code_trust find(const char *program, char **ret_path, char *problem)
{
    /* Of an installed tree that was moved (lib, lib/TRIPLET), and of the build tree. */
    static const char *const inside[] = {"/../libexec/synauth", "/../../libexec/synauth",
                                         "/../bin"};
    Dl_info info;
    enum code_trust trust = CODE_ABSENT;
    bool known = dladdr((void *)(uintptr_t)&helper_process_find, &info) && info.dli_fname &&
                 info.dli_fname[0] == '/';
    AUTO_STRING directory = known ? paths_directory(info.dli_fname) : NULL;
    bool installed = !directory || strcmp(directory, SYNAUTH_LIBDIR) == 0;
    uid_t owner = known ? code_trust_owner(info.dli_fname) : (uid_t)-1;
    for (size_t i = 0; i < sizeof inside / sizeof *inside && !installed && !trust; i++)
        trust = candidate(directory, inside[i], program, owner, ret_path, problem);
    if (trust == CODE_ABSENT)
        trust = candidate(SYNAUTH_LIBEXECDIR, "", program, owner, ret_path, problem);
    return trust;
}

enum code_trust helper_process_find(const char *program, char **ret_path, char *problem)
{
    int saved_errno = errno;
    enum code_trust trust = find(program, ret_path, problem);
    errno = saved_errno;
    return trust;
}

static bool has_name(const char *entry, const char *name)
{
    size_t length = strlen(name);
    return strncmp(entry, name, length) == 0 && entry[length] == '=';
}

/* What a helper is not to have from its host, or has from us. */
static bool is_ours(const char *entry)
{
    return has_name(entry, "LD_PRELOAD") || has_name(entry, "LD_AUDIT") ||
           has_name(entry, "SYNAUTH_DISABLE") || has_name(entry, ENV_HELPER);
}

/* The strings stay the host's. */
static char **make_environment(void)
{
    static char disable[] = "SYNAUTH_DISABLE=1", helper[] = ENV_HELPER "=1";
    size_t count = 0, used = 0;
    while (environ && environ[count])
        count++;
    char **result = calloc(count + 3, sizeof *result);
    if (!result)
        return NULL;
    for (size_t i = 0; i < count && environ[i]; i++)
        if (!is_ours(environ[i]))
            result[used++] = environ[i];
    result[used++] = disable;
    result[used] = helper;
    return result;
}

static char **make_arguments(const char *path, const char *const *arguments)
{
    size_t count = 0;
    while (arguments && arguments[count])
        count++;
    char **result = calloc(count + 2, sizeof *result);
    if (!result)
        return NULL;
    result[0] = (char *)(uintptr_t)path;
    for (size_t i = 0; i < count; i++)
        result[i + 1] = (char *)(uintptr_t)arguments[i];
    return result;
}

/* A pipe that holds the input already: writing later could block, or raise SIGPIPE. */
static int open_input(const struct secret *input)
{
    int ends[2];
    size_t length = secret_length(input);
    if (length == 0)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (length > HELPER_INPUT_MAX || pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return -1;
    ssize_t written = write(ends[1], secret_bytes(input), length);
    close(ends[1]);
    int flags = fcntl(ends[0], F_GETFL);
    if (written == (ssize_t)length && flags >= 0 &&
        fcntl(ends[0], F_SETFL, flags & ~O_NONBLOCK) == 0)
        return ends[0];
    close(ends[0]);
    return -1;
}

/* The machine's own namespace of processes, whose number the kernel has fixed. */
static bool has_real_init(void)
{
    static const char initial[] = "pid:[4026531836]";
    char found[sizeof initial + 1];
    ssize_t length = readlink("/proc/self/ns/pid", found, sizeof found);
    return length == (ssize_t)sizeof initial - 1 && memcmp(found, initial, sizeof initial - 1) == 0;
}

/* Would whatever its descendants orphan fall to the host, or to the first process of a container,
   which seldom reaps what it does not know? */
static bool nobody_reaps(void)
{
    int subreaper = 0;
    return getpid() == 1 || (prctl(PR_GET_CHILD_SUBREAPER, &subreaper) == 0 && subreaper != 0) ||
           !has_real_init();
}

/* The supervisor's process id, or -1. */
static pid_t start(struct helper_child *child)
{
    sigset_t all;
    sigfillset(&all);
    /* The calling thread's alone (see log.c). */
    if (sigprocmask(SIG_BLOCK, &all, &child->host_mask) != 0)
        return -1;
    /* As fork, without an exit signal and without the handlers of pthread_atfork. */
    pid_t pid = (pid_t)syscall(SYS_clone, 0L, 0L, 0L, 0L, 0L);
    if (pid == 0)
        helper_child_supervise(child);
    sigprocmask(SIG_SETMASK, &child->host_mask, NULL);
    return pid;
}

/* What is known of the supervisor. */
struct supervisor {
    pid_t pid;
    bool gone;
    int status; /* -1: the host has reaped it, nobody knows */
};

static void reap(struct supervisor *supervisor, int flags)
{
    int status = 0;
    pid_t pid;
    do
        pid = waitpid(supervisor->pid, &status, __WALL | flags);
    while (pid < 0 && errno == EINTR);
    if (pid == 0)
        return;
    supervisor->gone = true;
    supervisor->status = pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : CHILD_KILLED;
    if (pid < 0)
        supervisor->status = -1;
}

/* Reads until the helper is done. Another thread may have forked while the pipe was open, and its
   child holds the other end: so the supervisor is looked at, too. */
static size_t read_output(int fd, struct supervisor *supervisor, int64_t deadline, char *buffer,
                          size_t size)
{
    size_t used = 0;
    while (used < size && now_milliseconds() < deadline) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        bool was_gone = supervisor->gone;
        int count = poll(&ready, 1, was_gone ? 0 : LOOK_MILLISECONDS);
        ssize_t got = count > 0 ? read(fd, buffer + used, size - used) : -1;
        if (got > 0)
            used += (size_t)got;
        if (got == 0 || (got < 0 && was_gone))
            break;
        if (got < 0 && count == 0)
            reap(supervisor, WNOHANG);
    }
    return used;
}

static enum helper_end judge(const struct supervisor *supervisor, size_t used, int *ret_status)
{
    int status = supervisor->status == -1 ? 0 : supervisor->status;
    if (status == CHILD_LATE)
        return HELPER_LATE;
    if (status >= CHILD_FIRST || used > HELPER_OUTPUT_MAX)
        return HELPER_BROKEN;
    *ret_status = status;
    return HELPER_ENDED;
}

static enum helper_end supervise(struct helper_child *child, int fd, struct secret **ret_output,
                                 int *ret_status)
{
    AUTO_SECRET room = secret_alloc(HELPER_OUTPUT_MAX + 1);
    int64_t deadline = now_milliseconds() + child->milliseconds + GRACE_MILLISECONDS;
    struct supervisor supervisor = {.pid = room ? start(child) : -1};
    if (supervisor.pid <= 0)
        return HELPER_BROKEN;
    close(child->output);
    child->output = -1;
    size_t used =
        read_output(fd, &supervisor, deadline, secret_buffer(room), HELPER_OUTPUT_MAX + 1);
    while (!supervisor.gone && now_milliseconds() < deadline) {
        const struct timespec pause = {.tv_nsec = 500000};
        reap(&supervisor, WNOHANG);
        if (!supervisor.gone)
            nanosleep(&pause, NULL);
    }
    if (!supervisor.gone) {
        kill(supervisor.pid, SIGKILL); /* its own death takes the helper with it */
        reap(&supervisor, 0);
        supervisor.status = CHILD_LATE;
    }
    enum helper_end end = judge(&supervisor, used, ret_status);
    if (end == HELPER_ENDED)
        *ret_output = secret_slice(room, 0, used);
    return end == HELPER_ENDED && !*ret_output ? HELPER_BROKEN : end;
}

static enum helper_end run_found(const char *path, const struct helper_run *run,
                                 struct secret **ret_output, int *ret_status)
{
    int ends[2];
    char **arguments = make_arguments(path, run->arguments), **environment = make_environment();
    AUTO_CLOSE input = open_input(run->input);
    AUTO_CLOSE null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    enum helper_end end = HELPER_BROKEN;
    if (arguments && environment && input >= 0 && null >= 0 && pipe2(ends, O_CLOEXEC) == 0) {
        struct helper_child child = {.path = path,
                                     .arguments = arguments,
                                     .environment = environment,
                                     .input = input,
                                     .output = ends[1],
                                     .null = null,
                                     .milliseconds = run->milliseconds,
                                     .nobody_reaps = nobody_reaps()};
        end = supervise(&child, ends[0], ret_output, ret_status);
        close(ends[0]);
        if (child.output >= 0)
            close(child.output);
    }
    free(arguments);
    free(environment);
    return end;
}

enum helper_end helper_process_run(const struct helper_run *run, struct secret **ret_output,
                                   int *ret_status)
{
    int saved_errno = errno, cancel_state;
    AUTO_STRING path = NULL;
    char problem[CODE_PROBLEM_MAX] = "";
    enum code_trust trust = helper_process_find(run->program, &path, problem);
    if (trust == CODE_REFUSED && run->problem)
        memcpy(run->problem, problem, sizeof problem);
    if (trust != CODE_TRUSTED)
        return trust == CODE_REFUSED ? HELPER_REFUSED : HELPER_MISSING;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    enum helper_end end = run_found(path, run, ret_output, ret_status);
    pthread_setcancelstate(cancel_state, NULL);
    errno = saved_errno;
    return end;
}
