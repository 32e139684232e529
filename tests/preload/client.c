/* client - what the small libcurl programs of these tests share. */
#include "client.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct client_setting client_setting_of(int argc, char **argv)
{
    struct client_setting setting;

    client_check(argc >= 6, "usage: PROGRAM CA A B C AH [ARG...]");
    setting = (struct client_setting){argv[1], argv[2], argv[3], argv[4], argv[5], NULL};
    setting.connect_to = curl_slist_append(NULL, "::127.0.0.1:");
    return setting;
}

void client_setting_free(struct client_setting *setting)
{
    curl_slist_free_all(setting->connect_to);
}

static size_t keep_answer(char *data, size_t size, size_t count, void *context)
{
    struct client_answer *answer = context;
    size_t length = size * count, room = sizeof(answer->text) - 1 - answer->length;
    size_t kept = length < room ? length : room;

    memcpy(answer->text + answer->length, data, kept);
    answer->length += kept;
    answer->text[answer->length] = '\0';
    return length;
}

void client_prepare(CURL *curl, const struct client_setting *setting, const char *url,
                    struct client_answer *answer)
{
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CAINFO, setting->ca);
    curl_easy_setopt(curl, CURLOPT_CONNECT_TO, setting->connect_to);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, (void *)answer);
}

CURL *client_handle(const struct client_setting *setting, const char *url,
                    struct client_answer *answer)
{
    CURL *curl = curl_easy_init();

    client_check(curl != NULL, "curl_easy_init");
    client_prepare(curl, setting, url, answer);
    return curl;
}

void client_drive(CURLM *multi)
{
    int running = 1;

    while (running) {
        client_check(curl_multi_perform(multi, &running) == CURLM_OK, "curl_multi_perform");
        if (running)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
}

void client_check(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "failed: %s\n", what);
    exit(1);
}
