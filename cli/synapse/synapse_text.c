/* synapse_text - accounts and times as the verbs of `synauth synapse` say them. */
#include "synapse/synapse.h"

#include "talk/service.h"
#include <stdio.h>
#include <time.h>

char *synapse_account_text(const synauth_synapse_account *account)
{
    const char *name = service.synapse_account_name(account);
    const char *id = service.synapse_account_id(account);
    char *text = NULL;
    int made = name ? asprintf(&text, "%s (%s)", name, id ? id : "no id")
                    : asprintf(&text, "number %s", id ? id : "unknown");
    return made < 0 ? NULL : text;
}

void synapse_time_text(int64_t seconds, char *buffer, size_t size)
{
    struct tm parts;
    time_t when = (time_t)seconds;
    buffer[0] = '\0';
    if (gmtime_r(&when, &parts))
        snprintf(buffer, size, "%04d-%02d-%02d %02d:%02d:%02d UTC", parts.tm_year + 1900,
                 parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

void account_cleanup(synauth_synapse_account **account)
{
    if (*account)
        service.synapse_account_free(*account);
}
