/* caller - what a plugin of the worlds offers. */
#ifndef SYNAUTH_TEST_CALLER_H
#define SYNAUTH_TEST_CALLER_H

#define SHOWN __attribute__((visibility("default")))

SHOWN void caller_begin(void);
SHOWN void caller_end(void);

#endif
