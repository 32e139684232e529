/* http - one request to a service by libcurl, with retries for what is safe to repeat. */
#include "http.h"

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/write_guard.h"
#include "http_url.h"
#include "json_answer.h"
#include "redact.h"
#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { RETRIES = 3, REDIRECTS = 5, FIRST_PAUSE_MS = 250, CONNECT_TIMEOUT_MS = 10000 };

/* What one transfer collects. The body stays in one block that is wiped when it goes. */
struct http_transfer {
    CURL *curl;
    struct curl_slist *headers;
    struct secret *body; /* HTTP_BODY_MAX bytes, of which `length` are filled */
    size_t length;
    bool too_long;
    struct http_answer answer;
    char message[CURL_ERROR_SIZE];
};

/* Once. (pthread_once is not in the libc of older glibc.) */
static void prepare_libcurl(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static bool prepared;
    pthread_mutex_lock(&lock);
    if (!prepared)
        (void)curl_global_init(CURL_GLOBAL_DEFAULT);
    prepared = true;
    pthread_mutex_unlock(&lock);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *data)
{
    struct http_transfer *transfer = data;
    size_t length = size * count;
    if (length > HTTP_BODY_MAX - transfer->length) {
        transfer->too_long = true;
        return 0;
    }
    memcpy(secret_buffer(transfer->body) + transfer->length, bytes, length);
    transfer->length += length;
    return length;
}

/* The value of a header line of that name into *ret. The last one wins. */
static void take_value(const char *line, size_t length, const char *name, char **ret)
{
    size_t name_length = strlen(name);
    if (length <= name_length || !ascii_equal_n(line, name, name_length) ||
        line[name_length] != ':')
        return;
    line += name_length + 1;
    length -= name_length + 1;
    while (length > 0 && (*line == ' ' || *line == '\t')) {
        line++;
        length--;
    }
    while (length > 0 && (unsigned char)line[length - 1] <= ' ')
        length--;
    free(*ret);
    *ret = strndup(line, length);
    for (char *at = *ret; at && *at; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?';
    }
}

static size_t take_header(char *line, size_t size, size_t count, void *data)
{
    struct http_transfer *transfer = data;
    size_t length = size * count;
    take_value(line, length, "Content-Type", &transfer->answer.content_type);
    take_value(line, length, "Location", &transfer->answer.location);
    return length;
}

static void transfer_free(struct http_transfer *transfer)
{
    curl_easy_cleanup(transfer->curl);
    for (struct curl_slist *header = transfer->headers; header; header = header->next)
        explicit_bzero(header->data, strlen(header->data));
    curl_slist_free_all(transfer->headers);
    secret_unref(transfer->body);
    http_answer_free(&transfer->answer);
}

static bool add_header(struct http_transfer *transfer, const char *line)
{
    struct curl_slist *longer = curl_slist_append(transfer->headers, line);
    if (longer)
        transfer->headers = longer;
    return longer != NULL;
}

/* `Authorization:` sends no such header, and tells a preloaded libsynauth_preload.so that this
   request is none of its business. `Expect:` saves a second of waiting. */
static bool add_headers(struct http_transfer *transfer, const struct http_request *request)
{
    AUTO_SECRET bearer = NULL;
    if (request->bearer) {
        bearer = secret_join("Authorization: Bearer ", request->bearer);
        if (!bearer)
            return false;
    }
    if (!add_header(transfer, bearer ? secret_bytes(bearer) : "Authorization:") ||
        !add_header(transfer, "Accept: application/json") || !add_header(transfer, "Expect:"))
        return false;
    return !request->body || add_header(transfer, "Content-Type: application/json");
}

/* The variables that the curl command and OpenSSL's own tools obey. */
static void set_trust(CURL *curl)
{
    const char *bundle = getenv("CURL_CA_BUNDLE");
    if (!bundle || !*bundle)
        bundle = getenv("SSL_CERT_FILE");
    if (bundle && *bundle)
        curl_easy_setopt(curl, CURLOPT_CAINFO, bundle);
    const char *directory = getenv("SSL_CERT_DIR");
    if (directory && *directory)
        curl_easy_setopt(curl, CURLOPT_CAPATH, directory);
}

static void set_protocols(CURL *curl, bool cleartext)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, cleartext ? "http" : "https");
#else
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS, (long)(cleartext ? CURLPROTO_HTTP : CURLPROTO_HTTPS));
#endif
    /* A proxy would see in clear text what is meant for this machine only. */
    if (cleartext)
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
}

static void set_method(CURL *curl, const struct http_request *request)
{
    const char *method = request->method ? request->method : "GET";
    if (request->body) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)secret_length(request->body));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, secret_bytes(request->body));
    }
    if (strcmp(method, request->body ? "POST" : "GET") != 0)
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
}

static void set_options(struct http_transfer *transfer, const struct http_request *request,
                        const char *url, bool cleartext)
{
    CURL *curl = transfer->curl;
    AUTO_STRING agent = NULL;
    if (asprintf(&agent, "synauth/%s", synauth_version()) >= 0)
        curl_easy_setopt(curl, CURLOPT_USERAGENT, agent);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                     request->timeout_ms > 0 ? request->timeout_ms : HTTP_TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, transfer->headers);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer->message);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer);
    set_protocols(curl, cleartext);
    set_trust(curl);
    set_method(curl, request);
}

static bool is_tls_failure(CURLcode code)
{
    switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
        return true;
    default:
        return false;
    }
}

/* Those of the request that can be repeated by an answer. */
static void keep_secrets(const struct http_request *request, struct http_answer *answer)
{
    size_t count = 0;
    if (request->bearer)
        answer->secrets[count++] = secret_ref(request->bearer);
    for (size_t i = 0; request->secrets && request->secrets[i] && count < HTTP_SECRETS_MAX; i++)
        answer->secrets[count++] = secret_ref(request->secrets[i]);
}

static void redact_header(char **value, const struct http_answer *answer)
{
    char *plain = redact_text(*value, answer->secrets);
    free(*value);
    *value = plain;
}

static int say_failure(const struct http_transfer *transfer, CURLcode code, const char *host,
                       synauth_error *error)
{
    AUTO_STRING plain = redact_text(transfer->message, transfer->answer.secrets);
    const char *why = plain && plain[0] ? plain : curl_easy_strerror(code);
    if (transfer->too_long)
        return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                         "%s: the answer is over 1 MiB; that is not what this service sends", host);
    if (is_tls_failure(code))
        return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                         "%s: no trusted TLS connection (%s); behind a proxy that inspects TLS, "
                         "name its CA file in CURL_CA_BUNDLE",
                         host, why);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return error_set(error, SYNAUTH_E_NETWORK, NULL, 0, "%s: no answer in time (%s)", host,
                         why);
    return error_set(error, SYNAUTH_E_NETWORK, NULL, 0, "%s: %s", host, why);
}

/* Hands the answer over; the body is cut to its length. */
static int hand_over(struct http_transfer *transfer, struct http_answer *ret, synauth_error *error)
{
    struct secret *body = secret_slice(transfer->body, 0, transfer->length);
    if (!body)
        return error_memory(error);
    curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &transfer->answer.status);
    transfer->answer.body = body;
    redact_header(&transfer->answer.content_type, &transfer->answer);
    redact_header(&transfer->answer.location, &transfer->answer);
    *ret = transfer->answer;
    transfer->answer = (struct http_answer){0};
    return SYNAUTH_OK;
}

static void note_body_sent(const struct http_request *request, CURL *curl)
{
    curl_off_t sent = 0;
    if (request->ret_body_sent &&
        (curl_easy_getinfo(curl, CURLINFO_SIZE_UPLOAD_T, &sent) != CURLE_OK || sent > 0))
        *request->ret_body_sent = true;
}

/* A connection that is gone must not end the program: CURLOPT_NOSIGNAL, which a host with threads
   needs, also tells libcurl to leave SIGPIPE as it is, and where libcurl lets the TLS library write
   (7.74 does, 7.88 does not) that raises it. */
static void guard_enter(struct write_guard *guard)
{
    write_guard_enter(guard);
    write_guard_note(guard, EPIPE); /* whether it did, nobody tells */
}

/* One attempt. *ret_repeat: would another one make sense, if the request may be repeated? */
static int send_once(const struct http_request *request, const char *url, struct http_answer *ret,
                     bool *ret_repeat, synauth_error *error)
{
    struct http_url parts;
    struct write_guard guard;
    *ret_repeat = false;
    int status = http_url_parse(url, &parts, error);
    if (status != SYNAUTH_OK)
        return status;
    struct http_transfer transfer = {.curl = curl_easy_init(), .body = secret_alloc(HTTP_BODY_MAX)};
    if (!transfer.curl || !transfer.body || !add_headers(&transfer, request)) {
        transfer_free(&transfer);
        return error_memory(error);
    }
    keep_secrets(request, &transfer.answer);
    set_options(&transfer, request, url, parts.cleartext);
    guard_enter(&guard);
    CURLcode code = curl_easy_perform(transfer.curl);
    note_body_sent(request, transfer.curl);
    if (code == CURLE_OK) {
        status = hand_over(&transfer, ret, error);
        *ret_repeat = status == SYNAUTH_OK && (ret->status == 500 || ret->status == 502 ||
                                               ret->status == 503 || ret->status == 504);
    } else {
        *ret_repeat = code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
                      code == CURLE_GOT_NOTHING;
        status = say_failure(&transfer, code, parts.host, error);
    }
    transfer_free(&transfer);
    write_guard_leave(&guard);
    return status;
}

static void pause_ms(long milliseconds)
{
    struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    while (nanosleep(&left, &left) != 0)
        continue;
}

static int send_with_retries(const struct http_request *request, const char *url, bool repeatable,
                             struct http_answer *ret, synauth_error *error)
{
    for (int attempt = 0;; attempt++) {
        struct http_answer answer = {0};
        synauth_error mistake = {0};
        bool repeat = false;
        int status = send_once(request, url, &answer, &repeat, &mistake);
        if (!repeat || !repeatable || attempt == RETRIES) {
            if (status != SYNAUTH_OK)
                return error_set(error, status, NULL, 0, "%s", mistake.text);
            *ret = answer;
            return SYNAUTH_OK;
        }
        http_answer_free(&answer);
        pause_ms((long)FIRST_PAUSE_MS << attempt);
    }
}

static bool is_redirect(long status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

int http_send(const struct http_request *request, struct http_answer *ret, synauth_error *error)
{
    prepare_libcurl();
    bool repeatable = !request->method || strcmp(request->method, "GET") == 0;
    AUTO_STRING url = strdup(request->url);
    for (int hop = 0; url; hop++) {
        struct http_answer answer = {0};
        int status = send_with_retries(request, url, repeatable, &answer, error);
        if (status != SYNAUTH_OK)
            return status;
        char *next = NULL;
        if (request->follow && repeatable && hop < REDIRECTS && is_redirect(answer.status) &&
            answer.location)
            next = http_url_same_origin(url, answer.location);
        if (!next) {
            *ret = answer;
            return SYNAUTH_OK;
        }
        http_answer_free(&answer);
        free(url);
        url = next;
    }
    return error_memory(error);
}

void http_answer_free(struct http_answer *answer)
{
    secret_unref(answer->body);
    free(answer->content_type);
    free(answer->location);
    for (size_t i = 0; i < HTTP_SECRETS_MAX; i++)
        secret_unref(answer->secrets[i]);
    *answer = (struct http_answer){0};
}

char *http_answer_text(const struct http_answer *answer, const char *name)
{
    AUTO_SECRET text = json_answer_string(answer->body, name);
    return text ? redact_text(secret_bytes(text), answer->secrets) : NULL;
}
