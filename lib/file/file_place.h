/* file_place - where a file that is to be written really is: links followed, its directories made.
 */
#ifndef SYNAUTH_FILE_PLACE_H
#define SYNAUTH_FILE_PLACE_H

#include "synauth.h"
#include <stdbool.h>

/* The name that `path` (absolute) leads to when every link is followed, also when the file, its
   directories or the target of a link are not there yet. *ret is a heap string; two paths to the
   same file give the same one. */
SYNAUTH_MUST_USE int file_place_resolve(const char *path, char **ret, synauth_error *error);
/* May files be made in the directory of `path` (absolute), or, where it is missing, in the nearest
   one that is there? False for read-only file systems, too. */
bool file_place_is_writable(const char *path);
/* Makes the missing directories above `path`, 0700. */
SYNAUTH_MUST_USE int file_place_make_directories(const char *path, synauth_error *error);
/* Why a call failed, in our own words: strerror speaks the locale's language. Never NULL. */
const char *file_place_problem(int number);

#endif
