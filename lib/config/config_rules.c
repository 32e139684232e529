/* config_rules - the `rules` list of a configuration file. */
#include "config/config_rules.h"

#include "base/error.h"
#include "base/own_frame.h"
#include "rules/servers.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum type {
    TYPE_MATCH,
    TYPE_SERVICE,
    TYPE_STRING,
    TYPE_PATH,
    TYPE_VARIABLE,
    TYPE_SERVER,
    TYPE_ARGUMENTS,
    TYPE_ON_MISSING,
    TYPE_BOOL
};

enum { FOR_SYNAPSE = 1 << SERVICE_SYNAPSE, FOR_CAVE = 1 << SERVICE_CAVE, FOR_BOTH = 3 };

/* What a key makes the rule's only source. */
enum source { SOURCE_NONE, SOURCE_TOKEN, SOURCE_CONFIG_FILE };

enum { KEY_MATCH, KEY_SERVICE, KEY_COUNT = 14 };
#define KEYS_READ_FIRST (1u << KEY_MATCH | 1u << KEY_SERVICE)

static const struct key {
    enum type type;
    unsigned services;
    enum source source;
    size_t offset; /* in struct rule_sources; of a TYPE_BOOL in struct rule */
} keys[KEY_COUNT] = {
    {TYPE_MATCH, FOR_BOTH, SOURCE_NONE, 0},
    {TYPE_SERVICE, FOR_BOTH, SOURCE_NONE, 0},
    {TYPE_STRING, FOR_SYNAPSE, SOURCE_CONFIG_FILE, offsetof(struct rule_sources, profile)},
    {TYPE_STRING, FOR_SYNAPSE, SOURCE_CONFIG_FILE, offsetof(struct rule_sources, username)},
    {TYPE_PATH, FOR_SYNAPSE, SOURCE_CONFIG_FILE, offsetof(struct rule_sources, config_file)},
    {TYPE_PATH, FOR_BOTH, SOURCE_TOKEN, offsetof(struct rule_sources, token_file)},
    {TYPE_VARIABLE, FOR_BOTH, SOURCE_TOKEN, offsetof(struct rule_sources, token_env)},
    {TYPE_ARGUMENTS, FOR_BOTH, SOURCE_TOKEN, offsetof(struct rule_sources, token_command)},
    {TYPE_SERVER, FOR_CAVE, SOURCE_NONE, offsetof(struct rule_sources, auth_server)},
    {TYPE_STRING, FOR_CAVE, SOURCE_NONE, offsetof(struct rule_sources, token_key)},
    {TYPE_PATH, FOR_CAVE, SOURCE_NONE, offsetof(struct rule_sources, secrets_dir)},
    {TYPE_ON_MISSING, FOR_BOTH, SOURCE_NONE, 0},
    {TYPE_BOOL, FOR_BOTH, SOURCE_NONE, offsetof(struct rule, allow_unverified_tls)},
    {TYPE_BOOL, FOR_BOTH, SOURCE_NONE, offsetof(struct rule, allow_cleartext)},
};

/* In the order of `keys`. */
static const char *const key_names[KEY_COUNT + 1] = {"match",
                                                     "service",
                                                     "profile",
                                                     "username",
                                                     "config_file",
                                                     "token_file",
                                                     "token_env",
                                                     "token_command",
                                                     "auth_server",
                                                     "token_key",
                                                     "secrets_dir",
                                                     "on_missing",
                                                     "allow_unverified_tls",
                                                     "allow_cleartext",
                                                     NULL};

static const char *const service_names[] = {"synapse", "cave", NULL};
static const char *const on_missing_names[] = {"pass", "fail", NULL};

/* The rule that is being read. */
struct draft {
    const config_setting_t *group;
    unsigned keys_set; /* one bit each */
    struct rule rule;
    struct rule_sources sources;
    bool has_sources;
    struct origin_pattern *patterns; /* kept from rule to rule */
    size_t pattern_count, pattern_capacity;
    bool has_service, has_http;
    const config_setting_t *settings[KEY_COUNT]; /* of the keys that are set; others are old */
};

/* NULL when the rule does not have it. */
static const config_setting_t *setting_of(const struct draft *draft, size_t key)
{
    return draft->keys_set & 1u << key ? draft->settings[key] : NULL;
}

/* Field by field: to clear it all takes longer than to read a rule. */
static void begin_draft(struct draft *draft, const config_setting_t *group)
{
    draft->group = group;
    draft->keys_set = 0;
    draft->rule = (struct rule){0};
    if (draft->has_sources)
        draft->sources = (struct rule_sources){0};
    draft->has_sources = false;
    draft->pattern_count = 0;
    draft->has_service = draft->has_http = false;
}

/* Most names differ in their first letter. */
static bool is_same(const char *a, const char *b)
{
    return a[0] == b[0] && strcmp(a, b) == 0;
}

static void sort_settings(struct config_reader *reader, struct draft *draft)
{
    size_t count = value_count(draft->group);
    for (size_t i = 0; i < count; i++) {
        const config_setting_t *setting = value_element(draft->group, i);
        size_t key = 0;
        while (key < KEY_COUNT && !is_same(config_setting_name(setting), key_names[key]))
            key++;
        if (key == KEY_COUNT) {
            value_unknown(reader, setting, key_names);
            continue;
        }
        draft->settings[key] = setting;
        draft->keys_set |= 1u << key;
    }
}

static void unreadable_match(struct config_reader *reader, const config_setting_t *setting,
                             const char *problem)
{
    value_mistake(reader, MISTAKE_FATAL, setting, "%s", problem);
}

static bool reserve_pattern(struct draft *draft)
{
    if (draft->pattern_count < draft->pattern_capacity)
        return true;
    size_t capacity = draft->pattern_capacity * 2 + 4;
    struct origin_pattern *grown = reallocarray(draft->patterns, capacity, sizeof *grown);
    if (!grown)
        return false;
    draft->patterns = grown;
    draft->pattern_capacity = capacity;
    return true;
}

/* false: out of memory. */
static bool add_pattern(struct config_reader *reader, struct draft *draft,
                        const config_setting_t *setting)
{
    synauth_error error; /* too large to be cleared for every rule */
    error.code = SYNAUTH_OK;
    if (config_setting_type(setting) != CONFIG_TYPE_STRING) {
        unreadable_match(reader, setting,
                         "\"match\" must be a host name in double quotes, or a list of them");
        return true;
    }
    const char *text = reader->deps->config_setting_get_string(setting);
    if (!reserve_pattern(draft))
        return false;
    struct origin_pattern *pattern = &draft->patterns[draft->pattern_count];
    if (origin_pattern_parse(text, pattern, NULL, 0, &error) != SYNAUTH_OK) {
        unreadable_match(reader, setting, error.text);
        return true;
    }
    draft->has_http |= pattern->scheme == ORIGIN_HTTP;
    if (draft->pattern_count++ == 0)
        draft->rule.match = text;
    return true;
}

static bool read_match(struct config_reader *reader, struct draft *draft)
{
    const config_setting_t *match = setting_of(draft, KEY_MATCH);
    if (!match) {
        unreadable_match(reader, draft->group, "the rule has no \"match\"; name its hosts");
        return true;
    }
    int type = config_setting_type(match);
    if (type != CONFIG_TYPE_LIST && type != CONFIG_TYPE_ARRAY)
        return add_pattern(reader, draft, match);
    size_t count = value_count(match);
    if (count == 0)
        unreadable_match(reader, match, "\"match\" is an empty list; name the rule's hosts");
    for (size_t i = 0; i < count; i++)
        if (!add_pattern(reader, draft, value_element(match, i)))
            return false;
    return true;
}

static void read_service(struct config_reader *reader, struct draft *draft)
{
    size_t service = SERVICE_SYNAPSE;
    const config_setting_t *setting = setting_of(draft, KEY_SERVICE);
    if (!setting && reader->first.code == SYNAUTH_OK) /* else it may be there, misspelt */
        value_mistake(reader, MISTAKE_REPORTED, draft->group,
                      "the rule has no \"service\"; add service = \"synapse\" or \"cave\"");
    if (setting)
        draft->has_service = value_choice(reader, setting, service_names, &service);
    draft->rule.service = (enum rule_service)service;
}

static void read_on_missing(struct config_reader *reader, const config_setting_t *setting,
                            struct rule *rule)
{
    size_t choice = 0;
    rule->on_missing_set = value_choice(reader, setting, on_missing_names, &choice);
    rule->on_missing_fail = choice == 1;
}

static void read_value(struct config_reader *reader, const struct key *key,
                       const config_setting_t *setting, struct draft *draft)
{
    void *field = (char *)&draft->sources + key->offset;
    switch (key->type) {
    case TYPE_STRING:
        value_string(reader, setting, field);
        break;
    case TYPE_PATH:
        value_path(reader, setting, field);
        break;
    case TYPE_VARIABLE:
        value_variable(reader, setting, field);
        break;
    case TYPE_SERVER:
        value_server(reader, setting, field);
        break;
    case TYPE_ARGUMENTS:
        value_arguments(reader, setting, field);
        break;
    case TYPE_BOOL:
        value_bool(reader, setting, (bool *)((char *)&draft->rule + key->offset));
        return;
    case TYPE_ON_MISSING:
        read_on_missing(reader, setting, &draft->rule);
        return;
    case TYPE_MATCH:
    case TYPE_SERVICE:
        return; /* read before the others */
    }
    draft->has_sources = true;
}

static size_t lowest_key(unsigned keys_set)
{
    return (size_t)__builtin_ctz(keys_set);
}

static void read_settings(struct config_reader *reader, struct draft *draft)
{
    unsigned service = 1u << draft->rule.service;
    for (unsigned left = draft->keys_set & ~KEYS_READ_FIRST; left; left &= left - 1) {
        size_t i = lowest_key(left);
        const config_setting_t *setting = draft->settings[i];
        if (!draft->has_service || (keys[i].services & service))
            read_value(reader, &keys[i], setting, draft);
        else
            value_mistake(reader, MISTAKE_REPORTED, setting,
                          "\"%s\" has no meaning in a rule for %s; remove it", key_names[i],
                          service_names[draft->rule.service]);
    }
}

/* A key that names the only source can stand only beside those of the same file. */
static void judge_sources(struct config_reader *reader, const struct draft *draft)
{
    size_t first = KEY_COUNT;
    for (unsigned left = draft->keys_set & ~KEYS_READ_FIRST; left; left &= left - 1) {
        size_t i = lowest_key(left);
        if (keys[i].source == SOURCE_NONE)
            continue;
        bool agrees = first == KEY_COUNT || (keys[first].source == SOURCE_CONFIG_FILE &&
                                             keys[i].source == SOURCE_CONFIG_FILE);
        if (!agrees)
            value_mistake(reader, MISTAKE_REPORTED, draft->settings[i],
                          "\"%s\" and \"%s\" each name the rule's only source; keep one",
                          key_names[first], key_names[i]);
        if (first == KEY_COUNT)
            first = i;
    }
    if (draft->has_http && (first == KEY_COUNT || keys[first].source != SOURCE_TOKEN))
        value_mistake(reader, MISTAKE_REPORTED, draft->settings[KEY_MATCH],
                      "a rule for http:// must name its own token_file, token_env or "
                      "token_command");
}

OWN_FRAME static bool mark_broken(struct config_reader *reader, struct draft *draft)
{
    char text[sizeof(synauth_error) * 2];
    error_format(&reader->first, text, sizeof text);
    draft->rule.broken = arena_strdup(reader->arena, text);
    return draft->rule.broken != NULL;
}

/* false: out of memory. */
static bool keep_sources(struct config_reader *reader, struct draft *draft)
{
    if (!draft->has_sources)
        return true;
    struct rule_sources *kept = arena_alloc(reader->arena, sizeof *kept);
    if (kept)
        *kept = draft->sources;
    draft->rule.sources = kept;
    return kept != NULL;
}

static bool read_rule(struct config_reader *reader, struct draft *draft)
{
    if (config_setting_type(draft->group) != CONFIG_TYPE_GROUP) {
        value_mistake(reader, MISTAKE_FATAL, draft->group,
                      "a rule is written as { match = \"host\"; service = \"synapse\"; }");
        return true;
    }
    reader->first.code = SYNAUTH_OK;
    draft->rule.file = value_place(reader, draft->group, &draft->rule.line);
    sort_settings(reader, draft);
    if (!read_match(reader, draft))
        return false;
    read_service(reader, draft);
    read_settings(reader, draft);
    judge_sources(reader, draft);
    if ((reader->first.code != SYNAUTH_OK && !mark_broken(reader, draft)) ||
        !keep_sources(reader, draft))
        return false;
    if (draft->pattern_count == 0)
        return true; /* reported as fatal */
    return rules_add(reader->config->rules, &draft->rule, draft->patterns, draft->pattern_count) ==
           SYNAUTH_OK;
}

bool config_rules_read(struct config_reader *reader, const config_setting_t *list)
{
    int type = config_setting_type(list);
    if (type != CONFIG_TYPE_LIST && type != CONFIG_TYPE_ARRAY) {
        value_mistake(reader, MISTAKE_FATAL, list,
                      "\"rules\" must be a list in round brackets, as in "
                      "rules = ( { ... }, { ... } );");
        return true;
    }
    struct draft draft = {0};
    size_t count = value_count(list);
    bool has_memory = true;
    rules_reserve(reader->config->rules, count);
    for (size_t i = 0; has_memory && i < count; i++) {
        begin_draft(&draft, value_element(list, i));
        has_memory = read_rule(reader, &draft);
    }
    free(draft.patterns);
    return has_memory;
}

bool config_rules_add_built_in(struct config *config)
{
    static const struct {
        const char *match;
        enum rule_service service;
    } built_in[] = {
        {SYNAPSE_REPO_HOST, SERVICE_SYNAPSE},
        {SYNAPSE_AUTH_HOST, SERVICE_SYNAPSE},
        {SYNAPSE_FILE_HOST, SERVICE_SYNAPSE},
        {CAVE_DEFAULT_HOST, SERVICE_CAVE},
    };
    for (size_t i = 0; i < sizeof built_in / sizeof built_in[0]; i++) {
        struct origin_pattern pattern;
        struct rule rule = {
            .service = built_in[i].service, .match = built_in[i].match, .file = "(built in)"};
        if (origin_pattern_parse(rule.match, &pattern, NULL, 0, NULL) != SYNAUTH_OK ||
            rules_add(config->rules, &rule, &pattern, 1) != SYNAUTH_OK)
            return false;
    }
    return true;
}
