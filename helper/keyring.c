/* synauth-helper-keyring - the OS keyring by the Secret Service; the only part that links
   libsecret.

   lookup SERVICE USER: answers with a reply (reply.h) and never prompts.
   store SERVICE USER: the secret is standard input, all of it.
   clear SERVICE USER: removes it.

   Exit status of store and clear: 0 done, 1 failed (a sentence on stderr), 4 nothing to clear. */
#include "keyring_item.h"
#include "memory.h"
#include "reply.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { DONE = 0, FAILED = 1, USAGE = 2, NOTHING = 4, SECRET_MAX = 16 * 1024 };

static int lookup(const struct keyring_item *item)
{
    SecretValue *value = NULL;
    g_autofree char *why = NULL;
    gsize length = 0;
    int status;
    switch (keyring_item_lookup(item, &value, &why)) {
    case KEYRING_FOUND: {
        const char *text = secret_value_get(value, &length);
        status = reply_value(text, length, 0);
        secret_value_unref(value);
        return status;
    }
    case KEYRING_LOCKED:
        return reply_absent("the keyring is locked, and a prompt is not wanted here");
    case KEYRING_ABSENT:
        return reply_absent("the keyring has no such item");
    case KEYRING_FAILED:
    default:
        return reply_absent("%s", why ? why : "the keyring failed");
    }
}

static int finish(enum keyring_state state, const char *why)
{
    if (state == KEYRING_FOUND)
        return DONE;
    if (state == KEYRING_ABSENT)
        return NOTHING;
    fprintf(stderr, "%s\n", why ? why : "the keyring failed");
    return FAILED;
}

static int store(const struct keyring_item *item)
{
    char secret[SECRET_MAX];
    g_autofree char *why = NULL;
    size_t used = 0;
    for (ssize_t got = 1; got > 0 && used<sizeof secret; used += got> 0 ? (size_t)got : 0)
        got = read(STDIN_FILENO, secret + used, sizeof secret - used);
    enum keyring_state state = KEYRING_FAILED;
    if (used > 0 && used < sizeof secret)
        state = keyring_item_store(item, secret, used, &why);
    else
        why = g_strdup("the secret is empty or too long");
    explicit_bzero(secret, sizeof secret);
    return finish(state, why);
}

static int clear(const struct keyring_item *item)
{
    g_autofree char *why = NULL;
    enum keyring_state state = keyring_item_clear(item, &why);
    return finish(state, why);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(const struct keyring_item *item);
    } verbs[] = {{"lookup", lookup}, {"store", store}, {"clear", clear}};
    memory_keep_private();
    memory_wipe_what_is_freed();
    memory_forbid_core_files();
    for (size_t i = 0; argc == 4 && i < sizeof verbs / sizeof *verbs; i++) {
        const struct keyring_item item = {.service = argv[2], .user = argv[3]};
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].run(&item);
    }
    fputs("usage: synauth-helper-keyring lookup|store|clear SERVICE USER\n", stderr);
    return USAGE;
}
