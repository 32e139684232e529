/* push - handles that libcurl makes by itself for what a server pushes over HTTP/2. */
#include "push.h"
#include "adopt.h"
#include "ground/handles.h"
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

/* Also for a multi handle of which nothing was known: *ret_new. */
static struct push *push_make(CURLM *multi, bool *ret_new)
{
    struct push *push = push_of(multi);

    *ret_new = !push;
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

static CURLMcode install(const struct binding *curl, CURLM *multi, struct push *push,
                         void *function)
{
    CURLMcode result = curl->multi_setopt(multi, CURLMOPT_PUSHFUNCTION, on_push);

    if (result != CURLM_OK)
        return result;
    memcpy(&push->function, &function, sizeof(push->function));
    push->installed = true;
    return curl->multi_setopt(multi, CURLMOPT_PUSHDATA, push);
}

static CURLMcode uninstall(const struct binding *curl, CURLM *multi, struct push *push)
{
    CURLMcode result = curl->multi_setopt(multi, CURLMOPT_PUSHFUNCTION, NULL);

    if (result != CURLM_OK || !push)
        return result;
    push->installed = false;
    return curl->multi_setopt(multi, CURLMOPT_PUSHDATA, push->data);
}

CURLMcode push_set_function(const struct binding *curl, CURLM *multi, void *function)
{
    struct push *push;
    bool is_new;
    CURLMcode result;

    if (!function)
        return uninstall(curl, multi, push_of(multi));
    push = multi ? push_make(multi, &is_new) : NULL;
    if (!push)
        return curl->multi_setopt(multi, CURLMOPT_PUSHFUNCTION, function);
    result = install(curl, multi, push, function);
    if (result != CURLM_OK && is_new)
        push_free(push_detach(multi)); /* refused, or no multi handle at all */
    return result;
}

CURLMcode push_set_data(const struct binding *curl, CURLM *multi, void *data)
{
    struct push *push = push_of(multi);
    bool is_new;
    CURLMcode result =
        curl->multi_setopt(multi, CURLMOPT_PUSHDATA, push && push->installed ? (void *)push : data);

    if (result != CURLM_OK)
        return result;
    if (!push && data)
        push = push_make(multi, &is_new);
    if (push)
        push->data = data;
    return CURLM_OK;
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
