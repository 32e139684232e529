/* entries - the functions that stand in front of libcurl's own by name; the caller's own object
   tells which libcurl it means. */
#include "hooks.h"

#define HOOK __attribute__((visibility("default")))
/* The libcurl of a handle that is known, else the caller's. */
#define BINDING(transfer) \
    ((transfer) ? (transfer)->curl : binding_for_caller(__builtin_return_address(0), NULL))

/* libcurl opens handles of its own through its exported functions and frees them behind our back;
   state made for those would stay for ever. */
HOOK CURL *curl_easy_init(void)
{
    bool inner;
    const struct binding *curl = binding_for_caller(__builtin_return_address(0), &inner);

    return hook_easy_init(curl, inner);
}

HOOK CURL *curl_easy_duphandle(CURL *handle)
{
    struct transfer *from = transfer_of_handle(handle);
    return hook_easy_duphandle(BINDING(from), from, handle);
}

HOOK void curl_easy_reset(CURL *handle)
{
    struct transfer *transfer = transfer_of_handle(handle);
    hook_easy_reset(BINDING(transfer), transfer, handle);
}

HOOK void curl_easy_cleanup(CURL *handle)
{
    struct transfer *transfer = transfer_of_handle(handle);
    hook_easy_cleanup(BINDING(transfer), transfer, handle);
}

HOOK CURLcode curl_easy_setopt(CURL *handle, CURLoption option, ...)
{
    struct transfer *transfer = transfer_of_handle(handle);
    const struct binding *curl = BINDING(transfer);
    CURLcode result;
    va_list arguments;

    va_start(arguments, option);
    result = hook_easy_setopt(curl, transfer, handle, option, arguments);
    va_end(arguments);
    return result;
}

HOOK CURLcode curl_easy_perform(CURL *handle)
{
    struct transfer *transfer = transfer_of_handle(handle);
    return hook_easy_perform(BINDING(transfer), transfer, handle);
}

HOOK CURLMcode curl_multi_add_handle(CURLM *multi, CURL *handle)
{
    struct transfer *transfer = transfer_of_handle(handle);
    return hook_multi_add_handle(BINDING(transfer), transfer, multi, handle);
}

HOOK CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *handle)
{
    struct transfer *transfer = transfer_of_handle(handle);
    return hook_multi_remove_handle(BINDING(transfer), transfer, multi, handle);
}

HOOK CURLMcode curl_multi_setopt(CURLM *multi, CURLMoption option, ...)
{
    const struct binding *curl = binding_for_caller(__builtin_return_address(0), NULL);
    CURLMcode result;
    va_list arguments;

    va_start(arguments, option);
    result = hook_multi_setopt(curl, multi, option, arguments);
    va_end(arguments);
    return result;
}

HOOK CURLMcode curl_multi_cleanup(CURLM *multi)
{
    return hook_multi_cleanup(binding_for_caller(__builtin_return_address(0), NULL), multi);
}
