/* config_case - one configuration under test: loading it from a text, and what is expected of it.
 */
#ifndef SYNAUTH_TEST_CONFIG_CASE_H
#define SYNAUTH_TEST_CONFIG_CASE_H

#include "config/config.h"

extern struct config *config;

/* cmocka tear-down; the set-up is sandbox_enter. */
int config_case_leave(void **state);
/* Loads this text as $SYNAUTH_CONFIG, or as the user's file. */
void load(const char *text);
void load_chain(const char *user);

const struct rule *rule_for(const char *url);
void expect_valid(void);
/* Some mistake at this line says this. */
void expect_mistake(unsigned line, const char *problem);
/* The configuration is unusable, and the first mistake says why. */
void expect_unusable(unsigned line, const char *problem);

#endif
