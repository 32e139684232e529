/* json_answer - members out of a service's answer, a JSON object. The last one of a name counts; an
   answer that is not valid JSON has none. */
#ifndef SYNAUTH_SERVICE_JSON_ANSWER_H
#define SYNAUTH_SERVICE_JSON_ANSWER_H

#include "base/secret.h"
#include "format/json_tree.h"
#include <stdbool.h>

/* The whole answer; NULL when it is not a valid JSON object. */
cJSON *json_answer(const struct secret *body);
/* A member that is a string; else NULL. */
struct secret *json_answer_string(const struct secret *body, const char *name);
/* The same for text that is no secret: a heap string. */
char *json_answer_text(const struct secret *body, const char *name);
/* A number or a string of digits, as digits: a heap string, else NULL. */
char *json_answer_digits(const struct secret *body, const char *name);
/* Is the member there and false? */
bool json_answer_is_false(const struct secret *body, const char *name);

#endif
