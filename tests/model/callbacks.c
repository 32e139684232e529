/* callbacks - the player's callbacks of a handle, each of which prints what it is given. */
#include "player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void print_text(const char *text, size_t length)
{
    for (size_t at = 0; at < length; at++) {
        unsigned char c = (unsigned char)text[at];
        if (c >= ' ' && c < 127 && c != '\\')
            putchar(c);
        else
            printf("\\%02x", c);
    }
    putchar('\n');
}

static size_t on_write(char *data, size_t size, size_t count, void *user)
{
    struct player_handle *handle = user;
    char *larger = realloc(handle->body, handle->body_length + size * count + 1);
    if (larger) {
        handle->body = larger;
        memcpy(larger + handle->body_length, data, size * count);
        handle->body_length += size * count;
    }
    fire(handle, "write");
    return size * count;
}

static size_t on_header(char *data, size_t size, size_t count, void *user)
{
    struct player_handle *handle = user;
    if (strncasecmp(data, "date:", 5) != 0) {
        printf("h%d header ", handle->number);
        print_text(data, size * count);
    }
    fire(handle, "header");
    return size * count;
}

static size_t on_read(char *data, size_t size, size_t count, void *user)
{
    struct player_handle *handle = user;
    (void)data;
    (void)size;
    (void)count;
    fire(handle, "read"); /* before or after the answer: the server need not wait for it */
    return 0;
}

static int on_progress(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    fire(user, "progress"); /* how often it is called differs from run to run */
    return 0;
}

static int on_request(void *user, char *there, char *here, int port, int my_port)
{
    struct player_handle *handle = user;
    (void)my_port;
    printf("h%d prereq %s %s %d\n", handle->number, there, here, port);
    fire(handle, "prereq");
    return 0;
}

/* What of verbose output is the same each time: the request without the line that may be there. */
static int on_debug(CURL *easy, curl_infotype type, char *data, size_t size, void *user)
{
    struct player_handle *handle = user;
    (void)easy;
    if (type == CURLINFO_HEADER_OUT) {
        printf("h%d sent ", handle->number);
        print_text(data, size);
    } else if (type == CURLINFO_TEXT) {
        printf("h%d says ", handle->number);
        print_text(data, size);
    }
    fire(handle, "debug");
    return 0;
}

static int on_socket_option(void *user, curl_socket_t socket, curlsocktype purpose)
{
    struct player_handle *handle = user;
    (void)socket;
    printf("h%d sockopt %d\n", handle->number, (int)purpose);
    fire(handle, "sockopt");
    return CURL_SOCKOPT_OK;
}

static curl_socket_t on_open(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct player_handle *handle = user;
    printf("h%d open %d\n", handle->number, (int)purpose);
    fire(handle, "open");
    return socket(address->family, address->socktype, address->protocol);
}

static int on_resolve(void *state, void *reserved, void *user)
{
    struct player_handle *handle = user;
    (void)state;
    (void)reserved;
    printf("h%d resolve\n", handle->number);
    fire(handle, "resolve");
    return 0;
}

static CURLcode on_tls(CURL *easy, void *context, void *user)
{
    struct player_handle *handle = user;
    (void)easy;
    (void)context;
    printf("h%d tls\n", handle->number);
    fire(handle, "tls");
    return CURLE_OK;
}

#define CALLBACK(name, function)                                                 \
    {                                                                            \
        CURLOPT_##name##FUNCTION, CURLOPT_##name##DATA, (void (*)(void))function \
    }
static const struct {
    CURLoption function;
    CURLoption data;
    void (*callback)(void);
} callbacks[] = {
    CALLBACK(WRITE, on_write),
    CALLBACK(HEADER, on_header),
    CALLBACK(READ, on_read),
    CALLBACK(XFERINFO, on_progress),
    CALLBACK(DEBUG, on_debug),
    CALLBACK(SOCKOPT, on_socket_option),
    CALLBACK(OPENSOCKET, on_open),
    CALLBACK(SSL_CTX_, on_tls),
    {CURLOPT_RESOLVER_START_FUNCTION, CURLOPT_RESOLVER_START_DATA, (void (*)(void))on_resolve},
    {(CURLoption)20312, (CURLoption)10313, (void (*)(void))on_request}, /* CURLOPT_PREREQ, 7.80 */
};

int set_callback(struct player_handle *handle, CURLoption option)
{
    for (size_t at = 0; at < sizeof callbacks / sizeof *callbacks; at++) {
        if (callbacks[at].function != option)
            continue;
        curl_easy_setopt(handle->easy, callbacks[at].data, handle);
        return (int)curl_easy_setopt(handle->easy, option, callbacks[at].callback);
    }
    return -1;
}

static const CURLINFO texts[] = {
    CURLINFO_EFFECTIVE_URL, CURLINFO_REDIRECT_URL,     CURLINFO_CONTENT_TYPE, CURLINFO_PRIMARY_IP,
    CURLINFO_SCHEME,        CURLINFO_EFFECTIVE_METHOD, CURLINFO_REFERER};
static const CURLINFO numbers[] = {CURLINFO_RESPONSE_CODE,
                                   CURLINFO_HTTP_CONNECTCODE,
                                   CURLINFO_HTTP_VERSION,
                                   CURLINFO_REDIRECT_COUNT,
                                   CURLINFO_HEADER_SIZE,
                                   CURLINFO_SSL_VERIFYRESULT,
                                   CURLINFO_PROXY_SSL_VERIFYRESULT,
                                   CURLINFO_HTTPAUTH_AVAIL,
                                   CURLINFO_PROXYAUTH_AVAIL,
                                   CURLINFO_OS_ERRNO,
                                   CURLINFO_CONDITION_UNMET,
                                   CURLINFO_PRIMARY_PORT,
                                   CURLINFO_PROXY_ERROR};
static const CURLINFO sizes[] = {CURLINFO_SIZE_DOWNLOAD_T, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
                                 CURLINFO_RETRY_AFTER};

static void print_texts(struct player_handle *handle)
{
    for (size_t at = 0; at < sizeof texts / sizeof *texts; at++) {
        char *text = NULL;
        CURLcode result = curl_easy_getinfo(handle->easy, texts[at], &text);
        printf("h%d info %d: %d %s\n", handle->number, (int)(texts[at] & CURLINFO_MASK),
               (int)result, text ? text : "(null)");
    }
}

static void print_numbers(struct player_handle *handle, int alone)
{
    long number = 0, connects = 0;
    curl_off_t size = 0;
    for (size_t at = 0; at < sizeof numbers / sizeof *numbers; at++) {
        CURLcode result = curl_easy_getinfo(handle->easy, numbers[at], &number);
        printf("h%d info %d: %d %ld\n", handle->number, (int)(numbers[at] & CURLINFO_MASK),
               (int)result, number);
    }
    for (size_t at = 0; at < sizeof sizes / sizeof *sizes; at++) {
        CURLcode result = curl_easy_getinfo(handle->easy, sizes[at], &size);
        printf("h%d info %d: %d %lld\n", handle->number, (int)(sizes[at] & CURLINFO_MASK),
               (int)result, (long long)size);
    }
    if (alone) { /* among others it depends on who was faster */
        curl_easy_getinfo(handle->easy, CURLINFO_NUM_CONNECTS, &connects);
        printf("h%d connects %ld\n", handle->number, connects);
    }
}

void print_end(struct player_handle *handle, CURLcode result, int alone)
{
    struct curl_slist *cookies = NULL;
    printf("h%d result %d %s\n", handle->number, (int)result, handle->error);
    printf("h%d body ", handle->number);
    print_text(handle->body, handle->body_length);
    free(handle->body);
    handle->body = NULL;
    handle->body_length = 0;
    print_texts(handle);
    print_numbers(handle, alone);
    curl_easy_getinfo(handle->easy, CURLINFO_COOKIELIST, &cookies);
    for (struct curl_slist *cookie = cookies; cookie; cookie = cookie->next)
        printf("h%d cookie %s\n", handle->number, cookie->data);
    curl_slist_free_all(cookies);
}
