/* context - opening the resolver for a command, and releasing what it gave out. */
#include "context.h"

#include "output.h"

synauth_context *context_open(const char *config_file)
{
    synauth_options options = {.size = sizeof options, .config_file = config_file};
    synauth_error error = {0};
    synauth_context *context = synauth_open(&options, &error);
    if (!context)
        say_error(&error);
    return context;
}

void context_cleanup(synauth_context **context)
{
    synauth_close(*context);
}

void result_cleanup(synauth_result **result)
{
    synauth_result_free(*result);
}
