/* helper_end - ends all descendants of a supervisor.

   There is no call for "all of my descendants". But each child that is killed leaves its own
   children to us, so killing children until there are none gets them all. Who they are, /proc
   knows. */
#include "helper/helper_end.h"

#include "base/raw_directory.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif

enum { STEP_MILLISECONDS = 20, STAT_MAX = 512 };

struct descendant_search {
    int proc;    /* its directory */
    int process; /* ours, by the numbers of that /proc: another namespace's have others */
};

static int64_t now_milliseconds(void)
{
    struct timespec time = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int read_number(const char *text)
{
    int number = 0;
    for (; *text >= '0' && *text <= '9'; text++)
        number = number * 10 + (*text - '0');
    return number;
}

/* "NUMBER/NAME", for openat. */
static void put_name(char *to, int number, const char *name)
{
    char digits[12];
    size_t count = 0;
    do
        digits[count++] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    while (count > 0)
        *to++ = digits[--count];
    strcpy(to, name);
}

/* "PID (NAME) STATE PARENT ...": the name may hold anything. -1 when it is gone. */
static int parent_of(int proc, int number)
{
    char name[32], text[STAT_MAX];
    put_name(name, number, "/stat");
    int fd = openat(proc, name, O_RDONLY | O_CLOEXEC);
    ssize_t used = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;
    if (fd >= 0)
        close(fd);
    text[used > 0 ? used : 0] = '\0';
    const char *behind = strrchr(text, ')');
    return behind && strlen(behind) > 4 ? read_number(behind + 4) : -1;
}

/* By its directory in /proc, which stands for the process itself; before Linux 5.1 by its number,
   if that is a child's of ours here, too. */
static void kill_child(int proc, int number)
{
    char name[16];
    siginfo_t unused;
    put_name(name, number, "");
    int fd = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool sent = fd >= 0 && syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0) == 0;
    if (fd >= 0)
        close(fd);
    if (!sent && waitid(P_PID, (id_t)number, &unused, WEXITED | WNOHANG | WNOWAIT) == 0)
        kill(number, SIGKILL);
}

static int kill_if_child(int number, void *data)
{
    const struct descendant_search *search = data;
    if (parent_of(search->proc, number) != search->process)
        return 0;
    kill_child(search->proc, number);
    return 1;
}

static void kill_children(void)
{
    char self[16] = "";
    struct descendant_search search = {.proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (search.proc < 0)
        return;
    if (readlinkat(search.proc, "self", self, sizeof self - 1) > 0) {
        search.process = read_number(self);
        raw_directory_numbers(search.proc, kill_if_child, &search);
    }
    close(search.proc);
}

/* False: there is no child any more. */
static bool reap(void)
{
    pid_t ended;
    do
        ended = waitpid(-1, NULL, WNOHANG | __WALL);
    while (ended > 0);
    return ended == 0;
}

void helper_end_all(unsigned milliseconds)
{
    const struct timespec step = {.tv_nsec = STEP_MILLISECONDS * 1000000L};
    int64_t deadline = now_milliseconds() + milliseconds;
    sigset_t child_signal;
    sigemptyset(&child_signal);
    sigaddset(&child_signal, SIGCHLD);
    while (reap() && now_milliseconds() < deadline) {
        kill_children();
        sigtimedwait(&child_signal, NULL, &step);
    }
}
