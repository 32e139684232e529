/* requests - kept-alive requests by a program that knows nothing of synauth:
   `requests [-p] CA URL THREADS COUNT [HEADER]` makes COUNT requests in each thread, with a header
   of its own if one is given, and prints how many it made in a second and the processor time of
   one. -p: patiently, so that each request takes the same steps. */
#include <curl/curl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { WARM_UP = 20, THREADS_MAX = 64 };

struct job {
    const char *ca, *url;
    struct curl_slist *headers;
    unsigned long count;
    pthread_barrier_t *start;
};

static int patient;
static _Thread_local int is_unanswered;

/* This and the next stand in front of libc's: whoever looks for an answer waits until it is there,
   and how often libcurl looks does not depend on the server's haste. */
__attribute__((visibility("default"))) ssize_t send(int fd, const void *bytes, size_t length,
                                                    int flags)
{
    is_unanswered = patient;
    return sendto(fd, bytes, length, flags, NULL, 0);
}

__attribute__((visibility("default"))) int poll(struct pollfd *fds, nfds_t count, int milliseconds)
{
    /* Some of what HTTP/2 sends at the beginning has no answer. */
    int least = is_unanswered ? 1000 : milliseconds;
    struct timespec wait = {least / 1000, least % 1000 * 1000000};
    int found = ppoll(fds, count, least < 0 ? NULL : &wait, NULL);

    is_unanswered &= found > 0;
    for (nfds_t i = 0; i < count; i++)
        is_unanswered &= !(fds[i].revents & POLLIN);
    return found;
}

static void check(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "requests: %s\n", what);
    exit(2);
}

static double now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static size_t ignore(char *data, size_t size, size_t count, void *context)
{
    (void)data, (void)context;
    return size * count;
}

static void fetch(CURL *curl, unsigned long count)
{
    for (unsigned long i = 0; i < count; i++)
        check(curl_easy_perform(curl) == CURLE_OK, "curl_easy_perform");
}

/* callgrind counts between the beginning and the end of this function. */
void measured(CURL *curl, unsigned long count);
__attribute__((noinline)) void measured(CURL *curl, unsigned long count)
{
    fetch(curl, count);
}

static void *work(void *context)
{
    const struct job *job = context;
    CURL *curl = curl_easy_init();
    long status = 0;

    check(curl != NULL, "curl_easy_init");
    curl_easy_setopt(curl, CURLOPT_URL, job->url);
    curl_easy_setopt(curl, CURLOPT_CAINFO, job->ca);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, job->headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
    fetch(curl, WARM_UP);
    pthread_barrier_wait(job->start);
    measured(curl, job->count);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    check(status == 200, "the server did not answer with 200");
    curl_easy_cleanup(curl);
    return NULL;
}

static void run(struct job *job, unsigned threads)
{
    pthread_t ids[THREADS_MAX];
    pthread_barrier_t barrier;
    double wall, processor, requests = (double)threads * (double)job->count;

    pthread_barrier_init(&barrier, NULL, threads + 1);
    job->start = &barrier;
    for (unsigned i = 0; i < threads; i++)
        check(!pthread_create(&ids[i], NULL, work, job), "pthread_create");
    pthread_barrier_wait(&barrier);
    wall = now(CLOCK_MONOTONIC);
    processor = now(CLOCK_PROCESS_CPUTIME_ID);
    for (unsigned i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    processor = now(CLOCK_PROCESS_CPUTIME_ID) - processor;
    wall = now(CLOCK_MONOTONIC) - wall;
    pthread_barrier_destroy(&barrier);
    printf("%.1f requests/s, %.3f us of processor time each\n", requests / wall,
           processor / requests * 1e6);
}

int main(int argc, char **argv)
{
    struct job job = {.headers = NULL};
    unsigned long threads;

    if (argc > 1 && strcmp(argv[1], "-p") == 0) {
        patient = 1;
        argc--;
        argv++;
    }
    check(argc == 5 || argc == 6, "usage: requests [-p] CA URL THREADS COUNT [HEADER]");
    threads = strtoul(argv[3], NULL, 10);
    check(threads > 0 && threads <= THREADS_MAX, "1 to 64 threads");
    job.ca = argv[1];
    job.url = argv[2];
    job.count = strtoul(argv[4], NULL, 10);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (argc == 6)
        job.headers = curl_slist_append(NULL, argv[5]);
    run(&job, (unsigned)threads);
    curl_slist_free_all(job.headers);
    curl_global_cleanup();
    return 0;
}
