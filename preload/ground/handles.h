/* handles - which state belongs to a libcurl handle: a table that is read and changed without a
   lock, since a handle is used by one thread at a time and a fork may come at any moment. */
#ifndef SYNAUTH_HANDLES_H
#define SYNAUTH_HANDLES_H

#include <stdbool.h>
#include <stdint.h>

struct handle_table;
/* By the handle's address, and by the id that libcurl carries for us as callback data: an id, not
   an address, since libcurl copies callback data into handles that we never hear of. */
extern struct handle_table handles_by_address;
extern struct handle_table handles_by_id;
/* By the address of a multi handle. */
extern struct handle_table handles_by_multi;

/* The value of a key, or NULL. */
void *handles_find(struct handle_table *table, uintptr_t key);
/* key must not be 0 and not be in the table. false when memory runs out. */
bool handles_add(struct handle_table *table, uintptr_t key, void *value);
void handles_remove(struct handle_table *table, uintptr_t key);

#endif
