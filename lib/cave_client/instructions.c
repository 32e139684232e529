/* instructions - the seed's get_new_token and setup_token: where a token comes from, and what to do
   with it. */
#include "base/cleanup.h"
#include "base/error.h"
#include "cave_client/server_address.h"

#include <errno.h>
#include <stdio.h>

/* Creating adds one: the seed's "invalidates your previous token" ended in 2021 (middle_auth,
 * server.py: create_token).
 */
static const char new_token[] =
    "New token for %s\n"
    "  1. Open this page:\n"
    "       %s\n"
    "  2. Log in. The page then shows the token in quotes: copy it.\n"
    "     Every visit makes another one; the ones you have stay valid.\n"
    "  3. Save it; you are asked for it:\n"
    "       synauth cave save-token --server-address %s\n"
    "     From C: synauth_cave_save_token().\n";

static const char existing_token[] =
    "Token for %s\n"
    "  1. Open this page, which lists the tokens you have:\n"
    "       %s\n"
    "  2. Log in and copy the token that this computer is to use.\n"
    "     If the list is empty, `synauth cave get-new-token` makes one.\n"
    "  3. Save it; you are asked for it:\n"
    "       synauth cave save-token --server-address %s\n"
    "     From C: synauth_cave_save_token().\n";

static int describe(const char *server_address, int make_new, char **ret_url, char **ret_text,
                    synauth_error *error)
{
    AUTO_STRING base = NULL;
    char *url = NULL, *text = NULL;
    const char *path = make_new ? "/auth/api/v1/create_token" : "/sticky_auth/settings/tokens";
    int code = cave_server_base(server_address, &base, error);
    if (code != SYNAUTH_OK)
        return code;
    if (asprintf(&url, "%s%s", base, path) < 0)
        return error_memory(error);
    int made = make_new ? asprintf(&text, new_token, base, url, base)
                        : asprintf(&text, existing_token, base, url, base);
    if (made < 0) {
        free(url);
        return error_memory(error);
    }
    if (ret_url)
        *ret_url = url;
    else
        free(url);
    if (ret_text)
        *ret_text = text;
    else
        free(text);
    return SYNAUTH_OK;
}

int synauth_cave_setup_token(const char *server_address, int no_make_new, char **ret_url,
                             char **ret_text, synauth_error *error)
{
    error_clear(error);
    int saved_errno = errno;
    int code = describe(server_address, !no_make_new, ret_url, ret_text, error);
    errno = saved_errno;
    return code;
}

int synauth_cave_get_new_token(const char *server_address, char **ret_url, char **ret_text,
                               synauth_error *error)
{
    return synauth_cave_setup_token(server_address, 0, ret_url, ret_text, error);
}
