/* context - the configuration behind the public API: opened once, then only read. */
#include "context.h"

#include "base/error.h"
#include "foreign/deps.h"
#include "identity.h"
#include "result.h"
#include "source/slow_source.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

static const char identity[] __attribute__((used)) = IDENTITY("resolver");

static atomic_uint open_contexts;

/* Older callers have a shorter structure; what it lacks is default. */
static const char *config_file_of(const synauth_options *options)
{
    size_t least = offsetof(synauth_options, config_file) + sizeof options->config_file;
    return options && options->size >= least ? options->config_file : NULL;
}

static bool only_looks(const synauth_options *options)
{
    size_t least = offsetof(synauth_options, look_only) + sizeof options->look_only;
    return options && options->size >= least && options->look_only;
}

synauth_context *synauth_open(const synauth_options *options, synauth_error *error)
{
    if (error)
        memset(error, 0, sizeof *error);
    if (getauxval(AT_SECURE)) {
        error_set(error, SYNAUTH_E_UNSUPPORTED, NULL, 0,
                  "nothing is done in secure-execution mode (set-user-ID, file capabilities)");
        return NULL;
    }
    if (!deps_get(error))
        return NULL;
    synauth_context *context = calloc(1, sizeof *context);
    if (context)
        context->config = config_load(config_file_of(options));
    if (context && context->config) {
        if (only_looks(options) && context->config->helper == HELPER_ASKED)
            context->config->helper = HELPER_NAMED;
        atomic_fetch_add(&open_contexts, 1);
        return context;
    }
    free(context);
    error_memory(error);
    return NULL;
}

void synauth_close(synauth_context *context)
{
    if (!context)
        return;
    config_free(context->config);
    secret_unref(context->cave.token);
    free(context);
    /* What commands and logins gave is kept for all of them. */
    if (atomic_fetch_sub(&open_contexts, 1) == 1)
        slow_source_forget_all();
}

size_t synauth_config_error_count(const synauth_context *context)
{
    return context->config->error_count;
}

const synauth_error *synauth_config_error(const synauth_context *context, size_t index)
{
    const struct config *config = context->config;
    return index < config->error_count ? &config->errors[index] : NULL;
}

size_t synauth_rule_count(const synauth_context *context)
{
    return rules_count(context->config->rules);
}

int synauth_rule(const synauth_context *context, size_t index, synauth_rule_info *ret)
{
    if (index >= rules_count(context->config->rules))
        return SYNAUTH_E_ARGUMENT;
    const struct rule *rule = rules_get(context->config->rules, index);
    *ret = (synauth_rule_info){.match = rule->match,
                               .service = service_name(rule->service),
                               .file = rule->file,
                               .line = rule->line,
                               .valid = !rule->broken};
    return SYNAUTH_OK;
}

const char *synauth_rule_source(const synauth_context *context, size_t index)
{
    if (index >= rules_count(context->config->rules))
        return NULL;
    const struct rule_sources *sources = rule_sources(rules_get(context->config->rules, index));
    if (sources->token_file)
        return sources->token_file;
    return sources->config_file ? sources->config_file : sources->secrets_dir;
}

const char *synauth_rule_auth_server(const synauth_context *context, size_t index)
{
    if (index >= rules_count(context->config->rules))
        return NULL;
    return rule_sources(rules_get(context->config->rules, index))->auth_server;
}

size_t synauth_config_file_count(const synauth_context *context)
{
    return context->config->layer_count;
}

static const char *state_name(enum config_state state)
{
    switch (state) {
    case CONFIG_READ:
        return "read";
    case CONFIG_ABSENT:
        return "absent";
    case CONFIG_REFUSED:
        return "refused";
    case CONFIG_INVALID:
        return "invalid";
    case CONFIG_NOT_READ:
    default:
        return "not read";
    }
}

int synauth_config_file(const synauth_context *context, size_t index, synauth_config_file_info *ret)
{
    const struct config *config = context->config;
    if (index >= config->layer_count)
        return SYNAUTH_E_ARGUMENT;
    const struct config_layer *layer = &config->layers[index];
    *ret = (synauth_config_file_info){
        .path = layer->path, .origin = layer->origin, .state = state_name(layer->state)};
    return SYNAUTH_OK;
}

const char *synauth_version(void)
{
    return SYNAUTH_VERSION;
}
