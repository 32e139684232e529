/* large_options - sets options of 64 bits to what does not fit into 32, and prints what libcurl
   makes of them: by calls that are linked and by ones that are looked up on a handle. */
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#undef curl_easy_setopt
#undef curl_multi_setopt

typedef CURLcode easy_setter(CURL *, CURLoption, ...);

#define GIB ((curl_off_t)1 << 30)
#define FOUR_GIB_AND_ONE (4 * GIB + 1) /* cut to 32 bits, this is 1 */

static int note(CURL *curl, curl_infotype type, char *text, size_t size, void *data)
{
    (void)curl, (void)data;
    if (type == CURLINFO_HEADER_OUT)
        printf("%.*s", (int)size, text);
    return 0;
}

static size_t swallow(char *text, size_t size, size_t count, void *data)
{
    (void)text;
    *(size_t *)data += size * count;
    return size * count;
}

static size_t no_data(char *text, size_t size, size_t count, void *data)
{
    (void)text, (void)size, (void)count, (void)data;
    return CURL_READFUNC_ABORT;
}

struct client {
    const char *authority, *url;
    easy_setter *set;
    size_t received;
};

/* Pointers before and behind the option: whoever passes on half of it, or too much, loses them. */
static CURL *begin(struct client *client, CURLoption option, curl_off_t value)
{
    CURL *curl = curl_easy_init();
    client->received = 0;
    client->set(curl, CURLOPT_CAINFO, client->authority);
    client->set(curl, CURLOPT_WRITEFUNCTION, swallow);
    printf("option %d\n", client->set(curl, option, value));
    client->set(curl, CURLOPT_WRITEDATA, &client->received);
    client->set(curl, CURLOPT_URL, client->url);
    client->set(curl, CURLOPT_DEBUGFUNCTION, note);
    client->set(curl, CURLOPT_VERBOSE, 1L);
    client->set(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    client->set(curl, CURLOPT_TIMEOUT, 20L);
    return curl;
}

static void finish(const struct client *client, CURL *curl)
{
    long status = 0;
    CURLcode result = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    printf("result %d status %ld received %zu\n", result, status, client->received);
    curl_easy_cleanup(curl);
}

static void run(struct client *client)
{
    static const CURLoption limits[] = {CURLOPT_MAXFILESIZE_LARGE, CURLOPT_MAX_RECV_SPEED_LARGE};
    CURL *curl = begin(client, CURLOPT_RESUME_FROM_LARGE, 5 * GIB);
    finish(client, curl);

    curl = begin(client, CURLOPT_INFILESIZE_LARGE, 6 * GIB);
    client->set(curl, CURLOPT_UPLOAD, 1L);
    client->set(curl, CURLOPT_READFUNCTION, no_data);
    finish(client, curl);

    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        curl = begin(client, limits[i], FOUR_GIB_AND_ONE);
        finish(client, curl);
    }
    curl = begin(client, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)1);
    finish(client, curl);
}

static void run_multi(const struct client *client)
{
    CURLM *multi = curl_multi_init();
    int value = 0;
    printf("multi %d", curl_multi_setopt(multi, CURLMOPT_PUSHDATA, client));
    printf(" %d", curl_multi_setopt(multi, CURLMOPT_CHUNK_LENGTH_PENALTY_SIZE, FOUR_GIB_AND_ONE));
    printf(" %d", curl_multi_setopt(multi, CURLMOPT_PUSHFUNCTION, NULL));
    printf(" %d\n", curl_multi_perform(multi, &value));
    curl_multi_cleanup(multi);
}

int main(int argc, char **argv)
{
    struct client client = {.set = curl_easy_setopt};
    void *library = dlopen("libcurl.so.4", RTLD_NOW);
    void *address = library ? dlsym(library, "curl_easy_setopt") : NULL;
    if (argc != 3 || !address)
        return 2;
    client.authority = argv[1];
    client.url = argv[2];
    run(&client);
    memcpy(&client.set, &address, sizeof client.set);
    run(&client);
    run_multi(&client);
    return 0;
}
