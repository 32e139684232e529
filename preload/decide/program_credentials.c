/* program_credentials - what the program itself has set that identifies it. */
#include "decide/program_credentials.h"
#include "decide/header_line.h"
#include "query_token.h"

bool program_query_has_token(const char *url)
{
    return query_has_token(url);
}

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
    if (program->url_user || authority->user)
        return "user info in the URL";
    if (program->cookie_token)
        return "a middle_auth_token cookie";
    if (program_query_has_token(url))
        return "a middle_auth_token in the query";
    if (program->target_foreign)
        return "a request target of its own";
    if (program->text_credentials)
        return "a header line inside another option's text";
    return program_header_credentials(program, authority);
}

bool program_has_cookie(const struct program_options *program)
{
    if (program->cookie || program->text_cookies)
        return true;
    for (const struct curl_slist *header = program->headers; header; header = header->next)
        if (header->data && header_lines_have_cookie(header->data))
            return true;
    return false;
}
