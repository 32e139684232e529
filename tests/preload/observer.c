/* observer - a program that prints everything it can observe of its transfers and of its own
   process; the test compares what it prints with and without the library. Arguments: CA SCENARIO
   MODE HTTP URL [OTHER_URL], MODE = easy or multi, HTTP = 1 or 2. */
#include <curl/curl.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct observer {
    const char *ca, *scenario, *mode, *url, *other_url;
    long http;
    struct curl_slist *headers, *connect_to;
    FILE *err;
    const struct curl_slist *second;
    const char *texts[2];
    curl_off_t done[2]; /* what the progress callback was told last */
};

static int is(const struct observer *observer, const char *scenario)
{
    return strcmp(observer->scenario, scenario) == 0;
}

static void print_bytes(const char *what, const char *bytes, size_t length)
{
    printf("%s %zu: ", what, length);
    for (size_t i = 0; i < length; i++)
        if (bytes[i] >= ' ' && bytes[i] < 127)
            putchar(bytes[i]);
        else
            printf("\\%02x", (unsigned char)bytes[i]);
    putchar('\n');
}

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    const struct observer *observer = context;
    print_bytes("body", data, size * count);
    return is(observer, "abort") ? 0 : size * count;
}

static size_t on_header(char *data, size_t size, size_t count, void *context)
{
    const struct observer *observer = context;
    print_bytes(observer->url ? "header" : "?", data, size * count);
    return size * count;
}

static int on_debug(CURL *curl, curl_infotype type, char *data, size_t length, void *context)
{
    static const char *const names[] = {"text", "header in", "header out", "data in", "data out"};
    const struct observer *observer = context;

    (void)curl;
    if (type <= CURLINFO_HEADER_OUT)
        print_bytes(observer->url ? names[type] : "?", data, length);
    return 0;
}

static int on_request(void *context, char *ip, char *local_ip, int port, int local_port)
{
    const struct observer *observer = context;
    printf("prereq %s %s %d %d\n", ip, local_ip, port, local_port > 0);
    return is(observer, "refuse") ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/* How often it is called is a matter of time, and whether the size is known before the first byte;
   the steps are not. The server may answer before it has the whole body. */
static int on_progress(void *context, curl_off_t total, curl_off_t now, curl_off_t up_total,
                       curl_off_t up)
{
    struct observer *observer = context;
    const curl_off_t done[2] = {now, is(observer, "post") ? 0 : up};

    if (memcmp(done, observer->done, sizeof(done)) != 0)
        printf("progress %lld of %lld, %lld of %lld\n", (long long)now, (long long)total,
               (long long)done[1], (long long)up_total);
    memcpy(observer->done, done, sizeof(done));
    return 0;
}

/* Its own list: the same nodes with the same texts? */
static void print_list(const struct observer *observer)
{
    const struct curl_slist *first = observer->headers, *second = first->next;

    printf("list %d %d %d %d\n", first->data == observer->texts[0], second == observer->second,
           second->data == observer->texts[1], second->next == NULL);
    printf("list %s, %s\n", first->data, second->data);
}

/* Times, speeds and the like differ from run to run, REQUEST_SIZE by the header itself. */
static int is_unsteady(unsigned number)
{
    static const unsigned unsteady[] = {
        CURLINFO_REQUEST_SIZE & CURLINFO_MASK,
        CURLINFO_LOCAL_PORT & CURLINFO_MASK,
        CURLINFO_SPEED_DOWNLOAD_T & CURLINFO_MASK,
        CURLINFO_SPEED_UPLOAD_T & CURLINFO_MASK,
        CURLINFO_TOTAL_TIME_T & CURLINFO_MASK,
        CURLINFO_NAMELOOKUP_TIME_T & CURLINFO_MASK,
        CURLINFO_CONNECT_TIME_T & CURLINFO_MASK,
        CURLINFO_PRETRANSFER_TIME_T & CURLINFO_MASK,
        CURLINFO_STARTTRANSFER_TIME_T & CURLINFO_MASK,
        CURLINFO_REDIRECT_TIME_T & CURLINFO_MASK,
        CURLINFO_APPCONNECT_TIME_T & CURLINFO_MASK,
        65, /* CURLINFO_QUEUE_TIME_T, from 8.6 */
        67, /* CURLINFO_POSTTRANSFER_TIME_T, from 8.10 */
    };
    for (size_t i = 0; i < sizeof(unsteady) / sizeof(*unsteady); i++)
        if (unsteady[i] == number)
            return 1;
    return 0;
}

static void print_info(CURL *curl)
{
    for (unsigned number = 1; number <= 70; number++) {
        char *text = NULL;
        long value = 0;
        curl_off_t large = 0;

        if (is_unsteady(number))
            continue;
        if ((CURLINFO_STRING | number) != CURLINFO_PRIVATE &&
            curl_easy_getinfo(curl, (CURLINFO)(CURLINFO_STRING | number), &text) == CURLE_OK)
            printf("info %u %s\n", number, text ? text : "-");
        if (curl_easy_getinfo(curl, (CURLINFO)(CURLINFO_LONG | number), &value) == CURLE_OK)
            printf("info %u %ld\n", number, value);
        if (curl_easy_getinfo(curl, (CURLINFO)(CURLINFO_OFF_T | number), &large) == CURLE_OK)
            printf("info %u %lld\n", number, (long long)large);
    }
}

static void print_other_info(CURL *curl)
{
    static const CURLINFO sizes[] = {
        (CURLINFO)(CURLINFO_DOUBLE + 7), (CURLINFO)(CURLINFO_DOUBLE + 8),
        (CURLINFO)(CURLINFO_DOUBLE + 15), (CURLINFO)(CURLINFO_DOUBLE + 16)};
    struct curl_certinfo *certificates = NULL;
    struct curl_tlssessioninfo *session = NULL;
    struct curl_slist *list = NULL;
    curl_socket_t socket = 0;

    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        double size = 0;
        curl_easy_getinfo(curl, sizes[i], &size);
        printf("info %d %.0f\n", (int)(sizes[i] & CURLINFO_MASK), size);
    }
    printf("socket %d %d\n", (int)curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket), socket);
    curl_easy_getinfo(curl, CURLINFO_TLS_SSL_PTR, &session);
    printf("session %d %d\n", session ? (int)session->backend : -1, session && session->internals);
    curl_easy_getinfo(curl, CURLINFO_CERTINFO, &certificates);
    printf("certificates %d\n", certificates ? certificates->num_of_certs : -1);
    curl_easy_getinfo(curl, CURLINFO_COOKIELIST, &list);
    for (const struct curl_slist *line = list; line; line = line->next)
        printf("cookie %s\n", line->data);
    curl_slist_free_all(list);
}

static void print_signals(void)
{
    sigset_t mask;

    sigprocmask(SIG_BLOCK, NULL, &mask);
    for (int number = 1; number < 65; number++) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) == 0)
            printf("signal %d %d %d %x\n", number, sigismember(&mask, number),
                   action.sa_handler == SIG_DFL   ? 0
                   : action.sa_handler == SIG_IGN ? 1
                                                  : 2,
                   (unsigned)action.sa_flags);
    }
}

static void print_folder(const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        char path[300], target[300] = "";
        snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && readlink(path, target, sizeof(target) - 1) > 0)
            printf("descriptor %s %.*s\n", entries[i]->d_name, (int)strcspn(target, "["), target);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

static int count_threads(void)
{
    struct dirent **entries = NULL; /* a root may have no /proc */
    int count = scandir("/proc/self/task", &entries, NULL, alphasort);

    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    return count - 2;
}

static void print_process(char **environment, unsigned variables)
{
    char folder[4096];
    mode_t mask = umask(022);
    unsigned now = 0;
    int cancel;

    umask(mask);
    while (environ[now])
        now++;
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &cancel);
    printf("umask %o, folder %s, threads %d, environment %d %d, cancel %d\n", (unsigned)mask,
           getcwd(folder, sizeof(folder)), count_threads(), environ == environment,
           now == variables, cancel);
    printf("child %d\n", waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
    print_signals();
    print_folder("/proc/self/fd");
}

#define SET(option, value)                                                                       \
    do {                                                                                         \
        errno = ENOTTY;                                                                          \
        printf("%s %d, errno %d\n", #option, (int)curl_easy_setopt(curl, option, value), errno); \
    } while (0)

static CURL *make_handle(struct observer *observer)
{
    CURL *curl = curl_easy_init();

    SET(CURLOPT_URL, observer->url);
    SET(CURLOPT_CAINFO, observer->ca);
    SET(CURLOPT_CONNECT_TO, observer->connect_to);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_HTTP_VERSION, observer->http == 2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_HTTPHEADER, observer->headers);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, observer);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, observer);
    SET(CURLOPT_XFERINFOFUNCTION, on_progress);
    SET(CURLOPT_XFERINFODATA, observer);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_PRIVATE, observer);
    SET(CURLOPT_CERTINFO, 1L);
    SET(CURLOPT_COOKIEFILE, "");
    SET(CURLOPT_PREREQFUNCTION, on_request);
    SET(CURLOPT_PREREQDATA, observer);
    SET(CURLOPT_FOLLOWLOCATION, 1L);
    if (is(observer, "verbose") || is(observer, "print")) {
        SET(CURLOPT_VERBOSE, 1L);
        SET(CURLOPT_STDERR, observer->err);
    }
    if (is(observer, "verbose")) {
        SET(CURLOPT_DEBUGFUNCTION, on_debug);
        SET(CURLOPT_DEBUGDATA, observer);
    }
    if (is(observer, "fail"))
        SET(CURLOPT_FAILONERROR, 1L);
    if (is(observer, "post"))
        SET(CURLOPT_POSTFIELDS, "what is posted");
    SET((CURLoption)9876, 1L);
    return curl;
}

static void run_easy(CURL *curl)
{
    int code;

    errno = ENOTTY;
    code = (int)curl_easy_perform(curl);
    printf("perform %d\n", code);
}

static void run_multi(CURL *curl)
{
    CURLM *multi = curl_multi_init();
    CURLMsg *message;
    int running = 1, left;

    printf("add %d", (int)curl_multi_add_handle(multi, curl));
    printf(" again %d\n", (int)curl_multi_add_handle(multi, curl));
    while (running && curl_multi_perform(multi, &running) == CURLM_OK)
        if (running)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
    while ((message = curl_multi_info_read(multi, &left)) != NULL)
        printf("message %d %d %d %d\n", (int)message->msg, message->easy_handle == curl,
               (int)message->data.result, left);
    printf("remove %d", (int)curl_multi_remove_handle(multi, curl));
    printf(" again %d", (int)curl_multi_remove_handle(multi, curl));
    printf(" end %d\n", (int)curl_multi_cleanup(multi));
}

static void fetch(struct observer *observer, CURL *curl)
{
    char *private = NULL;

    if (strcmp(observer->mode, "multi") == 0)
        run_multi(curl);
    else
        run_easy(curl);
    print_info(curl);
    print_other_info(curl);
    curl_easy_getinfo(curl, CURLINFO_PRIVATE, &private);
    printf("private %d\n", (void *)private == (void *)observer);
    print_list(observer);
}

static void fetch_copy_and_reset(struct observer *observer, CURL *curl)
{
    CURL *copy = curl_easy_duphandle(curl);

    fetch(observer, copy);
    curl_easy_reset(copy);
    printf("after reset %d\n", (int)curl_easy_perform(copy));
    print_info(copy);
    curl_easy_cleanup(copy);
}

int main(int argc, char **argv)
{
    struct observer observer = {.headers = NULL};
    char **environment = environ;
    unsigned variables = 0;
    const char *message;
    CURL *curl;

    if (argc < 6)
        return 2;
    observer = (struct observer){.ca = argv[1],
                                 .scenario = argv[2],
                                 .mode = argv[3],
                                 .http = strtol(argv[4], NULL, 10),
                                 .url = argv[5],
                                 .other_url = argc > 6 ? argv[6] : NULL,
                                 .err = stdout};
    while (environ[variables])
        variables++;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    observer.headers = curl_slist_append(curl_slist_append(NULL, "X-First: 1"), "X-Second: 2");
    observer.second = observer.headers->next;
    observer.texts[0] = observer.headers->data;
    observer.texts[1] = observer.second->data;
    observer.connect_to = curl_slist_append(NULL, "::127.0.0.1:");
    print_process(environment, variables);
    curl = make_handle(&observer);
    if (is(&observer, "dlopen"))
        dlopen("libnowhere.so.7", RTLD_NOW);
    if (is(&observer, "dlsym"))
        dlsym(RTLD_DEFAULT, "function_of_nobody");
    if (is(&observer, "dlopen-no-library") || is(&observer, "dlerror-dropped"))
        dlopen(argv[1], RTLD_NOW);
    fetch(&observer, curl);
    if (is(&observer, "dlerror-dropped"))
        dlclose(dlopen(NULL, RTLD_NOW));
    message = dlerror();
    printf("dlerror %s\n", message ? message : "-");
    message = dlerror();
    printf("dlerror %s\n", message ? message : "-");
    print_process(environment, variables);
    if (observer.other_url) {
        SET(CURLOPT_URL, observer.other_url);
        fetch(&observer, curl);
    }
    fetch_copy_and_reset(&observer, curl);
    curl_easy_cleanup(curl);
    print_process(environment, variables);
    curl_slist_free_all(observer.headers);
    curl_slist_free_all(observer.connect_to);
    curl_global_cleanup();
    return 0;
}
