/* cave_calls - what the auth service is asked: tokens, users, groups. */
#include "base/ascii.h"
#include "cave/cave.h"
#include "talk/context.h"
#include "talk/json.h"
#include "talk/options.h"
#include "talk/output.h"
#include "talk/service.h"
#include <stdlib.h>
#include <string.h>

#define CALL_OPTIONS "token-key token-file server-address datastack table"

/* One call of the service with what it needs. */
struct server_question {
    int64_t *ids;
    size_t count;
    int (*ask)(synauth_context *context, const synauth_cave_call_options *options,
               const struct server_question *question, synauth_cave_reply **ret,
               synauth_error *error);
};

static int show(const synauth_cave_reply *reply, bool table)
{
    static char buffer[BUFSIZ]; /* ours, so that it can be wiped: there may be tokens in it */
    const char *json = service.cave_reply_json(reply);
    if (!table)
        return put_json_answer(json);
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    cave_put_table(json);
    int status = output_finish(EXIT_YES);
    explicit_bzero(buffer, sizeof buffer);
    return status;
}

static int ask(const struct cave_arguments *arguments, const struct server_question *question)
{
    AUTO_CONTEXT context = context_open(NULL);
    if (!context || service_open() != EXIT_YES)
        return EXIT_NO;
    synauth_cave_reply *reply = NULL;
    synauth_error error = {0};
    const synauth_cave_options client = cave_client(arguments);
    const synauth_cave_call_options options = {.size = sizeof options, .client = &client};
    int code = question->ask(context, &options, question, &reply, &error);
    if (code != SYNAUTH_OK) {
        say_error(&error);
        return synauth_exit_code(code);
    }
    int status = show(reply, arguments->table);
    service.cave_reply_free(reply);
    return status;
}

static bool read_id(const char *text, int64_t *ret)
{
    uint64_t id;
    if (!ascii_number(text, INT64_MAX, &id))
        return false;
    *ret = (int64_t)id;
    return true;
}

/* Operands as ids, separated by blanks or commas as arguments. */
static int read_ids(const struct command *self, int argc, char **argv,
                    struct server_question *question)
{
    question->ids = calloc((size_t)argc + 1, sizeof question->ids[0]);
    if (!question->ids)
        return EXIT_NO;
    for (int i = 0; i < argc; i++)
        if (!read_id(argv[i], &question->ids[question->count++]))
            return usage_error(self, "'%s' is no id: a number is needed", argv[i]);
    return OPTIONS_DONE;
}

static int tokens(synauth_context *context, const synauth_cave_call_options *options,
                  const struct server_question *question, synauth_cave_reply **ret,
                  synauth_error *error)
{
    (void)question;
    return service.cave_get_tokens(context, options, ret, error);
}

static int account(synauth_context *context, const synauth_cave_call_options *options,
                   const struct server_question *question, synauth_cave_reply **ret,
                   synauth_error *error)
{
    (void)question;
    return service.cave_whoami(context, options, ret, error);
}

static int users(synauth_context *context, const synauth_cave_call_options *options,
                 const struct server_question *question, synauth_cave_reply **ret,
                 synauth_error *error)
{
    return service.cave_get_user_information(context, options, question->ids, question->count, ret,
                                             error);
}

static int members(synauth_context *context, const synauth_cave_call_options *options,
                   const struct server_question *question, synauth_cave_reply **ret,
                   synauth_error *error)
{
    return service.cave_get_group_users(context, options, question->ids[0], ret, error);
}

static int run(const struct command *self, struct server_question *question, int least, int most,
               int argc, char **argv)
{
    AUTO_CAVE_ARGUMENTS arguments = {0};
    int status = cave_parse(self, CALL_OPTIONS, most, &arguments, &argc, argv);
    if (status == OPTIONS_DONE && argc < least)
        status = usage_error(self, "which group? Give its id");
    if (status == OPTIONS_DONE)
        status = read_ids(self, argc, argv, question);
    if (status == OPTIONS_DONE)
        status = ask(&arguments, question);
    free(question->ids);
    return status;
}

int verb_get_tokens(const struct command *self, int argc, char **argv)
{
    struct server_question question = {.ask = tokens};
    return run(self, &question, 0, 0, argc, argv);
}

int verb_whoami(const struct command *self, int argc, char **argv)
{
    struct server_question question = {.ask = account};
    return run(self, &question, 0, 0, argc, argv);
}

int verb_get_user_information(const struct command *self, int argc, char **argv)
{
    struct server_question question = {.ask = users};
    return run(self, &question, 0, 1000, argc, argv);
}

int verb_get_group_users(const struct command *self, int argc, char **argv)
{
    struct server_question question = {.ask = members};
    return run(self, &question, 1, 1, argc, argv);
}
