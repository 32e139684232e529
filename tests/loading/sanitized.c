/* sanitized - fetches URLs and then makes a mistake for a sanitizer to find. Built with one.
   Usage: sanitized MISTAKE CA URL...     MISTAKE: none, overflow, race or shift */
#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int raced;

static void *race(void *unused)
{
    (void)unused;
    for (int i = 0; i < 100000; i++)
        raced++;
    return NULL;
}

static void make_mistake(const char *which, int count)
{
    pthread_t threads[2];
    volatile char *text = malloc(8);

    if (strcmp(which, "overflow") == 0)
        text[8] = 'x';
    free((void *)text);
    if (strcmp(which, "shift") == 0)
        printf("%d\n", 1 << (count + 40));
    if (strcmp(which, "race") != 0)
        return;
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, race, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
    for (int i = 3; i < argc; i++) {
        CURL *curl = curl_easy_init();
        curl_easy_setopt(curl, CURLOPT_URL, argv[i]);
        curl_easy_setopt(curl, CURLOPT_CAINFO, argv[2]);
        curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
        printf("%d\n", curl_easy_perform(curl));
        fflush(stdout);
        curl_easy_cleanup(curl);
    }
    make_mistake(argc > 1 ? argv[1] : "none", argc);
    return 0;
}
