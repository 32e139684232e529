/* result - what the public API returns for one question: a decision, its reason, the header. */
#ifndef SYNAUTH_RESULT_H
#define SYNAUTH_RESULT_H

#include "rules/rules.h"
#include "source/answer.h"
#include "synauth.h"

/* A result that sends nothing. Strings of `rule` (may be NULL) are copied. NULL: memory is
   short. */
synauth_result *result_withheld(const struct rule *rule, enum synauth_decision decision, int code,
                                const char *reason);
/* A result from what the sources said. Takes everything over from *answer. `service` is static.
   `rule` may be NULL. */
SYNAUTH_MUST_USE int result_from_answer(const struct rule *rule, const char *service,
                                        struct answer *answer, synauth_result **ret,
                                        synauth_error *error);
/* Takes the header of a result away: it would be there, but may not be sent. */
SYNAUTH_MUST_USE int result_withhold(synauth_result *result, const char *reason);

const char *service_name(enum rule_service service);

/* For an answer with an API key: signs a GET of `url` made now, or withholds it with the reason.
   Does nothing to any other result. */
SYNAUTH_MUST_USE int result_sign(synauth_result *result, const char *url);

#endif
