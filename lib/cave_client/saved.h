/* saved - what became of each file in one call of save_token. */
#ifndef SYNAUTH_CAVE_SAVED_H
#define SYNAUTH_CAVE_SAVED_H

#include "file/file_save.h"
#include "synauth.h"

#define SAVED_MAX (FILE_SAVE_MAX + 4)

struct synauth_cave_saved {
    size_t count;
    struct {
        char *path;
        const char *state; /* static */
    } files[SAVED_MAX];
};

/* `state` is static. Notes a path once. False when memory is short. */
int saved_note(synauth_cave_saved *saved, const char *path, const char *state);
void saved_cleanup(synauth_cave_saved **saved);
#define AUTO_SAVED __attribute__((cleanup(saved_cleanup))) synauth_cave_saved *

#endif
