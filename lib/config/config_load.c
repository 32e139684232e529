/* config_load - reads the layered configuration once into a table of rules and a few settings. */
#include "config/config.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/own_frame.h"
#include "base/paths.h"
#include "config/config_parse.h"
#include "config/config_rules.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Scalar settings: the first file that has one decides. */
struct settings_seen {
    bool on_missing_set, on_missing_fail;
    bool helper_set;
    bool synapse_set;
    const char *synapse_problem; /* whose value is a mistake */
};

struct loader {
    struct config *config;
    struct settings_seen settled;
    bool stops; /* a file said inherit = false */
    bool has_memory;
};

static const char *const top_names[] = {"rules",  "synapse", "on_missing",
                                        "helper", "inherit", NULL};
static const char *const synapse_names[] = {"config_file", NULL};
static const char *const on_missing_names[] = {"pass", "fail", NULL};

OWN_FRAME static void add_fatal(struct loader *loader, const char *file, unsigned line,
                                const char *text)
{
    synauth_error error = {0};
    error_set(&error, SYNAUTH_E_CONFIG, file, line, "%s", text);
    config_add_error(loader->config, MISTAKE_FATAL, &error);
}

static void read_on_missing(struct loader *loader, struct config_reader *reader,
                            const config_setting_t *setting)
{
    size_t choice;
    if (!value_choice(reader, setting, on_missing_names, &choice) || loader->settled.on_missing_set)
        return;
    loader->settled.on_missing_set = true;
    loader->settled.on_missing_fail = choice == 1;
}

/* What cannot be read means the careful choice: no process is started. */
static void read_helper(struct loader *loader, struct config_reader *reader,
                        const config_setting_t *setting)
{
    bool helper = false;
    value_bool(reader, setting, &helper);
    if (loader->settled.helper_set)
        return;
    loader->settled.helper_set = true;
    loader->config->helper = helper ? HELPER_ASKED : HELPER_FORBIDDEN;
}

static void read_inherit(struct loader *loader, struct config_reader *reader,
                         const config_setting_t *setting)
{
    bool inherit = false; /* careful: fewer rules */
    value_bool(reader, setting, &inherit);
    loader->stops = !inherit;
}

/* path is NULL after a mistake: which account is meant is then unknown. */
OWN_FRAME static void settle_synapse_file(struct loader *loader, struct config_reader *reader,
                                          const char *path)
{
    char text[sizeof(synauth_error) * 2];
    if (loader->settled.synapse_set)
        return;
    loader->settled.synapse_set = true;
    loader->config->synapse_config_file = path;
    if (path)
        return;
    error_format(&reader->first, text, sizeof text);
    loader->settled.synapse_problem = arena_strdup(reader->arena, text);
    loader->has_memory &= loader->settled.synapse_problem != NULL;
}

static void read_synapse(struct loader *loader, struct config_reader *reader,
                         const config_setting_t *group)
{
    reader->first.code = SYNAUTH_OK;
    if (config_setting_type(group) != CONFIG_TYPE_GROUP) {
        value_mistake(reader, MISTAKE_REPORTED, group,
                      "\"synapse\" must be a group, as in synapse = { config_file = \"...\"; };");
        settle_synapse_file(loader, reader, NULL);
        return;
    }
    size_t count = value_count(group);
    for (size_t i = 0; i < count; i++) {
        const config_setting_t *setting = value_element(group, i);
        const char *path = NULL;
        reader->first.code = SYNAUTH_OK;
        if (strcmp(config_setting_name(setting), synapse_names[0]) != 0) {
            value_unknown(reader, setting, synapse_names);
            continue;
        }
        value_path(reader, setting, &path);
        settle_synapse_file(loader, reader, path);
    }
}

static void read_setting(struct loader *loader, struct config_reader *reader,
                         const config_setting_t *setting)
{
    const char *name = config_setting_name(setting);
    if (strcmp(name, "rules") == 0)
        loader->has_memory &= config_rules_read(reader, setting);
    else if (strcmp(name, "synapse") == 0)
        read_synapse(loader, reader, setting);
    else if (strcmp(name, "on_missing") == 0)
        read_on_missing(loader, reader, setting);
    else if (strcmp(name, "helper") == 0)
        read_helper(loader, reader, setting);
    else if (strcmp(name, "inherit") == 0)
        read_inherit(loader, reader, setting);
    else
        value_unknown(reader, setting, top_names);
}

/* A string that is never closed is often found out earlier, by what follows its supposed end. */
static void add_syntax_error(struct loader *loader, const struct config_text *text,
                             const config_t *parsed, const synauth_error *unclosed,
                             unsigned unclosed_line)
{
    unsigned line;
    bool has_line = config_error_text(parsed) && config_error_line(parsed) > 0;
    unsigned joined_line = has_line ? (unsigned)config_error_line(parsed) : 1;
    if (unclosed && (!has_line || joined_line >= unclosed_line)) {
        config_add_error(loader->config, MISTAKE_FATAL, unclosed);
        return;
    }
    const char *problem = config_error_text(parsed);
    unsigned last_line = config_text_last_line(text);
    if (joined_line > last_line) {
        joined_line = last_line;
        problem = "the file ends too early; look for a bracket that is not closed";
    } else if (!problem || strcmp(problem, "syntax error") == 0) {
        problem = "syntax error; look here and just before for a missing quote, bracket or =";
    }
    const char *file = config_text_place(text, joined_line, &line);
    add_fatal(loader, file, line, problem);
}

OWN_FRAME static enum config_state read_text(struct loader *loader, const struct deps *deps,
                                             struct config_text *text)
{
    unsigned unclosed_line = 0;
    const synauth_error *unclosed = config_text_unclosed(text, &unclosed_line);
    struct config_reader reader = {
        .deps = deps, .arena = loader->config->arena, .text = text, .config = loader->config};
    struct config_tree *tree = NULL;
    enum config_parse_result result = config_parse(deps, loader->config->arena, text, &tree);
    if (!tree) {
        loader->has_memory = false;
        return CONFIG_INVALID;
    }
    config_tree_push(&loader->config->trees, tree);
    const config_t *parsed = config_tree_parsed(tree);
    if (result != CONFIG_PARSED || unclosed) {
        add_syntax_error(loader, text, parsed, unclosed, unclosed_line);
        return CONFIG_INVALID;
    }
    const config_setting_t *root = config_root_setting(parsed);
    size_t count = root ? value_count(root) : 0;
    for (size_t i = 0; i < count; i++)
        read_setting(loader, &reader, value_element(root, i));
    return CONFIG_READ;
}

static enum config_state read_file(struct loader *loader, const char *path)
{
    synauth_error error = {0};
    struct config_text *text = NULL;
    const struct deps *deps = NULL;
    enum config_state state = config_text_read(path, loader->config->arena, &text, &error);
    if (state == CONFIG_ABSENT)
        return state;
    if (state == CONFIG_READ)
        deps = deps_get(&error);
    if (deps)
        state = read_text(loader, deps, text);
    else
        config_add_error(loader->config, MISTAKE_FATAL, &error);
    config_text_free(text);
    return deps || state != CONFIG_READ ? state : CONFIG_NOT_READ;
}

static struct config_layer *add_layer(struct loader *loader, const char *path, const char *origin)
{
    struct config *config = loader->config;
    struct config_layer *layer = &config->layers[config->layer_count++];
    *layer = (struct config_layer){.origin = origin, .state = CONFIG_NOT_READ};
    if (!path)
        return layer;
    layer->path = arena_strdup(config->arena, path);
    loader->has_memory &= layer->path != NULL;
    return layer;
}

static void read_layer(struct loader *loader, const char *path, const char *origin)
{
    struct config_layer *layer = add_layer(loader, path, origin);
    if (layer->path && !loader->stops)
        layer->state = read_file(loader, layer->path);
}

static void read_built_in(struct loader *loader)
{
    struct config_layer *layer = add_layer(loader, NULL, "built in");
    if (loader->stops)
        return;
    layer->state = CONFIG_READ;
    loader->has_memory &= config_rules_add_built_in(loader->config);
}

/* A file that stands alone must be there. */
static void read_alone(struct loader *loader, const char *path, const char *origin)
{
    read_layer(loader, path, origin);
    const struct config_layer *layer = &loader->config->layers[0];
    if (layer->state == CONFIG_ABSENT)
        add_fatal(loader, path, 0, "there is no such configuration file");
}

static void read_argument(struct loader *loader, const char *name)
{
    AUTO_STRING here = getcwd(NULL, 0);
    AUTO_STRING path = paths_expand(name, here);
    if (path)
        read_alone(loader, path, "argument");
    else
        add_fatal(loader, name, 0, "no home or working directory to find this file by");
}

static void read_variable(struct loader *loader, const char *name)
{
    AUTO_STRING path = paths_expand(name, NULL);
    if (path)
        read_alone(loader, path, "SYNAUTH_CONFIG");
    else if (name[0] == '~' && (name[1] == '/' || name[1] == '\0'))
        add_fatal(loader, name, 0, "SYNAUTH_CONFIG begins with ~, but there is no home directory");
    else
        add_fatal(loader, name, 0, "SYNAUTH_CONFIG must be an absolute path");
}

static void read_chain(struct loader *loader)
{
    AUTO_STRING user = paths_user_config();
    const char *config_home = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    const char *base = config_home && config_home[0] ? config_home : home;
    /* Without the user's file fewer rules, and wider ones, would hold. */
    loader->has_memory &= user || !base || base[0] != '/';
    if (!user && config_home && config_home[0] && config_home[0] != '/')
        add_fatal(loader, config_home, 0, "XDG_CONFIG_HOME must be an absolute path");
    if (user)
        read_layer(loader, user, "user");
    read_layer(loader, paths_site_config(), "site");
    read_built_in(loader);
}

/* What a whole-file setting means for the rules, compiled-in ones included. */
static void apply_settled(struct loader *loader)
{
    struct rules *rules = loader->config->rules;
    if (!loader->settled.on_missing_fail && !loader->settled.synapse_problem)
        return; /* nothing but defaults */
    for (size_t i = 0; i < rules_count(rules); i++) {
        struct rule *rule = rules_draft(rules, i);
        const struct rule_sources *sources = rule_sources(rule);
        bool has_own_source = sources->config_file || sources->token_file || sources->token_env ||
                              sources->token_command;
        if (!rule->on_missing_set)
            rule->on_missing_fail = loader->settled.on_missing_fail;
        if (rule->service == SERVICE_SYNAPSE && !has_own_source && !rule->broken)
            rule->broken = loader->settled.synapse_problem;
    }
}

static bool prepare(struct loader *loader)
{
    struct config *config = calloc(1, sizeof *config);
    if (!config)
        return false;
    loader->config = config;
    loader->has_memory = true;
    config->helper = HELPER_ASKED;
    config->arena = arena_new();
    config->rules = rules_new();
    return config->arena && config->rules;
}

struct config *config_load(const char *only_file)
{
    struct loader loader = {0};
    if (!prepare(&loader)) {
        config_free(loader.config);
        return NULL;
    }
    const char *variable = getenv("SYNAUTH_CONFIG");
    if (only_file)
        read_argument(&loader, only_file);
    else if (variable && variable[0])
        read_variable(&loader, variable);
    else
        read_chain(&loader);
    apply_settled(&loader);
    struct config *config = loader.config;
    if (loader.has_memory && rules_seal(config->rules) == SYNAUTH_OK &&
        (!config->unusable || config->error_count > 0))
        return config;
    config_free(config);
    return NULL;
}

void config_free(struct config *config)
{
    if (!config)
        return;
    rules_free(config->rules);
    config_tree_free_all(config->trees);
    arena_free(config->arena);
    free(config->errors);
    free(config);
}
