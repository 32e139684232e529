/* server_address - the address of a CAVE server as its URLs begin. */
#include "cave_client/server_address.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/loopback.h"
#include "rules/server_host.h"
#include "rules/servers.h"

#include <stdio.h>
#include <string.h>

static char *compose(const struct origin *origin)
{
    char *base = NULL;
    bool http = origin->scheme == ORIGIN_HTTP;
    bool bracket = strchr(origin->host, ':') != NULL;
    char port[8] = "";
    if (origin->port != (http ? 80 : 443))
        snprintf(port, sizeof port, ":%hu", (unsigned short)origin->port);
    int made = asprintf(&base, "%s://%s%s%s%s", http ? "http" : "https", bracket ? "[" : "",
                        origin->host, bracket ? "]" : "", port);
    return made < 0 ? NULL : base;
}

int cave_server_base(const char *address, char **ret, synauth_error *error)
{
    struct origin origin;
    char host[SERVER_HOST_MAX];
    AUTO_STRING url = NULL;
    const char *wanted = address ? address : CAVE_DEFAULT_SERVER;
    int code = server_host(wanted, host, error);
    if (code != SYNAUTH_OK)
        return code;
    if (asprintf(&url, "%s%s", strstr(wanted, "://") ? "" : "https://", wanted) < 0) {
        url = NULL;
        return error_memory(error);
    }
    code = origin_from_url(url, &origin, NULL, error);
    if (code != SYNAUTH_OK)
        return code;
    if (origin.scheme == ORIGIN_HTTP && !loopback_has_host(origin.host))
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0,
                         "%s: tokens go over https only; write https://", origin.host);
    char *base = compose(&origin);
    if (!base)
        return error_memory(error);
    *ret = base;
    return SYNAUTH_OK;
}
