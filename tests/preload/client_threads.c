/* client_threads - eight threads fetch at once, by easy and multi transfers; each judges its own
   answers. Arguments: CA A B C AH HEADER_OF_A HEADER_OF_C [HEADER_OF_AH: forked children fetch it].
 */
#include "client.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 8, ROUNDS = 40 };

struct job {
    const struct client_setting *setting;
    const char *header_a, *header_c;
    unsigned number;
};

static void expect(const struct client_answer *answer, const char *header)
{
    const char *got = strstr(answer->text, "Authorization: ");

    client_check(got != NULL, "an answer that echoes");
    got += sizeof("Authorization: ") - 1;
    client_check(strncmp(got, header, strlen(header)) == 0 && got[strlen(header)] == '\n',
                 "the header that belongs to this host");
}

static void fetch_easy(const struct job *job, CURL *curl, struct client_answer *answer, int round)
{
    const char *urls[] = {job->setting->a, job->setting->b, job->setting->c};
    const char *headers[] = {job->header_a, "", job->header_c};
    unsigned which = (job->number + (unsigned)round) % 3;

    answer->length = 0;
    curl_easy_setopt(curl, CURLOPT_URL, urls[which]);
    client_check(curl_easy_perform(curl) == CURLE_OK, "curl_easy_perform");
    expect(answer, headers[which]);
}

static void fetch_multi(const struct job *job)
{
    struct client_answer answers[3] = {{.length = 0}};
    const char *urls[] = {job->setting->a, job->setting->b, job->setting->c};
    const char *headers[] = {job->header_a, "", job->header_c};
    CURLM *multi = curl_multi_init();
    CURL *handles[3];

    for (int i = 0; i < 3; i++) {
        handles[i] = client_handle(job->setting, urls[i], &answers[i]);
        curl_multi_add_handle(multi, handles[i]);
    }
    client_drive(multi);
    for (int i = 0; i < 3; i++) {
        expect(&answers[i], headers[i]);
        curl_multi_remove_handle(multi, handles[i]);
        curl_easy_cleanup(handles[i]);
    }
    curl_multi_cleanup(multi);
}

static void *work(void *context)
{
    const struct job *job = context;
    struct client_answer answer = {.length = 0};
    CURL *curl = client_handle(job->setting, NULL, &answer), *copy;

    for (int round = 0; round < ROUNDS; round++)
        fetch_easy(job, curl, &answer, round);
    fetch_multi(job);
    copy = curl_easy_duphandle(curl);
    curl_easy_cleanup(curl);
    fetch_easy(job, copy, &answer, 1);
    curl_easy_cleanup(copy);
    return NULL;
}

/* A child taken while the others are at work must not find a lock of the library held. It fetches
   over plain HTTP: the TLS library's own locks are not the question here. */
static pid_t fork_and_fetch(const struct job *job, const char *header)
{
    struct client_answer answer = {.length = 0};
    pid_t child = fork();
    CURL *curl;

    if (child != 0)
        return child;
    alarm(20);
    curl = client_handle(job->setting, job->setting->a_http, &answer);
    client_check(curl_easy_perform(curl) == CURLE_OK, "curl_easy_perform in the child");
    expect(&answer, header);
    curl_easy_cleanup(curl);
    _exit(0);
}

static void fork_children(const struct job *job, const char *header)
{
    for (int i = 0; i < 20; i++) {
        int status = 0;
        pid_t child = fork_and_fetch(job, header);

        client_check(child > 0 && waitpid(child, &status, 0) == child, "fork");
        client_check(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the forked child");
    }
}

int main(int argc, char **argv)
{
    struct client_setting setting = client_setting_of(argc, argv);
    struct client_answer answer = {.length = 0};
    pthread_t threads[THREADS];
    struct job jobs[THREADS];
    CURL *curl;

    client_check(argc >= 8, "two headers");
    curl_global_init(CURL_GLOBAL_DEFAULT);
    for (unsigned i = 0; i < THREADS; i++) {
        jobs[i] = (struct job){&setting, argv[6], argv[7], i};
        client_check(!pthread_create(&threads[i], NULL, work, &jobs[i]), "pthread_create");
    }
    curl = client_handle(&setting, NULL, &answer);
    fetch_easy(&jobs[0], curl, &answer, 0); /* the resolver is open from here on */
    if (argc > 8)
        fork_children(&jobs[0], argv[8]);
    curl_easy_cleanup(curl);
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    client_setting_free(&setting);
    curl_global_cleanup();
    return 0;
}
