/* keyring - runs synauth-helper-keyring, secrets on its standard input, and writes
   ~/.synapseSession. */
#include "synapse/keyring.h"

#include "base/cleanup.h"
#include "base/paths.h"
#include "file/file_save.h"
#include "format/json_object.h"
#include "format/json_tree.h"
#include "talk/helper_path.h"
#include "talk/output.h"
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define HELPER "synauth-helper-keyring"
#define MOST_RECENT "<mostRecent>"

extern char **environ;

bool keyring_is_there(void)
{
    AUTO_STRING path = helper_path(HELPER);
    return path != NULL;
}

/* The helper with one end of a socket as its standard input, and /dev/null as its output. */
static int start(const char *path, const char *verb, const char *service, const char *user,
                 int input, pid_t *ret)
{
    char helper[] = HELPER;
    AUTO_STRING verb_copy = strdup(verb);
    AUTO_STRING service_copy = strdup(service);
    AUTO_STRING user_copy = strdup(user);
    char *const arguments[] = {helper, verb_copy, service_copy, user_copy, NULL};
    posix_spawn_file_actions_t actions;
    if (!verb_copy || !service_copy || !user_copy || posix_spawn_file_actions_init(&actions) != 0)
        return ENOMEM;
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    int code = posix_spawn(ret, path, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

static int wait_for(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void send_all(int fd, const struct secret *secret)
{
    for (size_t sent = 0; sent < secret_length(secret);) {
        ssize_t written =
            send(fd, secret_bytes(secret) + sent, secret_length(secret) - sent, MSG_NOSIGNAL);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return; /* its exit status tells */
        sent += (size_t)written;
    }
}

/* The helper's exit status; -1 when it could not be run or did not end by itself. */
static int run_helper(const char *verb, const char *service, const char *user,
                      const struct secret *secret)
{
    AUTO_STRING path = helper_path(HELPER);
    int ends[2];
    pid_t pid = 0;
    if (!path || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    int code = start(path, verb, service, user, ends[1], &pid);
    close(ends[1]);
    if (code == 0)
        send_all(ends[0], secret);
    close(ends[0]);
    return code == 0 ? wait_for(pid) : -1;
}

static char *session_file(void)
{
    return paths_expand("~/.synapseSession", NULL);
}

/* As Python writes it: {"<mostRecent>": "NAME"} and a line end. NULL: the user is forgotten. */
static int note_user(const char *user)
{
    AUTO_STRING path = session_file();
    AUTO_FILE_SAVE save = file_save_new();
    synauth_error error = {0};
    size_t index = 0;
    if (!path || !save) {
        say("there is no home directory for .synapseSession");
        return EXIT_NO;
    }
    const struct json_member member = {.name = MOST_RECENT, .text = user};
    AUTO_SECRET object = json_object(&member, 1);
    const char *value = object ? strchr(secret_bytes(object), ':') : NULL;
    AUTO_STRING text = NULL;
    if (user && (!value || asprintf(&text, "{\"" MOST_RECENT "\": %s\n", value + 1) < 0)) {
        text = NULL;
        return EXIT_NO;
    }
    AUTO_SECRET content = text ? secret_new(text, strlen(text)) : NULL;
    int code = file_save_add(save, path, FILE_TRUST_CREDENTIAL, &index, &error);
    if (code == SYNAUTH_OK)
        code = file_save_lock(save, &error);
    if (code == SYNAUTH_OK && content)
        file_save_set(save, index, content);
    else if (code == SYNAUTH_OK)
        file_save_remove(save, index);
    if (code == SYNAUTH_OK)
        code = file_save_commit(save, &error);
    if (code != SYNAUTH_OK)
        say_error(&error);
    return code == SYNAUTH_OK ? EXIT_YES : EXIT_NO;
}

char *keyring_user(void)
{
    AUTO_STRING path = session_file();
    AUTO_SECRET content = NULL;
    if (!path || file_read(path, CREDENTIAL_FILE_MAX, FILE_TRUST_CREDENTIAL, &content, NULL,
                           NULL) != FILE_OK)
        return NULL;
    AUTO_JSON object = json_tree_parse(secret_bytes(content), secret_length(content));
    const char *user = json_tree_text(json_tree_member(object, MOST_RECENT));
    return user ? strdup(user) : NULL;
}

int keyring_remember(const char *user, const struct secret *token)
{
    /* As Python does: what was there of this user goes, one kind of item is left. */
    (void)run_helper("clear", KEYRING_APIKEY, user, NULL);
    int status = run_helper("store", KEYRING_TOKEN, user, token);
    if (status != 0) {
        say("the keyring did not take the token (is a Secret Service running, and unlocked?); "
            "nothing was stored");
        return EXIT_NO;
    }
    return note_user(user);
}

int keyring_forget(const char *user, bool *ret_removed)
{
    AUTO_STRING noted = keyring_user();
    bool token = run_helper("clear", KEYRING_TOKEN, user, NULL) == 0;
    bool apikey = run_helper("clear", KEYRING_APIKEY, user, NULL) == 0;
    *ret_removed = token || apikey;
    if (noted && strcmp(noted, user) == 0)
        return note_user(NULL);
    return EXIT_YES;
}
