/* env_stamp - has the environment changed? */
#ifndef SYNAUTH_ENV_STAMP_H
#define SYNAUTH_ENV_STAMP_H

#include <stdint.h>

/* A number that changes when a variable is set, replaced or removed. Cheap enough to be asked at
   every request; a value overwritten in place (putenv) is only seen by env_copy. */
uint64_t env_stamp(void);

#endif
