/* doctor_files - owner and mode of the files that hold tokens, of those that variables name, which
   nobody judges at run time, and of the session directory. */
#include "doctor/doctor.h"

#include "base/cleanup.h"
#include "base/env.h"
#include "base/paths.h"
#include "file/file_trust.h"
#include "source/cave/secrets_directory.h"
#include "source/synapse/session_directory.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define CHECK "credential-file"

static bool is_on_read_only_mount(const char *path)
{
    struct statvfs mount;
    return statvfs(path, &mount) == 0 && (mount.f_flag & ST_RDONLY) != 0;
}

/* Not to be chowned: in a container it is often the host's. */
static void add_foreign(struct doctor *doctor, const char *path, const struct stat *status)
{
    char text[96];
    snprintf(text, sizeof text,
             "belongs to user %lu, neither you nor root, who can so choose the token",
             (unsigned long)status->st_uid);
    doctor_add(doctor,
               &(struct finding){.severity = FINDING_PROBLEM,
                                 .check = CHECK,
                                 .path = path,
                                 .text = text,
                                 .remedy = "mount it read-only (:ro), or hand the token over by "
                                           "SYNAPSE_AUTH_TOKEN_FILE or CAVE_TOKEN_FILE"});
}

static void judge_mode(struct doctor *doctor, const char *path, mode_t mode)
{
    if (mode & S_IWOTH)
        doctor_add_file(doctor, FINDING_PROBLEM, CHECK, path,
                        "everybody can write it, and so choose the token", "chmod 600");
    else if (mode & S_IWGRP)
        doctor_add_file(doctor, FINDING_PROBLEM, CHECK, path,
                        "its group can write it, and so choose the token", "chmod 600");
    else if (mode & (S_IRGRP | S_IROTH))
        doctor_add_file(doctor, FINDING_PROBLEM, CHECK, path,
                        mode & S_IROTH ? "everybody can read it" : "its group can read it",
                        "chmod 600");
}

/* False: there is no such file. */
static bool judge(struct doctor *doctor, const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0 || S_ISDIR(status.st_mode))
        return false;
    if (is_on_read_only_mount(path))
        doctor_add(doctor, &(struct finding){.severity = FINDING_NOTE,
                                             .check = CHECK,
                                             .path = path,
                                             .text = "is on a read-only mount: owner and mode "
                                                     "are not judged"});
    else if (file_trust_is_foreign(&status))
        add_foreign(doctor, path, &status);
    else
        judge_mode(doctor, path, status.st_mode);
    if (access(path, R_OK) != 0)
        doctor_add_file(doctor, FINDING_PROBLEM, CHECK, path, "cannot be read", "chmod u+r");
    return true;
}

static void judge_secrets_directory(struct doctor *doctor, const char *directory)
{
    size_t host = 0;
    DIR *stream = opendir(directory);
    if (!stream)
        return;
    for (const struct dirent *entry = readdir(stream); entry; entry = readdir(stream)) {
        AUTO_STRING path = NULL;
        if (cave_is_secret_name(entry->d_name, &host))
            path = paths_join(directory, entry->d_name);
        if (path)
            judge(doctor, path);
    }
    closedir(stream);
}

static void judge_usual_files(struct doctor *doctor)
{
    synauth_error error = {0};
    AUTO_STRING config = synauth_synapse_config_path(doctor->context, NULL);
    AUTO_STRING secrets = NULL;
    if (config)
        judge(doctor, config);
    if (cave_secrets_directory(&secrets, &error) == SYNAUTH_OK)
        judge_secrets_directory(doctor, secrets);
    else
        doctor_add(doctor, &(struct finding){.severity = FINDING_PROBLEM,
                                             .check = "environment",
                                             .text = error.text,
                                             .remedy = "export CLOUD_VOLUME_DIR=/absolute/path"});
}

/* What a rule names has to be there. */
static void judge_rule_file(struct doctor *doctor, const synauth_rule_info *rule, const char *path)
{
    AUTO_STRING text = NULL;
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        judge_secrets_directory(doctor, path);
    else if (!judge(doctor, path) && asprintf(&text, "is not there; the rule at %s:%u names it",
                                              rule->file, rule->line) > 0)
        doctor_add(doctor, &(struct finding){.severity = FINDING_PROBLEM,
                                             .check = CHECK,
                                             .path = path,
                                             .text = text,
                                             .remedy = "put the token there, or correct the rule"});
}

static void judge_rules(struct doctor *doctor)
{
    for (size_t i = 0; i < synauth_rule_count(doctor->context); i++) {
        synauth_rule_info rule;
        const char *path = synauth_rule_source(doctor->context, i);
        if (path && synauth_rule(doctor->context, i, &rule) == SYNAUTH_OK)
            judge_rule_file(doctor, &rule, path);
    }
}

/* Container secrets are what they are; whoever looks for the token's way wants to see them. */
static void list_file(struct doctor *doctor, const char *variable, const char *path)
{
    AUTO_STRING text = NULL;
    struct stat status;
    bool there = path[0] == '/' && stat(path, &status) == 0 && !S_ISDIR(status.st_mode) &&
                 access(path, R_OK) == 0;
    int length =
        there ? asprintf(&text, "%s names it; owner and mode are not judged (mode %04o, user %u)",
                         variable, (unsigned)status.st_mode & 07777u, status.st_uid)
              : asprintf(&text, "%s names it, and it %s", variable,
                         path[0] == '/' ? "is no file that can be read" : "is no absolute path");
    if (length < 0) {
        text = NULL;
        doctor->short_of_memory = true;
        return;
    }
    doctor_add(doctor, &(struct finding){.severity = there ? FINDING_NOTE : FINDING_PROBLEM,
                                         .check = "named-file",
                                         .path = path,
                                         .text = text,
                                         .remedy = there ? NULL : "correct or unset the variable"});
}

static void list_named_files(struct doctor *doctor)
{
    static const char *const variables[] = {"SYNAPSE_AUTH_TOKEN_FILE", "CAVE_TOKEN_FILE"};
    static const char *const names[] = {"synapse-auth-token", "cave-token"};
    const char *directory = env_get("CREDENTIALS_DIRECTORY");
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        if (env_get(variables[i]))
            list_file(doctor, variables[i], env_get(variables[i]));
    for (size_t i = 0; directory && i < sizeof names / sizeof *names; i++) {
        AUTO_STRING path = paths_join(directory, names[i]);
        if (path && access(path, F_OK) == 0)
            list_file(doctor, "CREDENTIALS_DIRECTORY", path);
    }
}

static const char *remedy_for(enum session_place place)
{
    switch (place) {
    case SESSION_PLACE_RELATIVE:
        return "export SYNAUTH_SESSION_DIR=/absolute/path";
    case SESSION_PLACE_PARENT:
        return "set SYNAUTH_SESSION_DIR to a directory in your home";
    default:
        return "set SYNAUTH_SESSION_DIR to a directory of your own (mkdir -m 700)";
    }
}

static void judge_sessions(struct doctor *doctor)
{
    AUTO_SESSION_DIRECTORY directory;
    synauth_error error = {0};
    session_directory_open(&directory, false);
    if (session_directory_judge(&directory, &error) == SYNAUTH_OK)
        return;
    if (directory.place == SESSION_PLACE_READABLE)
        doctor_add_file(doctor, FINDING_PROBLEM, "sessions", directory.path,
                        "the session directory is open to others: nothing in it is used",
                        "chmod 700");
    else
        doctor_add(doctor, &(struct finding){.severity = FINDING_PROBLEM,
                                             .check = "sessions",
                                             .path = directory.path,
                                             .text = error.text,
                                             .remedy = remedy_for(directory.place)});
}

void doctor_files(struct doctor *doctor)
{
    judge_usual_files(doctor);
    judge_rules(doctor);
    list_named_files(doctor);
    judge_sessions(doctor);
}
