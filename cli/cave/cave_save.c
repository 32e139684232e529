/* cave_save - getting a CAVE token and saving it: get-new-token, setup-token, save-token, login. */
#include "cave/cave.h"
#include "rules/server_host.h"
#include "rules/servers.h"
#include "source/token_service.h"
#include "talk/browser.h"
#include "talk/context.h"
#include "talk/options.h"
#include "talk/output.h"
#include "talk/prompt.h"
#include "talk/service.h"
#include <stdlib.h>
#include <string.h>

#define SAVE_OPTIONS                                                                        \
    "token-key token-file server-address datastack local-server overwrite no-switch-token " \
    "no-write-to-server-file no-ignore-readonly no-local-server add-rule"

static int say_failure(int code, const synauth_error *error)
{
    say_error(error);
    return synauth_exit_code(code);
}

static void open_page(const char *url, bool asked)
{
    if (!asked && !browser_is_likely())
        return;
    if (!browser_open(url))
        say("no browser could be started: open the page yourself");
}

/* The instructions on stdout, and the page. */
static int show_page(const struct cave_arguments *arguments, bool make_new, bool open, bool asked)
{
    char *url = NULL, *text = NULL;
    synauth_error error = {0};
    int code = synauth_cave_setup_token(arguments->server_address, !make_new, &url, &text, &error);
    if (code != SYNAUTH_OK)
        return say_failure(code, &error);
    if (!arguments->no_text)
        fputs(text, stdout);
    fflush(stdout);
    if (open)
        open_page(url, asked);
    synauth_free(url);
    synauth_free(text);
    return EXIT_YES;
}

int verb_get_new_token(const struct command *self, int argc, char **argv)
{
    AUTO_CAVE_ARGUMENTS arguments = {0};
    int status =
        cave_parse(self, "server-address datastack open no-text", 0, &arguments, &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    status = show_page(&arguments, true, arguments.open, true);
    return status == EXIT_YES ? output_finish(status) : status;
}

/* The page shows the token in quotes, which are easily copied with it. */
static struct secret *without_quotes(const struct secret *text)
{
    const char *bytes = secret_bytes(text);
    size_t start = 0, end = secret_length(text);
    while (start < end && strchr(" \t\r\n", bytes[start]))
        start++;
    while (end > start && strchr(" \t\r\n", bytes[end - 1]))
        end--;
    if (end - start >= 2 && bytes[start] == '"' && bytes[end - 1] == '"')
        return secret_slice(text, start + 1, end - start - 2);
    return secret_slice(text, start, end - start);
}

/* Does the server know it? Asked before anything is written. */
static int check_token(synauth_context *context, const struct cave_arguments *arguments,
                       const struct secret *token)
{
    synauth_cave_reply *reply = NULL;
    synauth_error error = {0};
    const synauth_cave_options client = {.size = sizeof client,
                                         .token = secret_bytes(token),
                                         .server_address = arguments->server_address};
    const synauth_cave_call_options call = {.size = sizeof call, .client = &client};
    int code = service.cave_whoami(context, &call, &reply, &error);
    service.cave_reply_free(reply);
    if (code == SYNAUTH_OK)
        return EXIT_YES;
    say_error(&error);
    say("nothing saved");
    return synauth_exit_code(code);
}

/* Asks whoever sits at the terminal; everybody else has to say --overwrite beforehand. */
static bool may_replace(const char *refusal)
{
    AUTO_SECRET answer = NULL;
    if (!prompt_is_interactive()) {
        say("%s: --overwrite replaces it", refusal);
        return false;
    }
    say("%s", refusal);
    if (prompt_terminal("Replace it? [y/N] ", true, &answer) != EXIT_YES)
        return false;
    return strchr("yY", secret_bytes(answer)[0]) != NULL;
}

/* Another service's is not even sent to the server. */
static int judge_service(const struct secret *token)
{
    const char *other = token_of_other_service(secret_bytes(token), SERVICE_CAVE);
    if (!other)
        return EXIT_YES;
    say("the token %s: nothing saved", other);
    return synauth_exit_code(SYNAUTH_E_UNUSABLE);
}

static int save(synauth_context *context, const struct cave_arguments *arguments,
                const struct secret *token, const char *local_server)
{
    synauth_cave_saved *saved = NULL;
    synauth_error error = {0};
    const synauth_cave_options client = {.size = sizeof client,
                                         .server_address = arguments->server_address};
    synauth_cave_save_options options = {
        .size = sizeof options,
        .token = secret_bytes(token),
        .token_key = arguments->token_key,
        .token_file = arguments->token_file,
        .overwrite = arguments->overwrite,
        .no_switch_token = arguments->no_switch_token,
        .no_write_to_server_file = arguments->no_write_to_server_file || arguments->token_file,
        .no_ignore_readonly = arguments->no_ignore_readonly,
        .no_local_server = arguments->no_local_server,
        .local_server = local_server,
        .keep_local = !arguments->local_server && !arguments->overwrite,
        .only_server_file = arguments->only_server_file,
    };
    int code = synauth_cave_save_token(context, &client, &options, &saved, &error);
    /* One question for the files that are known, one for the file of a server that was named. */
    for (int asked = 0; code == SYNAUTH_E_EXISTS && asked < 2; asked++) {
        if (!may_replace(error.text))
            return EXIT_NO;
        options.keep_local = options.keep_local && !options.overwrite;
        options.overwrite = 1;
        code = synauth_cave_save_token(context, &client, &options, &saved, &error);
    }
    if (code != SYNAUTH_OK)
        return say_failure(code, &error);
    size_t good = cave_say_files(saved);
    synauth_cave_saved_free(saved);
    if (good > 0)
        return EXIT_YES;
    say("nothing saved");
    return EXIT_NO;
}

int cave_take_and_save(const struct cave_arguments *arguments, bool checked)
{
    AUTO_SECRET typed = NULL;
    AUTO_CONTEXT context = context_open(NULL);
    if (!context || ((checked || arguments->datastack) && service_open() != EXIT_YES))
        return EXIT_NO;
    int status = prompt_secret("Token (not shown): ", &typed);
    if (status != EXIT_YES)
        return status;
    AUTO_SECRET token = without_quotes(typed);
    char *local_server = NULL;
    if (!token)
        return EXIT_NO;
    status = judge_service(token);
    if (status == EXIT_YES && checked)
        status = check_token(context, arguments, token);
    if (status == EXIT_YES)
        status = cave_find_local(context, arguments, token, &local_server);
    if (status == EXIT_YES)
        status = save(context, arguments, token, local_server);
    if (status == EXIT_YES)
        status = cave_say_reach(arguments, token, local_server);
    synauth_free(local_server);
    return status;
}

int verb_save_token(const struct command *self, int argc, char **argv)
{
    AUTO_CAVE_ARGUMENTS arguments = {0};
    int status = cave_parse(self, SAVE_OPTIONS, 0, &arguments, &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    status = cave_take_and_save(&arguments, false);
    return output_finish(status);
}

/* cave-secret.json is for every server: one that is named gets a file of its own, which is found
   first. */
static void choose_file(struct cave_arguments *arguments)
{
    char host[SERVER_HOST_MAX];
    const char *address = arguments->server_address;
    arguments->only_server_file = !arguments->no_write_to_server_file && address &&
                                  server_host(address, host, NULL) == SYNAUTH_OK &&
                                  strcmp(host, CAVE_DEFAULT_HOST) != 0;
}

/* Shows the page, then takes the token that it shows. Whoever pipes one into `login` has it
 * already. */
static int set_up(const struct command *self, int argc, char **argv, bool is_login)
{
    AUTO_CAVE_ARGUMENTS arguments = {0};
    int status = cave_parse(self, SAVE_OPTIONS " no-open no-make-new no-text no-check", 0,
                            &arguments, &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    choose_file(&arguments);
    status = EXIT_YES;
    if (!is_login || prompt_is_interactive())
        status = show_page(&arguments, !arguments.no_make_new, !arguments.no_open, false);
    if (status == EXIT_YES)
        status = cave_take_and_save(&arguments, !arguments.no_check);
    return output_finish(status);
}

int verb_setup_token(const struct command *self, int argc, char **argv)
{
    return set_up(self, argc, argv, false);
}

int verb_login(const struct command *self, int argc, char **argv)
{
    return set_up(self, argc, argv, true);
}
