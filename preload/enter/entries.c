/* entries - the functions that stand in front of libcurl's own by name; the caller's own object
   tells which libcurl it means. */
#include "hooks.h"

#define HOOK __attribute__((visibility("default")))
#define CALLERS(function) binding_for_caller(__builtin_return_address(0), HOOKED_##function, NULL)
/* The libcurl of a handle that is known, else the caller's. The handle comes first, since a
   function that ends in such a call may have left its place to it: then the return address is that
   of who called the function, which may be the user of another libcurl. */
#define BINDING(transfer, function) ((transfer) ? (transfer)->curl : CALLERS(function))

/* libcurl opens handles of its own through its exported functions and frees them behind our back;
   state made for those would stay for ever. */
HOOK CURL *curl_easy_init(void)
{
    bool apart;
    const struct binding *curl =
        binding_for_caller(__builtin_return_address(0), HOOKED_EASY_INIT, &apart);

    return hook_easy_init(curl, apart);
}

HOOK CURL *curl_easy_duphandle(CURL *handle)
{
    struct transfer *from = transfer_of_handle(handle);
    return hook_easy_duphandle(BINDING(from, EASY_DUPHANDLE), from, handle);
}

HOOK void curl_easy_reset(CURL *handle)
{
    struct transfer *transfer = transfer_of_handle(handle);
    hook_easy_reset(BINDING(transfer, EASY_RESET), transfer, handle);
}

HOOK void curl_easy_cleanup(CURL *handle)
{
    struct transfer *transfer = transfer_of_handle(handle);
    hook_easy_cleanup(BINDING(transfer, EASY_CLEANUP), transfer, handle);
}

HOOK CURLcode curl_easy_setopt(CURL *handle, CURLoption option, ...)
{
    struct transfer *transfer = transfer_of_handle(handle);
    const struct binding *curl = BINDING(transfer, EASY_SETOPT);
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
    return hook_easy_perform(BINDING(transfer, EASY_PERFORM), transfer, handle);
}

HOOK CURLMcode curl_multi_add_handle(CURLM *multi, CURL *handle)
{
    struct transfer *transfer = transfer_of_handle(handle);
    return hook_multi_add_handle(BINDING(transfer, MULTI_ADD_HANDLE), transfer, multi, handle);
}

HOOK CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *handle)
{
    struct transfer *transfer = transfer_of_handle(handle);
    return hook_multi_remove_handle(BINDING(transfer, MULTI_REMOVE_HANDLE), transfer, multi,
                                    handle);
}

HOOK CURLMcode curl_multi_setopt(CURLM *multi, CURLMoption option, ...)
{
    const struct binding *curl = CALLERS(MULTI_SETOPT);
    CURLMcode result;
    va_list arguments;

    va_start(arguments, option);
    result = hook_multi_setopt(curl, multi, option, arguments);
    va_end(arguments);
    return result;
}

HOOK CURLMcode curl_multi_cleanup(CURLM *multi)
{
    return hook_multi_cleanup(CALLERS(MULTI_CLEANUP), multi);
}
