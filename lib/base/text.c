/* text - making foreign text safe to print. */
#include "base/text.h"

void text_escape(char *buffer, size_t size, const char *text, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    size_t used = 0;
    if (size == 0)
        return;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        size_t width = byte < 0x20 || byte >= 0x7f ? 4 : 1;
        if (width >= size - used)
            break;
        if (width == 1) {
            buffer[used++] = (char)byte;
            continue;
        }
        buffer[used++] = '\\';
        buffer[used++] = 'x';
        buffer[used++] = digits[byte >> 4];
        buffer[used++] = digits[byte & 15];
    }
    buffer[used] = '\0';
}
