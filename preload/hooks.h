/* hooks - what each hook does once it is known which libcurl the caller means. */
#ifndef SYNAUTH_HOOKS_H
#define SYNAUTH_HOOKS_H

#include "remember/transfer.h"
#include <stdarg.h>

/* In all of them: `curl` is the libcurl meant, NULL when there is none (then the result is
   libcurl's own error for "does not work"); `transfer` is the handle's state, NULL when it is not
   known. The rest is as for libcurl's function of that name. */
CURL *hook_easy_init(const struct binding *curl, bool apart);
CURL *hook_easy_duphandle(const struct binding *curl, struct transfer *from, CURL *handle);
void hook_easy_reset(const struct binding *curl, struct transfer *transfer, CURL *handle);
void hook_easy_cleanup(const struct binding *curl, struct transfer *transfer, CURL *handle);
CURLcode hook_easy_setopt(const struct binding *curl, struct transfer *transfer, CURL *handle,
                          CURLoption option, va_list arguments);
CURLcode hook_easy_perform(const struct binding *curl, struct transfer *transfer, CURL *handle);
CURLMcode hook_multi_add_handle(const struct binding *curl, struct transfer *transfer, CURLM *multi,
                                CURL *handle);
CURLMcode hook_multi_remove_handle(const struct binding *curl, struct transfer *transfer,
                                   CURLM *multi, CURL *handle);
CURLMcode hook_multi_setopt(const struct binding *curl, CURLM *multi, CURLMoption option,
                            va_list arguments);
CURLMcode hook_multi_cleanup(const struct binding *curl, CURLM *multi);

#endif
