/* token_file - a file that holds one token: bare, or a JSON secrets object. */
#ifndef SYNAUTH_TOKEN_FILE_H
#define SYNAUTH_TOKEN_FILE_H

#include "file/file_read.h"
#include "source/answer.h"

struct token_file {
    const char *kind; /* env_file, credentials_directory, token_file */
    const char *name; /* as a person would say it */
    const char *path; /* absolute */
    enum file_trust trust;
    const char *json_key; /* NULL: the whole content is the token, whatever it begins with */
    bool required;        /* one that is not there is unusable, not absent */
};

/* Asks the file. Returns whether the chain ends; a file that is not there is absent,
   unless it is required. */
bool token_file_ask(struct answer *answer, const struct token_file *file);

#endif
