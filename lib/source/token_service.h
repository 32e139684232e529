/* token_service - of which service a token looks like one, told from its form. */
#ifndef SYNAUTH_TOKEN_SERVICE_H
#define SYNAUTH_TOKEN_SERVICE_H

#include "rules/rules.h"

/* When the token (white space around it does not count) is one of the other service by its form: a
   static phrase that fits behind "the token ", with the remedy; else NULL. */
const char *token_of_other_service(const char *text, enum rule_service wanted);

#endif
