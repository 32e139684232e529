/* utf8 - one code point at a time, as strictly as Python decodes. */
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

static size_t width_of(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead <= 0xdf)
        return 2;
    if (lead >= 0xe0 && lead <= 0xef)
        return 3;
    if (lead >= 0xf0 && lead <= 0xf4)
        return 4;
    return 0;
}

size_t utf8_decode(const char *text, size_t length, uint32_t *ret)
{
    static const uint32_t lead_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t width = length > 0 ? width_of((unsigned char)text[0]) : 0;
    if (width == 0 || width > length)
        return 0;
    uint32_t code_point = (unsigned char)text[0] & lead_bits[width];
    for (size_t i = 1; i < width; i++) {
        unsigned char byte = (unsigned char)text[i];
        if ((byte & 0xc0) != 0x80)
            return 0;
        code_point = code_point << 6 | (byte & 0x3f);
    }
    bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
    if (code_point < least[width] || code_point > 0x10ffff || surrogate)
        return 0;
    *ret = code_point;
    return width;
}

size_t utf8_encode(uint32_t code_point, char bytes[4])
{
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    if (code_point < 0x80) {
        bytes[0] = (char)code_point;
        return 1;
    }
    size_t width = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t i = width - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (code_point & 0x3f));
        code_point >>= 6;
    }
    bytes[0] = (char)(lead[width] | code_point);
    return width;
}

bool utf8_is_space(uint32_t c)
{
    if (c < 0x80)
        return c == ' ' || (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x1f);
    return c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
           c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

bool utf8_has_bom(const char *text, size_t length)
{
    return length >= UTF8_BOM_LENGTH && memcmp(text, UTF8_BOM, UTF8_BOM_LENGTH) == 0;
}

bool utf8_valid(const char *text, size_t length)
{
    while (length > 0) {
        uint32_t point;
        size_t width = utf8_decode(text, length, &point);
        if (width == 0)
            return false;
        text += width;
        length -= width;
    }
    return true;
}

char *utf8_mended(const char *text)
{
    size_t length = strlen(text), used = 0;
    char *mended = malloc(3 * length + 1);
    while (mended && length > 0) {
        uint32_t point;
        size_t width = utf8_decode(text, length, &point);
        used += utf8_encode(width > 0 ? point : UTF8_REPLACEMENT, mended + used);
        text += width > 0 ? width : 1;
        length -= width > 0 ? width : 1;
    }
    if (mended)
        mended[used] = '\0';
    return mended;
}

bool utf8_is_utf16(const char *text, size_t length)
{
    return length >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0);
}
