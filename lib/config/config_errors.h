/* config_errors - the mistakes of a configuration, in the order in which they are told. */
#ifndef SYNAUTH_CONFIG_ERRORS_H
#define SYNAUTH_CONFIG_ERRORS_H

#include "config/config.h"

enum mistake { MISTAKE_REPORTED, MISTAKE_FATAL /* nothing may be injected at all */ };

/* Adds a mistake to the configuration. Fatal ones come first. */
void config_add_error(struct config *config, enum mistake mistake, const synauth_error *error);

#endif
