/* program_credentials - what the program itself has set that identifies it. */
#include "decide/program_credentials.h"
#include "base/query_credential.h"
#include "decide/engine_cookie.h"
#include "remember/header_line.h"
#include <stdlib.h>

const char *program_header_credentials(const struct program_options *program,
                                       const struct authority *authority)
{
    for (const struct curl_slist *header = program->headers; header; header = header->next) {
        const char *why =
            header->data ? header_lines_credential(header->data, &authority->origin) : NULL;
        if (why)
            return why;
    }
    return NULL;
}

const char *program_credentials(const struct program_options *program, const char *url,
                                const struct authority *authority)
{
    if (program->user || program->password)
        return "a user name";
    if (program->bearer)
        return "a bearer token";
    if (program->aws_sigv4)
        return "an AWS signature";
    if (program->httpsig_algorithm || program->httpsig_key)
        return "an HTTP message signature";
    if (program->auth_alone)
        return "a way to authenticate without a user name";
    if ((program->url_user && !program->url_handle) || authority->user)
        return "user info in the URL";
    if (program->cookie_token)
        return "a middle_auth_token cookie";
    if (query_has_token(url))
        return "a middle_auth_token in the query";
    if (query_is_signed(url))
        return "a signed URL";
    if (program->target_foreign)
        return "a request target of its own";
    if (program->wire.credentials)
        return "a header line inside another option's text";
    return program_header_credentials(program, authority);
}

bool program_has_cookie(const struct program_options *program)
{
    if (program->cookie || program->wire.cookies)
        return true;
    for (const struct curl_slist *header = program->headers; header; header = header->next)
        if (header->data && header_lines_have_cookie(header->data))
            return true;
    return false;
}

#define NETRC_VARIABLE 0x081000 /* from 8.16 on $NETRC goes before ~/.netrc */

static const char *netrc_file(const struct transfer *transfer)
{
    const char *variable = getenv("NETRC");

    if (transfer->program.netrc_file || transfer->curl->version < NETRC_VARIABLE)
        return transfer->program.netrc_file;
    return variable && *variable ? variable : NULL;
}

static bool netrc_has_host(const struct transfer *transfer)
{
    return transfer->program.netrc &&
           transfer->resolver->netrc_has(netrc_file(transfer), transfer->authority->origin.host);
}

/* A Location may name a user, who is not in the URL that newer versions report. */
static bool redirect_names_user(const struct transfer *transfer)
{
    const struct binding *curl = transfer->curl;
    struct curl_header *location;

    if (!curl->easy_header)
        return false;
    for (int request = 0; request + 1 < (int)transfer->requests; request++)
        if (curl->easy_header(transfer->handle, "Location", 0, CURLH_HEADER, request, &location) ==
                CURLHE_OK &&
            authority_text_has_user(location->value))
            return true;
    return false;
}

/* CURLOPT_UNRESTRICTED_AUTH takes what a netrc file has for one host along to the next ones. */
static bool netrc_goes_along(const struct transfer *transfer)
{
    return transfer->program.follow && transfer->program.unrestricted_auth;
}

void program_note_elsewhere(struct transfer *transfer, const char *url)
{
    const struct authority *authority = transfer->authority;

    if (!transfer->program.follow)
        return;
    if (authority->user || query_has_token(url) ||
        (netrc_goes_along(transfer) && transfer->program.netrc &&
         (!authority->matchable || netrc_has_host(transfer))))
        transfer->standing_back = true;
}

const char *program_stands_back(struct transfer *transfer, const char *url)
{
    const char *why;

    if (transfer->standing_back)
        return "the program's own credentials";
    why = program_credentials(&transfer->program, url, transfer->authority);
    if (!why && transfer->requests > 1 && redirect_names_user(transfer))
        why = "user info in the URL of a redirect";
    if (!why && engine_cookie_is_token(transfer, url))
        why = "a middle_auth_token that the program's cookie engine would send";
    if (why) {
        transfer->standing_back = true; /* for the whole transfer */
        return why;
    }
    if (!netrc_has_host(transfer))
        return NULL;
    transfer->standing_back = netrc_goes_along(transfer);
    return "a netrc entry for the host";
}
