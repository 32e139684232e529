/* engine_cookie - would libcurl's cookie engine send the CAVE token with this request? */
#include "decide/engine_cookie.h"
#include "base/ascii.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOKEN_NAME "middle_auth_token"

/* The fields of a line of a cookie file, parted by tabs: domain, tail match, path, secure, expires,
   name, value. */
enum { DOMAIN, TAIL, PATH, SECURE, EXPIRES, NAME, FIELDS };
struct field {
    const char *text;
    size_t length;
};

static bool split(const char *line, struct field *fields)
{
    static const char http_only[] = "#HttpOnly_";

    if (strncmp(line, http_only, sizeof(http_only) - 1) == 0)
        line += sizeof(http_only) - 1;
    for (int i = 0; i < NAME; i++) {
        size_t length = strcspn(line, "\t");
        fields[i] = (struct field){line, length};
        if (line[length] != '\t')
            return false;
        line += length + 1;
    }
    fields[NAME] = (struct field){line, strlen(line)}; /* and the value */
    return true;
}

static bool domain_matches(struct field domain, bool tail, const char *host)
{
    size_t length = strlen(host);

    if (domain.length && *domain.text == '.') {
        tail = true;
        domain.text++;
        domain.length--;
    }
    for (size_t i = 0; i < domain.length; i++)
        if ((unsigned char)domain.text[i] >= 0x80)
            return true; /* libcurl may know it under another name */
    if (length < domain.length ||
        !ascii_equal_n(host + length - domain.length, domain.text, domain.length))
        return false;
    return length == domain.length || (tail && host[length - domain.length - 1] == '.');
}

/* A path that libcurl may still change matches. */
static bool path_matches(struct field cookie, const char *url)
{
    const char *path = url + authority_text_length(url);
    size_t length = strcspn(path, "?#");

    if (cookie.length && cookie.text[cookie.length - 1] == '/')
        cookie.length--;
    for (size_t i = 0; i < length; i++)
        if (path[i] == '%' || path[i] == '\\' ||
            (path[i] == '/' && i + 1 < length && path[i + 1] == '.'))
            return true;
    return cookie.length <= length && memcmp(path, cookie.text, cookie.length) == 0;
}

static bool is_over(struct field expires, int64_t now)
{
    uint64_t time;
    const char *end = ascii_read_number(expires.text, INT64_MAX, &time);

    return end == expires.text + expires.length && time > 0 && (int64_t)time < now;
}

bool engine_cookie_line_matches(const char *line, const char *host, const char *url, int64_t now)
{
    struct field fields[FIELDS];

    if (!strstr(line, TOKEN_NAME))
        return false;
    if (!split(line, fields))
        return true;
    /* A name may be part of another cookie's value and still be a cookie on the wire. */
    return strstr(fields[NAME].text, TOKEN_NAME) &&
           (!host || domain_matches(fields[DOMAIN], *fields[TAIL].text == 'T', host)) &&
           path_matches(fields[PATH], url) && !is_over(fields[EXPIRES], now);
}

static bool list_has_token(const struct transfer *transfer, const char *url)
{
    const struct binding *curl = transfer->curl;
    const char *host = transfer->cookies.other_host ? NULL : transfer->authority->origin.host;
    struct curl_slist *list = NULL;
    bool found = false;

    if (curl->easy_getinfo(transfer->handle, CURLINFO_COOKIELIST, &list) != CURLE_OK)
        return true;
    while (list) { /* as curl_slist_free_all does */
        struct curl_slist *next = list->next;
        found = found || engine_cookie_line_matches(list->data, host, url, (int64_t)time(NULL));
        curl->free(list->data);
        curl->free(list);
        list = next;
    }
    return found;
}

/* libcurl reads its files when the transfer begins. Before 7.80 that is after our decision. */
static bool files_have_token(const struct transfer *transfer)
{
    const struct cookie_engine *engine = &transfer->cookies;

    for (size_t at = 0; at < engine->files_length; at += strlen(engine->files + at) + 1)
        if (transfer->resolver->cookie_file_has(engine->files + at, TOKEN_NAME,
                                                !transfer->curl->per_request))
            return true;
    return false;
}

bool engine_cookie_is_token(struct transfer *transfer, const char *url)
{
    struct cookie_engine *engine = &transfer->cookies;

    if (!engine->on)
        return false;
    if (!transfer->cookie_files_seen) {
        transfer->cookie_files_seen = true;
        engine->unseen_token = engine->unseen_token || files_have_token(transfer);
    }
    return engine->unseen_token || list_has_token(transfer, url);
}
