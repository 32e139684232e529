/* context - opening the resolver for a command, and releasing what it gave out. */
#include "talk/context.h"

#include "talk/output.h"
#include <string.h>

static synauth_context *open_with(const synauth_options *options)
{
    synauth_error error = {0};
    synauth_context *context = synauth_open(options, &error);
    if (!context)
        say_error(&error);
    return context;
}

synauth_context *context_open(const char *config_file)
{
    const synauth_options options = {.size = sizeof options, .config_file = config_file};
    return open_with(&options);
}

synauth_context *context_open_to_look(bool online)
{
    const synauth_options options = {.size = sizeof options, .look_only = !online};
    return open_with(&options);
}

size_t context_match_width(const synauth_context *context)
{
    enum { MOST = 40 };
    size_t width = 0;
    synauth_rule_info rule;
    for (size_t i = 0; synauth_rule(context, i, &rule) == SYNAUTH_OK; i++) {
        size_t length = rule.match ? strlen(rule.match) : 0;
        if (length > width && length <= MOST)
            width = length;
    }
    return width;
}

void context_cleanup(synauth_context **context)
{
    synauth_close(*context);
}

void result_cleanup(synauth_result **result)
{
    synauth_result_free(*result);
}
