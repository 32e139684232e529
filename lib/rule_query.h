/* rule_query - the sources of a rule, asked for one request. */
#ifndef SYNAUTH_RULE_QUERY_H
#define SYNAUTH_RULE_QUERY_H

#include "chain.h"
#include "config/config.h"
#include "rules/server_host.h"

/* Fills *ret (answer_free it). */
void rule_answer(const struct rule *rule, const struct origin *origin, const struct config *config,
                 struct answer *ret);
/* For `explain`: chain_synapse_compare for the answer of a rule. */
void rule_compare(const struct rule *rule, const struct config *config, struct answer *answer);
/* Does the answer for this rule depend on the request's host? */
bool rule_wants_host(const struct rule *rule);

#endif
