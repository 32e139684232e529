/* out_of_reach - says, to who asks for it, why a libcurl that was looked up gets no hooks. */
#ifndef SYNAUTH_OUT_OF_REACH_H
#define SYNAUTH_OUT_OF_REACH_H

/* For a function of libcurl's name that belongs to no libcurl that we know. Only at debug is it
   looked where it lies. */
void out_of_reach_say(const void *function);

#endif
