/* slow_answer - a helper's reply as the answer of a source. */
#ifndef SYNAUTH_SLOW_ANSWER_H
#define SYNAUTH_SLOW_ANSWER_H

#include "helper/helper_use.h"
#include "source/answer.h"
#include "source/slow_source.h"

#define SLOW_FORBIDDEN "needs a helper process, which the configuration forbids (helper = false)"

/* Takes the reply over as what was found at `place`. A helper that failed ends the chain when
   `failure_ends`, else the next source is asked. Returns whether the chain ends. */
bool slow_answer(struct answer *answer, const struct place *place, const struct slow_reply *reply,
                 bool failure_ends);
/* HELPER_NAMED: what asking the source would do ("would run pass"). Ends the chain: returns true.
 */
bool slow_named(struct answer *answer, const struct place *place, const char *would,
                const char *what);

#endif
