/* http_url - judges URLs with libcurl's own parser, so that nobody reads them in another way. */
#include "http_url.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/loopback.h"
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void handle_cleanup(CURLU **handle)
{
    curl_url_cleanup(*handle);
}
#define AUTO_CURLU __attribute__((cleanup(handle_cleanup))) CURLU *

/* Copies one part; false when it is absent or longer than the buffer. */
static bool get_part(CURLU *handle, CURLUPart part, unsigned flags, char *buffer, size_t size)
{
    char *text = NULL;
    if (curl_url_get(handle, part, &text, flags) != CURLUE_OK)
        return false;
    size_t length = strlen(text);
    if (length < size)
        memcpy(buffer, text, length + 1);
    curl_free(text);
    return length < size;
}

static bool has_user_info(CURLU *handle)
{
    char *text = NULL;
    bool has = curl_url_get(handle, CURLUPART_USER, &text, 0) == CURLUE_OK;
    curl_free(text);
    if (has)
        return true;
    text = NULL;
    has = curl_url_get(handle, CURLUPART_PASSWORD, &text, 0) == CURLUE_OK;
    curl_free(text);
    return has;
}

int http_url_parse(const char *url, struct http_url *ret, synauth_error *error)
{
    AUTO_CURLU handle = curl_url();
    struct http_url parts = {.cleartext = false};
    char scheme[16];
    if (!handle)
        return error_memory(error);
    if (curl_url_set(handle, CURLUPART_URL, url, 0) != CURLUE_OK ||
        !get_part(handle, CURLUPART_SCHEME, 0, scheme, sizeof scheme) ||
        !get_part(handle, CURLUPART_HOST, 0, parts.host, sizeof parts.host) ||
        !get_part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT, parts.port, sizeof parts.port))
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0,
                         "the address of the service is not an absolute https URL");
    if (has_user_info(handle))
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0,
                         "%s: a user name or password in the address is not allowed", parts.host);
    parts.cleartext = strcmp(scheme, "http") == 0;
    if (parts.cleartext ? !loopback_has_host(parts.host) : strcmp(scheme, "https") != 0)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0,
                         "%s: tokens and passwords go over https only; write https://", parts.host);
    *ret = parts;
    return SYNAUTH_OK;
}

int http_url_check(const char *url, synauth_error *error)
{
    struct http_url parts;
    return http_url_parse(url, &parts, error);
}

char *http_url_same_origin(const char *url, const char *location)
{
    struct http_url here, there;
    AUTO_CURLU handle = curl_url();
    char *text = NULL, *absolute = NULL;
    if (!handle || curl_url_set(handle, CURLUPART_URL, url, 0) != CURLUE_OK ||
        curl_url_set(handle, CURLUPART_URL, location, 0) != CURLUE_OK ||
        curl_url_get(handle, CURLUPART_URL, &text, 0) != CURLUE_OK)
        return NULL;
    if (http_url_parse(url, &here, NULL) == SYNAUTH_OK &&
        http_url_parse(text, &there, NULL) == SYNAUTH_OK && here.cleartext == there.cleartext &&
        ascii_equal(here.host, there.host) && strcmp(here.port, there.port) == 0)
        absolute = strdup(text);
    curl_free(text);
    return absolute;
}
