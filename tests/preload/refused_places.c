/* refused_places - the callbacks of libcurl, each of which makes the call if it is the place. */
#include "refused_calls.h"
#include <dlfcn.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BODY "body of the request\n"
/* Of newer headers than are needed to build this. */
#define NOTIFYFUNCTION ((CURLMoption)(CURLOPTTYPE_FUNCTIONPOINT + 18))
#define NOTIFYDATA ((CURLMoption)(CURLOPTTYPE_OBJECTPOINT + 19))
#define NOTIFY_EASY_DONE 1u

const char *const place_names[PLACES] = {
    [IN_WRITE] = "write",
    [IN_HEADER] = "header",
    [IN_READ] = "read",
    [IN_SEEK] = "seek",
    [IN_TRAILER] = "trailer",
    [IN_PROGRESS] = "progress",
    [IN_DEBUG] = "debug",
    [IN_RESOLVER] = "resolver",
    [IN_OPENSOCKET] = "opensocket",
    [IN_SOCKOPT] = "sockopt",
    [IN_CLOSESOCKET] = "closesocket",
    [IN_TLS_CONTEXT] = "tls_context",
    [IN_PREREQ] = "prereq",
    [IN_LOCK] = "lock",
    [IN_TIMER] = "timer",
    [IN_WATCH] = "watch",
    [IN_NOTIFICATION] = "notification",
};

static void enter(struct scene *scene, enum place place)
{
    if (!scene->armed || scene->place != place)
        return;
    scene->armed = 0;
    say(" [");
    scene->call(scene);
    say(" ]");
}

static size_t on_write(char *data, size_t size, size_t count, void *context)
{
    (void)data;
    enter(context, IN_WRITE);
    return size * count;
}

static size_t on_header(char *data, size_t size, size_t count, void *context)
{
    (void)data;
    enter(context, IN_HEADER);
    return size * count;
}

static size_t on_read(char *data, size_t size, size_t count, void *context)
{
    struct scene *scene = context;
    size_t rest = strlen(BODY) - scene->sent, length = size * count < rest ? size * count : rest;

    memcpy(data, &BODY[scene->sent], length);
    scene->sent += length;
    enter(scene, IN_READ);
    return length;
}

static int on_seek(void *context, curl_off_t offset, int origin)
{
    struct scene *scene = context;

    (void)origin;
    scene->sent = (size_t)offset;
    enter(scene, IN_SEEK);
    return CURL_SEEKFUNC_OK;
}

static int on_trailer(struct curl_slist **list, void *context)
{
    *list = curl_slist_append(NULL, "X-Trailer: 1");
    enter(context, IN_TRAILER);
    return CURL_TRAILERFUNC_OK;
}

static int on_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    enter(context, IN_PROGRESS);
    return 0;
}

static int on_debug(CURL *curl, curl_infotype type, char *data, size_t length, void *context)
{
    (void)curl, (void)type, (void)data, (void)length;
    enter(context, IN_DEBUG);
    return 0;
}

static int on_resolve(void *state, void *reserved, void *context)
{
    (void)state, (void)reserved;
    enter(context, IN_RESOLVER);
    return 0;
}

static curl_socket_t on_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    enter(context, IN_OPENSOCKET);
    return socket(address->family, address->socktype, address->protocol);
}

static int on_sockopt(void *context, curl_socket_t socket, curlsocktype purpose)
{
    (void)socket, (void)purpose;
    enter(context, IN_SOCKOPT);
    return CURL_SOCKOPT_OK;
}

static int on_close(void *context, curl_socket_t socket)
{
    enter(context, IN_CLOSESOCKET);
    return close(socket);
}

static CURLcode on_tls_context(CURL *curl, void *tls, void *context)
{
    (void)curl, (void)tls;
    enter(context, IN_TLS_CONTEXT);
    return CURLE_OK;
}

static int on_prereq(void *context, char *ip, char *local_ip, int port, int local_port)
{
    (void)ip, (void)local_ip, (void)port, (void)local_port;
    enter(context, IN_PREREQ);
    return CURL_PREREQFUNC_OK;
}

static void on_lock(CURL *curl, curl_lock_data data, curl_lock_access access, void *context)
{
    (void)curl, (void)data, (void)access;
    enter(context, IN_LOCK);
}

static void on_unlock(CURL *curl, curl_lock_data data, void *context)
{
    (void)curl, (void)data, (void)context;
}

static int on_timer(CURLM *multi, long milliseconds, void *context)
{
    (void)multi, (void)milliseconds;
    enter(context, IN_TIMER);
    return 0;
}

static int on_watch(CURL *curl, curl_socket_t socket, int what, void *context, void *of_socket)
{
    (void)curl, (void)socket, (void)what, (void)of_socket;
    enter(context, IN_WATCH);
    return 0;
}

static void on_notification(CURLM *multi, unsigned notification, CURL *curl, void *context)
{
    struct scene *scene = context;

    (void)multi, (void)notification;
    if (curl == scene->curl)
        enter(scene, IN_NOTIFICATION);
}

#define SET(option, function, data)                                            \
    do {                                                                       \
        curl_easy_setopt(scene->curl, CURLOPT_##option##FUNCTION, function);   \
        curl_easy_setopt(scene->curl, CURLOPT_##option##DATA, (void *)(data)); \
    } while (0)

static void prepare_body(struct scene *scene)
{
    scene->headers = curl_slist_append(NULL, "Transfer-Encoding: chunked");
    scene->headers = curl_slist_append(scene->headers, "Expect:");
    curl_easy_setopt(scene->curl, CURLOPT_HTTPHEADER, scene->headers);
    curl_easy_setopt(scene->curl, CURLOPT_POST, 1L);
    SET(READ, on_read, scene);
    SET(SEEK, on_seek, scene);
    if (scene->place == IN_TRAILER)
        SET(TRAILER, on_trailer, scene);
}

static void prepare_share(struct scene *scene)
{
    scene->share = curl_share_init();
    curl_share_setopt(scene->share, CURLSHOPT_LOCKFUNC, on_lock);
    curl_share_setopt(scene->share, CURLSHOPT_UNLOCKFUNC, on_unlock);
    curl_share_setopt(scene->share, CURLSHOPT_USERDATA, scene);
    curl_share_setopt(scene->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    curl_share_setopt(scene->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
    curl_easy_setopt(scene->curl, CURLOPT_SHARE, scene->share);
}

void places_prepare(struct scene *scene)
{
    CURL *curl = scene->curl;

    prepare_body(scene);
    SET(WRITE, on_write, scene);
    SET(HEADER, on_header, scene);
    SET(XFERINFO, on_progress, scene);
    SET(DEBUG, on_debug, scene);
    SET(OPENSOCKET, on_open, scene);
    SET(SOCKOPT, on_sockopt, scene);
    SET(PREREQ, on_prereq, scene);
    curl_easy_setopt(curl, CURLOPT_RESOLVER_START_FUNCTION, on_resolve);
    curl_easy_setopt(curl, CURLOPT_RESOLVER_START_DATA, scene);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
    if (scene->place == IN_CLOSESOCKET) {
        SET(CLOSESOCKET, on_close, scene);
        curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    }
    if (scene->place == IN_TLS_CONTEXT)
        SET(SSL_CTX_, on_tls_context, scene);
    if (scene->place == IN_LOCK)
        prepare_share(scene);
}

int places_prepare_multi(struct scene *scene)
{
    CURLMcode (*enable)(CURLM *, unsigned) = NULL;
    void *found = dlsym(RTLD_DEFAULT, "curl_multi_notify_enable");

    if (scene->place == IN_TIMER) {
        curl_multi_setopt(scene->multi, CURLMOPT_TIMERFUNCTION, on_timer);
        curl_multi_setopt(scene->multi, CURLMOPT_TIMERDATA, scene);
    }
    if (scene->place == IN_WATCH) {
        curl_multi_setopt(scene->multi, CURLMOPT_SOCKETFUNCTION, on_watch);
        curl_multi_setopt(scene->multi, CURLMOPT_SOCKETDATA, scene);
    }
    if (scene->place != IN_NOTIFICATION)
        return 1;
    memcpy(&enable, &found, sizeof(enable));
    if (!enable)
        return 0;
    curl_multi_setopt(scene->multi, NOTIFYFUNCTION, on_notification);
    curl_multi_setopt(scene->multi, NOTIFYDATA, scene);
    return enable(scene->multi, NOTIFY_EASY_DONE) == CURLM_OK;
}
