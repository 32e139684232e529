/* client_mix - eight threads that, as often as they are told, mix what can be done with handles:
   easy and multi transfers, copies, resets, lists, ends in odd order; each judges its own answers.
   Arguments: CA A B C AH HEADER_OF_A HEADER_OF_C STEPS_OF_A_THREAD. */
#include "client.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 8, HANDLES = 4 };

struct worker {
    const struct client_setting *setting;
    const char *urls[3], *headers[3];
    long steps;
    unsigned seed;
    unsigned long transfers;
    struct curl_slist *list;
    CURL *handles[HANDLES];
    struct client_answer answers[HANDLES];
    int which[HANDLES];
};

static unsigned draw(struct worker *worker, unsigned below)
{
    worker->seed = worker->seed * 1103515245u + 12345u;
    return (worker->seed >> 16) % below;
}

static void judge(struct worker *worker, int slot)
{
    const char *expected = worker->headers[worker->which[slot]];
    const char *got = strstr(worker->answers[slot].text, "Authorization: ");

    client_check(got != NULL, "an answer that echoes");
    got += sizeof("Authorization: ") - 1;
    client_check(strncmp(got, expected, strlen(expected)) == 0 && got[strlen(expected)] == '\n',
                 "the header that belongs to this host");
    worker->transfers++;
}

/* The handle of a slot, ready for another host. */
static CURL *prepare(struct worker *worker, int slot)
{
    struct client_answer *answer = &worker->answers[slot];

    worker->which[slot] = (int)draw(worker, 3);
    answer->length = 0;
    if (!worker->handles[slot])
        worker->handles[slot] = curl_easy_init();
    client_check(worker->handles[slot] != NULL, "curl_easy_init");
    if (draw(worker, 4) == 0)
        curl_easy_reset(worker->handles[slot]);
    client_prepare(worker->handles[slot], worker->setting, worker->urls[worker->which[slot]],
                   answer);
    curl_easy_setopt(worker->handles[slot], CURLOPT_HTTPHEADER,
                     draw(worker, 2) ? worker->list : NULL);
    return worker->handles[slot];
}

static void do_easy(struct worker *worker)
{
    client_check(curl_easy_perform(prepare(worker, 0)) == CURLE_OK, "curl_easy_perform");
    judge(worker, 0);
}

static void do_multi(struct worker *worker)
{
    CURLM *multi = curl_multi_init();
    int given_up = (int)draw(worker, 6), running;

    for (int slot = 0; slot < HANDLES; slot++)
        client_check(curl_multi_add_handle(multi, prepare(worker, slot)) == CURLM_OK, "add");
    if (given_up < HANDLES) { /* it ends in the middle of its transfer */
        curl_multi_perform(multi, &running);
        if (draw(worker, 2))
            curl_multi_remove_handle(multi, worker->handles[given_up]);
        curl_easy_cleanup(worker->handles[given_up]);
        worker->handles[given_up] = NULL;
    }
    client_drive(multi);
    for (int slot = 0; slot < HANDLES; slot++) {
        if (slot == given_up)
            continue;
        judge(worker, slot);
        curl_multi_remove_handle(multi, worker->handles[slot]);
    }
    curl_multi_cleanup(multi);
}

static void do_copy(struct worker *worker)
{
    CURL *original = prepare(worker, 0), *copy = curl_easy_duphandle(original);

    client_check(copy != NULL, "curl_easy_duphandle");
    curl_easy_cleanup(original);
    worker->handles[0] = copy;
    client_check(curl_easy_perform(copy) == CURLE_OK, "curl_easy_perform of a copy");
    judge(worker, 0);
}

static void do_cleanup(struct worker *worker)
{
    int slot = (int)draw(worker, HANDLES);

    if (worker->handles[slot])
        curl_easy_cleanup(worker->handles[slot]);
    worker->handles[slot] = NULL;
}

static void *work(void *context)
{
    static void (*const steps[])(struct worker *) = {do_easy, do_easy, do_multi, do_copy,
                                                     do_cleanup};
    struct worker *worker = context;

    for (long i = 0; i < worker->steps; i++)
        steps[draw(worker, sizeof(steps) / sizeof(*steps))](worker);
    for (int slot = 0; slot < HANDLES; slot++)
        if (worker->handles[slot])
            curl_easy_cleanup(worker->handles[slot]);
    return NULL;
}

int main(int argc, char **argv)
{
    struct client_setting setting = client_setting_of(argc, argv);
    static struct worker workers[THREADS];
    struct curl_slist *list = curl_slist_append(NULL, "X-Case: mix");
    unsigned long transfers = 0;
    pthread_t threads[THREADS];

    client_check(argc == 9, "two headers and the steps");
    curl_global_init(CURL_GLOBAL_DEFAULT);
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.setting = &setting,
                                     .urls = {setting.a, setting.b, setting.c},
                                     .headers = {argv[6], "", argv[7]},
                                     .steps = strtol(argv[8], NULL, 10),
                                     .seed = i + 1,
                                     .list = list};
        client_check(!pthread_create(&threads[i], NULL, work, &workers[i]), "pthread_create");
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        transfers += workers[i].transfers;
    }
    printf("%lu transfers\n", transfers);
    curl_slist_free_all(list);
    client_setting_free(&setting);
    curl_global_cleanup();
    return 0;
}
