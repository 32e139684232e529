/* warnings - the warnings that a person sees when a token is missing, unusable or refused: what,
   where, and what to do. Each once per process and cause. */
#ifndef SYNAUTH_WARNINGS_H
#define SYNAUTH_WARNINGS_H

#include "rules/rules.h"
#include "source/answer.h"

/* Nothing for a token that is as it should be. */
void warnings_of_answer(const struct rule *rule, const struct origin *origin,
                        const struct answer *answer);
/* The server's answer was 401, 403 or a 302 to its login page. */
void warnings_of_refusal(const struct rule *rule, const struct origin *origin, bool sent,
                         long status);
void report_broken_rule(const struct rule *rule);

#endif
