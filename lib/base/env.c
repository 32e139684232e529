/* env - the environment as the resolver sees it: empty means unset, and changes are noticed. */
#include "base/env.h"

#include <stdlib.h>
#include <string.h>

static const char *const deciding[] = {
    "CAVE_AUTH_SERVER",      "CAVE_TOKEN",
    "CAVE_TOKEN_FILE",       "CLOUD_VOLUME_DIR",
    "CREDENTIALS_DIRECTORY", "HOME",
    "SYNAPSE_AUTH_TOKEN",    "SYNAPSE_AUTH_TOKEN_FILE",
    "SYNAPSE_PROFILE",       "SYNAPSE_TOKEN_AWS_SSM_PARAMETER_NAME",
    "SYNAUTH_SESSION_DIR",   "XDG_RUNTIME_DIR",
};
enum { DECIDING = sizeof deciding / sizeof *deciding };

const char *env_get(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

bool env_disabled(void)
{
    const char *value = env_get("SYNAUTH_DISABLE");
    return value && strcmp(value, "0") != 0;
}

bool env_in_helper(void)
{
    return env_get(ENV_HELPER) != NULL;
}

struct secret *env_copy(const char *extra)
{
    /* Lengths are measured once: another thread may change a value at any time. */
    const char *values[DECIDING + 1];
    size_t lengths[DECIDING + 1], total = 0;
    for (size_t i = 0; i <= DECIDING; i++) {
        const char *name = i < DECIDING ? deciding[i] : extra;
        values[i] = name ? getenv(name) : NULL;
        lengths[i] = values[i] ? strlen(values[i]) : 0;
        total += lengths[i] + 2;
    }
    struct secret *copy = secret_alloc(total);
    if (!copy)
        return NULL;
    char *to = secret_buffer(copy);
    for (size_t i = 0; i <= DECIDING; i++) {
        *to++ = values[i] ? '=' : '-'; /* unset is not empty */
        if (lengths[i] > 0)
            memcpy(to, values[i], lengths[i]);
        to += lengths[i] + 1;
    }
    return copy;
}
