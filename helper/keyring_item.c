/* keyring_item - one item of the Secret Service, exactly where Python's `keyring` has it
   (facts: attributes application, service and username, no xdg:schema, text/plain, in the
   collection that is the default). */
#include "keyring_item.h"

#include <gio/gio.h>
#include <stdint.h>
#include <unistd.h>

#define AUTO_ERROR g_autoptr(GError)

/* GDBus would start an X11 program to find a bus that is not there. */
static gboolean has_session_bus(void)
{
    const char *address = g_getenv("DBUS_SESSION_BUS_ADDRESS");
    if (address && *address)
        return TRUE;
    g_autofree char *path = g_build_filename(g_get_user_runtime_dir(), "bus", NULL);
    return access(path, R_OK | W_OK) == 0;
}

static SecretService *connect_service(char **ret_why)
{
    AUTO_ERROR error = NULL;
    if (!has_session_bus()) {
        *ret_why = g_strdup("there is no session bus, so no keyring");
        return NULL;
    }
    SecretService *service = secret_service_get_sync(SECRET_SERVICE_OPEN_SESSION, NULL, &error);
    if (!service)
        *ret_why = g_strdup_printf("no Secret Service answers: %s", error->message);
    return service;
}

/* The table's strings are never written to; GLib has no const for that. */
static void add(GHashTable *attributes, const char *name, const char *value)
{
    g_hash_table_insert(attributes, (gpointer)(uintptr_t)name, (gpointer)(uintptr_t)value);
}

/* What a look-up goes by: an item may carry more. */
static GHashTable *lookup_attributes(const struct keyring_item *item)
{
    GHashTable *attributes = g_hash_table_new(g_str_hash, g_str_equal);
    add(attributes, "service", item->service);
    add(attributes, "username", item->user);
    return attributes;
}

static GList *search(SecretService *service, const struct keyring_item *item,
                     SecretSearchFlags flags, char **ret_why)
{
    AUTO_ERROR error = NULL;
    g_autoptr(GHashTable) attributes = lookup_attributes(item);
    GList *items = secret_service_search_sync(service, NULL, attributes, flags, NULL, &error);
    if (error)
        *ret_why = g_strdup_printf("the keyring cannot be searched: %s", error->message);
    return items;
}

static enum keyring_state first_secret(GList *items, SecretValue **ret)
{
    for (GList *at = items; at; at = at->next) {
        *ret = secret_item_get_secret(at->data);
        if (*ret)
            return KEYRING_FOUND;
    }
    return items ? KEYRING_LOCKED : KEYRING_ABSENT;
}

enum keyring_state keyring_item_lookup(const struct keyring_item *item, SecretValue **ret,
                                       char **ret_why)
{
    g_autoptr(SecretService) service = connect_service(ret_why);
    if (!service)
        return KEYRING_FAILED;
    /* Without SECRET_SEARCH_UNLOCK nothing prompts. */
    GList *items = search(service, item, SECRET_SEARCH_ALL | SECRET_SEARCH_LOAD_SECRETS, ret_why);
    enum keyring_state state = *ret_why ? KEYRING_FAILED : first_secret(items, ret);
    g_list_free_full(items, g_object_unref);
    return state;
}

static SecretCollection *open_collection(SecretService *service, char **ret_why)
{
    AUTO_ERROR error = NULL;
    SecretCollection *collection = secret_collection_for_alias_sync(
        service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, NULL, &error);
    if (!collection && error)
        *ret_why = g_strdup_printf("the keyring cannot be opened: %s", error->message);
    else if (!collection)
        *ret_why = g_strdup("there is no default keyring; make one with your desktop's password "
                            "manager");
    if (!collection || !secret_collection_get_locked(collection))
        return collection;
    GList only = {.data = collection};
    if (secret_service_unlock_sync(service, &only, NULL, NULL, &error) > 0)
        return collection;
    *ret_why = g_strdup_printf("the keyring stays locked%s%s", error ? ": " : "",
                               error ? error->message : "");
    g_object_unref(collection);
    return NULL;
}

enum keyring_state keyring_item_store(const struct keyring_item *item, const char *value,
                                      size_t length, char **ret_why)
{
    AUTO_ERROR error = NULL;
    g_autoptr(SecretService) service = connect_service(ret_why);
    g_autoptr(SecretCollection) collection = service ? open_collection(service, ret_why) : NULL;
    if (!collection)
        return KEYRING_FAILED;
    g_autoptr(GHashTable) attributes = lookup_attributes(item);
    add(attributes, "application", "Python keyring library");
    g_autofree char *label =
        g_strdup_printf("Password for '%s' on '%s'", item->user, item->service);
    SecretValue *secret = secret_value_new(value, (gssize)length, "text/plain");
    /* Without a schema, so that no xdg:schema attribute hides the item from other programs. */
    g_autoptr(SecretItem) made = secret_item_create_sync(
        collection, NULL, attributes, label, secret, SECRET_ITEM_CREATE_REPLACE, NULL, &error);
    secret_value_unref(secret);
    if (made)
        return KEYRING_FOUND;
    *ret_why = g_strdup_printf("the keyring did not take it: %s", error->message);
    return KEYRING_FAILED;
}

enum keyring_state keyring_item_clear(const struct keyring_item *item, char **ret_why)
{
    g_autoptr(SecretService) service = connect_service(ret_why);
    if (!service)
        return KEYRING_FAILED;
    GList *items = search(service, item, SECRET_SEARCH_ALL | SECRET_SEARCH_UNLOCK, ret_why);
    enum keyring_state state = *ret_why ? KEYRING_FAILED : items ? KEYRING_FOUND : KEYRING_ABSENT;
    for (GList *at = items; at && state == KEYRING_FOUND; at = at->next) {
        AUTO_ERROR error = NULL;
        if (secret_item_delete_sync(at->data, NULL, &error))
            continue;
        *ret_why = g_strdup_printf("the keyring did not remove it: %s", error->message);
        state = KEYRING_FAILED;
    }
    g_list_free_full(items, g_object_unref);
    return state;
}
