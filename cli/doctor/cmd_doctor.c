/* cmd_doctor - `synauth doctor`: what is wrong here, and what to do about it. */
#include "doctor/doctor.h"
#include "talk/command.h"
#include "talk/context.h"
#include "talk/json.h"
#include "talk/options.h"
#include "talk/output.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "synauth doctor - what is wrong here, and what to do about it\n"
    "\n"
    "Usage: synauth doctor [--json]\n"
    "\n"
    "Looks at the configuration, at owner and mode of the files that hold tokens, at\n"
    "tokens that other programs have left in plain text, and at synauth's own\n"
    "libraries and helpers. Each problem comes with a remedy. Notes tell what is\n"
    "worth knowing though nothing is wrong, such as files that variables name.\n"
    "No token is printed, nothing is changed, nothing is sent over the network.\n"
    "\n"
    "Options:\n"
    "  --json      One JSON object on standard output\n"
    "  -h, --help  Show this text\n"
    "\n"
    "Exit status: 0 no problem, 1 problems, 2 usage, 3 configuration invalid\n"
    "\n"
    "Examples:\n"
    "  synauth doctor\n"
    "  synauth doctor --json | jq -r '.findings[].remedy'\n";

static const char *severity_name(enum severity severity)
{
    return severity == FINDING_PROBLEM ? "problem" : "note";
}

static cJSON *json_finding(const struct finding *finding)
{
    cJSON *object = json_new_object();
    json_add_text(object, "severity", severity_name(finding->severity));
    json_add_text(object, "check", finding->check);
    json_add_text(object, "path", finding->path);
    json_add_line(object, "line", finding->line);
    json_add_text(object, "text", finding->text);
    json_add_text(object, "remedy", finding->remedy);
    return object;
}

static void show_text(const struct finding *finding)
{
    bool problem = finding->severity == FINDING_PROBLEM;
    put_coloured(problem ? COLOUR_BAD : COLOUR_DIM, severity_name(finding->severity));
    fputs(problem ? "  " : "     ", stdout);
    if (finding->path) {
        put_place(stdout, finding->path, finding->line);
        fputs(": ", stdout);
    }
    put_text(stdout, finding->text);
    if (finding->remedy) {
        fputs("\n         remedy: ", stdout);
        put_text(stdout, finding->remedy);
    }
    putchar('\n');
}

/* Problems first. Returns how many there are. */
static size_t show(const struct doctor *doctor, bool json)
{
    size_t problems = 0;
    cJSON *findings = json ? json_new_list() : NULL;
    for (int severity = FINDING_PROBLEM; severity <= FINDING_NOTE; severity++)
        for (size_t i = 0; i < doctor->count; i++) {
            const struct finding *finding = &doctor->findings[i];
            if ((int)finding->severity != severity)
                continue;
            problems += finding->severity == FINDING_PROBLEM;
            if (json)
                json_append(findings, json_finding(finding));
            else
                show_text(finding);
        }
    if (json)
        put_json_list("findings", findings);
    else if (problems == 0)
        puts("no problems found");
    return problems;
}

static void forget(struct doctor *doctor)
{
    for (size_t i = 0; i < doctor->count; i++) {
        free((char *)(uintptr_t)doctor->findings[i].path);
        free((char *)(uintptr_t)doctor->findings[i].text);
        free((char *)(uintptr_t)doctor->findings[i].remedy);
    }
    free(doctor->findings);
}

static int run(const struct command *self, int argc, char **argv)
{
    bool json = false;
    const struct option options[] = {{"json", &json, NULL}};
    int status = options_parse(self, options, 1, OPTIONS_ANYWHERE, &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    if (argc > 0)
        return usage_error(self, "unexpected argument '%s'", argv[0]);
    AUTO_CONTEXT context = context_open(NULL);
    struct doctor doctor = {.context = context};
    if (!context)
        return EXIT_NO;
    doctor_config(&doctor);
    doctor_files(&doctor);
    doctor_leftovers(&doctor);
    doctor_library(&doctor);
    size_t problems = show(&doctor, json);
    if (doctor.short_of_memory)
        say("out of memory: not everything is shown");
    status = problems > 0 || doctor.short_of_memory ? EXIT_NO : EXIT_YES;
    if (synauth_config_error_count(context) > 0)
        status = synauth_exit_code(SYNAUTH_E_CONFIG);
    forget(&doctor);
    return output_finish(status);
}

const struct command command_doctor = {"doctor", "What is wrong here, and what to do about it",
                                       help, EXIT_USAGE, run};
