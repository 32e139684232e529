/* push - handles that libcurl makes by itself for what a server pushes over HTTP/2. */
#include "push.h"
#include "adopt.h"
#include "remember/handles.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What the program has set on one multi handle. */
struct push {
    curl_push_callback function;
    void *data;
    bool installed; /* libcurl has our function and this structure */
};

static struct push *push_of(CURLM *multi)
{
    return handles_find(&handles_by_multi, (uintptr_t)multi);
}

static struct push *push_make(CURLM *multi)
{
    struct push *push = push_of(multi);

    if (push)
        return push;
    push = calloc(1, sizeof(*push));
    if (push && handles_add(&handles_by_multi, (uintptr_t)multi, push))
        return push;
    free(push);
    return NULL;
}

/* CURLMOPT_PUSHFUNCTION. libcurl has copied the parent by curl_easy_duphandle: where it calls its
   own function past us (-Bsymbolic), the copy is first heard of here. */
static int on_push(CURL *parent, CURL *pushed, size_t count, struct curl_pushheaders *headers,
                   void *data)
{
    const struct push *push = data;
    const struct transfer *from = transfer_of_handle(parent);
    struct transfer *copy = transfer_of_handle(pushed);
    int saved = errno, answer;

    if (from && !copy)
        adopt_copy(from, pushed);
    errno = saved;
    answer = push->function(parent, pushed, count, headers, push->data);
    saved = errno;
    copy = transfer_of_handle(pushed);
    if (answer != CURL_PUSH_OK && copy)
        transfer_free(copy); /* libcurl frees the handle without a word */
    errno = saved;
    return answer;
}

CURLMcode push_set_function(const struct binding *curl, CURLM *multi, void *function)
{
    struct push *push = multi && function ? push_make(multi) : push_of(multi);
    CURLMcode result;

    if (!push)
        return curl->multi_setopt(multi, CURLMOPT_PUSHFUNCTION, function);
    memcpy(&push->function, &function, sizeof(push->function));
    if (!function) {
        push->installed = false;
        curl->multi_setopt(multi, CURLMOPT_PUSHDATA, push->data);
        return curl->multi_setopt(multi, CURLMOPT_PUSHFUNCTION, NULL);
    }
    result = curl->multi_setopt(multi, CURLMOPT_PUSHFUNCTION, on_push);
    push->installed = result == CURLM_OK;
    if (push->installed)
        curl->multi_setopt(multi, CURLMOPT_PUSHDATA, push);
    return result;
}

CURLMcode push_set_data(const struct binding *curl, CURLM *multi, void *data)
{
    struct push *push = multi && data ? push_make(multi) : push_of(multi);

    if (push)
        push->data = data;
    if (push && push->installed)
        return CURLM_OK;
    return curl->multi_setopt(multi, CURLMOPT_PUSHDATA, data);
}

struct push *push_detach(CURLM *multi)
{
    struct push *push = push_of(multi);

    handles_remove(&handles_by_multi, (uintptr_t)multi);
    return push;
}

void push_attach(CURLM *multi, struct push *push)
{
    if (push)
        handles_add(&handles_by_multi, (uintptr_t)multi, push); /* in the slot that it left */
}

void push_free(struct push *push)
{
    free(push);
}
