/* hooks - the functions that stand in front of libcurl's own. Each does its bookkeeping and calls
   the function of the libcurl that the caller means. */
#include "binding.h"
#include "gate.h"
#include "inject.h"
#include "legacy.h"
#include "transfer.h"
#include <errno.h>
#include <stdarg.h>

#define HOOK __attribute__((visibility("default")))
#define CALLER __builtin_return_address(0)

/* libcurl opens handles of its own through its exported functions and frees them behind our back;
   state made for those would stay for ever. */
HOOK CURL *curl_easy_init(void)
{
    bool inner;
    const struct binding *curl = binding_for_caller(CALLER, &inner);
    CURL *handle = curl ? curl->easy_init() : NULL;
    int saved = errno;

    if (handle && !inner)
        transfer_new(handle, curl);
    errno = saved;
    return handle;
}

/* libcurl has copied our callback and our node along: the copy gets the program's own again. */
static void give_back_options(const struct transfer *from, struct transfer *copy)
{
    const struct program_options *program = &copy->program;
    const struct binding *curl = copy->curl;

    if (from->request_hook) {
        curl->easy_setopt(copy->handle, CURLOPT_PREREQFUNCTION, program->prereq);
        curl->easy_setopt(copy->handle, CURLOPT_PREREQDATA, program->prereq_data);
    }
    copy->node_installed = from->node_installed;
    copy->unrestricted = from->unrestricted;
    copy->debug_hook = from->debug_hook;
    copy->socket_hook = from->socket_hook;
    copy->header_hook = from->header_hook;
    copy->progress_hook = from->progress_hook;
    inject_restore(copy);
    legacy_end(copy);
}

/* libcurl's own calls count too: the handle of an HTTP/2 push becomes the program's. */
HOOK CURL *curl_easy_duphandle(CURL *handle)
{
    struct transfer *from = transfer_of_handle(handle), *copy;
    const struct binding *curl = from ? from->curl : binding_for_caller(CALLER, NULL);
    CURL *duplicate = curl ? curl->easy_duphandle(handle) : NULL;
    int saved = errno;

    if (duplicate && from) {
        copy = transfer_copy(from, duplicate);
        if (copy)
            give_back_options(from, copy);
    }
    errno = saved;
    return duplicate;
}

HOOK void curl_easy_reset(CURL *handle)
{
    struct transfer *transfer = transfer_of_handle(handle);
    const struct binding *curl = transfer ? transfer->curl : binding_for_caller(CALLER, NULL);

    if (curl)
        curl->easy_reset(handle);
    if (transfer)
        transfer_reset(transfer);
}

HOOK void curl_easy_cleanup(CURL *handle)
{
    struct transfer *transfer = transfer_of_handle(handle);
    const struct binding *curl = transfer ? transfer->curl : binding_for_caller(CALLER, NULL);

    if (transfer)
        transfer->in_easy = true; /* what libcurl calls from inside is not a step of a transfer */
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

    if (result == CURLE_OK)
        transfer_note_long(transfer, option, value);
    if (option == CURLOPT_VERBOSE && value && transfer->sent)
        inject_guard_debug(transfer);
    if (option == CURLOPT_UNRESTRICTED_AUTH)
        transfer->unrestricted = false; /* the program's word stands from here on */
    return result;
}

static CURLcode set_pointer(struct transfer *transfer, CURLoption option, void *pointer)
{
    CURLcode result = CURLE_OK;

    if (!set_behind_ours(transfer, option, pointer))
        result = transfer->curl->easy_setopt(transfer->handle, option, pointer);
    if (result == CURLE_OK) {
        int saved = errno;
        transfer_note_pointer(transfer, option, pointer);
        errno = saved;
    }
    return result;
}

/* libcurl reads exactly one argument, whose type the option's number tells (curl.h, CURLOPTTYPE_*).
   A long is read as a whole register even where callers pass an int, as libcurl itself does. */
HOOK CURLcode curl_easy_setopt(CURL *handle, CURLoption option, ...)
{
    struct transfer *transfer = transfer_of_handle(handle);
    const struct binding *curl = transfer ? transfer->curl : binding_for_caller(CALLER, NULL);
    CURLcode result;
    va_list arguments;

    if (!curl)
        return CURLE_FAILED_INIT;
    va_start(arguments, option);
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
    va_end(arguments);
    return result;
}

HOOK CURLcode curl_easy_perform(CURL *handle)
{
    struct transfer *transfer = transfer_of_handle(handle);
    const struct binding *curl = transfer ? transfer->curl : binding_for_caller(CALLER, NULL);
    CURLcode result;

    if (!curl)
        return CURLE_FAILED_INIT;
    if (!transfer || transfer->in_easy)
        return curl->easy_perform(handle);
    result = gate_begin(transfer);
    if (result == CURLE_OK) {
        transfer->in_easy = true;
        result = curl->easy_perform(handle);
        transfer->in_easy = false;
    }
    gate_end(transfer);
    return result;
}

HOOK CURLMcode curl_multi_add_handle(CURLM *multi, CURL *handle)
{
    struct transfer *transfer = transfer_of_handle(handle);
    const struct binding *curl = transfer ? transfer->curl : binding_for_caller(CALLER, NULL);
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

HOOK CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *handle)
{
    struct transfer *transfer = transfer_of_handle(handle);
    const struct binding *curl = transfer ? transfer->curl : binding_for_caller(CALLER, NULL);
    CURLMcode result;

    if (!curl)
        return CURLM_INTERNAL_ERROR;
    result = curl->multi_remove_handle(multi, handle);
    if (transfer && !transfer->in_easy && transfer->active && result == CURLM_OK)
        gate_end(transfer);
    return result;
}
