/* binding - which libcurl a caller means, and that library's functions.
   RTLD_NEXT alone is NULL or the wrong flavour in R, Python and every program whose libcurl came
   with a plugin: what the loader would have found for the caller's own object decides. */
#ifndef SYNAUTH_BINDING_H
#define SYNAUTH_BINDING_H

#include "bind/functions.h"
#include <stdbool.h>

/* The libcurl that this call of code at return_address means; NULL when there is none (said once).
 *ret_apart (may be NULL): a handle that it makes gets no state, since the caller is libcurl itself
   or it is not certain which one is meant. Thread-safe, keeps errno. */
const struct binding *binding_for_caller(const void *return_address, enum hooked function,
                                         bool *ret_apart);

/* The binding of the libcurl that holds this function, NULL when it belongs to something else. */
const struct binding *binding_of_function(const void *function);
/* False when the program has closed that libcurl. */
bool binding_is_loaded(const struct binding *curl);

/* The marker by which copies of this library know each other. */
extern const unsigned synauth_preload_number;
/* False when another copy of this library was loaded before this one. */
bool binding_is_first_copy(void);

#endif
