/* hooks - what each hook does once it is known which libcurl the caller means: the bookkeeping, and
   the call of that library's own function. */
#include "hooks.h"
#include "adopt.h"
#include "gate.h"
#include "inject/inject.h"
#include "legacy.h"
#include "push.h"
#include "refusal.h"
#include "resolver.h"
#include <errno.h>
#include <stdlib.h>

CURL *hook_easy_init(const struct binding *curl, bool apart)
{
    CURL *handle = curl ? curl->easy_init() : NULL;
    int saved = errno;

    if (handle && !apart && !resolver_switched_off())
        transfer_new(handle, curl);
    errno = saved;
    return handle;
}

/* libcurl's own calls count too: the handle of an HTTP/2 push becomes the program's. */
CURL *hook_easy_duphandle(const struct binding *curl, struct transfer *from, CURL *handle)
{
    CURL *duplicate = curl ? curl->easy_duphandle(handle) : NULL;
    int saved = errno;

    if (duplicate && from)
        adopt_copy(from, duplicate);
    errno = saved;
    return duplicate;
}

void hook_easy_reset(const struct binding *curl, struct transfer *transfer, CURL *handle)
{
    if (!curl)
        return;
    if (!transfer) {
        curl->easy_reset(handle);
    } else if (!refusal_of_reset(curl, handle)) {
        gate_reset(transfer);
        transfer_reset(transfer);
    }
}

void hook_easy_cleanup(const struct binding *curl, struct transfer *transfer, CURL *handle)
{
    if (transfer && refusal_of_cleanup(transfer))
        transfer = NULL; /* the handle lives on */
    if (transfer)
        transfer_detach(transfer);
    if (curl)
        curl->easy_cleanup(handle);
    if (transfer) {
        int saved = errno;
        transfer_free(transfer);
        errno = saved;
    }
}

/* Options that are ours on the handle just now: noted, and not handed on. */
static bool set_behind_ours(struct transfer *transfer, CURLoption option, void *pointer)
{
    switch (option) {
    case CURLOPT_PREREQFUNCTION:
    case CURLOPT_PREREQDATA:
        return transfer->request_hook;
    case CURLOPT_HTTPHEADER:
        transfer->node.next = pointer;
        return transfer->node_installed;
    case CURLOPT_DEBUGFUNCTION:
    case CURLOPT_DEBUGDATA:
        return transfer->debug_hook;
    case CURLOPT_SOCKOPTFUNCTION:
    case CURLOPT_SOCKOPTDATA:
        return transfer->socket_hook;
    case CURLOPT_HEADERFUNCTION:
    case CURLOPT_HEADERDATA:
        return transfer->header_hook;
    case CURLOPT_XFERINFOFUNCTION:
        return transfer->progress_hook;
    default:
        return false;
    }
}

static CURLcode set_long(struct transfer *transfer, CURLoption option, long value)
{
    CURLcode result = transfer->curl->easy_setopt(transfer->handle, option, value);

    if (result != CURLE_OK)
        return result;
    if (transfer->sent && !transfer->curl->per_request)
        legacy_note_long(transfer, option, value);
    else
        transfer_note_long(transfer, option, value);
    if (option == CURLOPT_VERBOSE && value && transfer->sent)
        inject_guard_debug(transfer);
    if (option == CURLOPT_HEADEROPT && transfer->program.unified_headers && transfer->active)
        inject_guard_connections(transfer);
    if (option == CURLOPT_UNRESTRICTED_AUTH)
        transfer->unrestricted = false; /* the program's word stands from here on */
    if (transfer->waiting)
        gate_go_on(transfer);
    return result;
}

static CURLcode set_pointer(struct transfer *transfer, CURLoption option, void *pointer)
{
    CURLcode result = CURLE_OK;

    if (!set_behind_ours(transfer, option, pointer))
        result = transfer->curl->easy_setopt(transfer->handle, option, pointer);
    if (result == CURLE_OK) {
        int saved = errno;
        if (transfer->sent && !transfer->curl->per_request)
            legacy_note_pointer(transfer, option, pointer);
        else
            transfer_note_pointer(transfer, option, pointer);
        if (transfer->waiting)
            gate_go_on(transfer);
        errno = saved;
    }
    return result;
}

/* libcurl reads exactly one argument, whose type the option's number tells (curl.h, CURLOPTTYPE_*).
   A long is read as a whole register even where callers pass an int, as libcurl itself does. */
CURLcode hook_easy_setopt(const struct binding *curl, struct transfer *transfer, CURL *handle,
                          CURLoption option, va_list arguments)
{
    CURLcode result;

    if (!curl)
        return CURLE_FAILED_INIT;
    if (option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB) {
        curl_off_t value = va_arg(arguments, curl_off_t);
        result = curl->easy_setopt(handle, option, value);
    } else if (option < CURLOPTTYPE_OBJECTPOINT) {
        long value = va_arg(arguments, long);
        result =
            transfer ? set_long(transfer, option, value) : curl->easy_setopt(handle, option, value);
    } else {
        void *pointer = va_arg(arguments, void *);
        result = transfer ? set_pointer(transfer, option, pointer)
                          : curl->easy_setopt(handle, option, pointer);
    }
    return result;
}

static bool perform_was_refused(CURLcode result)
{
    return result == CURLE_FAILED_INIT || result == CURLE_RECURSIVE_API_CALL ||
           result == CURLE_BAD_FUNCTION_ARGUMENT;
}

/* A handle that is in a multi handle, unless that one is gone: libcurl refuses, and the transfer
   there goes on with all that it has. Not part of its caller, whose frame would be larger. */
__attribute__((noinline)) static CURLcode perform_under_way(struct transfer *transfer, CURL *handle)
{
    struct transfer before;
    CURLcode result;

    gate_begin_again(transfer, &before);
    transfer->in_easy = true;
    result = transfer->curl->easy_perform(handle);
    transfer->in_easy = false;
    if (perform_was_refused(result)) {
        gate_resume(transfer, &before);
        return result;
    }
    free(before.url_handle_text);
    gate_end(transfer);
    return result;
}

CURLcode hook_easy_perform(const struct binding *curl, struct transfer *transfer, CURL *handle)
{
    CURLcode result;

    if (!curl)
        return CURLE_FAILED_INIT;
    if (!transfer || transfer->in_easy)
        return curl->easy_perform(handle);
    if (transfer->active)
        return perform_under_way(transfer, handle);
    result = gate_begin(transfer);
    if (result == CURLE_OK) {
        transfer->in_easy = true;
        result = curl->easy_perform(handle);
        transfer->in_easy = false;
    }
    gate_end(transfer);
    return result;
}

CURLMcode hook_multi_add_handle(const struct binding *curl, struct transfer *transfer, CURLM *multi,
                                CURL *handle)
{
    CURLMcode result;

    if (!curl)
        return CURLM_INTERNAL_ERROR;
    result = curl->multi_add_handle(multi, handle);
    /* Nothing is sent before the next curl_multi_perform, and a handle that was refused may be
       part of a running transfer. */
    if (transfer && !transfer->in_easy && result == CURLM_OK)
        gate_begin_multi(transfer);
    return result;
}

CURLMcode hook_multi_remove_handle(const struct binding *curl, struct transfer *transfer,
                                   CURLM *multi, CURL *handle)
{
    CURLMcode result;

    if (!curl)
        return CURLM_INTERNAL_ERROR;
    result = curl->multi_remove_handle(multi, handle);
    if (transfer && !transfer->in_easy && transfer->active && result == CURLM_OK)
        gate_end(transfer);
    return result;
}

/* The numbers tell the type as for curl_easy_setopt; a curl_off_t exists in none of them so far. */
CURLMcode hook_multi_setopt(const struct binding *curl, CURLM *multi, CURLMoption option,
                            va_list arguments)
{
    void *pointer;

    if (!curl || !curl->multi_setopt)
        return CURLM_INTERNAL_ERROR;
    if (option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB)
        return curl->multi_setopt(multi, option, va_arg(arguments, curl_off_t));
    if (option < CURLOPTTYPE_OBJECTPOINT)
        return curl->multi_setopt(multi, option, va_arg(arguments, long));
    pointer = va_arg(arguments, void *);
    if (option == CURLMOPT_PUSHFUNCTION)
        return push_set_function(curl, multi, pointer);
    if (option == CURLMOPT_PUSHDATA)
        return push_set_data(curl, multi, pointer);
    return curl->multi_setopt(multi, option, pointer);
}

CURLMcode hook_multi_cleanup(const struct binding *curl, CURLM *multi)
{
    struct push *push;
    CURLMcode result;

    if (!curl || !curl->multi_cleanup)
        return CURLM_INTERNAL_ERROR;
    push = push_detach(multi);
    result = curl->multi_cleanup(multi);
    if (result == CURLM_OK)
        push_free(push);
    else
        push_attach(multi, push);
    return result;
}
