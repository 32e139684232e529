/* cmd_explain - `synauth explain`: what would be sent to a URL, why, and from where. */
#include "talk/command.h"
#include "talk/context.h"
#include "talk/json.h"
#include "talk/options.h"
#include "talk/output.h"
#include "talk/source.h"
#include "talk/url.h"
#include <stdlib.h>

static const char help[] =
    "synauth explain - what would be sent to a URL, why, and from where\n"
    "\n"
    "Usage: synauth explain [--json] [--online] URL\n"
    "\n"
    "Finds the rule for the URL and asks the sources of tokens, as the library does\n"
    "inside a program. The token itself is never shown: two tokens with the same\n"
    "fingerprint (the start of the SHA-256 of the token) are the same. A URL without\n"
    "a scheme means https. A source that takes time (a password login, a program, the\n"
    "keyring) is not asked: its line says what would be done.\n"
    "\n"
    "Options:\n"
    "  --json      One JSON object on standard output\n"
    "  --online    Ask such a source, too: log in, run the program\n"
    "  -h, --help  Show this text\n"
    "\n"
    "Exit status: 0 a token is sent, 1 no rule or withheld, 2 usage,\n"
    "3 configuration invalid, 4 no token, 5 token or file unusable\n"
    "\n"
    "Examples:\n"
    "  synauth explain https://repo-prod.prod.sagebase.org/repo/v1/userProfile\n"
    "  synauth explain --json global.daf-apis.com\n";

struct wanted {
    bool json, online;
};

/* What is said about one URL: the resolver's answer, or why there is none. */
struct explanation {
    const char *url;
    const char *decision;
    const char *reason;
    const synauth_result *result; /* NULL: the configuration as a whole is invalid */
    int status;
};

static const char *decision_name(enum synauth_decision decision)
{
    switch (decision) {
    case SYNAUTH_SEND:
        return "send";
    case SYNAUTH_WITHHOLD:
        return "withhold";
    case SYNAUTH_NONE:
        break;
    }
    return "none";
}

/* The hooks leave such a request alone. */
static void withhold_for_user(struct explanation *explanation)
{
    if (synauth_result_decision(explanation->result) == SYNAUTH_NONE)
        return;
    explanation->decision = decision_name(SYNAUTH_WITHHOLD);
    explanation->reason = "the URL holds user information: such a request authenticates itself";
    explanation->status = EXIT_NO;
}

static void judge(struct explanation *explanation)
{
    const synauth_result *result = explanation->result;
    enum synauth_decision decision = synauth_result_decision(result);
    explanation->decision = decision_name(decision);
    explanation->reason = synauth_result_reason(result);
    int code = synauth_result_code(result);
    if (decision == SYNAUTH_NONE)
        explanation->status = EXIT_NO;
    else if (decision == SYNAUTH_WITHHOLD)
        explanation->status = code == SYNAUTH_OK ? EXIT_NO : synauth_exit_code(code);
}

static cJSON *json_rule(const synauth_result *result)
{
    if (!result || !synauth_result_rule_match(result))
        return NULL;
    cJSON *rule = json_new_object();
    json_add_text(rule, "match", synauth_result_rule_match(result));
    json_add_text(rule, "file", synauth_result_rule_file(result));
    json_add_line(rule, "line", synauth_result_rule_line(result));
    return rule;
}

static cJSON *json_trail(const synauth_result *result)
{
    cJSON *list = json_new_list();
    size_t count = result ? synauth_result_tried_count(result) : 0;
    for (size_t i = 0; i < count; i++) {
        const synauth_tried *tried = synauth_result_tried(result, i);
        cJSON *entry = json_new_object();
        json_add_text(entry, "kind", tried->kind);
        json_add_text(entry, "name", tried->name);
        json_add_text(entry, "outcome", tried->outcome);
        json_append(list, entry);
    }
    return list;
}

static void show_json(const struct explanation *explanation)
{
    const synauth_result *result = explanation->result;
    cJSON *answer = json_new_answer();
    json_add_text(answer, "url", explanation->url);
    json_add_text(answer, "decision", explanation->decision);
    json_add_text(answer, "reason", explanation->reason);
    json_add(answer, "rule", json_rule(result));
    json_add_text(answer, "service", result ? synauth_result_service(result) : NULL);
    json_add(answer, "source", json_source(result ? synauth_result_source(result) : NULL));
    json_add_text(answer, "fingerprint", result ? synauth_result_fingerprint(result) : NULL);
    json_add(answer, "tried", json_trail(result));
    json_add(answer, "warnings", json_warnings(result));
    put_json(answer);
}

static void show_trail(const synauth_result *result)
{
    size_t count = synauth_result_tried_count(result);
    for (size_t i = 0; i < count; i++) {
        const synauth_tried *tried = synauth_result_tried(result, i);
        fputs(i > 0 ? "          " : "tried     ", stdout);
        put_text(stdout, tried->name ? tried->name : tried->kind);
        fputs(": ", stdout);
        put_text(stdout, tried->outcome);
        putchar('\n');
    }
}

static void show_text(const struct explanation *explanation)
{
    const synauth_result *result = explanation->result;
    const char *fingerprint = synauth_result_fingerprint(result);
    bool sent = explanation->status == EXIT_YES;
    printf("url       ");
    put_text(stdout, explanation->url);
    printf("\ndecision  ");
    put_coloured(sent ? COLOUR_GOOD : COLOUR_BAD, explanation->decision);
    if (sent && fingerprint)
        printf("\nheader    Authorization: Bearer [fingerprint %s]", fingerprint);
    printf("\nreason    ");
    put_text(stdout, explanation->reason);
    putchar('\n');
    if (synauth_result_rule_match(result)) {
        printf("rule      ");
        put_text(stdout, synauth_result_rule_match(result));
        printf("  ");
        put_place(stdout, synauth_result_rule_file(result), synauth_result_rule_line(result));
        printf("\nservice   ");
        put_text(stdout, synauth_result_service(result));
        putchar('\n');
    }
    const synauth_source *source = synauth_result_source(result);
    if (source && source->kind) {
        printf("source    ");
        put_source(source);
        putchar('\n');
    }
    show_trail(result);
    say_warnings(result);
}

/* The configuration as a whole is invalid, or the URL is none. */
static int explain_failure(const char *shown, const synauth_error *error, bool json)
{
    say_error(error);
    struct explanation explanation = {.url = shown,
                                      .decision = decision_name(SYNAUTH_WITHHOLD),
                                      .status = synauth_exit_code(error->code)};
    char *reason = NULL;
    char line[16] = ""; /* a file that is refused as a whole has none */
    if (error->line > 0)
        snprintf(line, sizeof line, ":%u", error->line);
    if (error->file[0] && asprintf(&reason, "%s%s: %s", error->file, line, error->text) < 0)
        reason = NULL;
    explanation.reason = reason ? reason : error->text;
    if (json && error->code != SYNAUTH_E_ARGUMENT)
        show_json(&explanation);
    free(reason);
    return output_finish(explanation.status);
}

/* A mistake may be why there is no rule. */
static void say_mistakes(const synauth_context *context)
{
    size_t count = synauth_config_error_count(context);
    if (count > 0)
        say_error(synauth_config_error(context, 0));
    if (count > 1)
        say("%zu more mistakes: see 'synauth config check'", count - 1);
}

static int explain(const char *url, const char *shown, bool has_user, const struct wanted *wanted)
{
    AUTO_CONTEXT context = context_open_to_look(wanted->online);
    if (!context)
        return EXIT_NO;
    AUTO_RESULT result = NULL;
    synauth_error error = {0};
    if (synauth_resolve(context, url, &result, &error) != SYNAUTH_OK)
        return explain_failure(shown, &error, wanted->json);
    struct explanation explanation = {.url = shown, .result = result};
    judge(&explanation);
    if (has_user)
        withhold_for_user(&explanation);
    if (synauth_result_decision(result) == SYNAUTH_NONE)
        say_mistakes(context);
    if (wanted->json)
        show_json(&explanation);
    else
        show_text(&explanation);
    if (synauth_result_code(result) == SYNAUTH_E_NOT_ASKED)
        say("the source was not asked; ask it: synauth explain --online %s", shown);
    return output_finish(explanation.status);
}

static int run(const struct command *self, int argc, char **argv)
{
    struct wanted wanted = {false, false};
    const struct option options[] = {{"json", &wanted.json, NULL},
                                     {"online", &wanted.online, NULL}};
    int status = options_parse(self, options, 2, OPTIONS_ANYWHERE, &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    if (argc != 1)
        return usage_error(self, argc == 0 ? "a URL is missing" : "one URL at a time");
    char *url = url_complete(argv[0]);
    bool has_user = url && url_remove_user(url);
    char *shown = url ? url_without_query(url) : NULL;
    if (!shown)
        say("out of memory");
    status = shown ? explain(url, shown, has_user, &wanted) : EXIT_NO;
    free(url);
    free(shown);
    return status;
}

const struct command command_explain = {
    "explain", "What would be sent to a URL, why, and from where", help, EXIT_USAGE, run};
