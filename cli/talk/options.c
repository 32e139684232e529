/* options - reads long options with and without values, `-h`, and `--`. */
#include "talk/options.h"

#include <string.h>

/* One pass over the arguments of a command. */
struct option_parser {
    const struct command *self;
    const struct option *options;
    size_t count;
    int argc;
    char **argv;
    int next;
};

static const struct option *find_option(const struct option_parser *parser, const char *name,
                                        size_t length)
{
    for (size_t i = 0; i < parser->count; i++) {
        const struct option *option = &parser->options[i];
        if (strlen(option->name) == length && strncmp(option->name, name, length) == 0)
            return option;
    }
    return NULL;
}

static int unknown_option(const struct option_parser *parser, const char *argument, size_t length)
{
    char name[64];
    if (strncmp(argument, "--", 2) != 0) /* what follows the letter may be a secret: -pSECRET */
        return usage_error(parser->self, "unknown option '%.2s'", argument);
    if (length <= 2 || length - 2 >= sizeof name)
        return usage_error(parser->self, "unknown option '%.*s'", (int)length, argument);
    memcpy(name, argument + 2, length - 2);
    name[length - 2] = '\0';
    const char *near =
        nearest_name(name, parser->options, parser->count, sizeof parser->options[0]);
    if (!near)
        return usage_error(parser->self, "unknown option '--%s'", name);
    return usage_error(parser->self, "unknown option '--%s'; did you mean '--%s'?", name, near);
}

static int take_value(struct option_parser *parser, const struct option *option,
                      const char *inline_value)
{
    const char *value = inline_value;
    if (!value && parser->next < parser->argc)
        value = parser->argv[parser->next++];
    if (!value || !*value)
        return usage_error(parser->self, "option '--%s' needs a value", option->name);
    *option->value = value;
    return OPTIONS_DONE;
}

static int take_option(struct option_parser *parser, const char *argument)
{
    if (strcmp(argument, "-h") == 0 || strcmp(argument, "--help") == 0)
        return command_help(parser->self);
    size_t length = strcspn(argument, "=");
    const struct option *option = NULL;
    if (length > 2 && strncmp(argument, "--", 2) == 0)
        option = find_option(parser, argument + 2, length - 2);
    if (!option)
        return unknown_option(parser, argument, length);
    const char *inline_value = argument[length] ? argument + length + 1 : NULL;
    if (!option->flag)
        return take_value(parser, option, inline_value);
    if (inline_value)
        return usage_error(parser->self, "option '--%s' takes no value", option->name);
    *option->flag = true;
    return OPTIONS_DONE;
}

int options_parse(const struct command *self, const struct option *options, size_t count,
                  enum operand_order order, int *argc, char **argv)
{
    struct option_parser parser = {self, options, count, *argc, argv, 0};
    int operands = 0;
    bool only_operands = false;
    while (parser.next < parser.argc) {
        char *argument = argv[parser.next++];
        if (!only_operands && strcmp(argument, "--") == 0) {
            only_operands = true;
            continue;
        }
        if (only_operands || argument[0] != '-' || argument[1] == '\0') {
            argv[operands++] = argument;
            only_operands = only_operands || order == OPTIONS_UP_TO_FIRST;
            continue;
        }
        int status = take_option(&parser, argument);
        if (status != OPTIONS_DONE)
            return status;
    }
    argv[operands] = NULL;
    *argc = operands;
    return OPTIONS_DONE;
}
