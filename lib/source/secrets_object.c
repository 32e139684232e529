/* secrets_object - the value of one key in the text of a JSON secrets file. */
#include "source/secrets_object.h"

#include "base/utf8.h"
#include "format/json_secret.h"

#include <string.h>

bool secrets_object_is(const struct secret *content)
{
    const char *text = secret_bytes(content);
    size_t length = secret_length(content);
    size_t at = utf8_has_bom(text, length) ? UTF8_BOM_LENGTH : 0;
    while (at < length && strchr(" \t\r\n", text[at]) && text[at] != '\0')
        at++;
    return at < length && text[at] == '{';
}

bool secrets_object_ask(struct answer *answer, struct place *place, const char *key,
                        const struct secret *content)
{
    AUTO_SECRET value = NULL;
    synauth_error error = {0};
    place->key = key;
    switch (json_secret_get(secret_bytes(content), secret_length(content), key, place->path, &value,
                            &place->line, &error)) {
    case JSON_SECRET_FOUND:
        return answer_judge(answer, place, secret_bytes(value), secret_length(value));
    case JSON_SECRET_ABSENT:
        answer_tried(answer, place->kind, place->trail_name ? place->trail_name : place->name,
                     "has no key \"%.200s\"", key);
        return false;
    case JSON_SECRET_BAD:
    default:
        place->line = error.line;
        answer_end(answer, OUTCOME_UNUSABLE, place, "%s", error.text);
        return true;
    }
}
