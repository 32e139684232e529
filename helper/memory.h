/* memory - what is in the memory of a program of ours is worth a login. For the command and the
   helpers alone: nothing here may get into a library. */
#ifndef SYNAUTH_HELPER_MEMORY_H
#define SYNAUTH_HELPER_MEMORY_H

/* No core file, and no other process of the user's looks in. A program that is executed begins
   anew: the kernel takes this back then. */
void memory_keep_private(void);
/* See wiped_memory.c. */
void memory_wipe_what_is_freed(void);
/* Nor any program that it executes: for the helpers. */
void memory_forbid_core_files(void);

#endif
