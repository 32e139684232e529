/* frame - inputs of the drivers: four bytes of length (little-endian), then that many bytes. */
#ifndef SYNAUTH_TEST_FRAME_H
#define SYNAUTH_TEST_FRAME_H

#include <stddef.h>

/* A heap block of exactly the frame's length, so that sanitizers see a byte too many; NULL at the
   end of standard input. */
char *frame_read(size_t *ret_length);
void hex_print(const char *bytes, size_t length);

#endif
