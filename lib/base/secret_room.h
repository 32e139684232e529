/* secret_room - memory for small secrets, not from the program's heap. */
#ifndef SYNAUTH_SECRET_ROOM_H
#define SYNAUTH_SECRET_ROOM_H

#include <stdbool.h>
#include <stddef.h>

/* So many blocks, and so long at most. */
enum { SECRET_ROOM_BLOCKS = 16, SECRET_ROOM_BLOCK_SIZE = 1024 };

/* A zeroed block, aligned for any type; NULL when size is more than a block has or no block is
   free. Thread-safe, without a lock. */
void *secret_room_take(size_t size);
/* false: not one of these. The caller has wiped what was in it. */
bool secret_room_give_back(void *block);

#endif
