/* fuzz_ini - lib/format/ini.h: every key that is listed can be asked for; mistakes have lines. */
#include "format/ini.h"
#include "fuzz.h"

#include <string.h>

enum { ASKED = 50 }; /* listing is linear for each name; the first ones are enough */

static unsigned line_ends(const char *text, size_t size)
{
    unsigned count = 0;
    for (size_t i = 0; i < size; i++)
        count += text[i] == '\n' || text[i] == '\r';
    return count;
}

static void ask_keys(const struct ini *ini, const char *section)
{
    size_t count = ini_key_count(ini, section);
    must(ini_has_section(ini, section));
    for (size_t i = 0; i < count && i < ASKED; i++) {
        size_t length = 0;
        unsigned line = 0;
        const char *key = ini_key_name(ini, section, i, &length);
        must(key && length > 0);
        if (strlen(key) == length)
            must(ini_get(ini, section, key, &line) && line > 0);
    }
}

static void ask_sections(const struct ini *ini)
{
    size_t count = ini_section_count(ini);
    for (size_t i = 0; i < count && i < ASKED; i++) {
        size_t length = 0;
        const char *section = ini_section_name(ini, i, &length);
        must(section && length > 0);
        if (strlen(section) == length)
            ask_keys(ini, section);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct ini *ini = NULL;
    synauth_error error = {0};
    if (size == 0)
        return 0;
    if (ini_parse(text, size, "f", &ini, &error) == SYNAUTH_OK) {
        ask_sections(ini);
        ini_free(ini);
        return 0;
    }
    must(!ini && error.code == SYNAUTH_E_UNUSABLE);
    must(error.line >= 1 && error.line <= line_ends(text, size) + 1);
    return 0;
}
