/* synapse_store - personal access tokens in `.synapseConfig`: where one belongs, writing it there
   and taking it away. */
#include "base/cleanup.h"
#include "base/error.h"
#include "file/file_save.h"
#include "format/ini.h"
#include "format/ini_edit.h"
#include "options_member.h"
#include "source/token.h"
#include "source/token_service.h"
#include "synauth_service.h"
#include <stdio.h>
#include <string.h>

static const char key[] = "authtoken";

/* One change of the file, with its lock held. */
struct store {
    struct file_save *save;
    size_t index;
    char *path;
    struct secret *content; /* never NULL: empty when there is no file */
    synauth_synapse_place place;
};

static void store_free(struct store *store)
{
    file_save_free(store->save);
    free(store->path);
    secret_unref(store->content);
}
#define AUTO_STORE __attribute__((cleanup(store_free))) struct store

static bool holds_text(const struct secret *value)
{
    for (size_t i = 0; i < secret_length(value); i++)
        if (!strchr(" \t\r\n\v\f", secret_bytes(value)[i]))
            return true;
    return false;
}

/* A profile named `default` is the usual section, as it is when it is read. */
static int choose_section(struct store *store, const char *profile, synauth_error *error)
{
    struct ini *ini = NULL;
    int code = ini_parse(secret_bytes(store->content), secret_length(store->content), store->path,
                         &ini, error);
    if (code != SYNAUTH_OK)
        return code;
    int length = 0;
    synauth_synapse_place *place = &store->place;
    if (profile && strcmp(profile, "default") != 0)
        length = snprintf(place->section, sizeof place->section, "profile %s", profile);
    else
        snprintf(place->section, sizeof place->section, "%s",
                 ini_has_section(ini, "default") ? "default" : "authentication");
    place->exists = holds_text(ini_get(ini, place->section, key, NULL));
    ini_free(ini);
    if (length < (int)sizeof place->section && !strpbrk(place->section, "[]\r\n"))
        return SYNAUTH_OK;
    return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0,
                     "this name of a profile cannot be a section of .synapseConfig");
}

/* `create`: missing directories are made and the file is locked; else it is only looked at. */
static int open_file(struct store *store, bool create, synauth_error *error)
{
    if (!create) {
        enum file_state state = file_read(store->path, CREDENTIAL_FILE_MAX, FILE_TRUST_CREDENTIAL,
                                          &store->content, NULL, error);
        return state == FILE_UNUSABLE ? SYNAUTH_E_UNUSABLE : SYNAUTH_OK;
    }
    store->save = file_save_new();
    if (!store->save)
        return error_memory(error);
    int code = file_save_add(store->save, store->path, FILE_TRUST_CREDENTIAL, &store->index, error);
    if (code == SYNAUTH_OK)
        code = file_save_lock(store->save, error);
    if (code != SYNAUTH_OK)
        return code;
    const struct secret *content = file_save_content(store->save, store->index);
    if (content)
        store->content = secret_new(secret_bytes(content), secret_length(content));
    return SYNAUTH_OK;
}

static int store_open(struct store *store, synauth_context *context,
                      const synauth_synapse_save_options *options, bool create,
                      synauth_error *error)
{
    store->path = synauth_synapse_config_path(context, OPTION(options, config_path, NULL));
    if (!store->path || strlen(store->path) >= sizeof store->place.path)
        return error_set(error, SYNAUTH_E_IO, NULL, 0,
                         "there is no home directory to store .synapseConfig in");
    int code = open_file(store, create, error);
    if (code != SYNAUTH_OK)
        return code;
    if (!store->content)
        store->content = secret_new("", 0);
    if (!store->content)
        return error_memory(error);
    memcpy(store->place.path, store->path, strlen(store->path) + 1);
    return choose_section(store, OPTION(options, profile, NULL), error);
}

static struct ini_edit edit_of(const struct store *store)
{
    return (struct ini_edit){.text = secret_bytes(store->content),
                             .length = secret_length(store->content),
                             .path = store->path,
                             .section = store->place.section,
                             .key = key};
}

static int judge(const char *text, struct secret **ret, synauth_error *error)
{
    const char *why = "is empty";
    AUTO_SECRET token = NULL;
    if (token_judge(text, strlen(text), &token, &why) == TOKEN_OK)
        why = token_of_other_service(text, SERVICE_SYNAPSE);
    if (!why) {
        *ret = secret_ref(token);
        return SYNAUTH_OK;
    }
    return error_set(error, SYNAUTH_E_UNUSABLE, NULL, 0, "the token %s", why);
}

static int judge_existing(const struct store *store, const synauth_synapse_save_options *options,
                          synauth_error *error)
{
    if (!store->place.exists || OPTION(options, overwrite, 0))
        return SYNAUTH_OK;
    return error_set(error, SYNAUTH_E_EXISTS, store->path, 0,
                     "section [%s] has an authtoken already; overwriting it must be asked for",
                     store->place.section);
}

/* The text with the token, so that what cannot be edited is noticed before anything is written. */
static int edited_text(const struct store *store, const synauth_synapse_save_options *options,
                       struct secret **ret, synauth_error *error)
{
    AUTO_SECRET token = NULL;
    const struct ini_edit edit = edit_of(store);
    int code = judge_existing(store, options, error);
    if (code == SYNAUTH_OK)
        code = judge(OPTION(options, token, NULL), &token, error);
    return code == SYNAUTH_OK ? ini_edit_set(&edit, token, ret, error) : code;
}

int synauth_synapse_token_place(synauth_context *context,
                                const synauth_synapse_save_options *options,
                                synauth_synapse_place *ret, synauth_error *error)
{
    AUTO_STORE store = {0};
    AUTO_SECRET text = NULL;
    error_clear(error);
    if (!context || !ret)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "an argument is NULL");
    int code = store_open(&store, context, options, false, error);
    if (code == SYNAUTH_OK && OPTION(options, token, NULL))
        code = edited_text(&store, options, &text, error);
    if (code == SYNAUTH_OK)
        *ret = store.place;
    return code;
}

int synauth_synapse_save_token(synauth_context *context,
                               const synauth_synapse_save_options *options,
                               synauth_synapse_place *ret, synauth_error *error)
{
    AUTO_STORE store = {0};
    AUTO_SECRET text = NULL;
    error_clear(error);
    if (!context || !ret || !OPTION(options, token, NULL))
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "an argument is NULL");
    int code = store_open(&store, context, options, true, error);
    if (code == SYNAUTH_OK)
        code = edited_text(&store, options, &text, error);
    if (code != SYNAUTH_OK)
        return code;
    file_save_set(store.save, store.index, text);
    code = file_save_commit(store.save, error);
    if (code == SYNAUTH_OK)
        *ret = store.place;
    return code;
}

int synauth_synapse_remove_token(synauth_context *context,
                                 const synauth_synapse_save_options *options,
                                 synauth_synapse_place *ret, synauth_error *error)
{
    AUTO_STORE look = {0};
    AUTO_STORE store = {0};
    AUTO_SECRET text = NULL;
    error_clear(error);
    if (!context || !ret)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "an argument is NULL");
    int code = store_open(&look, context, options, false, error);
    if (code == SYNAUTH_OK && look.place.exists)
        code = store_open(&store, context, options, true, error);
    if (code != SYNAUTH_OK)
        return code;
    if (store.place.exists) {
        const struct ini_edit edit = edit_of(&store);
        code = ini_edit_comment_out(&edit, &text, error);
        if (code != SYNAUTH_OK)
            return code;
        file_save_set(store.save, store.index, text);
        code = file_save_commit(store.save, error);
    }
    if (code == SYNAUTH_OK)
        *ret = look.place;
    return code;
}
