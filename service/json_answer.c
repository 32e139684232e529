/* json_answer - members out of a service's answer, a JSON object. */
#include "json_answer.h"

#include <string.h>

enum { DIGITS_MAX = 32 };

cJSON *json_answer(const struct secret *body)
{
    AUTO_JSON tree = json_tree_parse(secret_bytes(body), secret_length(body));
    cJSON *answer = tree;
    if (!tree || (tree->type & 0xff) != cJSON_Object)
        return NULL;
    tree = NULL;
    return answer;
}

struct secret *json_answer_string(const struct secret *body, const char *name)
{
    AUTO_JSON answer = json_answer(body);
    const char *text = json_tree_text(json_tree_member(answer, name));
    return text ? secret_new(text, strlen(text)) : NULL;
}

char *json_answer_text(const struct secret *body, const char *name)
{
    AUTO_JSON answer = json_answer(body);
    const char *text = json_tree_text(json_tree_member(answer, name));
    return text ? strdup(text) : NULL;
}

char *json_answer_digits(const struct secret *body, const char *name)
{
    AUTO_JSON answer = json_answer(body);
    const char *text = json_tree_text(json_tree_member(answer, name));
    size_t length = text ? strlen(text) : 0;
    if (length == 0 || length > DIGITS_MAX || strspn(text, "0123456789") < length)
        return NULL;
    return strdup(text);
}

bool json_answer_is_false(const struct secret *body, const char *name)
{
    AUTO_JSON answer = json_answer(body);
    const cJSON *member = json_tree_member(answer, name);
    return member && (member->type & 0xff) == cJSON_False;
}
