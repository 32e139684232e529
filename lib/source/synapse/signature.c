/* signature - requests signed with user name and API key, as Synapse's older clients do. */
#include "source/synapse/signature.h"

#include "base/ascii.h"
#include "foreign/deps.h"
#include "format/base64.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* NULL when it is not base64; white space around it is ignored. */
static struct secret *decode(const struct secret *text)
{
    const char *at = secret_bytes(text), *end = at + secret_length(text);
    while (at < end && ascii_is_space(*at))
        at++;
    while (end > at && ascii_is_space(end[-1]))
        end--;
    AUTO_SECRET decoded = base64_decode(at, (size_t)(end - at), BASE64_USUAL);
    return secret_length(decoded) > 0 ? secret_ref(decoded) : NULL;
}

/* Into a header line only what cannot end it. */
static const char *why_bad_user(const struct secret *user)
{
    const char *text = secret_bytes(user);
    if (secret_length(user) > SIGNATURE_USER_MAX)
        return "the user name is too long";
    for (size_t i = 0; i < secret_length(user); i++)
        if ((unsigned char)text[i] <= ' ' || (unsigned char)text[i] >= 0x7f)
            return "the user name holds white space, control or non-ASCII characters";
    return NULL;
}

bool signature_ask(struct answer *answer, const struct place *place, const struct secret *user,
                   const struct secret *key)
{
    const char *why = why_bad_user(user);
    AUTO_SECRET decoded = decode(key);
    if (!why && !decoded)
        why = "the API key is no base64 text";
    if (why) {
        answer_end(answer, OUTCOME_UNUSABLE, place, "%s", why);
        return true;
    }
    answer_sign(answer, place, user, decoded);
    answer_warn(answer,
                "API keys are deprecated: Synapse has removed them from its service, and requests "
                "signed with one count as anonymous there; make a personal access token at "
                "https://www.synapse.org and put it under authtoken");
    return true;
}

bool signature_make(const struct secret *key, const char *user, const char *path,
                    size_t path_length, const char *timestamp, char ret[SIGNATURE_SIZE])
{
    struct hmac_sha1_ctx context;
    uint8_t digest[SHA1_DIGEST_SIZE];
    const struct deps *deps = deps_get(NULL);
    if (!deps)
        return false;
    deps->nettle_hmac_sha1_set_key(&context, secret_length(key),
                                   (const uint8_t *)secret_bytes(key));
    deps->nettle_hmac_sha1_update(&context, strlen(user), (const uint8_t *)user);
    deps->nettle_hmac_sha1_update(&context, path_length, (const uint8_t *)path);
    deps->nettle_hmac_sha1_update(&context, strlen(timestamp), (const uint8_t *)timestamp);
    deps->nettle_hmac_sha1_digest(&context, sizeof digest, digest);
    deps->nettle_base64_encode_raw(ret, sizeof digest, digest);
    ret[BASE64_ENCODE_RAW_LENGTH(sizeof digest)] = '\0';
    explicit_bzero(&context, sizeof context);
    explicit_bzero(digest, sizeof digest);
    return true;
}

void signature_time(time_t now, char ret[SIGNATURE_TIME_SIZE])
{
    struct tm parts;
    ret[0] = '\0';
    if (gmtime_r(&now, &parts))
        snprintf(ret, SIGNATURE_TIME_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.000Z",
                 parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                 parts.tm_sec);
}

/* "." or "..", also encoded: clients take them out. */
static bool is_dot_segment(const char *segment, size_t length)
{
    size_t dots = 0;
    while (length > 0) {
        size_t step = *segment == '.' ? 1 : 3;
        if (length < step || (step == 3 && !ascii_equal_n(segment, "%2e", 3)))
            return false;
        segment += step;
        length -= step;
        dots++;
    }
    return dots == 1 || dots == 2;
}

static bool is_doubtful(const char *path, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)path[i] <= ' ' || (unsigned char)path[i] >= 0x7f ||
            strchr("\"<>\\^`{|}", path[i]))
            return true;
    for (size_t i = 0; i < length; i++) {
        size_t segment = i;
        while (segment < length && path[segment] != '/')
            segment++;
        if (is_dot_segment(path + i, segment - i))
            return true;
        i = segment;
    }
    return false;
}

const char *signature_path(const char *url, size_t *ret_length)
{
    const char *host = strstr(url, "://");
    if (!host)
        return NULL;
    host += 3;
    const char *path = host + strcspn(host, "/?#");
    if (*path != '/') {
        *ret_length = 1;
        return "/";
    }
    size_t length = strcspn(path, "?#");
    *ret_length = length;
    return is_doubtful(path, length) ? NULL : path;
}
