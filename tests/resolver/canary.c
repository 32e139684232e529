/* canary - asks the resolver for tokens, closes it, and looks for them in the memory of the process
   (canary_scan.h, CANARY). Arguments: URLs. Prints how many headers there were; exit status 1 if a
   token was found. */
#include "canary_scan.h"
#include "synauth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int ask(synauth_context *context, const char *url)
{
    synauth_result *result = NULL;
    synauth_error error;
    if (synauth_resolve(context, url, &result, &error) != SYNAUTH_OK)
        return 0;
    int sent = synauth_result_header(result) != NULL;
    synauth_result_free(result);
    return sent;
}

/* The environment is the program's: wiped, so that only copies of ours count. */
static void wipe_environment(void)
{
    static const char *const names[] = {"SYNAPSE_AUTH_TOKEN", "CAVE_TOKEN"};
    for (size_t i = 0; i < 2; i++) {
        char *value = getenv(names[i]);
        if (value)
            memset(value, 'x', strlen(value));
    }
}

int main(int argc, char **argv)
{
    synauth_error error;
    synauth_result *result = NULL;
    int sent = 0;
    synauth_context *context = synauth_open(NULL, &error);
    if (!context)
        return 2;
    for (int i = 1; i < argc; i++)
        sent += ask(context, argv[i]);
    if (synauth_cave_request_header(context, NULL, &result, &error) == SYNAUTH_OK)
        synauth_result_free(result);
    if (synauth_synapse_request_header(context, NULL, &result, &error) == SYNAUTH_OK)
        synauth_result_free(result);
    if (argc > 1 && ask(context, argv[1]) && getenv("CANARY_OPEN") == NULL)
        synauth_close(context);
    wipe_environment();
    printf("%d sent\n", sent);
    fflush(stdout);
    return canary_scan() ? 1 : 0;
}
