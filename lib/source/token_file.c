/* token_file - a file that holds one token: bare, or a JSON secrets object. */
#include "source/token_file.h"

#include "format/json_secret.h"

#include <string.h>

static bool is_object(const struct secret *content)
{
    static const char mark[] = "\xef\xbb\xbf";
    const char *text = secret_bytes(content);
    size_t length = secret_length(content), at = 0;
    if (length >= sizeof mark - 1 && memcmp(text, mark, sizeof mark - 1) == 0)
        at = sizeof mark - 1;
    while (at < length && strchr(" \t\r\n", text[at]) && text[at] != '\0')
        at++;
    return at < length && text[at] == '{';
}

static bool ask_object(struct answer *answer, struct place *place, const char *key,
                       const struct secret *content)
{
    AUTO_SECRET value = NULL;
    synauth_error error = {0};
    switch (json_secret_get(secret_bytes(content), secret_length(content), key, place->path, &value,
                            &place->line, &error)) {
    case JSON_SECRET_FOUND:
        place->key = key;
        return answer_judge(answer, place, secret_bytes(value), secret_length(value));
    case JSON_SECRET_ABSENT:
        answer_tried(answer, place->kind, place->name, "has no key \"%.200s\"", key);
        return false;
    case JSON_SECRET_BAD:
    default:
        place->line = error.line;
        place->key = key;
        answer_end(answer, OUTCOME_UNUSABLE, place, "%s", error.text);
        return true;
    }
}

bool token_file_ask(struct answer *answer, const struct token_file *file)
{
    AUTO_SECRET content = NULL;
    synauth_error error = {0};
    struct place place = {.kind = file->kind, .name = file->name, .path = file->path};
    answer_watch(answer, file->path);
    switch (file_read(file->path, CREDENTIAL_FILE_MAX, file->trust, &content, NULL, &error)) {
    case FILE_OK:
        if (file->json_key && is_object(content))
            return ask_object(answer, &place, file->json_key, content);
        return answer_judge(answer, &place, secret_bytes(content), secret_length(content));
    case FILE_ABSENT:
        if (file->required) {
            answer_end(answer, OUTCOME_UNUSABLE, &place,
                       "there is no such file; unset the variable, or let it name one");
            return true;
        }
        answer_tried(answer, file->kind, file->name, "no such file: %.900s", file->path);
        return false;
    case FILE_UNUSABLE:
    default:
        answer_end(answer, OUTCOME_UNUSABLE, &place, "%s", error.text);
        return true;
    }
}
