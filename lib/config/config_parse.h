/* config_parse - libconfig's reading of one text, in memory of ours: a lack of it ends the reading,
   not the host program (docs/design/configuration.md). */
#ifndef SYNAUTH_CONFIG_PARSE_H
#define SYNAUTH_CONFIG_PARSE_H

#include "config/config_text.h"
#include "foreign/deps.h"

enum config_parse_result { CONFIG_PARSED, CONFIG_PARSE_MISTAKE, CONFIG_PARSE_NO_MEMORY };

/* What libconfig made of one text. It is kept, since the rules' strings are in it, and since to
   take it apart costs more than all that we do with it. */
struct config_tree;

/* *ret is to be freed in any case but NO_MEMORY (then it is NULL); its strings end with it and with
   the arena, whichever is first. After a MISTAKE it can be asked for error and line. */
enum config_parse_result config_parse(const struct deps *deps, struct arena *arena,
                                      const struct config_text *text, struct config_tree **ret);
const config_t *config_tree_parsed(const struct config_tree *tree);
/* A list of them, for whoever has to keep several. */
void config_tree_push(struct config_tree **list, struct config_tree *tree);
void config_tree_free_all(struct config_tree *list);

#endif
