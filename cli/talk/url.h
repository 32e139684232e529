/* url - a URL as a person types it, and as it may be shown. */
#ifndef SYNAUTH_CLI_URL_H
#define SYNAUTH_CLI_URL_H

#include <stdbool.h>

/* With `https://` in front unless it has a scheme. Heap string, NULL when memory runs out. */
char *url_complete(const char *text);
/* Removes user name and password, in place; false when there are none. */
bool url_remove_user(char *url);
/* A query can hold a token: `?...` stands for it, and a fragment is dropped. Heap string. */
char *url_without_query(const char *url);
/* A URL that the pattern of a rule matches, to ask about the rule. Heap string. */
char *url_for_match(const char *match);

#endif
