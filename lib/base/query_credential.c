/* query_credential - does the query of a URL identify whoever wrote it? */
#include "base/query_credential.h"
#include "base/ascii.h"
#include <string.h>

/* The server decodes a name before it compares, so `%5F` is as good as `_`. */
static char next_char(const char **text)
{
    const char *at = *text;

    *text = at + 1;
    if (*at != '%' || ascii_hex_value(at[1]) < 0 || ascii_hex_value(at[2]) < 0)
        return *at;
    *text = at + 3;
    return (char)(ascii_hex_value(at[1]) * 16 + ascii_hex_value(at[2]));
}

static bool begins_with(const char *text, const char *word)
{
    while (*word)
        if (next_char(&text) != *word++)
            return false;
    return true;
}

/* A fragment does not count. */
bool query_has_token(const char *url)
{
    const char *at = url + strcspn(url, "?#");

    while (*at && *at != '#') {
        at++;
        at += strcspn(at, "m%#");
        if (*at && begins_with(at, "middle_auth_token"))
            return true;
    }
    return false;
}

static bool is_name(const char *text, const char *end, const char *name)
{
    while (*name && text < end)
        if (ascii_lower(next_char(&text)) != *name++)
            return false;
    return !*name && text == end;
}

enum { SIGNED = 1, SIGNATURE = 2, WITH_SIGNATURE = 4, SIG = 8, WITH_SIG = 16 };

static int meaning(const char *text, const char *end)
{
    static const struct {
        const char *name;
        int meaning;
    } known[] = {{"x-amz-signature", SIGNED},
                 {"x-goog-signature", SIGNED},
                 {"signature", SIGNATURE},
                 {"expires", WITH_SIGNATURE},
                 {"key-pair-id", WITH_SIGNATURE},
                 {"sig", SIG},
                 {"se", WITH_SIG},
                 {"sv", WITH_SIG}};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (is_name(text, end, known[i].name))
            return known[i].meaning;
    return 0;
}

bool query_is_signed(const char *url)
{
    const char *at = url + strcspn(url, "?#");
    int found = 0;

    while (*at && *at != '#') {
        const char *name = at + 1;
        at = name + strcspn(name, "&;#");
        found |= meaning(name, name + strcspn(name, "=&;#"));
    }
    return found & SIGNED || (found & SIGNATURE && found & WITH_SIGNATURE) ||
           (found & SIG && found & WITH_SIG);
}
