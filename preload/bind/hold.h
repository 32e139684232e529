/* hold - what the loader would keep loaded because the caller is bound to it: it does not know of
   that, since the caller is bound to us. */
#ifndef SYNAUTH_HOLD_H
#define SYNAUTH_HOLD_H

#include "bind/objects.h"

/* Would it keep `object` loaded for the sake of `caller` by nothing but a binding? A caller of -1
   is code that belongs to no object. */
bool hold_is_needed(const struct object_list *list, long caller, size_t object);
/* The object at an address stays loaded from now on: for longer than it would, since nobody says
   when its last caller is unloaded. */
void hold_object_at(ElfW(Addr) address);

#endif
