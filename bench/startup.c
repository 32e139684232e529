/* startup - what our preload library adds to the start of a process, against an empty one.
   Prints, for each run, the medians of 400 starts of /bin/true with either library and their
   ratio; the runs interleave A, B, B, A so that a busy machine troubles both alike. */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

enum { STARTS = 400, RUNS = 7 };

struct samples {
    char variable[4096]; /* LD_PRELOAD=... */
    double microseconds[STARTS];
    size_t count;
};

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "startup: %s: %s\n", what, why);
    exit(2);
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void start_once(struct samples *samples)
{
    char *arguments[] = {(char[]){"/bin/true"}, NULL};
    char *environment[] = {samples->variable, NULL};
    double begin = now();
    int error, status;
    pid_t child;

    error = posix_spawn(&child, arguments[0], NULL, NULL, arguments, environment);
    if (error)
        fail("posix_spawn", strerror(error));
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            fail("waitpid", strerror(errno));
    if (status != 0)
        fail(samples->variable, "/bin/true does not start with it");
    samples->microseconds[samples->count++] = now() - begin;
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

static double median(struct samples *samples)
{
    qsort(samples->microseconds, samples->count, sizeof(double), by_size);
    return samples->microseconds[samples->count / 2];
}

static double run(struct samples *ours, struct samples *empty)
{
    double with, without;

    ours->count = empty->count = 0;
    while (ours->count < STARTS) {
        start_once(ours);
        start_once(empty);
        start_once(empty);
        start_once(ours);
    }
    with = median(ours);
    without = median(empty);
    printf("synauth %7.1f us   empty %7.1f us   ratio %.3f\n", with, without, with / without);
    return with / without;
}

static void set_library(struct samples *samples, const char *path)
{
    int length = snprintf(samples->variable, sizeof(samples->variable), "LD_PRELOAD=%s", path);

    if (length < 0 || (size_t)length >= sizeof(samples->variable))
        fail(path, "the path is too long");
}

static void print_median_run(struct samples *ours, struct samples *empty)
{
    double ratios[RUNS];

    for (int i = 0; i < RUNS; i++)
        ratios[i] = run(ours, empty);
    qsort(ratios, RUNS, sizeof(double), by_size);
    printf("ratio of the median run %.3f\n", ratios[RUNS / 2]);
}

int main(int argc, char **argv)
{
    static struct samples ours, empty;

    if (argc != 3)
        fail("usage", "startup OUR_LIBRARY EMPTY_LIBRARY");
    set_library(&ours, argv[1]);
    set_library(&empty, argv[2]);
    print_median_run(&ours, &empty);
    return 0;
}
