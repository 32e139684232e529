/* doctor_config - mistakes of the configuration, and variables that switch off or lose something.
 */
#include "doctor/doctor.h"

#include "base/cleanup.h"
#include "base/env.h"
#include "base/log.h"
#include "base/paths.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void add(struct doctor *doctor, enum severity severity, const char *check, const char *path,
                unsigned line, const char *text, const char *remedy)
{
    const struct finding finding = {.severity = severity,
                                    .check = check,
                                    .path = path,
                                    .line = line,
                                    .text = text,
                                    .remedy = remedy};
    doctor_add(doctor, &finding);
}

static void check_mistakes(struct doctor *doctor)
{
    for (size_t i = 0; i < synauth_config_error_count(doctor->context); i++) {
        const synauth_error *error = synauth_config_error(doctor->context, i);
        const char *text = error->text[0] ? error->text : synauth_code_message(error->code);
        add(doctor, FINDING_PROBLEM, "configuration", error->file[0] ? error->file : NULL,
            error->line, text, "correct it, then: synauth config check");
    }
}

static void check_disabled(struct doctor *doctor)
{
    if (env_disabled())
        add(doctor, FINDING_PROBLEM, "environment", NULL, 0,
            "SYNAUTH_DISABLE is set: nothing is sent at all", "unset SYNAUTH_DISABLE");
}

static void check_level(struct doctor *doctor)
{
    if (log_level() < 0)
        add(doctor, FINDING_PROBLEM, "environment", NULL, 0,
            "SYNAUTH_LOG is none of off, error, warn, info, debug: it counts as warn",
            "export SYNAUTH_LOG=warn");
}

/* NULL, or why no message can be appended to it. It is not opened: that would create it. */
static const char *log_file_problem(const char *path)
{
    struct stat status;
    if (path[0] != '/')
        return "SYNAUTH_LOG_FILE is a relative path: messages are lost";
    if (lstat(path, &status) == 0) {
        if (!S_ISREG(status.st_mode))
            return "SYNAUTH_LOG_FILE is no regular file (links are not followed): messages are "
                   "lost";
        return access(path, W_OK) == 0 ? NULL
                                       : "SYNAUTH_LOG_FILE cannot be written: messages are lost";
    }
    AUTO_STRING directory = paths_directory(path);
    if (directory && access(directory, W_OK | X_OK) == 0)
        return NULL;
    return "SYNAUTH_LOG_FILE cannot be made there: messages are lost";
}

static void check_log_file(struct doctor *doctor)
{
    const char *path = env_get("SYNAUTH_LOG_FILE");
    const char *problem = path ? log_file_problem(path) : NULL;
    if (problem)
        add(doctor, FINDING_PROBLEM, "environment", path, 0, problem,
            "name a file in a directory of yours by its absolute path, or unset SYNAUTH_LOG_FILE");
}

void doctor_config(struct doctor *doctor)
{
    check_mistakes(doctor);
    check_disabled(doctor);
    check_level(doctor);
    check_log_file(doctor);
}
