/* fuzz_netrc - lib/file/netrc.c: an entry that stands alone in front is found whatever follows; and
   what mentions neither the host nor "default" has none, unless a NUL joins lines. */
#include "file/netrc.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char entry[] = "machine lab.test login me\n";
    char *text = malloc(sizeof entry - 1 + size);
    if (!text)
        return 0;
    memcpy(text, entry, sizeof entry - 1);
    if (size > 0)
        memcpy(text + sizeof entry - 1, data, size);
    must(netrc_text_has(text, sizeof entry - 1 + size, "lab.test"));
    bool found = netrc_text_has(text + sizeof entry - 1, size, "\001none\001");
    free(text);
    /* That is no host, so only a "default" or a NUL can be why. */
    if (!found)
        return 0;
    bool is_mentioned = size > 0 && memchr(data, '\0', size) != NULL;
    for (size_t i = 0; i < size && !is_mentioned; i++)
        is_mentioned = (data[i] | 0x20) == 'd' || data[i] == 1;
    must(is_mentioned);
    return 0;
}
