/* doctor_leftovers - tokens that other programs have left in plain text: old copies of
   `.synapseConfig`, and the keyring file of Python's keyrings.alt. Read for names alone. */
#include "doctor/doctor.h"

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/env.h"
#include "base/paths.h"
#include "file/file_read.h"
#include "file/file_save.h"
#include "source/cave/secrets_directory.h"
#include "source/synapse/session_directory.h"
#include <dirent.h>
#include <string.h>

#define BACKUP ".synapseConfig.backup"
#define KEYRING_SECTION "[SYNAPSE_2EORG_5FCLIENT"

/* Calls `is_it` for each line; the number of the first that is, 0 when none is. */
static unsigned find_line(const struct secret *content,
                          bool (*is_it)(const char *line, size_t length))
{
    const char *at = secret_bytes(content), *end = at + secret_length(content);
    for (unsigned line = 1; at < end; line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        if (is_it(at, length))
            return line;
        at += length + 1;
    }
    return 0;
}

static bool begins(const char *line, size_t length, const char *text)
{
    return length >= strlen(text) && ascii_equal_n(line, text, strlen(text));
}

/* "authtoken = value"; comments and empty values are none. */
static bool is_credential(const char *line, size_t length)
{
    static const char *const keys[] = {"authtoken", "password", "apikey"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        size_t at = strlen(keys[i]);
        if (!begins(line, length, keys[i]))
            continue;
        while (at < length && (line[at] == ' ' || line[at] == '\t'))
            at++;
        if (at == length || (line[at] != '=' && line[at] != ':'))
            continue;
        while (++at < length)
            if (!ascii_is_space(line[at]))
                return true;
    }
    return false;
}

static bool is_keyring_section(const char *line, size_t length)
{
    return begins(line, length, KEYRING_SECTION);
}

static unsigned find_in_file(const char *path, bool (*is_it)(const char *line, size_t length))
{
    AUTO_SECRET content = NULL;
    /* Whosever it is: nothing of it is used. */
    if (file_read(path, CREDENTIAL_FILE_MAX, FILE_TRUST_ANY, &content, NULL, NULL) != FILE_OK)
        return 0;
    return find_line(content, is_it);
}

static void check_backups(struct doctor *doctor)
{
    AUTO_STRING config = synauth_synapse_config_path(doctor->context, NULL);
    AUTO_STRING directory = config ? paths_directory(config) : NULL;
    DIR *stream = directory ? opendir(directory) : NULL;
    if (!stream)
        return;
    for (const struct dirent *entry = readdir(stream); entry; entry = readdir(stream)) {
        AUTO_STRING path = NULL;
        if (strncmp(entry->d_name, BACKUP, sizeof BACKUP - 1) == 0)
            path = paths_join(directory, entry->d_name);
        if (path && find_in_file(path, is_credential) > 0)
            doctor_add_file(doctor, FINDING_PROBLEM, "backup", path,
                            "an old copy of .synapseConfig, made by the Python client, still "
                            "holds a token or password",
                            "rm");
    }
    closedir(stream);
}

static void check_killed_savers_in(struct doctor *doctor, const char *directory)
{
    DIR *stream = opendir(directory);
    if (!stream)
        return;
    for (const struct dirent *entry = readdir(stream); entry; entry = readdir(stream)) {
        AUTO_STRING path =
            file_save_is_leftover(entry->d_name) ? paths_join(directory, entry->d_name) : NULL;
        if (path)
            doctor_add_file(doctor, FINDING_PROBLEM, "unfinished-save", path,
                            "was left by a command that was killed while it saved, and may hold a "
                            "token; the next one that saves there removes it",
                            "rm");
    }
    closedir(stream);
}

static void check_killed_savers(struct doctor *doctor)
{
    AUTO_STRING config = synauth_synapse_config_path(doctor->context, NULL);
    AUTO_STRING directory = config ? paths_directory(config) : NULL;
    AUTO_STRING secrets = NULL;
    AUTO_STRING sessions = session_directory_path();
    if (directory)
        check_killed_savers_in(doctor, directory);
    if (cave_secrets_directory(&secrets, NULL) == SYNAUTH_OK)
        check_killed_savers_in(doctor, secrets);
    if (sessions)
        check_killed_savers_in(doctor, sessions);
}

static void check_plain_keyring(struct doctor *doctor)
{
    static const char name[] = "python_keyring/keyring_pass.cfg";
    const char *data = env_get("XDG_DATA_HOME");
    AUTO_STRING path = data && data[0] == '/'
                           ? paths_join(data, name)
                           : paths_expand("~/.local/share/python_keyring/keyring_pass.cfg", NULL);
    unsigned line = path ? find_in_file(path, is_keyring_section) : 0;
    if (line == 0)
        return;
    doctor_add(doctor,
               &(struct finding){.severity = FINDING_PROBLEM,
                                 .check = "plain-keyring",
                                 .path = path,
                                 .line = line,
                                 .text = "Python's keyrings.alt keeps Synapse logins here in plain "
                                         "text; synauth does not read them",
                                 .remedy = "synauth synapse login; then delete the sections "
                                           "SYNAPSE_2EORG_5FCLIENT* from the file"});
}

void doctor_leftovers(struct doctor *doctor)
{
    check_backups(doctor);
    check_killed_savers(doctor);
    check_plain_keyring(doctor);
}
