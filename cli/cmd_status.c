/* cmd_status - `synauth status`: one line per rule with the state of its token. */
#include "talk/command.h"
#include "talk/context.h"
#include "talk/json.h"
#include "talk/options.h"
#include "talk/output.h"
#include "talk/source.h"
#include "talk/url.h"
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "synauth status - one line per rule: host, service, state, source of the token\n"
    "\n"
    "Usage: synauth status [--json] [--online]\n"
    "\n"
    "Shows the rules in the order in which they are tried. States:\n"
    "  ready       a token is sent\n"
    "  no token    no source has one\n"
    "  unusable    what was found cannot be used as a token\n"
    "  not asked   a password login or a program would be asked: see --online\n"
    "  withheld    there is a token, but it may not be sent\n"
    "  invalid     the rule has a mistake\n"
    "  shadowed    an earlier rule matches the same host\n"
    "For a pattern such as *.example.org, the state is that of any host below it.\n"
    "\n"
    "Options:\n"
    "  --json      One JSON object on standard output\n"
    "  --online    Ask the sources that take time, too: log in, run programs\n"
    "  -h, --help  Show this text\n"
    "\n"
    "Exit status: 0, or 1 not written, 2 usage, 3 configuration invalid\n"
    "\n"
    "Examples:\n"
    "  synauth status\n";

#define STATE_WIDTH 9
#define NOT_ASKED "not asked"

/* A rule and what a request to a host that it matches would get. */
struct rule_status {
    synauth_rule_info rule;
    synauth_result *result; /* NULL when there is no answer */
    const char *state;
};

static const char *withheld_state(int code)
{
    switch (code) {
    case SYNAUTH_OK:
        return "withheld";
    case SYNAUTH_E_NO_TOKEN:
        return "no token";
    case SYNAUTH_E_NOT_ASKED:
        return NOT_ASKED;
    case SYNAUTH_E_CONFIG:
        return "invalid";
    default:
        return "unusable";
    }
}

static bool same_text(const char *one, const char *other)
{
    return one && other && strcmp(one, other) == 0;
}

static bool answered_by(const synauth_rule_info *rule, const synauth_result *result)
{
    return same_text(synauth_result_rule_file(result), rule->file) &&
           same_text(synauth_result_rule_match(result), rule->match) &&
           synauth_result_rule_line(result) == rule->line;
}

static const char *state_of(const synauth_rule_info *rule, const synauth_result *result)
{
    if (!rule->valid || !result)
        return "invalid";
    if (!answered_by(rule, result))
        return "shadowed";
    if (synauth_result_decision(result) == SYNAUTH_SEND)
        return "ready";
    return withheld_state(synauth_result_code(result));
}

static void ask(synauth_context *context, struct rule_status *status)
{
    const char *match = status->rule.match;
    char *url = match && *match ? url_for_match(match) : NULL;
    if (url && synauth_resolve(context, url, &status->result, NULL) != SYNAUTH_OK)
        status->result = NULL;
    free(url);
    status->state = state_of(&status->rule, status->result);
}

static const synauth_source *source_of(const struct rule_status *status)
{
    if (strcmp(status->state, "shadowed") == 0 || !status->result)
        return NULL;
    return synauth_result_source(status->result);
}

static cJSON *json_status(const struct rule_status *status)
{
    cJSON *object = json_new_object();
    json_add_text(object, "match", status->rule.match);
    json_add_text(object, "file", status->rule.file);
    json_add_line(object, "line", status->rule.line);
    json_add_text(object, "service", status->rule.service);
    json_add_text(object, "state", status->state);
    json_add_text(object, "reason",
                  status->result && strcmp(status->state, "shadowed") != 0
                      ? synauth_result_reason(status->result)
                      : NULL);
    json_add(object, "source", json_source(source_of(status)));
    json_add(object, "warnings", json_warnings(status->result));
    return object;
}

/* The last line of the trail: "would log in as alice". */
static void show_would(const synauth_result *result)
{
    size_t count = synauth_result_tried_count(result);
    const synauth_tried *last = count ? synauth_result_tried(result, count - 1) : NULL;
    if (!last)
        return;
    fputs(": ", stdout);
    put_text(stdout, last->outcome);
}

static void show_text(const struct rule_status *status, size_t width)
{
    const char *match = status->rule.match ? status->rule.match : "?";
    const char *service = status->rule.service ? status->rule.service : "?";
    bool ready = strcmp(status->state, "ready") == 0;
    put_padded(match, width);
    printf("  %-7s  ", service);
    put_coloured(ready ? COLOUR_GOOD : COLOUR_BAD, status->state);
    if (source_of(status)) {
        put_padded("", STATE_WIDTH - strlen(status->state));
        fputs("  ", stdout);
        put_source(source_of(status));
    }
    if (strcmp(status->state, NOT_ASKED) == 0)
        show_would(status->result);
    putchar('\n');
}

static int show_all(synauth_context *context, bool json)
{
    size_t width = json ? 0 : context_match_width(context);
    cJSON *rules = json ? json_new_list() : NULL;
    for (size_t i = 0; i < synauth_rule_count(context); i++) {
        struct rule_status status = {.result = NULL};
        if (synauth_rule(context, i, &status.rule) != SYNAUTH_OK)
            break;
        ask(context, &status);
        if (json)
            json_append(rules, json_status(&status));
        else
            show_text(&status, width);
        if (!json)
            say_warnings(status.result);
        synauth_result_free(status.result);
    }
    if (json)
        put_json_list("rules", rules);
    size_t mistakes = synauth_config_error_count(context);
    for (size_t i = 0; i < mistakes; i++)
        say_error(synauth_config_error(context, i));
    return output_finish(mistakes ? synauth_exit_code(SYNAUTH_E_CONFIG) : EXIT_YES);
}

static int run(const struct command *self, int argc, char **argv)
{
    bool json = false, online = false;
    const struct option options[] = {{"json", &json, NULL}, {"online", &online, NULL}};
    int status = options_parse(self, options, 2, OPTIONS_ANYWHERE, &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    if (argc > 0)
        return usage_error(self, "unexpected argument '%s'", argv[0]);
    AUTO_CONTEXT context = context_open_to_look(online);
    return context ? show_all(context, json) : EXIT_NO;
}

const struct command command_status = {"status", "One line per rule: host, service, state, source",
                                       help, EXIT_USAGE, run};
