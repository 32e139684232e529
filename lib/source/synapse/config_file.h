/* config_file - the Synapse clients' `.synapseConfig`: which section counts, and what it holds. */
#ifndef SYNAUTH_SYNAPSE_CONFIG_FILE_H
#define SYNAUTH_SYNAPSE_CONFIG_FILE_H

#include "helper/helper_use.h"
#include "source/answer.h"

#include <sys/stat.h>

struct synapse_config_file {
    const char *path;        /* absolute; NULL when there is no home directory */
    const char *profile;     /* NULL = the usual section */
    const char *username;    /* NULL = anybody's */
    enum helper_use helper;  /* for a login */
    const struct stat *file; /* set while it is asked: the file as it was read */
};

/* The address of the auth service: that of the file's [endpoints], else production's. Heap string
   without a slash at its end; NULL when memory runs out. `path` may be NULL. */
char *synapse_config_file_endpoint(const char *path);
/* Asks the file. Returns whether the chain ends. */
bool synapse_config_file_ask(struct answer *answer, const struct synapse_config_file *query);

#endif
