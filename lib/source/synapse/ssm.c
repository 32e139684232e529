/* ssm - a token in the AWS Systems Manager parameter store, read by the `aws` command line. */
#include "source/synapse/ssm.h"

#include "base/env.h"
#include "source/slow_answer.h"

#define VARIABLE "SYNAPSE_TOKEN_AWS_SSM_PARAMETER_NAME"

enum { LIMIT_MILLISECONDS = 10000, PAUSE_SECONDS = 30 };

bool synapse_ssm_ask(struct answer *answer, enum helper_use helper)
{
    const char *parameter = env_get(VARIABLE);
    const struct place place = {.kind = "ssm", .name = VARIABLE};
    if (!parameter)
        return false;
    if (helper == HELPER_FORBIDDEN) {
        answer_tried(answer, place.kind, place.name, SLOW_FORBIDDEN);
        return false;
    }
    if (helper == HELPER_NAMED)
        return slow_named(answer, &place, "would run", "aws");
    const char *const arguments[] = {"ssm", parameter, NULL};
    const struct slow_request request = {.run = {.program = "synauth-helper",
                                                 .arguments = arguments,
                                                 .milliseconds = LIMIT_MILLISECONDS},
                                         .pause = PAUSE_SECONDS};
    AUTO_SLOW_REPLY reply;
    slow_source_ask(&request, &reply);
    return slow_answer(answer, &place, &reply, false);
}
