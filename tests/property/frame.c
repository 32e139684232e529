/* frame - inputs of the drivers. */
#include "frame.h"

#include <stdio.h>
#include <stdlib.h>

char *frame_read(size_t *ret_length)
{
    unsigned char head[4];
    if (fread(head, 1, sizeof head, stdin) != sizeof head)
        return NULL;
    size_t length = head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16 | (size_t)head[3] << 24;
    char *bytes = malloc(length > 0 ? length : 1);
    if (!bytes || fread(bytes, 1, length, stdin) != length) {
        free(bytes);
        return NULL;
    }
    *ret_length = length;
    return bytes;
}

void hex_print(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        printf("%02x", (unsigned)(unsigned char)bytes[i]);
}
