/* file_trust - what owner and mode of an open file say about it. */
#ifndef SYNAUTH_FILE_TRUST_H
#define SYNAUTH_FILE_TRUST_H

#include "synauth.h"
#include <stdbool.h>
#include <sys/stat.h>

/* Neither the effective user's nor root's. */
bool file_trust_is_foreign(const struct stat *status);
/* Nobody can change it there; then it is not judged. */
bool file_trust_is_read_only(int fd);
/* Can somebody else write it: everybody, or a group that is not the user's alone? NULL, or who, as
   in "its group". */
const char *file_trust_writer(int fd, const struct stat *status);
/* As ssh judges its files: SYNAUTH_OK, or why nothing in it may be believed. */
SYNAUTH_MUST_USE int file_trust_config(int fd, const char *path, const struct stat *status,
                                       synauth_error *error);
/* A file with a token: used in any case, with one warning (or line at level info) where others
   could choose the token or see it. */
void file_trust_note_credential(int fd, const char *path, const struct stat *status);

#endif
