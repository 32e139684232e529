/* libconfig_memory - the memory of the private copy of libconfig: an arena's. */
#ifndef SYNAUTH_LIBCONFIG_MEMORY_H
#define SYNAUTH_LIBCONFIG_MEMORY_H

#include "base/arena.h"
#include <stdbool.h>

/* Calls function(data); what libconfig allocates in it comes from the arena. False when there was
   no more: function was left in the middle of libconfig, and what it made may not be looked at. One
   thread at a time; others wait (half a minute at most, then it is false for them). */
bool libconfig_memory_run(struct arena *arena, void (*function)(void *), void *data);

#endif
