/* token_service - of which service a token looks like one, told from its form. */
#include "source/token_service.h"

#include "base/ascii.h"
#include "format/json_secret.h"
#include "source/token.h"

#include <stdbool.h>
#include <string.h>

enum { CAVE_DIGITS = 32 };

/* CAVE's are 32 hexadecimal digits, or base64 in some deployments, which says nothing. */
static bool looks_like_cave(const struct secret *token)
{
    const char *text = secret_bytes(token);
    size_t digits = 0;
    while (digits < secret_length(token) && ascii_hex_value(text[digits]) >= 0)
        digits++;
    return digits == CAVE_DIGITS && digits == secret_length(token);
}

/* Synapse's are JWTs that say so: personal access tokens and those of a login. */
static bool looks_like_synapse(const struct secret *token)
{
    static const char *const types[] = {"PERSONAL_ACCESS_TOKEN", "OIDC_ACCESS_TOKEN"};
    AUTO_SECRET payload = token_jwt_payload(token);
    AUTO_SECRET type = NULL;
    if (!payload || json_secret_get(secret_bytes(payload), secret_length(payload), "token_type", "",
                                    &type, NULL, NULL) != JSON_SECRET_FOUND)
        return false;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(secret_bytes(type), types[i]) == 0)
            return true;
    return false;
}

const char *token_of_other_service(const char *text, enum rule_service wanted)
{
    AUTO_SECRET token = NULL;
    const char *why = NULL;
    if (token_judge(text, strlen(text), &token, &why) != TOKEN_OK)
        return NULL;
    if (wanted == SERVICE_CAVE && looks_like_synapse(token))
        return "is one of Synapse, not of CAVE; `synauth synapse login` takes it";
    if (wanted == SERVICE_SYNAPSE && looks_like_cave(token))
        return "looks like one of CAVE (32 hexadecimal digits), not of Synapse; "
               "`synauth cave login` takes it";
    return NULL;
}
