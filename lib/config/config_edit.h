/* config_edit - appends a rule to the text of a configuration file and keeps everything else. */
#ifndef SYNAUTH_CONFIG_EDIT_H
#define SYNAUTH_CONFIG_EDIT_H

#include "base/secret.h"
#include "synauth.h"

/* The text with `rule` ("{ match = ...; }") as the last one of its `rules` list, or in a new list
   at its end. NULL when memory runs out. The result is not checked: see config_edit_add_rule. */
struct secret *config_edit_text(const char *text, size_t length, const char *rule);

/* Appends to the file at `path` (absolute), which is made when it is missing. The result is read as
   a configuration before it gets the file's name. SYNAUTH_E_CONFIG: the file, or the rule, is
   invalid; nothing is changed. */
SYNAUTH_MUST_USE int config_edit_add_rule(const char *path, const char *rule, synauth_error *error);

#endif
