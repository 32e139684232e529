/* cave_logout - `synauth cave logout`, and what became of the files that are saved or emptied. */
#include "cave/cave.h"
#include "source/cave/secrets_directory.h"
#include "talk/context.h"
#include "talk/options.h"
#include "talk/output.h"
#include <stdlib.h>
#include <string.h>

static const char *state_text(const char *state)
{
    if (strcmp(state, "unchanged") == 0)
        return "had this token already";
    if (strcmp(state, "read-only") == 0)
        return "skipped: its directory is read-only for this user";
    if (strcmp(state, "removed") == 0)
        return "key removed";
    if (strcmp(state, "replaced") == 0)
        return "saved, as it had a copy of the token that is replaced";
    if (strcmp(state, "carried") == 0)
        return "saved, with the other keys that its hosts have found elsewhere so far";
    return state;
}

size_t cave_say_files(const synauth_cave_saved *saved)
{
    size_t good = 0;
    synauth_cave_saved_file file;
    for (size_t i = 0; synauth_cave_saved_get(saved, i, &file) == SYNAUTH_OK; i++) {
        if (strcmp(file.state, "kept") == 0)
            continue;
        put_text(stdout, file.path);
        printf(": %s\n", state_text(file.state));
        good += strcmp(file.state, "read-only") != 0;
    }
    return good;
}

/* Another server's file that has this token, too, is not ours to empty. */
static void say_kept(const synauth_cave_saved_file *file)
{
    size_t length;
    const char *name = strrchr(file->path, '/') + 1;
    if (cave_is_secret_name(name, &length) && length > 0)
        say("%s has this token, too, for another server; if it is to go: "
            "synauth cave logout --server-address %.*s",
            file->path, (int)length, name);
    else
        say("%s has this token, too, for another server", file->path);
}

static int log_out(synauth_context *context, const struct cave_arguments *arguments)
{
    synauth_cave_saved *saved = NULL;
    synauth_cave_saved_file file;
    synauth_error error = {0};
    const synauth_cave_options client = cave_client(arguments);
    int code = synauth_cave_remove_token(context, &client, &saved, &error);
    if (code != SYNAUTH_OK) {
        say_error(&error);
        return synauth_exit_code(code);
    }
    cave_say_files(saved);
    for (size_t i = 0; synauth_cave_saved_get(saved, i, &file) == SYNAUTH_OK; i++)
        if (strcmp(file.state, "kept") == 0)
            say_kept(&file);
    synauth_cave_saved_free(saved);
    if (error.code == SYNAUTH_OK)
        return EXIT_YES;
    say_error(&error); /* what could not be looked into */
    return EXIT_NO;
}

/* A new context: the files have changed. */
static int say_hosts(void)
{
    AUTO_CONTEXT context = context_open_to_look(false);
    if (!context)
        return EXIT_NO;
    cave_list_hosts(context, NULL);
    return EXIT_YES;
}

int verb_logout(const struct command *self, int argc, char **argv)
{
    AUTO_CAVE_ARGUMENTS arguments = {0};
    int status = cave_parse(self, "token-key token-file server-address datastack", 0, &arguments,
                            &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    AUTO_CONTEXT context = context_open(NULL);
    if (!context)
        return EXIT_NO;
    status = log_out(context, &arguments);
    if (status != EXIT_YES && status != EXIT_NO)
        return status;
    char *url = NULL;
    if (synauth_cave_setup_token(arguments.server_address, 1, &url, NULL, NULL) == SYNAUTH_OK)
        say("the token itself is still valid; it can be deleted at %s", url);
    synauth_free(url);
    int written = output_finish(say_hosts());
    return status == EXIT_YES ? written : status;
}
