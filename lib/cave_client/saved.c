/* saved - what became of each file in one call of save_token or remove_token. */
#include "cave_client/saved.h"

#include <stdlib.h>
#include <string.h>

int saved_note(synauth_cave_saved *saved, const char *path, const char *state)
{
    for (size_t i = 0; i < saved->count; i++)
        if (strcmp(saved->files[i].path, path) == 0)
            return 1;
    struct saved_file *more = reallocarray(saved->files, saved->count + 1, sizeof *more);
    if (!more)
        return 0;
    saved->files = more;
    char *copy = strdup(path);
    if (copy)
        more[saved->count++] = (struct saved_file){copy, state};
    return copy != NULL;
}

size_t synauth_cave_saved_count(const synauth_cave_saved *saved)
{
    return saved->count;
}

int synauth_cave_saved_get(const synauth_cave_saved *saved, size_t index,
                           synauth_cave_saved_file *ret)
{
    if (index >= saved->count)
        return SYNAUTH_E_ARGUMENT;
    *ret = (synauth_cave_saved_file){saved->files[index].path, saved->files[index].state};
    return SYNAUTH_OK;
}

void synauth_cave_saved_free(synauth_cave_saved *saved)
{
    for (size_t i = 0; saved && i < saved->count; i++)
        free(saved->files[i].path);
    if (saved)
        free(saved->files);
    free(saved);
}

void saved_cleanup(synauth_cave_saved **saved)
{
    synauth_cave_saved_free(*saved);
    *saved = NULL;
}
