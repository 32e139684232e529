/* config_file - the Synapse clients' `.synapseConfig`: which section counts, and what it holds. */
#ifndef SYNAUTH_SYNAPSE_CONFIG_FILE_H
#define SYNAUTH_SYNAPSE_CONFIG_FILE_H

#include "answer.h"

struct synapse_config_file {
    const char *path;     /* absolute; NULL when there is no home directory */
    const char *profile;  /* NULL = the usual section */
    const char *username; /* NULL = anybody's */
};

/* Asks the file. Returns whether the chain ends. */
bool synapse_config_file_ask(struct answer *answer, const struct synapse_config_file *query);

#endif
