/* config_rules - the `rules` list of a configuration file. */
#ifndef SYNAUTH_CONFIG_RULES_H
#define SYNAUTH_CONFIG_RULES_H

#include "config/config_value.h"

/* Appends the rules of the list to reader->config->rules. A rule with a mistake becomes `broken`;
   one whose hosts cannot be known is a fatal mistake. false: out of memory. */
bool config_rules_read(struct config_reader *reader, const config_setting_t *list);
/* Appends the compiled-in rules. */
bool config_rules_add_built_in(struct config *config);

#endif
