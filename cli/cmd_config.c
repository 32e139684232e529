/* cmd_config - `synauth config`: the configuration files, their mistakes, their rules. */
#include "config_init.h"
#include "talk/command.h"
#include "talk/context.h"
#include "talk/options.h"
#include "talk/output.h"
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "synauth config - the configuration files, their mistakes and their rules\n"
    "\n"
    "Usage: synauth config path\n"
    "       synauth config check [FILE]\n"
    "       synauth config show\n"
    "       synauth config init\n"
    "\n"
    "  path   The files in the order in which they are tried, and what became of each\n"
    "  check  Every mistake as `file:line: message`, in FILE or in all of them\n"
    "  show   The rules in the order in which they are tried, and where each stands\n"
    "  init   Write your own file: comments with examples, which change nothing until\n"
    "         you edit them. A file that is there already is never touched.\n"
    "\n"
    "Options:\n"
    "  -h, --help  Show this text\n"
    "\n"
    "Exit status: 0 done, valid; 1 not written; 2 usage; 3 configuration invalid\n"
    "\n"
    "Examples:\n"
    "  synauth config init && ${EDITOR:-vi} ~/.config/synauth/synauth.conf\n"
    "  synauth config check lab.conf\n";

/* The operands of a subcommand, at most `most` of them. */
static int parse_operands(const struct command *group, int most, int *argc, char **argv)
{
    int status = options_parse(group, NULL, 0, OPTIONS_ANYWHERE, argc, argv);
    if (status == OPTIONS_DONE && *argc > most)
        return usage_error(group, "unexpected argument '%s'", argv[most]);
    return status;
}

static int say_mistakes(const synauth_context *context)
{
    size_t count = synauth_config_error_count(context);
    for (size_t i = 0; i < count; i++)
        say_error(synauth_config_error(context, i));
    return count ? synauth_exit_code(SYNAUTH_E_CONFIG) : EXIT_YES;
}

static int path(const struct command *group, int argc, char **argv)
{
    int status = parse_operands(group, 0, &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    AUTO_CONTEXT context = context_open(NULL);
    if (!context)
        return EXIT_NO;
    for (size_t i = 0; i < synauth_config_file_count(context); i++) {
        synauth_config_file_info file;
        if (synauth_config_file(context, i, &file) != SYNAUTH_OK)
            break;
        printf("%-14s  %-8s  ", file.origin, file.state);
        put_text(stdout, file.path ? file.path : "-");
        putchar('\n');
    }
    return output_finish(EXIT_YES);
}

static int check(const struct command *group, int argc, char **argv)
{
    int status = parse_operands(group, 1, &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    AUTO_CONTEXT context = context_open(argc > 0 ? argv[0] : NULL);
    if (!context)
        return EXIT_NO;
    size_t mistakes = synauth_config_error_count(context);
    for (size_t i = 0; i < mistakes; i++) {
        put_error(stdout, synauth_config_error(context, i));
        putchar('\n');
    }
    if (mistakes > 0)
        return output_finish(synauth_exit_code(SYNAUTH_E_CONFIG));
    size_t rules = synauth_rule_count(context);
    printf("valid: %zu rule%s\n", rules, rules == 1 ? "" : "s");
    return output_finish(EXIT_YES);
}

static int show(const struct command *group, int argc, char **argv)
{
    int status = parse_operands(group, 0, &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    AUTO_CONTEXT context = context_open(NULL);
    if (!context)
        return EXIT_NO;
    size_t width = context_match_width(context);
    for (size_t i = 0; i < synauth_rule_count(context); i++) {
        synauth_rule_info rule;
        if (synauth_rule(context, i, &rule) != SYNAUTH_OK)
            break;
        put_padded(rule.match ? rule.match : "?", width);
        printf("  %-7s  ", rule.service ? rule.service : "?");
        put_place(stdout, rule.file, rule.line);
        puts(rule.valid ? "" : "  (invalid: sends nothing)");
    }
    status = say_mistakes(context);
    return output_finish(status);
}

static int init(const struct command *group, int argc, char **argv)
{
    int status = parse_operands(group, 0, &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    const char *only = getenv("SYNAUTH_CONFIG");
    bool alone = only && *only;
    /* Where it is set, the resolver does not look for the user's file; this process may. */
    unsetenv("SYNAUTH_CONFIG");
    AUTO_CONTEXT context = context_open(NULL);
    if (!context)
        return EXIT_NO;
    synauth_config_file_info file = {.path = NULL};
    bool found = false;
    for (size_t i = 0; !found && synauth_config_file(context, i, &file) == SYNAUTH_OK; i++)
        found = file.origin && strcmp(file.origin, "user") == 0;
    if (!found || !file.path) {
        say("there is no home directory for the file: set HOME or XDG_CONFIG_HOME");
        return EXIT_NO;
    }
    status = config_init_write(file.path);
    if (status == EXIT_YES && alone)
        say("as long as SYNAUTH_CONFIG is set, this file is not read");
    return status;
}

static int run(const struct command *self, int argc, char **argv)
{
    static const struct subcommand verbs[] = {
        {"path", path}, {"check", check}, {"show", show}, {"init", init}};
    return command_group(self, verbs, sizeof verbs / sizeof verbs[0], argc, argv);
}

const struct command command_config = {
    "config", "The configuration files, their mistakes and their rules", help, EXIT_USAGE, run};
