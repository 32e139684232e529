/* client_scenarios - ways to use a handle that no tool of the system uses; the test reads the
   server's log. */
#include "client.h"
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SMALL_STACK (256u << 10) /* their frames are larger */
#elif !defined(__GLIBC__)
#define SMALL_STACK \
    (32u << 10) /* wolfSSL's, which tests/ports has for musl, alone need more than 16 */
#else
#define SMALL_STACK (16u << 10)
#endif

typedef void scenario(const struct client_setting *setting, struct client_answer *answer);

static void perform(CURL *curl)
{
    CURLcode code = curl_easy_perform(curl);
    client_check(code == CURLE_OK, curl_easy_strerror(code));
}

/* One CURLU whose host the program changes between transfers, beside a stale CURLOPT_URL. */
static void url_object(const struct client_setting *setting, struct client_answer *answer)
{
    CURL *curl = client_handle(setting, setting->a, answer);
    CURLU *url = curl_url();

    perform(curl);
    curl_url_set(url, CURLUPART_URL, setting->b, 0);
    curl_easy_setopt(curl, CURLOPT_CURLU, url);
    perform(curl);
    curl_url_set(url, CURLUPART_URL, setting->a, 0);
    perform(curl);
    curl_url_set(url, CURLUPART_URL, setting->b, 0);
    perform(curl);
    curl_url_set(url, CURLUPART_URL, setting->c, 0);
    perform(curl);
    curl_easy_cleanup(curl);
    curl_url_cleanup(url);
}

struct shared_url {
    CURLU *url;
    const char *next; /* what it is changed to as soon as libcurl has read it; NULL: nothing */
};

static curl_socket_t open_and_change(void *context, curlsocktype purpose,
                                     struct curl_sockaddr *address)
{
    struct shared_url *shared = context;

    (void)purpose;
    if (shared->next)
        curl_url_set(shared->url, CURLUPART_URL, shared->next, 0);
    shared->next = NULL;
    return socket(address->family, address->socktype, address->protocol);
}

/* One CURLU for all transfers of a multi handle, changed while one of them connects. */
static void url_object_in_multi(const struct client_setting *setting, struct client_answer *answer)
{
    CURL *curl = client_handle(setting, NULL, answer);
    CURLM *multi = curl_multi_init();
    struct shared_url shared = {curl_url(), NULL};
    const char *urls[] = {setting->a, setting->b, setting->c};

    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_and_change);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &shared);
    curl_easy_setopt(curl, CURLOPT_CURLU, shared.url);
    for (int i = 0; i < 3; i++) {
        curl_url_set(shared.url, CURLUPART_URL, urls[i], 0);
        shared.next = urls[i] == setting->b ? setting->a : NULL;
        client_check(curl_multi_add_handle(multi, curl) == CURLM_OK, "curl_multi_add_handle");
        client_drive(multi);
        curl_multi_remove_handle(multi, curl);
    }
    curl_easy_cleanup(curl);
    curl_multi_cleanup(multi);
    curl_url_cleanup(shared.url);
    printf("%u\n", curl_version_info(CURLVERSION_NOW)->version_num);
}

static int count_and_pass(void *context, char *ip, char *local_ip, int port, int local_port)
{
    (void)ip, (void)local_ip, (void)port, (void)local_port;
    ++*(int *)context;
    return CURL_PREREQFUNC_OK;
}

static int abort_it(void *context, char *ip, char *local_ip, int port, int local_port)
{
    (void)context, (void)ip, (void)local_ip, (void)port, (void)local_port;
    return CURL_PREREQFUNC_ABORT;
}

/* The program's own callback before a request is called with its own data, and decides. */
static void own_prereq(const struct client_setting *setting, struct client_answer *answer)
{
    CURL *curl = client_handle(setting, setting->a, answer);
    int calls = 0;

    curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, count_and_pass);
    curl_easy_setopt(curl, CURLOPT_PREREQDATA, &calls);
    perform(curl);
    perform(curl);
    client_check(calls == 2, "two calls of the program's callback");
    curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, abort_it);
    client_check(curl_easy_perform(curl) == CURLE_ABORTED_BY_CALLBACK, "abort by the program");
    curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, NULL);
    perform(curl);
    client_check(calls == 2, "no call once the callback is gone");
    curl_easy_cleanup(curl);
}

/* A list that grows between transfers, is replaced, and freed before the handle. */
static void own_list(const struct client_setting *setting, struct client_answer *answer)
{
    CURL *curl = client_handle(setting, setting->a, answer);
    struct curl_slist *list = curl_slist_append(NULL, "X-Other: 1");

    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    perform(curl);
    curl_slist_append(list, "X-Case: grown");
    perform(curl);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(list);
    perform(curl);
    list = curl_slist_append(NULL, "Authorization: Bearer mine");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    perform(curl);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(list);
    perform(curl);
    curl_easy_cleanup(curl);
}

/* A handle whose requests differ only by what is no option: its list's lines and the environment;
   and by options that tell nothing of the URL. */
static void kept_handle(const struct client_setting *setting, struct client_answer *answer)
{
    CURL *curl = client_handle(setting, setting->a, answer);
    struct curl_slist *list = curl_slist_append(NULL, "X-Other: 1");

    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    perform(curl);
    perform(curl);
    setenv("SYNAPSE_AUTH_TOKEN", "of-the-environment", 1);
    perform(curl);
    curl_slist_append(list, "Authorization: Bearer mine");
    perform(curl);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    perform(curl);
    unsetenv("SYNAPSE_AUTH_TOKEN");
    perform(curl);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    perform(curl);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    perform(curl);
    curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, "own");
    curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
    perform(curl);
    curl_easy_cleanup(curl);
    curl_slist_free_all(list);
}

/* A handle that served a multi transfer serves an easy one, and the other way round. */
static void multi_then_easy(const struct client_setting *setting, struct client_answer *answer)
{
    CURL *curl = client_handle(setting, setting->a, answer);
    CURLM *multi = curl_multi_init();

    curl_multi_add_handle(multi, curl);
    client_drive(multi);
    curl_multi_remove_handle(multi, curl);
    curl_easy_setopt(curl, CURLOPT_URL, setting->b);
    perform(curl);
    curl_easy_setopt(curl, CURLOPT_URL, setting->c);
    curl_multi_add_handle(multi, curl);
    client_drive(multi);
    curl_multi_remove_handle(multi, curl);
    curl_easy_cleanup(curl);
    curl_multi_cleanup(multi);
}

static void drive_after_add(CURL *curl, CURLM *multi, CURLoption option, long value,
                            const char *text)
{
    client_check(curl_multi_add_handle(multi, curl) == CURLM_OK, "curl_multi_add_handle");
    if (text)
        curl_easy_setopt(curl, option, text);
    else
        curl_easy_setopt(curl, option, value);
    client_drive(multi);
    curl_multi_remove_handle(multi, curl);
}

/* Options that are set when the handle is in its multi already, and nothing is sent yet. */
static void options_after_add(const struct client_setting *setting, struct client_answer *answer)
{
    CURL *curl = client_handle(setting, setting->a, answer);
    CURLM *multi = curl_multi_init();

    drive_after_add(curl, multi, CURLOPT_PRIVATE, 0, "own");
    drive_after_add(curl, multi, CURLOPT_URL, 0, setting->b);
    curl_easy_setopt(curl, CURLOPT_URL, setting->a);
    drive_after_add(curl, multi, CURLOPT_SSL_VERIFYPEER, 0, NULL);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    drive_after_add(curl, multi, CURLOPT_USERPWD, 0, "me:mine");
    curl_easy_cleanup(curl);
    curl_multi_cleanup(multi);
}

static void drive_and_remove(CURL *curl, CURLM *multi)
{
    client_drive(multi);
    curl_multi_remove_handle(multi, curl);
}

static void add_without_url(CURL *curl, CURLM *multi)
{
    curl_easy_setopt(curl, CURLOPT_URL, NULL);
    client_check(curl_multi_add_handle(multi, curl) == CURLM_OK, "curl_multi_add_handle");
}

/* libcurl reads the URL when the transfer starts. The last handle had one and might have started.
 */
static void url_after_add(const struct client_setting *setting, struct client_answer *answer)
{
    CURL *curl = client_handle(setting, NULL, answer);
    CURLM *multi = curl_multi_init();

    for (int i = 0; i < 2; i++) {
        add_without_url(curl, multi);
        curl_easy_setopt(curl, CURLOPT_URL, i ? setting->b : setting->a);
        drive_and_remove(curl, multi);
    }
    add_without_url(curl, multi);
    curl_easy_setopt(curl, CURLOPT_URL, setting->a);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    drive_and_remove(curl, multi);
    add_without_url(curl, multi);
    curl_easy_reset(curl);
    client_prepare(curl, setting, NULL, answer);
    curl_easy_setopt(curl, CURLOPT_URL, setting->c);
    drive_and_remove(curl, multi);
    curl_multi_add_handle(multi, curl);
    curl_easy_reset(curl);
    client_prepare(curl, setting, setting->a, answer);
    drive_and_remove(curl, multi);
    curl_multi_add_handle(multi, curl);
    drive_and_remove(curl, multi);
    curl_easy_cleanup(curl);
    curl_multi_cleanup(multi);
}

/* The same for a handle that was to be connected only, and a CURLU. */
static void request_after_add(const struct client_setting *setting, struct client_answer *answer)
{
    CURL *connected = client_handle(setting, setting->a, answer);
    CURL *fresh = client_handle(setting, NULL, answer);
    CURLM *multi = curl_multi_init();
    CURLU *url = curl_url();

    curl_easy_setopt(connected, CURLOPT_CONNECT_ONLY, 1L);
    curl_multi_add_handle(multi, connected);
    curl_easy_setopt(connected, CURLOPT_CONNECT_ONLY, 0L);
    drive_and_remove(connected, multi);
    curl_multi_add_handle(multi, fresh);
    curl_url_set(url, CURLUPART_URL, setting->c, 0);
    curl_easy_setopt(fresh, CURLOPT_CURLU, url);
    drive_and_remove(fresh, multi);
    curl_easy_cleanup(connected);
    curl_easy_cleanup(fresh);
    curl_url_cleanup(url);
    curl_multi_cleanup(multi);
}

struct verified_late {
    CURL *curl;
    CURLoption option;
};

static int verify_from_now_on(void *context, char *peer, char *local, int peer_port, int local_port)
{
    const struct verified_late *late = context;

    (void)peer, (void)local, (void)peer_port, (void)local_port;
    curl_easy_setopt(late->curl, late->option, 2L);
    return CURL_PREREQFUNC_OK;
}

static bool took_a_connection(CURL *curl)
{
    long connections = 0;

    curl_easy_getinfo(curl, CURLINFO_NUM_CONNECTS, &connections);
    return connections > 0;
}

/* Verification that is switched on when the connection was made without it, and what is sent over
   that connection later, if libcurl takes it for verified. */
static void verified_late(const struct client_setting *setting, struct client_answer *answer)
{
    static const CURLoption options[] = {CURLOPT_SSL_VERIFYPEER, CURLOPT_SSL_VERIFYHOST};

    for (int i = 0; i < 2; i++) {
        CURL *curl = client_handle(setting, setting->a, answer);
        struct verified_late late = {.curl = curl, .option = options[i]};

        curl_easy_setopt(curl, CURLOPT_CAINFO, i ? setting->ca : NULL);
        curl_easy_setopt(curl, options[i], 0L);
        curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, verify_from_now_on);
        curl_easy_setopt(curl, CURLOPT_PREREQDATA, &late);
        perform(curl);
        curl_easy_setopt(curl, CURLOPT_CAINFO, setting->ca);
        curl_easy_setopt(curl, options[i], 2L);
        perform(curl);
        printf("%s\n", took_a_connection(curl) ? "new" : "kept");
        curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
        perform(curl);
        curl_easy_cleanup(curl);
    }
}

/* Handles that go before their multi does, multis that go before their handles do, and a transfer
   that is given up in the middle. */
static void odd_ends(const struct client_setting *setting, struct client_answer *answer)
{
    CURL *first = client_handle(setting, setting->a, answer);
    CURL *second = client_handle(setting, setting->a, answer);
    CURL *third = client_handle(setting, setting->a, answer);
    CURLM *multi = curl_multi_init();
    int running;

    curl_multi_add_handle(multi, first);
    curl_multi_add_handle(multi, second);
    curl_multi_add_handle(multi, third);
    curl_multi_perform(multi, &running);
    curl_easy_cleanup(first);
    curl_multi_cleanup(multi);
    curl_easy_setopt(second, CURLOPT_URL, setting->b);
    perform(second);
    curl_easy_cleanup(second);
    curl_easy_setopt(third, CURLOPT_URL, setting->b);
    multi = curl_multi_init();
    curl_multi_add_handle(multi, third);
    client_drive(multi);
    curl_multi_cleanup(multi);
    curl_easy_cleanup(third);
}

/* What a transfer of a multi handle is to fetch, and how, may be said until it starts. */
static void set_when_added(const struct client_setting *setting, struct client_answer *answer)
{
    CURL *curl = client_handle(setting, setting->a, answer);
    CURLM *multi = curl_multi_init();

    curl_multi_add_handle(multi, curl);
    curl_easy_setopt(curl, CURLOPT_URL, setting->b);
    client_drive(multi);
    curl_multi_remove_handle(multi, curl);
    curl_easy_setopt(curl, CURLOPT_URL, setting->a);
    curl_multi_add_handle(multi, curl);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    client_drive(multi);
    curl_multi_cleanup(multi);
    curl_easy_cleanup(curl);
}

/* A copy made while the original is at work, used after the original is gone. */
static void copy_in_the_middle(const struct client_setting *setting, struct client_answer *answer)
{
    CURL *curl = client_handle(setting, setting->a, answer), *copy;
    CURLM *multi = curl_multi_init();
    int running;

    curl_multi_add_handle(multi, curl);
    curl_multi_perform(multi, &running);
    copy = curl_easy_duphandle(curl);
    client_drive(multi);
    curl_multi_remove_handle(multi, curl);
    curl_easy_cleanup(curl);
    curl_multi_cleanup(multi);
    curl_easy_setopt(copy, CURLOPT_URL, setting->b);
    perform(copy);
    curl_easy_cleanup(copy);
}

static CURLcode own_verification(CURL *curl, void *context, void *data)
{
    (void)curl, (void)context, (void)data;
    return CURLE_OK;
}

/* Who sets CURLOPT_SSL_CTX_FUNCTION may have switched verification off, for as long as the
   connection is kept. */
static void own_tls_context(const struct client_setting *setting, struct client_answer *answer)
{
    CURL *curl = client_handle(setting, setting->a, answer);

    curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, own_verification);
    perform(curl);
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, NULL);
    perform(curl);
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
    perform(curl);
    curl_easy_cleanup(curl);
}

/* The connection that the first handle made serves the second one of the same multi. */
static void tls_context_of_another(const struct client_setting *setting,
                                   struct client_answer *answer)
{
    CURL *first = client_handle(setting, setting->a, answer);
    CURL *second = client_handle(setting, setting->a, answer);
    CURLM *multi = curl_multi_init();

    curl_easy_setopt(first, CURLOPT_SSL_CTX_FUNCTION, own_verification);
    curl_multi_add_handle(multi, first);
    client_drive(multi);
    curl_multi_remove_handle(multi, first);
    for (long fresh = 0; fresh < 2; fresh++) {
        curl_easy_setopt(second, CURLOPT_FRESH_CONNECT, fresh);
        curl_multi_add_handle(multi, second);
        client_drive(multi);
        curl_multi_remove_handle(multi, second);
    }
    curl_multi_cleanup(multi);
    curl_easy_cleanup(first);
    perform(second);
    curl_easy_cleanup(second);
}

/* libcurl refuses to perform what is in a multi; that transfer goes on, and is ours as before. */
static void refused_in_multi(const struct client_setting *setting, struct client_answer *answer)
{
    CURL *curl = client_handle(setting, setting->a, answer);
    CURLM *multi = curl_multi_init();

    curl_multi_add_handle(multi, curl);
    client_check(curl_easy_perform(curl) == CURLE_FAILED_INIT, "it is refused");
    client_drive(multi);
    curl_multi_cleanup(multi);
    perform(curl);
    curl_easy_cleanup(curl);
}

static void *perform_in_thread(void *curl)
{
    perform(curl);
    return NULL;
}

/* The first transfer of the process, on as little stack as the program itself needs. */
static void small_stack(const struct client_setting *setting, struct client_answer *answer)
{
    CURL *curl = client_handle(setting, setting->a, answer);
    size_t size = SMALL_STACK;
    pthread_attr_t attributes;
    pthread_t thread;

    if (size < (size_t)PTHREAD_STACK_MIN)
        size = (size_t)PTHREAD_STACK_MIN;
    pthread_attr_init(&attributes);
    client_check(pthread_attr_setstacksize(&attributes, size) == 0, "pthread_attr_setstacksize");
    client_check(pthread_create(&thread, &attributes, perform_in_thread, curl) == 0,
                 "pthread_create");
    pthread_attr_destroy(&attributes);
    pthread_join(thread, NULL);
    curl_easy_cleanup(curl);
}

/* Options of every type still arrive, and errno is the program's. */
static void option_types(const struct client_setting *setting, struct client_answer *answer)
{
    CURL *curl = client_handle(setting, setting->a, answer);
    struct curl_blob blob = {(void *)(size_t) "not a certificate", 17, CURL_BLOB_COPY};
    curl_off_t size = 0;

    errno = ENOTTY;
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)1 << 40);
    client_check(errno == ENOTTY, "errno after curl_easy_setopt");
    perform(curl);
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)1);
    client_check(curl_easy_perform(curl) == CURLE_FILESIZE_EXCEEDED, "64 bit option");
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)0);
    curl_easy_getinfo(curl, CURLINFO_SIZE_DOWNLOAD_T, &size);
    client_check(curl_easy_setopt(curl, (CURLoption)19999, 1L) == CURLE_UNKNOWN_OPTION,
                 "unknown option");
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
    if (curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &blob) == CURLE_OK) /* since 7.77, by OpenSSL */
        client_check(curl_easy_perform(curl) != CURLE_OK, "blob option");
    curl_easy_cleanup(curl);
}

static void *cancel_and_perform(void *curl)
{
    pthread_cancel(pthread_self());
    curl_easy_perform(curl);
    return NULL;
}

/* A thread that is cancelled in its transfer, the first of the process, holds nobody else up. The
   handle stays as it is: libcurl's own work was cut off in the middle. */
static void cancelled_thread(const struct client_setting *setting, struct client_answer *answer)
{
    CURL *curl = client_handle(setting, setting->a, answer);
    pthread_t thread;
    void *result;

    client_check(pthread_create(&thread, NULL, cancel_and_perform, curl) == 0, "pthread_create");
    pthread_join(thread, &result);
    client_check(result == PTHREAD_CANCELED, "the thread was cancelled");
    curl = client_handle(setting, setting->a, answer);
    perform(curl);
    curl_easy_cleanup(curl);
}

/* A method for the first request only: from 8.13 on libcurl sends POST behind the redirect and
   still reports GET. */
static void perform_or_copy(CURL *curl, bool copied)
{
    CURL *copy = copied ? curl_easy_duphandle(curl) : NULL;

    perform(copied ? copy : curl);
    curl_easy_cleanup(copy);
}

/* Each way to follow redirects with each method, from and to a configured host: from A, from B, and
   away from A. Before 8.13 all ways are one. The first way once more at the end: what the others
   leave behind. */
static void follow_modes(const struct client_setting *setting, struct client_answer *answer)
{
    static const int codes[] = {301, 302, 303, 307, 308};
    static const long modes[] = {1, 2, 3, 1}; /* CURLFOLLOW_ALL, _OBEYCODE, _FIRSTONLY */
    static const char *const methods[] = {NULL, "GET", "PUT"};
    const struct {
        const char *from, *to;
    } routes[] = {{setting->a, "A"}, {setting->b, "A"}, {setting->a, "B"}};
    CURL *curl = client_handle(setting, NULL, answer);
    char url[256];

    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    for (int way = 0; way < 4; way++)
        for (int method = 0; method < 3; method++)
            for (int body = 0; body < 2; body++)
                for (int code = 0; code < 5; code++)
                    for (int route = 0; route < 3; route++) {
                        snprintf(url, sizeof(url), "%s/%d-%s", routes[route].from, codes[code],
                                 routes[route].to);
                        curl_easy_setopt(curl, CURLOPT_URL, url);
                        curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, modes[way]);
                        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, methods[method]);
                        curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
                        if (body)
                            curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "x=1");
                        perform_or_copy(curl, codes[code] % 2);
                        printf("%d %s\n", way, methods[method] ? methods[method] : "-");
                    }
    curl_easy_cleanup(curl);
}

static void first_method(const struct client_setting *setting, struct client_answer *answer)
{
    CURL *curl = client_handle(setting, NULL, answer);
    char url[256];

    snprintf(url, sizeof(url), "%s/307-A", setting->b);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 3L); /* CURLFOLLOW_FIRSTONLY */
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "GET");
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "x=1");
    perform(curl);
    curl_easy_cleanup(curl);
}

static const struct {
    const char *name;
    scenario *run;
} scenarios[] = {
    {"url_object", url_object},
    {"url_object_in_multi", url_object_in_multi},
    {"own_prereq", own_prereq},
    {"own_list", own_list},
    {"kept_handle", kept_handle},
    {"multi_then_easy", multi_then_easy},
    {"options_after_add", options_after_add},
    {"url_after_add", url_after_add},
    {"request_after_add", request_after_add},
    {"verified_late", verified_late},
    {"odd_ends", odd_ends},
    {"set_when_added", set_when_added},
    {"copy_in_the_middle", copy_in_the_middle},
    {"own_tls_context", own_tls_context},
    {"tls_context_of_another", tls_context_of_another},
    {"refused_in_multi", refused_in_multi},
    {"small_stack", small_stack},
    {"option_types", option_types},
    {"cancelled_thread", cancelled_thread},
    {"first_method", first_method},
    {"follow_modes", follow_modes},
};

int main(int argc, char **argv)
{
    struct client_setting setting = client_setting_of(argc, argv);
    struct client_answer answer = {.length = 0};
    int found = 0;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    for (size_t i = 0; argc == 7 && i < sizeof(scenarios) / sizeof(*scenarios); i++)
        if (strcmp(scenarios[i].name, argv[6]) == 0)
            found = (scenarios[i].run(&setting, &answer), 1);
    client_check(found, "no such scenario");
    client_setting_free(&setting);
    curl_global_cleanup();
    return 0;
}
