/* refused_calls - one call of libcurl made inside one of its callbacks, and what came of it. */
#ifndef SYNAUTH_TEST_REFUSED_CALLS_H
#define SYNAUTH_TEST_REFUSED_CALLS_H

#include "client.h"

#define URL_MAX 256u

/* Where a call is made from. */
enum place {
    IN_WRITE,
    IN_HEADER,
    IN_READ,
    IN_SEEK,
    IN_TRAILER,
    IN_PROGRESS,
    IN_DEBUG,
    IN_RESOLVER,
    IN_OPENSOCKET,
    IN_SOCKOPT,
    IN_CLOSESOCKET,
    IN_TLS_CONTEXT,
    IN_PREREQ,
    IN_LOCK,
    IN_TIMER,
    IN_WATCH,
    IN_NOTIFICATION,
    PLACES
};
extern const char *const place_names[PLACES];

/* Everything that the callbacks and the calls of one case need. */
struct scene {
    const struct client_setting *setting;
    enum place place;
    void (*call)(struct scene *scene);
    int armed; /* the call is still to be made */
    CURL *curl, *other, *spare;
    CURLM *multi, *spare_multi;
    CURLSH *share;
    struct curl_slist *headers, *own_headers;
    struct client_answer answer, other_answer, spare_answer;
    size_t sent;
    char url[URL_MAX], next_url[URL_MAX], foreign_url[URL_MAX];
    char other_url[URL_MAX], spare_url[URL_MAX];
};

/* Prints at once: the next line may end the process. */
__attribute__((format(printf, 1, 2))) void say(const char *format, ...);

/* Sets what makes libcurl come by scene->place in a transfer of scene->curl: a POST from a callback
   in chunks with a trailer. */
void places_prepare(struct scene *scene);
/* The same for the multi handle; 0 when this libcurl has no such place. */
int places_prepare_multi(struct scene *scene);

#endif
