/* netrc_by_curl - what libcurl itself does with a netrc file. */
#include "netrc_by_curl.h"

#include "fuzz.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_SIZE = 64 * 1024 };

static int listening = -1;
static atomic_bool authorized; /* the last request; said before it is answered */

/* One connection: notes each request and answers it. */
static void serve(int connection)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    static char request[REQUEST_SIZE];
    size_t used = 0;
    for (;;) {
        ssize_t got = recv(connection, request + used, sizeof request - 1 - used, 0);
        if (got <= 0)
            return;
        used += (size_t)got;
        request[used] = '\0';
        if (!strstr(request, "\r\n\r\n"))
            continue;
        authorized = strstr(request, "\r\nAuthorization: Basic ") != NULL;
        used = 0;
        if (send(connection, answer, sizeof answer - 1, MSG_NOSIGNAL) < 0)
            return;
    }
}

static void *serve_all(void *unused)
{
    for (;;) {
        int connection = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
        if (connection < 0)
            return unused;
        serve(connection);
        close(connection);
    }
}

/* Its port. */
static unsigned begin_server(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    pthread_t thread;
    listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(listening >= 0 && bind(listening, (struct sockaddr *)&address, size) == 0);
    must(listen(listening, 8) == 0 &&
         getsockname(listening, (struct sockaddr *)&address, &size) == 0);
    must(pthread_create(&thread, NULL, serve_all, NULL) == 0 && pthread_detach(thread) == 0);
    return ntohs(address.sin_port);
}

static int new_file(const char *text, size_t length)
{
    int file = memfd_create("netrc", MFD_CLOEXEC);
    must(file >= 0 && write(file, text, length) == (ssize_t)length);
    return file;
}

static CURLcode ask(const char *path, const char *host)
{
    static CURL *curl;
    static unsigned port;
    char url[300], resolved[300];
    port = port ? port : begin_server();
    curl = curl ? curl : curl_easy_init();
    must(curl != NULL);
    snprintf(url, sizeof url, "http://%s:%u/", host, port);
    snprintf(resolved, sizeof resolved, "%s:%u:127.0.0.1", host, port);
    struct curl_slist *resolve = curl_slist_append(NULL, resolved);
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_RESOLVE, resolve);
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_OPTIONAL);
    curl_easy_setopt(curl, CURLOPT_NETRC_FILE, path);
    CURLcode code = curl_easy_perform(curl);
    curl_slist_free_all(resolve);
    return code;
}

bool netrc_by_curl_is_used(const char *text, size_t length, const char *host)
{
    char path[64];
    int file = new_file(text, length);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    authorized = false;
    CURLcode code = ask(path, host);
    close(file);
    return code == CURLE_OK && authorized;
}
