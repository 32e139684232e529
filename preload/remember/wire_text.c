/* wire_text - options whose text libcurl writes into the request as it is. */
#include "remember/wire_text.h"
#include "base/query_credential.h"
#include "remember/header_line.h"
#include <string.h>

/* libcurl 7.58 to 8.23 writes each of them as it is, line breaks included. The texts of headers are
   looked at for each request: the program may change its list. */
static const CURLoption options[] = {
    CURLOPT_COOKIE,         CURLOPT_USERAGENT,       CURLOPT_REFERER, CURLOPT_CUSTOMREQUEST,
    CURLOPT_REQUEST_TARGET, CURLOPT_ACCEPT_ENCODING, CURLOPT_RANGE};
#define OPTIONS (sizeof(options) / sizeof(options[0]))

/* The first line of a request is the program's own when more than a word is put into it. */
static bool is_request_line(CURLoption option, const char *text)
{
    if (option != CURLOPT_CUSTOMREQUEST && option != CURLOPT_REQUEST_TARGET)
        return false;
    for (; *text; text++)
        if ((unsigned char)*text <= ' ')
            return true;
    return false;
}

static bool has_credential(CURLoption option, const char *text)
{
    const char *more = header_line_after(text);

    return (more && header_lines_credential(more, NULL)) || is_request_line(option, text) ||
           (option == CURLOPT_REQUEST_TARGET && (query_has_token(text) || query_is_signed(text)));
}

static unsigned char with_bit(unsigned char bits, size_t place, bool value)
{
    unsigned bit = 1u << place;

    return (unsigned char)(value ? bits | bit : bits & ~bit);
}

void wire_text_note(struct wire_text *wire, CURLoption option, const char *text)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        const char *more;
        if (options[i] != option)
            continue;
        more = text ? header_line_after(text) : NULL;
        wire->credentials = with_bit(wire->credentials, i, text && has_credential(option, text));
        wire->cookies = with_bit(wire->cookies, i, more && header_lines_have_cookie(more));
    }
}
