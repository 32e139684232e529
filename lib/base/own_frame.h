/* own_frame - large frames stay out of their callers': a host's thread may have a stack of 16 KiB.
 */
#ifndef SYNAUTH_OWN_FRAME_H
#define SYNAUTH_OWN_FRAME_H

#define OWN_FRAME __attribute__((noinline))

#endif
