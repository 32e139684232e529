/* config_file - the Synapse clients' `.synapseConfig`: which section counts, and what it holds. */
#include "source/synapse/config_file.h"

#include "base/cleanup.h"
#include "file/file_read.h"
#include "format/ini.h"
#include "rules/servers.h"
#include "source/synapse/login.h"
#include "source/synapse/signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char kind[] = "synapse_config";

static void ini_cleanup(struct ini **ini)
{
    ini_free(*ini);
}
#define AUTO_INI __attribute__((cleanup(ini_cleanup))) struct ini *

/* NULL when absent; an empty value counts as absent. */
static const struct secret *value_of(const struct ini *ini, const char *section, const char *key,
                                     unsigned *ret_line)
{
    const struct secret *value = ini_get(ini, section, key, ret_line);
    const char *text = secret_bytes(value);
    for (size_t i = 0; i < secret_length(value); i++)
        if (!strchr(" \t\r\n\v\f", text[i]) || text[i] == '\0')
            return value;
    return NULL;
}

/* The section without a profile, or with the profile `default`. An empty [default] does not
   count. NULL when there is none. */
static const char *usual_section(const struct ini *ini)
{
    if (ini_key_count(ini, "default") > 0)
        return "default";
    return ini_has_section(ini, "authentication") ? "authentication" : NULL;
}

static bool is_user(const struct ini *ini, const char *section, const char *username)
{
    const struct secret *value = value_of(ini, section, "username", NULL);
    return value && secret_length(value) == strlen(username) &&
           memcmp(secret_bytes(value), username, secret_length(value)) == 0;
}

static bool ask_password(struct answer *answer, const struct synapse_config_file *query,
                         const struct place *place, const struct secret *user,
                         const struct secret *password)
{
    AUTO_STRING endpoint = synapse_config_file_endpoint(query->path);
    const struct synapse_login login = {.config_file = query->path,
                                        .endpoint = endpoint,
                                        .profile = query->profile,
                                        .helper = query->helper,
                                        .file = query->file};
    if (!endpoint) {
        answer->short_of_memory = true;
        return true;
    }
    return synapse_login_ask(answer, place, &login, user, password);
}

static bool ask_login(struct answer *answer, const struct synapse_config_file *query,
                      struct place *place, const struct ini *ini, const char *section)
{
    const struct secret *user = value_of(ini, section, "username", NULL);
    const struct secret *password = value_of(ini, section, "password", &place->line);
    if (user && password) {
        place->key = "password";
        return ask_password(answer, query, place, user, password);
    }
    const struct secret *key = value_of(ini, section, "apikey", &place->line);
    if (user && key) {
        place->key = "apikey";
        return signature_ask(answer, place, user, key);
    }
    return false;
}

static bool ask_section(struct answer *answer, const struct synapse_config_file *query,
                        const struct ini *ini, const char *section)
{
    char name[256];
    struct place place = {.kind = kind, .name = name, .path = query->path};
    place.trail_name = query->path;
    snprintf(name, sizeof name, "[%.250s]", section);
    if (query->username && !is_user(ini, section, query->username)) {
        answer_tried(answer, kind, query->path, "section %s is not of the user asked for", name);
        return false;
    }
    const struct secret *token = value_of(ini, section, "authtoken", &place.line);
    if (token) {
        place.key = "authtoken";
        return answer_judge(answer, &place, secret_bytes(token), secret_length(token));
    }
    if (ask_login(answer, query, &place, ini, section))
        return true;
    answer_tried(answer, kind, query->path, "section %s has no authtoken", name);
    return false;
}

static bool ask_profile(struct answer *answer, const struct synapse_config_file *query,
                        const struct ini *ini)
{
    AUTO_STRING section = NULL;
    char name[256];
    const struct place place = {
        .kind = kind, .name = name, .path = query->path, .trail_name = query->path};
    if (asprintf(&section, "profile %s", query->profile) < 0) {
        section = NULL;
        answer->short_of_memory = true;
        return true;
    }
    if (ini_has_section(ini, section))
        return ask_section(answer, query, ini, section);
    snprintf(name, sizeof name, "[%.250s]", section);
    answer_end(answer, OUTCOME_UNUSABLE, &place, "there is no such section");
    return true;
}

static bool ask_content(struct answer *answer, const struct synapse_config_file *query,
                        const struct secret *content)
{
    AUTO_INI ini = NULL;
    synauth_error error = {0};
    if (ini_parse(secret_bytes(content), secret_length(content), query->path, &ini, &error) !=
        SYNAUTH_OK) {
        const struct place place = {
            .kind = kind, .path = query->path, .line = error.line, .trail_name = query->path};
        answer_end(answer, OUTCOME_UNUSABLE, &place, "%s", error.text);
        return true;
    }
    if (query->profile && strcmp(query->profile, "default") != 0)
        return ask_profile(answer, query, ini);
    const char *section = usual_section(ini);
    if (section)
        return ask_section(answer, query, ini, section);
    answer_tried(answer, kind, query->path, "has neither [default] nor [authentication]");
    return false;
}

char *synapse_config_file_endpoint(const char *path)
{
    static const char production[] = SYNAPSE_AUTH_URL;
    AUTO_SECRET content = NULL;
    AUTO_INI ini = NULL;
    const struct secret *value = NULL;
    if (path &&
        file_read(path, CREDENTIAL_FILE_MAX, FILE_TRUST_CREDENTIAL, &content, NULL, NULL) ==
            FILE_OK &&
        ini_parse(secret_bytes(content), secret_length(content), path, &ini, NULL) == SYNAUTH_OK)
        value = ini_get(ini, "endpoints", "authendpoint", NULL);
    char *url = strdup(secret_length(value) > 0 ? secret_bytes(value) : production);
    for (size_t length = url ? strlen(url) : 0; length > 0 && url[length - 1] == '/'; length--)
        url[length - 1] = '\0';
    return url;
}

bool synapse_config_file_ask(struct answer *answer, const struct synapse_config_file *query)
{
    AUTO_SECRET content = NULL;
    synauth_error error = {0};
    struct stat status;
    struct synapse_config_file reading = *query;
    reading.file = &status;
    if (!query->path) {
        answer_tried(answer, kind, "~/.synapseConfig", "no home directory");
        return false;
    }
    answer_watch(answer, query->path);
    switch (file_read(query->path, CREDENTIAL_FILE_MAX, FILE_TRUST_CREDENTIAL, &content, &status,
                      &error)) {
    case FILE_OK:
        return ask_content(answer, &reading, content);
    case FILE_ABSENT:
        answer_tried(answer, kind, query->path, "no such file");
        return false;
    case FILE_UNUSABLE:
    default: {
        const struct place place = {.kind = kind, .path = query->path, .trail_name = query->path};
        answer_end(answer, OUTCOME_UNUSABLE, &place, "%s", error.text);
        return true;
    }
    }
}
