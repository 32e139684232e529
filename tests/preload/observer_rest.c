/* observer_rest - a program that prints what libcurl answers to odd questions and calls, and what a
   process keeps for itself across a transfer. Arguments: CA SCENARIO MODE HTTP URL; MODE says how
   to fetch: easy, or multi with select, or (HTTP 1 only) one connection for several handles. */
#include <curl/curl.h>
#include <dlfcn.h>
#include <fenv.h>
#include <locale.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#pragma weak curl_easy_nextheader /* libcurl before 7.83 has none */

#define HANDLES 4
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

struct setting {
    const char *ca, *scenario, *mode, *url;
    long http;
    struct curl_slist *connect_to;
};

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    printf("body %d: %.*s", *(const int *)context, (int)(size * count), data);
    return size * count;
}

static CURL *make_handle(const struct setting *setting, int *number, char *error)
{
    CURL *curl = curl_easy_init();

    curl_easy_setopt(curl, CURLOPT_URL, setting->url);
    curl_easy_setopt(curl, CURLOPT_CAINFO, setting->ca);
    curl_easy_setopt(curl, CURLOPT_CONNECT_TO, setting->connect_to);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION,
                     setting->http == 2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, number);
    curl_easy_setopt(curl, CURLOPT_PRIVATE, number);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
    return curl;
}

static void print_libcurl(void)
{
    const curl_version_info_data *version = curl_version_info(CURLVERSION_NOW);
    const struct curl_easyoption *option = NULL;

    printf("%s, %s, %x\n", curl_version(), version->version, (unsigned)version->features);
    for (int code = 0; code < 110; code++)
        printf("%d %s, %s\n", code, curl_easy_strerror((CURLcode)code),
               curl_multi_strerror((CURLMcode)code));
    while ((option = curl_easy_option_next(option)) != NULL)
        printf("option %s %d %d %d, %d %d\n", option->name, (int)option->id, (int)option->type,
               (int)option->flags, curl_easy_option_by_name(option->name) == option,
               curl_easy_option_by_id(option->id) != NULL);
}

static void print_refused_handles(CURL *curl)
{
    CURLM *multi = curl_multi_init();

    printf("easy %d", (int)curl_easy_setopt(NULL, CURLOPT_URL, "https://x/"));
    printf(" %d", (int)curl_easy_setopt(NULL, CURLOPT_HTTPHEADER, NULL));
    printf(" %d", (int)curl_easy_perform(NULL));
    printf(" %d\n", (int)curl_easy_upkeep(NULL));
    curl_easy_cleanup(NULL);
    printf("add %d", (int)curl_multi_add_handle(NULL, NULL));
    printf(" %d", (int)curl_multi_add_handle(NULL, curl));
    printf(" %d\n", (int)curl_multi_add_handle(multi, NULL));
    printf("remove %d", (int)curl_multi_remove_handle(NULL, NULL));
    printf(" %d", (int)curl_multi_remove_handle(multi, NULL));
    printf(" %d\n", (int)curl_multi_remove_handle(multi, curl));
    printf("multi %d", (int)curl_multi_setopt(NULL, CURLMOPT_PUSHFUNCTION, NULL));
    printf(" %d", (int)curl_multi_setopt(multi, CURLMOPT_PUSHFUNCTION, NULL));
    printf(" %d", (int)curl_multi_setopt(multi, CURLMOPT_PUSHDATA, multi));
    printf(" %d", (int)curl_multi_setopt(multi, (CURLMoption)9876, 1L));
    printf(" %d", (int)curl_multi_setopt(multi, (CURLMoption)29876, NULL));
    printf(" %d %d\n", (int)curl_multi_cleanup(NULL), (int)curl_multi_cleanup(multi));
}

/* Of each type one that does not exist, and values that are out of range. */
static void print_refused_options(CURL *curl)
{
    static const long numbers[] = {0, 9876, -1};
    static const int objects[] = {19876, 29876, 49876};
    static const struct {
        CURLoption option;
        long value;
    } wrong[] = {
        {CURLOPT_PORT, 70000},          {CURLOPT_PORT, -1},      {CURLOPT_SSL_VERIFYHOST, 7},
        {CURLOPT_HTTP_VERSION, 99},     {CURLOPT_NETRC, 9},      {CURLOPT_TIMEOUT, -5},
        {CURLOPT_UNRESTRICTED_AUTH, 5}, {CURLOPT_BUFFERSIZE, 0}, {CURLOPT_MAXREDIRS, -9}};

    for (size_t i = 0; i < COUNT(numbers); i++)
        printf("long %d\n", (int)curl_easy_setopt(curl, (CURLoption)numbers[i], 1L));
    for (size_t i = 0; i < COUNT(objects); i++)
        printf("object %d\n", (int)curl_easy_setopt(curl, (CURLoption)objects[i], NULL));
    printf("offset %d\n", (int)curl_easy_setopt(curl, (CURLoption)39876, (curl_off_t)1));
    for (size_t i = 0; i < COUNT(wrong); i++)
        printf("value %d\n", (int)curl_easy_setopt(curl, wrong[i].option, wrong[i].value));
    printf("stderr %d\n", (int)curl_easy_setopt(curl, CURLOPT_STDERR, NULL));
    printf("no url %d, list %d\n", (int)curl_easy_setopt(curl, CURLOPT_URL, NULL),
           (int)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL));
}

static void fetch_by_select(CURL *curl)
{
    CURLM *multi = curl_multi_init();
    CURLMsg *message;
    int running = 1, left;

    curl_multi_add_handle(multi, curl);
    printf("wake %d\n", (int)curl_multi_wakeup(multi));
    while (running && curl_multi_perform(multi, &running) == CURLM_OK) {
        struct timeval second = {.tv_usec = 20000};
        fd_set in, out, odd;
        int highest = -1;
        FD_ZERO(&in);
        FD_ZERO(&out);
        FD_ZERO(&odd);
        curl_multi_fdset(multi, &in, &out, &odd, &highest);
        if (running)
            select(highest + 1, &in, &out, &odd, &second);
    }
    while ((message = curl_multi_info_read(multi, &left)) != NULL)
        printf("message %d %d\n", (int)message->data.result, left);
    curl_multi_remove_handle(multi, curl);
    curl_multi_cleanup(multi);
}

static void print_headers(CURL *curl)
{
#if CURL_AT_LEAST_VERSION(7, 84, 0)
    struct curl_header *header = NULL;

    if (!curl_easy_nextheader)
        return;
    while ((header = curl_easy_nextheader(curl, CURLH_HEADER, -1, header)) != NULL)
        if (strcasecmp(header->name, "date") != 0)
            printf("%s %s %zu of %zu\n", header->name, header->value, header->index,
                   header->amount);
#else
    (void)curl;
#endif
}

static void fetch(const struct setting *setting, CURL *curl)
{
    if (strcmp(setting->mode, "multi") == 0)
        fetch_by_select(curl);
    else
        printf("perform %d\n", (int)curl_easy_perform(curl));
    print_headers(curl);
}

static size_t on_count(char *data, size_t size, size_t count, void *context)
{
    (void)data;
    *(int *)context += (int)(size * count);
    return size * count;
}

/* Several handles that share one connection; which of them comes when is up to libcurl. */
static void fetch_in_a_row(const struct setting *setting)
{
    int sizes[HANDLES] = {0}, results[HANDLES], running = 1, left;
    CURL *handles[HANDLES];
    CURLM *multi = curl_multi_init();
    CURLMsg *message;

    curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 1L);
    for (int i = 0; i < HANDLES; i++) {
        results[i] = -1;
        handles[i] = make_handle(setting, &sizes[i], NULL);
        curl_easy_setopt(handles[i], CURLOPT_WRITEFUNCTION, on_count);
        curl_multi_add_handle(multi, handles[i]);
    }
    while (running && curl_multi_perform(multi, &running) == CURLM_OK)
        curl_multi_wait(multi, NULL, 0, 20, NULL);
    while ((message = curl_multi_info_read(multi, &left)) != NULL)
        for (int i = 0; i < HANDLES; i++)
            if (message->easy_handle == handles[i])
                results[i] = (int)message->data.result;
    for (int i = 0; i < HANDLES; i++) {
        printf("one of several %d, %d\n", results[i], sizes[i]);
        curl_multi_remove_handle(multi, handles[i]);
        curl_easy_cleanup(handles[i]);
    }
    curl_multi_cleanup(multi);
}

/* What a library could spoil in passing. */
static void print_process(char *words, const struct passwd *user)
{
    static const char *const names[] = {"synauth_open", "config_init", "cJSON_Parse", "log_write"};
    const char *word = strtok(words, " ");
    struct rlimit files;

    getrlimit(RLIMIT_NOFILE, &files);
    printf("word %s, user %s, locale %s, zone %s, round %d, raised %d, alarm %d, files %lu\n",
           word ? word : "-", user ? user->pw_name : "-", setlocale(LC_ALL, NULL), tzname[0],
           fegetround(), fetestexcept(FE_DIVBYZERO), alarm(1000) > 0,
           (unsigned long)files.rlim_cur);
    printf("random %d %ld\n", rand(), random());
    for (size_t i = 0; i < COUNT(names); i++)
        printf("%s %d\n", names[i], dlsym(RTLD_DEFAULT, names[i]) != NULL);
    (void)dlerror();
}

static void run_plain(const struct setting *setting)
{
    char words[] = "one two three", error[CURL_ERROR_SIZE] = "";
    const struct passwd *user = getpwuid(0);
    int number = 0;
    CURL *curl = make_handle(setting, &number, error);

    feclearexcept(FE_ALL_EXCEPT);
    srand(7), srandom(7);
    print_process(words, user);
    fetch(setting, curl);
    print_process(NULL, user);
    for (number = 1; number < 20; number++) {
        curl_easy_cleanup(curl); /* the next one may have its address */
        curl = make_handle(setting, &number, error);
        printf("again %d\n", (int)curl_easy_perform(curl));
    }
    print_refused_handles(curl);
    print_refused_options(curl);
    printf("nothing %d: %s\n", (int)curl_easy_perform(curl), error);
    curl_easy_cleanup(curl);
    if (setting->http == 1)
        fetch_in_a_row(setting);
    print_libcurl();
}

static void wait_for_answer(CURL *curl)
{
    struct pollfd ready = {.events = POLLIN};
    curl_socket_t socket = CURL_SOCKET_BAD;

    curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket);
    ready.fd = socket;
    if (poll(&ready, 1, 60000) != 1)
        abort();
}

/* The program speaks HTTP itself; libcurl only connects. */
static void run_connect_only(const struct setting *setting)
{
    static const char request[] = "GET /git/file HTTP/1.0\r\nHost: synapse.test\r\n\r\n";
    char error[CURL_ERROR_SIZE] = "", answer[1000];
    size_t count = 0, length = 0;
    int number = 0;
    CURL *curl = make_handle(setting, &number, error);
    CURLcode code = CURLE_AGAIN;

    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    printf("connect %d\n", (int)curl_easy_perform(curl));
    printf("upkeep %d\n", (int)curl_easy_upkeep(curl));
    printf("send %d", (int)curl_easy_send(curl, request, sizeof(request) - 1, &count));
    printf(" %zu\n", count);
    while (length < sizeof(answer)) {
        code = curl_easy_recv(curl, answer + length, sizeof(answer) - length, &count);
        if (code == CURLE_AGAIN)
            wait_for_answer(curl);
        else if (code != CURLE_OK || count == 0)
            break;
        else
            length += count;
    }
    printf("received %d: %.*s\n", (int)code, 15, answer);
    printf("error: %s\n", error);
    curl_easy_cleanup(curl);
}

int main(int argc, char **argv)
{
    struct setting setting;

    if (argc != 6)
        return 2;
    setting = (struct setting){.ca = argv[1],
                               .scenario = argv[2],
                               .mode = argv[3],
                               .http = strtol(argv[4], NULL, 10),
                               .url = argv[5],
                               .connect_to = curl_slist_append(NULL, "::127.0.0.1:")};
    setlocale(LC_ALL, "");
    tzset();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (strcmp(setting.scenario, "connect-only") == 0)
        run_connect_only(&setting);
    else
        run_plain(&setting);
    curl_slist_free_all(setting.connect_to);
    curl_global_cleanup();
    return 0;
}
