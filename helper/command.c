/* command - `synauth-helper command PROGRAM [ARG...]`: the first line that a program prints. */
#include "program_output.h"
#include "reply.h"
#include "verbs.h"

#include <string.h>

static int reply_first_line(const struct secret *output)
{
    const char *text = secret_bytes(output);
    const char *end = memchr(text, '\n', secret_length(output));
    return reply_value(text, end ? (size_t)(end - text) : secret_length(output), 0);
}

int verb_command(char **arguments)
{
    AUTO_SECRET output = NULL;
    int status = 0;
    if (strchr(arguments[0], '/') && arguments[0][0] != '/')
        return reply_unusable("a relative path: give an absolute one, or a name to look for in "
                              "PATH");
    switch (program_output(arguments, &output, &status)) {
    case PROGRAM_ENDED:
        if (status != 0)
            return reply_unusable("the command ended with status %d", status);
        return reply_first_line(output);
    case PROGRAM_KILLED:
        return reply_unusable("the command was ended by signal %d", status);
    case PROGRAM_NOT_FOUND:
        return reply_unusable("the command is not there or cannot be executed");
    case PROGRAM_FAILED:
    default:
        return reply_unusable("the command could not be started");
    }
}
