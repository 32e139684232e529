/* run_logins - the password logins that rules ask for, made by `synauth run` before its program. */
#include "run/run_logins.h"

#include "talk/output.h"
#include <stdlib.h>
#include <string.h>

#define LEVEL "SYNAUTH_LOG"

bool run_logins(synauth_context *context, bool strict)
{
    synauth_error error = {0};
    const char *level = getenv(LEVEL);
    char *kept = level ? strdup(level) : NULL;
    /* What a look at the sources warns about the library in the program says again. */
    setenv(LEVEL, "off", 1);
    int code = synauth_log_in_ahead(context, &error);
    if (kept)
        setenv(LEVEL, kept, 1);
    else
        unsetenv(LEVEL);
    free(kept);
    if (code == SYNAUTH_OK)
        return true;
    if (strict)
        say_error(&error);
    else
        say_warning("%s", error.text);
    return false;
}
