/* keyring_item - one item of the Secret Service, exactly where Python's `keyring` has it. */
#ifndef SYNAUTH_HELPER_KEYRING_ITEM_H
#define SYNAUTH_HELPER_KEYRING_ITEM_H

#include <libsecret/secret.h>

struct keyring_item {
    const char *service, *user;
};

enum keyring_state {
    KEYRING_FOUND,
    KEYRING_ABSENT, /* no such item */
    KEYRING_LOCKED, /* there is one, behind a prompt that is not wanted here */
    KEYRING_FAILED  /* *ret_why */
};

/* Never prompts. *ret is freed with secret_value_unref; *ret_why (g_free) is a sentence. */
enum keyring_state keyring_item_lookup(const struct keyring_item *item, SecretValue **ret,
                                       char **ret_why);
/* Puts the value into the default collection, over an item of the same service and user. May
   prompt for the collection's password. */
enum keyring_state keyring_item_store(const struct keyring_item *item, const char *value,
                                      size_t length, char **ret_why);
/* Removes every such item. KEYRING_ABSENT: there was none. May prompt. */
enum keyring_state keyring_item_clear(const struct keyring_item *item, char **ret_why);

#endif
