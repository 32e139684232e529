/* own_path - where the file of this program is. */
#ifndef SYNAUTH_OWN_PATH_H
#define SYNAUTH_OWN_PATH_H

#include <limits.h>
#include <stdbool.h>

/* The folder of this program's file into `folder`, links resolved; false when it cannot be told. */
bool own_folder(char folder[PATH_MAX]);

#endif
