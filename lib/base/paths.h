/* paths - where a user's files are: home, XDG directories, `~`, and names made absolute. The
   working directory never decides anything, except on the command line. */
#ifndef SYNAUTH_PATHS_H
#define SYNAUTH_PATHS_H

#include "synauth.h"

/* $HOME when set, not empty and absolute; else the passwd entry of the effective user; NULL when
   there is none. Heap string. */
char *paths_home(void);
/* "~" and "~/x" expanded, absolute names as they are, relative ones joined to base (NULL: NULL is
   returned). "~user" is not expanded. Heap string; NULL also when memory or a home is short. */
char *paths_expand(const char *path, const char *base);
/* A path that a caller or the command line names: relative to the working directory, `~` expanded.
 *ret (a heap string) is NULL for NULL. */
SYNAUTH_MUST_USE int paths_from_caller(const char *path, char **ret, synauth_error *error);
char *paths_join(const char *directory, const char *name);
/* The directory part of an absolute path. */
char *paths_directory(const char *path);
/* $XDG_CONFIG_HOME/synauth/synauth.conf or ~/.config/...; NULL without a home, and when
   XDG_CONFIG_HOME is relative: the working directory never decides. */
char *paths_user_config(void);
const char *paths_site_config(void); /* <sysconfdir>/synauth/synauth.conf, compiled in */

#endif
