/* json_tree - JSON that a service or we ourselves have written, as cJSON's tree, wiped when it
   goes. What belongs to Python's json is judged by json_secret.h. */
#ifndef SYNAUTH_JSON_TREE_H
#define SYNAUTH_JSON_TREE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

/* NULL: not valid JSON (json_scan.h judges it, so that a cut-off text never looks like a whole
   one), or out of memory. A number is a string of its own digits: as a double it would lose some.
   U+0000 and half a surrogate pair become U+FFFD: cJSON would cut the string or refuse the text. */
cJSON *json_tree_parse(const char *text, size_t length);
/* The member of an object, NULL when there is none; the last one of a name counts. */
const cJSON *json_tree_member(const cJSON *object, const char *name);
/* A string or number; NULL for everything else, NULL included. */
const char *json_tree_text(const cJSON *item);

/* Wipes and frees an item with all that it holds; NULL is fine. Texts that it only refers to stay
   as they are. */
void json_tree_free(cJSON *tree);
static inline void json_tree_cleanup(cJSON **tree)
{
    json_tree_free(*tree);
}
#define AUTO_JSON __attribute__((cleanup(json_tree_cleanup))) cJSON *

#endif
