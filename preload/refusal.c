/* refusal - calls without an answer that libcurl may refuse. */
#include "refusal.h"

#define GUARDS_CALLS 0x081600 /* 8.22, lib/api.c */

bool refusal_of_reset(const struct binding *curl, CURL *handle)
{
    static char mark;
    void *before = NULL, *after = NULL;

    /* What a reset always clears, and nobody but the program looks at. */
    curl->easy_getinfo(handle, CURLINFO_PRIVATE, &before);
    if (!before)
        curl->easy_setopt(handle, CURLOPT_PRIVATE, &mark);
    curl->easy_reset(handle);
    curl->easy_getinfo(handle, CURLINFO_PRIVATE, &after);
    if (!before && after)
        curl->easy_setopt(handle, CURLOPT_PRIVATE, NULL);
    return after != NULL;
}

/* curl_easy_recv is refused when curl_easy_cleanup is, and otherwise does nothing on a handle that
   is not for CURLOPT_CONNECT_ONLY. It would complain of that to the program. */
bool refusal_of_cleanup(const struct transfer *transfer)
{
    const struct program_options *program = &transfer->program;
    const struct binding *curl = transfer->curl;
    CURL *handle = transfer->handle;
    char nothing[1];
    size_t length = 0;
    CURLcode answer;

    if (curl->version < GUARDS_CALLS || !curl->easy_recv || !program->url_set)
        return false;
    curl->easy_setopt(handle, CURLOPT_CONNECT_ONLY, 0L);
    curl->easy_setopt(handle, CURLOPT_ERRORBUFFER, NULL);
    curl->easy_setopt(handle, CURLOPT_VERBOSE, 0L);
    answer = curl->easy_recv(handle, nothing, 0, &length);
    curl->easy_setopt(handle, CURLOPT_CONNECT_ONLY, program->connect_only);
    curl->easy_setopt(handle, CURLOPT_ERRORBUFFER, program->error_buffer);
    curl->easy_setopt(handle, CURLOPT_VERBOSE, (long)program->verbose);
    return answer != CURLE_UNSUPPORTED_PROTOCOL;
}
