/* ini_driver - says for each frame what lib/format/ini.h makes of it, one line each: `error LINE`
   or `ok` and, for every section, `[HEX` and `HEX=HEX` for its keys, inherited ones included. */
#include "format/ini.h"
#include "frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_section(const struct ini *ini, const char *section)
{
    size_t count = ini_key_count(ini, section);
    for (size_t i = 0; i < count; i++) {
        size_t length = 0;
        const char *key = ini_key_name(ini, section, i, &length);
        if (strlen(key) != length)
            continue; /* names with a NUL cannot be asked for */
        const struct secret *value = ini_get(ini, section, key, NULL);
        putchar(' ');
        hex_print(key, length);
        putchar('=');
        hex_print(secret_bytes(value), secret_length(value));
    }
}

static void print_all(const struct ini *ini)
{
    printf("ok");
    for (size_t i = 0; i < ini_section_count(ini); i++) {
        size_t length = 0;
        const char *section = ini_section_name(ini, i, &length);
        if (strlen(section) != length)
            continue;
        printf(" [");
        hex_print(section, length);
        print_section(ini, section);
    }
}

int main(void)
{
    char *text;
    size_t length = 0;
    while ((text = frame_read(&length))) {
        struct ini *ini = NULL;
        synauth_error error = {0};
        if (ini_parse(text, length, "file", &ini, &error) == SYNAUTH_OK)
            print_all(ini);
        else
            printf("error %u", error.line);
        putchar('\n');
        ini_free(ini);
        free(text);
    }
    return 0;
}
