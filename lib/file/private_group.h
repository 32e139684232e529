/* private_group - is a group this process's own, with nobody else in it? */
#ifndef SYNAUTH_PRIVATE_GROUP_H
#define SYNAUTH_PRIVATE_GROUP_H

#include <stdbool.h>
#include <sys/types.h>

/* True when `group` is the effective group and has no other member, by name or as primary group
   (root does not count: it may do everything). Judged from /etc/group and /etc/passwd. Where
   nsswitch.conf names other sources of users too, it must be a group of that kind by its looks: of
   the user's own name, both in these files. Reads at most 8 MiB of each; what cannot be read for
   certain counts as others. */
bool private_group_is(gid_t group);
/* The same by the files of another folder than /etc (tests). */
bool private_group_is_by(const char *folder, gid_t group);

#endif
