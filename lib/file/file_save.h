/* file_save - the one place where files of the user are written: links followed, one saver at a
   time, and at every moment the old file or the new one. */
#ifndef SYNAUTH_FILE_SAVE_H
#define SYNAUTH_FILE_SAVE_H

#include "file/file_read.h"
#include <stdbool.h>

/* Files that are changed together:
       AUTO_FILE_SAVE save = file_save_new();
       file_save_add(save, path, FILE_TRUST_CREDENTIAL, &index, error)    any number of times
       file_save_lock(save, error)                      from here on nobody else saves there
       file_save_content(save, index)                   look at all of them, decide
       file_save_set(save, index, content)
       file_save_commit(save, error)
   Freed without a commit, it has changed nothing but made missing directories. One thread at a
   time; errors carry the file and never what is in it. */
struct file_save;

struct file_save *file_save_new(void); /* NULL when memory runs out */
void file_save_free(struct file_save *save);

/* path is absolute. A path that leads to a file which was added before gives the index of that
   one. FILE_TRUST_CREDENTIAL: at most CREDENTIAL_FILE_MAX, written as 0600 or with the stricter
   mode it has. FILE_TRUST_CONFIG: keeps its mode (new: 0600). */
SYNAUTH_MUST_USE int file_save_add(struct file_save *save, const char *path, enum file_trust trust,
                                   size_t *ret_index, synauth_error *error);
/* Makes missing directories (0700), takes the locks and reads what is there. Fails, before anything
   is written, for what is no regular file and what may not be read (file_read.h). */
SYNAUTH_MUST_USE int file_save_lock(struct file_save *save, synauth_error *error);

size_t file_save_count(const struct file_save *save);
/* The name of the file itself, links followed. */
const char *file_save_path(const struct file_save *save, size_t index);
/* What the file holds; NULL when there is none. After file_save_lock. */
const struct secret *file_save_content(const struct file_save *save, size_t index);
/* What it is to hold (a reference is taken). */
void file_save_set(struct file_save *save, size_t index, struct secret *content);
/* The file is to go. Where it cannot (a bind mount pins it), it gets what was set before, if any.
 */
void file_save_remove(struct file_save *save, size_t index);
/* The first half of file_save_commit, for callers that want to look at the result: afterwards
 *ret_path is the name (a heap string) of what is to become the file. */
SYNAUTH_MUST_USE int file_save_prepare(struct file_save *save, size_t index, char **ret_path,
                                       synauth_error *error);
/* Writes every changed file beside its target and flushes it, and only then gives each its name;
   last, the directories are flushed. The locks end with file_save_free. */
SYNAUTH_MUST_USE int file_save_commit(struct file_save *save, synauth_error *error);

/* Is this the name of a file that a saver which was killed has left? It may hold a token. The next
   file_save_lock in its directory removes it. */
bool file_save_is_leftover(const char *name);
/* Removes them from a directory, where that is possible. */
void file_save_sweep(const char *directory);

void file_save_cleanup(struct file_save **save);
#define AUTO_FILE_SAVE __attribute__((cleanup(file_save_cleanup))) struct file_save *

#endif
