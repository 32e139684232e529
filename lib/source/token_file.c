/* token_file - a file that holds one token: bare, or a JSON secrets object. */
#include "source/token_file.h"

#include "source/secrets_object.h"

bool token_file_ask(struct answer *answer, const struct token_file *file)
{
    AUTO_SECRET content = NULL;
    synauth_error error = {0};
    struct place place = {.kind = file->kind, .name = file->name, .path = file->path};
    answer_watch(answer, file->path);
    switch (file_read(file->path, CREDENTIAL_FILE_MAX, file->trust, &content, NULL, &error)) {
    case FILE_OK:
        if (file->json_key && secrets_object_is(content))
            return secrets_object_ask(answer, &place, file->json_key, content);
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
