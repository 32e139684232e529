/* synapse_logout - `synauth synapse logout`: takes back what login has stored, place by place. */
#include "synapse/synapse.h"

#include "base/cleanup.h"
#include "synapse/keyring.h"
#include "talk/context.h"
#include "talk/helper_path.h"
#include "talk/options.h"
#include "talk/output.h"
#include "talk/service.h"
#include <stdlib.h>

static const char help[] =
    "synauth synapse logout - forget what login has stored\n"
    "\n"
    "Usage: synauth synapse logout [OPTION...]\n"
    "\n"
    "Ends the session of a password login and revokes it at Synapse, takes the\n"
    "authtoken out of ~/.synapseConfig, and the remembered one out of the keyring.\n"
    "Each place is named. A personal access token stays valid at Synapse: delete it\n"
    "at https://www.synapse.org/PersonalAccessTokens:0.\n"
    "\n"
    "Options:\n"
    "  --username NAME  Only the session and the keyring's items of this user\n"
    "  --profile NAME   The session and the section of this profile\n"
    "  -h, --help       Show this text\n"
    "\n"
    "Exit status: 0 something was removed, 1 there was nothing, 2 usage,\n"
    "3 configuration invalid, 5 file unusable, 6 network or server\n"
    "\n"
    "Examples:\n"
    "  synauth synapse logout\n"
    "  synauth synapse logout --profile lab\n";

struct logout {
    synauth_context *context;
    const char *username, *profile;
    bool removed;
    int status; /* of the first mistake */
};

static void note_failure(struct logout *logout, const synauth_error *error)
{
    say_error(error);
    if (logout->status == EXIT_YES)
        logout->status = synauth_exit_code(error->code);
}

static void end_session(struct logout *logout)
{
    const synauth_synapse_logout_options options = {
        .size = sizeof options, .username = logout->username, .profile = logout->profile};
    AUTO_STRING path = NULL;
    synauth_error error = {0};
    int revoked = 0;
    if (service.synapse_logout(logout->context, &options, &path, &revoked, &error) != SYNAUTH_OK) {
        note_failure(logout, &error);
        return;
    }
    if (!path)
        return;
    logout->removed = true;
    say("removed the session in %s%s", path, revoked ? ", and revoked it at Synapse" : "");
    if (error.code != SYNAUTH_OK)
        say_warning("Synapse could not be told, so the session ends by itself: %s", error.text);
}

static void remove_token(struct logout *logout)
{
    const synauth_synapse_save_options options = {.size = sizeof options,
                                                  .profile = logout->profile};
    synauth_synapse_place place;
    synauth_error error = {0};
    if (logout->username)
        return;
    if (service.synapse_remove_token(logout->context, &options, &place, &error) != SYNAUTH_OK) {
        note_failure(logout, &error);
        return;
    }
    if (!place.exists)
        return;
    logout->removed = true;
    say("removed the authtoken in %s, section [%s]", place.path, place.section);
}

static void forget(struct logout *logout)
{
    AUTO_STRING noted = keyring_user();
    const char *user = logout->username ? logout->username : noted;
    bool removed = false;
    if (!user || logout->profile)
        return;
    if (!keyring_is_there()) {
        if (helper_path_problem()[0])
            say("the keyring is left as it is: %s", helper_path_problem());
        return;
    }
    int status = keyring_forget(user, &removed);
    if (removed) {
        logout->removed = true;
        say("removed the token of %s in the operating system's keyring, and the name in "
            "~/.synapseSession",
            user);
    }
    if (logout->status == EXIT_YES)
        logout->status = status;
}

static void say_what_is_left(void)
{
    static const char *const variables[] = {"SYNAPSE_AUTH_TOKEN", "SYNAPSE_AUTH_TOKEN_FILE"};
    for (size_t i = 0; i < 2; i++) {
        const char *value = getenv(variables[i]);
        if (value && *value)
            say_warning("%s is set and goes on giving a token", variables[i]);
    }
}

static int run(const struct command *self, int argc, char **argv)
{
    struct logout logout = {.status = EXIT_YES};
    const struct option options[] = {{"username", NULL, &logout.username},
                                     {"profile", NULL, &logout.profile}};
    int status = options_parse(self, options, 2, OPTIONS_ANYWHERE, &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    if (argc > 0)
        return usage_error(self, "too many arguments");
    AUTO_CONTEXT context = context_open(NULL);
    if (!context || service_open() != EXIT_YES)
        return EXIT_NO;
    logout.context = context;
    end_session(&logout);
    remove_token(&logout);
    forget(&logout);
    say_what_is_left();
    if (!logout.removed && logout.status == EXIT_YES) {
        say("there was nothing to remove");
        return EXIT_NO;
    }
    return logout.status;
}

const struct command synapse_logout = {"synapse logout", "Forget what login has stored", help,
                                       EXIT_USAGE, run};
