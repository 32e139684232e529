/* code_trust - may a program or library be run that was found by its place relative to ours? The
   preload library contains it too: libc only. */
#ifndef SYNAUTH_CODE_TRUST_H
#define SYNAUTH_CODE_TRUST_H

#include <stddef.h>
#include <sys/types.h>

enum code_trust { CODE_ABSENT, CODE_TRUSTED, CODE_REFUSED };
#define CODE_PROBLEM_MAX 512

/* Judges file and folder as a configuration is judged: whoever can put a file there decides what
   our code, and with it every password, is. Not theirs are the effective user, root and
   `own_owner`, whose code asks already ((uid_t)-1: nobody); nor a group that is the user's alone.
   A folder that others can write is judged by its sticky bit too, and what is mounted read-only is
   not judged.
   CODE_TRUSTED: *ret_real (may be NULL; heap string) is the file behind all links, to be run
   instead of `path`. CODE_REFUSED: `problem` (terminated) names path, reason and remedy. */
enum code_trust code_trust_judge(const char *path, uid_t own_owner, char **ret_real, char *problem,
                                 size_t size);
/* Who owns the file; (uid_t)-1 when it cannot be told. */
uid_t code_trust_owner(const char *path);

#endif
