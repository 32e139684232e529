/* slow_answer - a helper's reply as the answer of a source. */
#include "source/slow_answer.h"

bool slow_answer(struct answer *answer, const struct place *place, const struct slow_reply *reply,
                 bool failure_ends)
{
    const char *name = place->trail_name ? place->trail_name : place->name;
    answer_due(answer, reply->due);
    if (reply->state == SLOW_VALUE)
        return answer_judge(answer, place, secret_bytes(reply->value), secret_length(reply->value));
    if (reply->state == SLOW_UNUSABLE || (reply->state == SLOW_FAILED && failure_ends)) {
        answer_end(answer, OUTCOME_UNUSABLE, place, "%s", reply->text);
        return true;
    }
    answer_tried(answer, place->kind, name, "%s", reply->text);
    return false;
}

bool slow_named(struct answer *answer, const struct place *place, const char *would,
                const char *what)
{
    answer_end(answer, OUTCOME_NOT_ASKED, place, "%s %.200s", would, what);
    return true;
}
