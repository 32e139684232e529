/* env_source - tokens that the environment names: in a variable, in the file that a variable
   names, in systemd's credentials directory. */
#include "source/env_source.h"

#include "base/cleanup.h"
#include "base/env.h"
#include "base/paths.h"
#include "source/token_file.h"

#include <string.h>

bool env_source_variable(struct answer *answer, const char *variable)
{
    const struct place place = {.kind = "env", .name = variable};
    const char *value = env_get(variable);
    if (value)
        return answer_judge(answer, &place, value, strlen(value));
    answer_tried(answer, "env", variable, "is not set");
    return false;
}

bool env_source_path(struct answer *answer, const char *kind, const char *variable, char **ret_path)
{
    const struct place place = {.kind = kind, .name = variable};
    const char *value = env_get(variable);
    *ret_path = NULL;
    if (!value)
        return false;
    *ret_path = paths_expand(value, NULL);
    if (*ret_path)
        return false;
    if (value[0] == '/')
        answer->short_of_memory = true;
    answer_end(answer, OUTCOME_UNUSABLE, &place,
               value[0] == '~' ? "the path cannot be expanded: give an absolute one"
                               : "the path is relative: give an absolute one");
    return true;
}

bool env_source_file(struct answer *answer, const char *variable, const char *json_key)
{
    AUTO_STRING path = NULL;
    if (env_source_path(answer, "env_file", variable, &path))
        return true;
    if (!path) {
        answer_tried(answer, "env_file", variable, "is not set");
        return false;
    }
    const struct token_file file = {.kind = "env_file",
                                    .name = variable,
                                    .path = path,
                                    .trust = FILE_TRUST_ANY,
                                    .json_key = json_key,
                                    .required = true};
    return token_file_ask(answer, &file);
}

bool env_source_directory(struct answer *answer, const char *name, const char *json_key)
{
    static const char kind[] = "credentials_directory", variable[] = "CREDENTIALS_DIRECTORY";
    AUTO_STRING directory = NULL;
    if (env_source_path(answer, kind, variable, &directory))
        return true;
    if (!directory) {
        answer_tried(answer, kind, name, "CREDENTIALS_DIRECTORY is not set");
        return false;
    }
    AUTO_STRING path = paths_join(directory, name);
    if (!path) {
        answer->short_of_memory = true;
        return true;
    }
    const struct token_file file = {
        .kind = kind, .name = name, .path = path, .trust = FILE_TRUST_ANY, .json_key = json_key};
    return token_file_ask(answer, &file);
}
