/* saved - what became of each file in one call of save_token or remove_token. */
#ifndef SYNAUTH_CAVE_SAVED_H
#define SYNAUTH_CAVE_SAVED_H

#include "synauth.h"

struct synauth_cave_saved {
    size_t count;
    struct saved_file {
        char *path;
        const char *state; /* static */
    } * files;
};

/* `state` is static. Notes a path once. False when memory runs out. */
int saved_note(synauth_cave_saved *saved, const char *path, const char *state);
void saved_cleanup(synauth_cave_saved **saved);
#define AUTO_SAVED __attribute__((cleanup(saved_cleanup))) synauth_cave_saved *

#endif
