/* observer_calls - a program that prints every call that libcurl makes to it, callbacks of all
   kinds and pauses among them. Arguments: CA SCENARIO MODE HTTP URL, MODE = easy or multi, HTTP = 1
   or 2. It reads and posts a body of its own by callbacks in the scenario "upload". */
#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BODY "what is posted by a callback\n"

struct calls {
    const char *scenario, *mode, *url, *ca;
    long http;
    CURL *curl;
    struct curl_slist *headers, *other_headers, *connect_to;
    size_t read;
    int paused, session_locks;
    char error[CURL_ERROR_SIZE];
    struct pollfd sockets[8];
    long timeout;
};

static int is(const struct calls *calls, const char *scenario)
{
    return strcmp(calls->scenario, scenario) == 0;
}

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct calls *calls = context;

    if (is(calls, "pause") && !calls->paused++) {
        printf("body pauses\n");
        return CURL_WRITEFUNC_PAUSE;
    }
    printf("body %.*s\n", (int)(size * count), data);
    if (is(calls, "recursion")) {
        printf("perform %d", (int)curl_easy_perform(calls->curl));
        printf(" add %d\n", (int)curl_multi_add_handle(NULL, calls->curl));
    }
    return size * count;
}

/* Options set in the middle of a transfer: another list for the requests from here on. */
static size_t on_header(char *data, size_t size, size_t count, void *context)
{
    struct calls *calls = context;
    char *url = NULL;
    long status = 0;

    curl_easy_getinfo(calls->curl, CURLINFO_EFFECTIVE_URL, &url);
    curl_easy_getinfo(calls->curl, CURLINFO_RESPONSE_CODE, &status);
    printf("header of %s %ld\n", url, status);
    if (is(calls, "change") && size * count == 2)
        printf("list %d cookie %d verbose %d\n",
               (int)curl_easy_setopt(calls->curl, CURLOPT_HTTPHEADER, calls->other_headers),
               (int)curl_easy_setopt(calls->curl, CURLOPT_COOKIE, "taste=sweet"),
               (int)curl_easy_setopt(calls->curl, CURLOPT_VERBOSE, 0L));
    (void)data;
    return size * count;
}

static size_t on_read(char *buffer, size_t size, size_t count, void *context)
{
    struct calls *calls = context;
    size_t length = sizeof(BODY) - 1 - calls->read;

    if (length > size * count)
        length = size * count;
    memcpy(buffer, &BODY[calls->read], length);
    calls->read += length;
    printf("read %zu\n", length);
    return length;
}

static int on_seek(void *context, curl_off_t offset, int origin)
{
    struct calls *calls = context;

    printf("seek %lld %d\n", (long long)offset, origin);
    calls->read = (size_t)offset;
    return CURL_SEEKFUNC_OK;
}

static int on_trailer(struct curl_slist **list, void *context)
{
    printf("trailer %d\n", context != NULL);
    *list = curl_slist_append(NULL, "X-Trailer: 1");
    return CURL_TRAILERFUNC_OK;
}

static curl_socket_t on_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    int descriptor = socket(address->family, address->socktype, address->protocol);

    printf("open %d: %d %d %d %d\n", descriptor, (int)purpose, address->family, address->socktype,
           context != NULL);
    return descriptor;
}

static int on_close(void *context, curl_socket_t descriptor)
{
    printf("close %d %d\n", descriptor, context != NULL);
    return close(descriptor);
}

static int on_sockopt(void *context, curl_socket_t descriptor, curlsocktype purpose)
{
    printf("sockopt %d %d %d\n", descriptor, (int)purpose, context != NULL);
    return CURL_SOCKOPT_OK;
}

static int on_resolver(void *resolver, void *reserved, void *context)
{
    printf("resolver %d %d\n", reserved == NULL, context != NULL);
    (void)resolver;
    return 0;
}

static CURLcode on_tls_context(CURL *curl, void *tls_context, void *context)
{
    const struct calls *calls = context;
    printf("tls %d %d\n", curl == calls->curl, tls_context != NULL);
    return CURLE_OK;
}

static CURLSTScode on_hsts_read(CURL *curl, struct curl_hstsentry *entry, void *context)
{
    const struct calls *calls = context;
    (void)entry;
    printf("hsts read %d\n", curl == calls->curl);
    return CURLSTS_DONE;
}

static CURLSTScode on_hsts_write(CURL *curl, struct curl_hstsentry *entry, struct curl_index *index,
                                 void *context)
{
    printf("hsts write %s %d %zu %d\n", entry->name, curl != NULL, index->total, context != NULL);
    return CURLSTS_OK;
}

static int on_prereq(void *context, char *ip, char *local_ip, int port, int local_port)
{
    struct calls *calls = context;

    (void)ip, (void)local_ip, (void)port, (void)local_port;
    printf("prereq");
    if (is(calls, "change"))
        printf(" list %d again %d data %d",
               (int)curl_easy_setopt(calls->curl, CURLOPT_HTTPHEADER, calls->headers),
               (int)curl_easy_setopt(calls->curl, CURLOPT_PREREQFUNCTION, on_prereq),
               (int)curl_easy_setopt(calls->curl, CURLOPT_PREREQDATA, calls));
    putchar('\n');
    return CURL_PREREQFUNC_OK;
}

static int on_progress(void *context, curl_off_t total, curl_off_t now, curl_off_t up_total,
                       curl_off_t up)
{
    struct calls *calls = context;

    (void)total, (void)now, (void)up_total, (void)up;
    if (calls->paused == 1) {
        calls->paused++;
        printf("goes on %d\n", (int)curl_easy_pause(calls->curl, CURLPAUSE_CONT));
    }
    return 0;
}

/* The server's tickets come when they come: those are counted. */
static void on_lock(CURL *curl, curl_lock_data data, curl_lock_access access, void *context)
{
    struct calls *calls = context;

    calls->session_locks += data == CURL_LOCK_DATA_SSL_SESSION;
    if (data != CURL_LOCK_DATA_SSL_SESSION)
        printf("lock %d %d %d\n", (int)data, (int)access, curl == calls->curl);
}

static void on_unlock(CURL *curl, curl_lock_data data, void *context)
{
    struct calls *calls = context;

    calls->session_locks += data == CURL_LOCK_DATA_SSL_SESSION;
    if (data != CURL_LOCK_DATA_SSL_SESSION)
        printf("unlock %d %d\n", (int)data, curl == calls->curl);
}

static CURLSH *make_share(struct calls *calls)
{
    static const int shared[] = {CURL_LOCK_DATA_COOKIE, CURL_LOCK_DATA_DNS, CURL_LOCK_DATA_PSL,
                                 CURL_LOCK_DATA_SSL_SESSION, CURL_LOCK_DATA_HSTS};
    CURLSH *share = curl_share_init();

    curl_share_setopt(share, CURLSHOPT_LOCKFUNC, on_lock);
    curl_share_setopt(share, CURLSHOPT_UNLOCKFUNC, on_unlock);
    curl_share_setopt(share, CURLSHOPT_USERDATA, calls);
    for (size_t i = 0; i < sizeof(shared) / sizeof(*shared); i++)
        printf("share %d\n", (int)curl_share_setopt(share, CURLSHOPT_SHARE, shared[i]));
    return share;
}

#define SET(option, value)                                                                       \
    do {                                                                                         \
        errno = ENOTTY;                                                                          \
        printf("%s %d, errno %d\n", #option, (int)curl_easy_setopt(curl, option, value), errno); \
    } while (0)

static void set_callbacks(struct calls *calls, CURL *curl)
{
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, calls);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, calls);
    SET(CURLOPT_OPENSOCKETFUNCTION, on_open);
    SET(CURLOPT_OPENSOCKETDATA, calls);
    SET(CURLOPT_CLOSESOCKETFUNCTION, on_close);
    SET(CURLOPT_CLOSESOCKETDATA, calls);
    SET(CURLOPT_SOCKOPTFUNCTION, on_sockopt);
    SET(CURLOPT_SOCKOPTDATA, calls);
    SET(CURLOPT_RESOLVER_START_FUNCTION, on_resolver);
    SET(CURLOPT_RESOLVER_START_DATA, calls);
    SET(CURLOPT_HSTS_CTRL, (long)CURLHSTS_ENABLE);
    SET(CURLOPT_HSTSREADFUNCTION, on_hsts_read);
    SET(CURLOPT_HSTSREADDATA, calls);
    SET(CURLOPT_HSTSWRITEFUNCTION, on_hsts_write);
    SET(CURLOPT_HSTSWRITEDATA, calls);
    SET(CURLOPT_PREREQFUNCTION, on_prereq);
    SET(CURLOPT_PREREQDATA, calls);
    SET(CURLOPT_XFERINFOFUNCTION, on_progress);
    SET(CURLOPT_XFERINFODATA, calls);
    SET(CURLOPT_NOPROGRESS, 0L);
    if (is(calls, "tls-context")) {
        SET(CURLOPT_SSL_CTX_FUNCTION, on_tls_context);
        SET(CURLOPT_SSL_CTX_DATA, calls);
    }
}

static void set_upload(struct calls *calls, CURL *curl)
{
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_READFUNCTION, on_read);
    SET(CURLOPT_READDATA, calls);
    SET(CURLOPT_SEEKFUNCTION, on_seek);
    SET(CURLOPT_SEEKDATA, calls);
    if (is(calls, "trailer")) {
        SET(CURLOPT_TRAILERFUNCTION, on_trailer);
        SET(CURLOPT_TRAILERDATA, calls);
    } else {
        SET(CURLOPT_POSTFIELDSIZE, (long)sizeof(BODY) - 1);
    }
}

static CURL *make_handle(struct calls *calls, CURLSH *share)
{
    CURL *curl = calls->curl = curl_easy_init();

    SET(CURLOPT_URL, calls->url);
    SET(CURLOPT_CAINFO, calls->ca);
    SET(CURLOPT_CONNECT_TO, calls->connect_to);
    SET(CURLOPT_HTTPHEADER, calls->headers);
    SET(CURLOPT_ERRORBUFFER, calls->error);
    SET(CURLOPT_FOLLOWLOCATION, 1L);
    SET(CURLOPT_SHARE, share);
    SET(CURLOPT_HTTP_VERSION, calls->http == 2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1);
    set_callbacks(calls, curl);
    if (is(calls, "upload") || is(calls, "trailer"))
        set_upload(calls, curl);
    return curl;
}

/* Not printed: when libcurl waits for what is a matter of time. */
static int on_watch(CURL *curl, curl_socket_t descriptor, int what, void *context, void *mine)
{
    struct calls *calls = context;
    struct pollfd *slot = NULL;

    (void)curl, (void)mine;
    for (size_t i = 0; i < 8 && !slot; i++)
        if (calls->sockets[i].fd == descriptor)
            slot = &calls->sockets[i];
    for (size_t i = 0; i < 8 && !slot; i++)
        if (calls->sockets[i].fd < 0)
            slot = &calls->sockets[i];
    if (!slot)
        exit(3);
    slot->fd = what == CURL_POLL_REMOVE ? -1 : descriptor;
    slot->events =
        (short)((what & CURL_POLL_IN ? POLLIN : 0) | (what & CURL_POLL_OUT ? POLLOUT : 0));
    return 0;
}

static int on_timer(CURLM *multi, long milliseconds, void *context)
{
    struct calls *calls = context;

    (void)multi;
    calls->timeout = milliseconds;
    return 0;
}

/* The event interface: the program waits, libcurl is told what happened. */
static void drive(struct calls *calls, CURLM *multi)
{
    int running = 1;

    curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
    while (running) {
        int events = poll(calls->sockets, 8, calls->timeout < 0 ? 1000 : (int)calls->timeout);
        if (events <= 0)
            curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
        for (int i = 0; i < 8 && events > 0; i++)
            if (calls->sockets[i].fd >= 0 && calls->sockets[i].revents)
                curl_multi_socket_action(multi, calls->sockets[i].fd, 0, &running);
    }
}

static void run_multi(struct calls *calls, CURL *curl)
{
    CURLM *multi = curl_multi_init();
    CURLMsg *message;
    int left;

    for (size_t i = 0; i < 8; i++)
        calls->sockets[i].fd = -1;
    calls->timeout = -1;
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_watch);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, calls);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, calls);
    printf("add %d\n", (int)curl_multi_add_handle(multi, curl));
    drive(calls, multi);
    printf("perform in a multi %d\n", (int)curl_easy_perform(curl));
    while ((message = curl_multi_info_read(multi, &left)) != NULL)
        printf("message %d %d %d\n", (int)message->msg, message->easy_handle == curl,
               (int)message->data.result);
    printf("remove %d\n", (int)curl_multi_remove_handle(multi, curl));
    printf("end %d\n", (int)curl_multi_cleanup(multi));
}

int main(int argc, char **argv)
{
    struct calls calls = {.headers = NULL};
    CURLSH *share;
    CURL *curl;

    if (argc != 6)
        return 2;
    calls.ca = argv[1], calls.scenario = argv[2], calls.mode = argv[3], calls.url = argv[5];
    calls.http = strtol(argv[4], NULL, 10);
    calls.headers = curl_slist_append(NULL, "X-Case: first");
    calls.other_headers = curl_slist_append(NULL, "X-Case: second");
    calls.connect_to = curl_slist_append(NULL, "::127.0.0.1:");
    curl_global_init(CURL_GLOBAL_DEFAULT);
    share = make_share(&calls);
    curl = make_handle(&calls, share);
    if (strcmp(calls.mode, "multi") == 0)
        run_multi(&calls, curl);
    else
        printf("perform %d\n", (int)curl_easy_perform(curl));
    printf("error: %s\n", calls.error);
    curl_easy_cleanup(curl);
    printf("share end %d, session locks %d\n", (int)curl_share_cleanup(share), calls.session_locks);
    curl_slist_free_all(calls.headers);
    curl_slist_free_all(calls.other_headers);
    curl_slist_free_all(calls.connect_to);
    curl_global_cleanup();
    return 0;
}
