/* slow_answer - a helper's reply as the answer of a source. */
#ifndef SYNAUTH_SLOW_ANSWER_H
#define SYNAUTH_SLOW_ANSWER_H

#include "source/answer.h"
#include "source/slow_source.h"

#define SLOW_FORBIDDEN "needs a helper process, which the configuration forbids (helper = false)"

/* Takes the reply over as what was found at `place`. A helper that failed ends the chain when
   `failure_ends`, else the next source is asked. Returns whether the chain ends. */
bool slow_answer(struct answer *answer, const struct place *place, const struct slow_reply *reply,
                 bool failure_ends);

#endif
