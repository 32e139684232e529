/* cmd_run - `synauth run`: replaces itself with a program that has our library in LD_PRELOAD. */
#include "run/preflight.h"
#include "run/preload_env.h"
#include "run/program.h"
#include "run/run_logins.h"
#include "run/sanitizer.h"
#include "talk/command.h"
#include "talk/context.h"
#include "talk/options.h"
#include "talk/output.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "synauth run - run a program so that its requests carry the right token\n"
    "\n"
    "Usage: synauth run [--strict] [--no-preflight] [--] PROGRAM [ARG...]\n"
    "\n"
    "Puts libsynauth_preload.so into LD_PRELOAD and executes PROGRAM, which keeps the\n"
    "process id, signals and exit status. What PROGRAM starts inherits the library.\n"
    "The runtime of a sanitizer (-fsanitize=address) that PROGRAM needs comes first.\n"
    "A program that cannot be hooked (statically linked, setuid, file capabilities,\n"
    "another architecture) is run with a warning, since its children may be reached.\n"
    "Where a rule's token takes a login with user name and password, that is made\n"
    "first, and its session left for PROGRAM (SYNAUTH_SESSION_DIR).\n"
    "\n"
    "Options:\n"
    "  --strict        Refuse to run when PROGRAM cannot be hooked, the\n"
    "                  configuration is invalid or a login fails\n"
    "  --no-preflight  Neither judge PROGRAM nor log in before running it\n"
    "  -h, --help      Show this text\n"
    "\n"
    "Exit status: that of PROGRAM; 125 synauth failed before PROGRAM began (wrong\n"
    "usage, refused by --strict), 126 PROGRAM cannot be executed, 127 not found\n"
    "\n"
    "Examples:\n"
    "  synauth run -- curl https://repo-prod.prod.sagebase.org/repo/v1/userProfile\n"
    "  synauth run --strict -- samtools view -H https://data.example.org/a.bam\n"
    "  ENTRYPOINT [\"synauth\", \"run\", \"--\"]\n";

static int start_failed(const char *name, const char *path, int failure)
{
    if (failure == ENOENT && path) {
        struct preflight found;
        preflight_judge(path, &found);
        const char *missing = strcmp(found.judged, path) != 0 ? found.judged : found.interpreter;
        say("cannot execute '%s': its interpreter %s is missing", name, missing);
        return EXIT_NOT_EXECUTABLE;
    }
    if (failure == ENOENT) {
        say("'%s' not found", name);
        return EXIT_NOT_FOUND;
    }
    say("cannot execute '%s': %s", name, strerror(failure));
    return EXIT_NOT_EXECUTABLE;
}

/* Says the first mistake of the configuration. The program runs on, unless that is unwanted. */
static bool configuration_valid(const synauth_context *context)
{
    size_t count = synauth_config_error_count(context);
    if (count == 0)
        return true;
    say_error(synauth_config_error(context, 0));
    if (count > 1)
        say("%zu more mistakes: see 'synauth config check'", count - 1);
    return false;
}

static bool program_reached(const char *path, enum reach reach, const struct preflight *found,
                            bool strict)
{
    if (reach == REACH_YES)
        return true;
    const char *whose = strcmp(found->judged, path) != 0 ? "its interpreter " : "it ";
    const char *judged = strcmp(found->judged, path) != 0 ? found->judged : "";
    const char *space = *judged ? " " : "";
    if (strict)
        say("%s cannot be hooked: %s%s%s%s", path, whose, judged, space, found->why);
    else if (reach == REACH_NO)
        say_warning("%s cannot be hooked: %s%s%s%s; it is run anyway", path, whose, judged, space,
                    found->why);
    return false;
}

/* `judged`: the program that the loader will start. */
static bool set_preload(const char *judged)
{
    char path[PATH_MAX];
    if (!preload_find(path)) {
        say(PRELOAD_NAME " is not where it belongs to: install synauth again");
        return false;
    }
    const char *entry = preload_entry(path);
    if (!entry) {
        say("%s cannot stand in LD_PRELOAD: its path has a space, colon or dollar sign", path);
        return false;
    }
    char *runtimes = sanitizer_runtimes(judged, getenv("LD_PRELOAD"));
    char *list = runtimes ? preload_list(getenv("LD_PRELOAD"), runtimes, entry, path) : NULL;
    free(runtimes);
    /* The loader takes the last of several; setenv alone would change only the first. */
    bool set = list && unsetenv("LD_PRELOAD") == 0 && setenv("LD_PRELOAD", list, 1) == 0;
    free(list);
    if (!set)
        say("cannot set LD_PRELOAD: %s", strerror(errno));
    return set;
}

/* As the library in the program will judge it. */
static bool disabled(void)
{
    const char *value = getenv("SYNAUTH_DISABLE");
    return value && *value && strcmp(value, "0") != 0;
}

/* Everything between finding the program and executing it. */
static bool prepare(const char *path, bool strict, bool preflight)
{
    if (disabled()) {
        say_warning("SYNAUTH_DISABLE is set: the program runs without synauth");
        return true;
    }
    AUTO_CONTEXT context = context_open(NULL);
    struct preflight found;
    bool good = context && configuration_valid(context);
    if (!good && strict)
        return false;
    enum reach reach = preflight_judge(path, &found);
    if (preflight && !program_reached(path, reach, &found, strict) && strict)
        return false;
    if (preflight && context && !run_logins(context, strict) && strict)
        return false;
    return set_preload(found.judged);
}

static int run(const struct command *self, int argc, char **argv)
{
    bool strict = false, no_preflight = false;
    const char *report = NULL;
    const struct option options[] = {{"strict", &strict, NULL},
                                     {"no-preflight", &no_preflight, NULL},
                                     {"report", NULL, &report}};
    int status = options_parse(self, options, 3, OPTIONS_UP_TO_FIRST, &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    if (report)
        return usage_error(self, "option '--report' is not yet available in this version");
    if (argc == 0)
        return usage_error(self, "a program is missing");
    char path[PATH_MAX];
    int failure = program_find(argv[0], path);
    if (failure)
        return start_failed(argv[0], NULL, failure);
    if (!prepare(path, strict, !no_preflight))
        return EXIT_NOT_STARTED;
    return start_failed(argv[0], path, program_execute(path, argv));
}

const struct command command_run = {
    "run", "Run a program so that its requests carry the right token", help, EXIT_NOT_STARTED, run};
