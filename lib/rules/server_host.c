/* server_host - a server's address as people write it, made the host[:port] of CAVE file names. */
#include "rules/server_host.h"

#include "base/error.h"

#include <stdio.h>
#include <string.h>

enum { ADDRESS_MAX = 4096 };

/* Is a port written in the authority that begins here? */
static bool has_port(const char *authority)
{
    size_t length = strcspn(authority, "/?#");
    const char *bracket = memchr(authority, ']', length);
    const char *from = bracket ? bracket : authority;
    const char *colon = memchr(from, ':', length - (size_t)(from - authority));
    return colon && colon + 1 < authority + length;
}

/* One that is no host's would make files and rules that nobody finds. */
static const char *name_problem(const char *host)
{
    size_t length = strlen(host);
    if (host[0] == '.' || strstr(host, ".."))
        return "a part of the server's name is empty; write it without extra dots";
    if (host[length - 1] == '.')
        return "the server's name ends in a dot; remove the dot";
    return NULL;
}

int server_host(const char *address, char ret[SERVER_HOST_MAX], synauth_error *error)
{
    char url[ADDRESS_MAX];
    struct origin origin;
    const char *scheme_end = strstr(address, "://");
    int length = snprintf(url, sizeof url, "%s%s", scheme_end ? "" : "https://", address);
    if (length < 0 || (size_t)length >= sizeof url)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "the server address is too long");
    int code = origin_from_url(url, &origin, NULL, error);
    if (code != SYNAUTH_OK)
        return code;
    const char *problem = name_problem(origin.host);
    if (problem)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "\"%.200s\": %s", origin.host,
                         problem);
    /* Only a written port is part of a name: http://host:80 is not http://host. */
    if (!has_port(strstr(url, "://") + 3))
        origin.port = 443;
    origin.scheme = ORIGIN_HTTPS;
    origin_host_port(&origin, ret, SERVER_HOST_MAX);
    return SYNAUTH_OK;
}
