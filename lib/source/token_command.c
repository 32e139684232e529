/* token_command - a program of the user's that prints the token. */
#include "source/token_command.h"

#include "source/slow_answer.h"

#include <stdlib.h>

enum { LIMIT_MILLISECONDS = 10000, PAUSE_SECONDS = 30 };

bool token_command_ask(struct answer *answer, const char *const *command, enum helper_use helper)
{
    const struct place place = {.kind = "token_command", .name = command[0]};
    size_t count = 0;
    if (helper == HELPER_FORBIDDEN) {
        answer_end(answer, OUTCOME_UNUSABLE, &place, SLOW_FORBIDDEN);
        return true;
    }
    if (helper == HELPER_NAMED)
        return slow_named(answer, &place, "would run", command[0]);
    while (command[count])
        count++;
    const char **arguments = calloc(count + 2, sizeof *arguments);
    if (!arguments) {
        answer->short_of_memory = true;
        return true;
    }
    arguments[0] = "command";
    for (size_t i = 0; i < count; i++)
        arguments[i + 1] = command[i];
    const struct slow_request request = {.run = {.program = "synauth-helper",
                                                 .arguments = arguments,
                                                 .milliseconds = LIMIT_MILLISECONDS},
                                         .pause = PAUSE_SECONDS};
    AUTO_SLOW_REPLY reply;
    slow_source_ask(&request, &reply);
    free(arguments);
    return slow_answer(answer, &place, &reply, true);
}
