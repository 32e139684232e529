/* synapse_login - `synauth synapse login`: takes a personal access token or a password, has it
   checked, says where it is going to be kept, and keeps it there. */
#include "synapse/synapse.h"

#include "base/cleanup.h"
#include "source/token_service.h"
#include "synapse/keyring.h"
#include "talk/context.h"
#include "talk/helper_path.h"
#include "talk/options.h"
#include "talk/output.h"
#include "talk/prompt.h"
#include "talk/service.h"
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "synauth synapse login - log in to Synapse\n"
    "\n"
    "Usage: synauth synapse login [OPTION...]\n"
    "\n"
    "Asks for a personal access token without showing it, or takes the whole of\n"
    "standard input when that is no terminal. Never as an argument, which everybody\n"
    "on the machine can read. With --username it may be the password instead.\n"
    "\n"
    "A token is checked with Synapse and stored as plain text in ~/.synapseConfig\n"
    "(mode 0600), where the Synapse clients find it too, or in the keyring of the\n"
    "operating system. A password is sent to Synapse once and stored nowhere; the\n"
    "session that it brings is kept in $SYNAUTH_SESSION_DIR or\n"
    "$XDG_RUNTIME_DIR/synauth until it expires.\n"
    "\n"
    "Options:\n"
    "  --username NAME  Whose token or password it is: user name or e-mail\n"
    "  --profile NAME   Store the token under [profile NAME]\n"
    "  --remember-me    Store the token in the keyring, and nowhere else\n"
    "  --overwrite      Replace a token that is stored already\n"
    "  -h, --help       Show this text\n"
    "\n"
    "Exit status: 0 logged in, 1 not stored, 2 usage, 3 configuration invalid,\n"
    "4 no token came in, 5 token or password refused, 6 network or server\n"
    "\n"
    "Examples:\n"
    "  synauth synapse login\n"
    "  synauth synapse login --profile lab < token.txt\n";

struct login_verb {
    synauth_context *context;
    const char *username, *profile;
    bool remember_me, overwrite;
};

static int fail(const synauth_error *error)
{
    say_error(error);
    return synauth_exit_code(error->code);
}

static synauth_synapse_save_options save_options(const struct login_verb *login, const char *token)
{
    return (synauth_synapse_save_options){.size = sizeof(synauth_synapse_save_options),
                                          .token = token,
                                          .profile = login->profile,
                                          .overwrite = login->overwrite};
}

static int refuse_existing(const synauth_synapse_place *place)
{
    say("%s: section [%s] has an authtoken already; replace it with --overwrite", place->path,
        place->section);
    return EXIT_NO;
}

/* What speaks against storing is better known before a secret is typed. */
static int look_ahead(const struct login_verb *login)
{
    const synauth_synapse_save_options options = save_options(login, NULL);
    synauth_synapse_place place;
    synauth_error error = {0};
    if (login->remember_me && !keyring_is_there()) {
        if (helper_path_problem()[0])
            say("%s", helper_path_problem());
        else
            say("this installation has no synauth-helper-keyring, so --remember-me is not "
                "available");
        return EXIT_NO;
    }
    if (login->remember_me || login->username)
        return EXIT_YES;
    if (service.synapse_token_place(login->context, &options, &place, &error) != SYNAUTH_OK)
        return fail(&error);
    return place.exists && !login->overwrite ? refuse_existing(&place) : EXIT_YES;
}

/* ---- a token ---------------------------------------------------------------- */

static int judge(const struct login_verb *login, const struct secret *token, bool offline,
                 synauth_synapse_account **ret, synauth_error *error)
{
    const synauth_synapse_account_options options = {
        .size = sizeof options, .token = secret_bytes(token), .offline = offline};
    return service.synapse_account_get(login->context, &options, ret, error);
}

static void say_account(const synauth_synapse_account *account)
{
    AUTO_STRING text = synapse_account_text(account);
    const char *scopes = service.synapse_account_scopes(account);
    int64_t expires = service.synapse_account_expires(account);
    say("the account is %s", text ? text : "unknown");
    if (scopes)
        say("the token's scopes are: %s", *scopes ? scopes : "none");
    if (scopes && !strstr(scopes, "view"))
        say_warning("without the scope `view` most requests will fail");
    if (expires > 0) {
        char when[64];
        synapse_time_text(expires, when, sizeof when);
        say("the token expires at %s", when);
    }
}

static int store_in_keyring(const synauth_synapse_account *account, const struct secret *token)
{
    const char *user = service.synapse_account_name(account);
    say("storing the token in the operating system's keyring (not as plain text), service "
        "%s, user %s, and the user's name in ~/.synapseSession",
        KEYRING_TOKEN, user);
    int status = keyring_remember(user, token);
    if (status == EXIT_YES)
        say("stored");
    return status;
}

static int store_in_file(const struct login_verb *login, const struct secret *token)
{
    const synauth_synapse_save_options options = save_options(login, secret_bytes(token));
    synauth_synapse_place place;
    synauth_error error = {0};
    int code = service.synapse_token_place(login->context, &options, &place, &error);
    if (code == SYNAUTH_E_EXISTS) {
        say("%s: %s (--overwrite)", error.file, error.text);
        return EXIT_NO;
    }
    if (code != SYNAUTH_OK)
        return fail(&error);
    say("storing the token as plain text in %s, section [%s], readable by you only (0600)",
        place.path, place.section);
    if (service.synapse_save_token(login->context, &options, &place, &error) != SYNAUTH_OK)
        return fail(&error);
    say("stored");
    return EXIT_YES;
}

static int login_with_token(const struct login_verb *login, const struct secret *token)
{
    AUTO_ACCOUNT account = NULL;
    synauth_error error = {0};
    int code = judge(login, token, false, &account, &error);
    if (code != SYNAUTH_OK) {
        int status = fail(&error);
        if (code == SYNAUTH_E_UNUSABLE && !service.synapse_is_token(secret_bytes(token)))
            say("it does not look like a token either: those are long and begin with eyJ; was it "
                "the token's name? (a password needs --username)");
        return status;
    }
    if (login->username && !service.synapse_account_is(account, login->username)) {
        AUTO_STRING text = synapse_account_text(account);
        say("this is a token of %s, not of %s; nothing was stored", text ? text : "another account",
            login->username);
        return synauth_exit_code(SYNAUTH_E_UNUSABLE);
    }
    say_account(account);
    return login->remember_me ? store_in_keyring(account, token) : store_in_file(login, token);
}

/* ---- a password -------------------------------------------------------------- */

static int ask_code(void *data, char *buffer, size_t size)
{
    AUTO_SECRET code = NULL;
    (void)data;
    if (!prompt_has_terminal() ||
        prompt_terminal("Code of your authenticator app (or a recovery code): ", false, &code) !=
            EXIT_YES ||
        secret_length(code) >= size)
        return -1;
    memcpy(buffer, secret_bytes(code), secret_length(code) + 1);
    return 0;
}

static void session_cleanup(synauth_synapse_session **session)
{
    if (*session)
        service.synapse_session_free(*session);
}

static int say_session(const struct login_verb *login, const synauth_synapse_session *session)
{
    AUTO_ACCOUNT account = NULL;
    synauth_error error = {0};
    char when[64] = "its end";
    const synauth_synapse_account_options options = {
        .size = sizeof options, .token = service.synapse_session_token(session)};
    if (service.synapse_account_get(login->context, &options, &account, &error) != SYNAUTH_OK)
        return fail(&error);
    AUTO_STRING text = synapse_account_text(account);
    say("the account is %s", text ? text : "unknown");
    if (!service.synapse_session_path(session)) {
        say("the session could not be kept");
        return EXIT_NO;
    }
    if (service.synapse_session_expires(session) > 0)
        synapse_time_text(service.synapse_session_expires(session), when, sizeof when);
    say("logged in until %s", when);
    return EXIT_YES;
}

static int login_with_password(const struct login_verb *login, const struct secret *password)
{
    const synauth_synapse_login_options options = {.size = sizeof options,
                                                   .username = login->username,
                                                   .password = secret_bytes(password),
                                                   .profile = login->profile,
                                                   .current = 1,
                                                   .one_time_code = ask_code};
    __attribute__((cleanup(session_cleanup))) synauth_synapse_session *session = NULL;
    AUTO_STRING place = NULL;
    synauth_error error = {0};
    if (login->remember_me) {
        say("this is a password: --remember-me stores personal access tokens only; make one at "
            "https://www.synapse.org/PersonalAccessTokens:0");
        return EXIT_USAGE;
    }
    if (service.synapse_login_place(login->context, &options, &place, &error) != SYNAUTH_OK)
        return fail(&error);
    if (!place) {
        say("there is nowhere to keep the session: set SYNAUTH_SESSION_DIR (or XDG_RUNTIME_DIR); "
            "the password was not sent");
        return EXIT_NO;
    }
    say("the session will be kept as plain text in %s, readable by you only (0600); the password "
        "nowhere",
        place);
    if (service.synapse_login(login->context, &options, &session, &error) != SYNAUTH_OK)
        return fail(&error);
    return say_session(login, session);
}

/* ---- which of the two --------------------------------------------------------- */

/* A token with quotes, `Bearer ` or blanks around it is no password, however much it looks like
   one: somewhere in it is what a JWT begins with. */
static bool is_damaged_token(const char *text)
{
    static const char word[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    for (const char *at = strstr(text, "eyJ"); at; at = strstr(at + 1, "eyJ")) {
        AUTO_STRING piece = strndup(at, strspn(at, word));
        if (piece && service.synapse_is_token(piece))
            return true;
    }
    return false;
}

static int refuse_form(const synauth_error *error)
{
    say("%s; paste the token itself and nothing else", error->text);
    return synauth_exit_code(error->code);
}

/* Before it is sent anywhere. */
static int refuse_other_service(const char *why)
{
    say("the token %s; nothing was stored", why);
    return synauth_exit_code(SYNAUTH_E_UNUSABLE);
}

static int login_with(const struct login_verb *login, const struct secret *secret)
{
    AUTO_ACCOUNT account = NULL;
    synauth_error error = {0};
    const char *text = secret_bytes(secret);
    if (login->username && !service.synapse_is_token(text) && !is_damaged_token(text))
        return login_with_password(login, secret);
    if (judge(login, secret, true, &account, &error) != SYNAUTH_OK)
        return refuse_form(&error);
    const char *other = token_of_other_service(text, SERVICE_SYNAPSE);
    if (other)
        return refuse_other_service(other);
    return login_with_token(login, secret);
}

static int run(const struct command *self, int argc, char **argv)
{
    struct login_verb login = {.context = NULL};
    AUTO_SECRET secret = NULL;
    const struct option options[] = {{"username", NULL, &login.username},
                                     {"profile", NULL, &login.profile},
                                     {"remember-me", &login.remember_me, NULL},
                                     {"overwrite", &login.overwrite, NULL}};
    int status = options_parse(self, options, 4, OPTIONS_ANYWHERE, &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    if (argc > 0) /* it may be the secret: it is not repeated */
        return usage_error(self, "takes no argument; the token is asked for, or comes in on "
                                 "standard input");
    AUTO_CONTEXT context = context_open(NULL);
    if (!context || service_open() != EXIT_YES)
        return EXIT_NO;
    login.context = context;
    status = look_ahead(&login);
    if (status == EXIT_YES)
        status = prompt_secret(login.username ? "Personal access token or password: "
                                              : "Personal access token: ",
                               &secret);
    return status == EXIT_YES ? login_with(&login, secret) : status;
}

const struct command synapse_login = {"synapse login", "Log in to Synapse", help, EXIT_USAGE, run};
