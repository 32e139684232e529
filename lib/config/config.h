/* config - the layered configuration (user, site, compiled in), read once into a table of rules
   and a few settings. */
#ifndef SYNAUTH_CONFIG_H
#define SYNAUTH_CONFIG_H

#include "config/config_text.h"
#include "helper/helper_use.h"
#include "rules/rules.h"

struct config_layer {
    const char *path;   /* NULL for the compiled-in layer */
    const char *origin; /* "SYNAUTH_CONFIG", "argument" (only_file), "user", "site", "built in" */
    enum config_state state;
};

struct arena;
struct config_tree;
struct config {
    struct rules *rules;
    enum helper_use helper;          /* from inside a host program */
    const char *synapse_config_file; /* synapse = { config_file = ...; }; NULL = ~/.synapseConfig */
    bool unusable;                   /* nothing may be injected at all; errors[0] says why */
    synauth_error *errors;
    size_t error_count;
    struct config_layer layers[4];
    size_t layer_count;
    struct arena *arena; /* these two own every string above */
    struct config_tree *trees;
};

/* Reads $SYNAUTH_CONFIG alone (or only_file, when not NULL: relative to the working directory),
   else user, site and compiled-in rules. NULL only when memory runs out. */
struct config *config_load(const char *only_file);
void config_free(struct config *config);

#endif
