/* fuzz_netrc - lib/file/netrc.c against libcurl's own reading: where libcurl sends something of the
   file, we have found it. Also, an entry that stands alone in front is found whatever follows; and
   what mentions neither the host nor "default" has none, unless a NUL joins lines. */
#include "file/netrc.h"
#include "fuzz.h"
#include "netrc_by_curl.h"

#include <string.h>

#define HOST "lab.test"

static void check_against_libcurl(const char *text, size_t length)
{
    if (netrc_by_curl_is_used(text, length, HOST))
        must(netrc_text_has(text, length, HOST));
}

/* That is no host, so only a "default" or a NUL can be why. */
static bool is_mentioned(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (data[i] == '\0' || (data[i] | 0x20) == 'd' || data[i] == 1)
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char entry[] = "machine " HOST " login me password secret\n";
    static bool begun;
    size_t front = sizeof entry - 1;
    char *text = malloc(front + size);
    must(text != NULL);
    memcpy(text, entry, front);
    if (!begun) /* libcurl is there, reads such a file and sends what it has found */
        must(netrc_by_curl_is_used(text, front, HOST));
    begun = true;
    if (size > 0)
        memcpy(text + front, data, size);
    must(netrc_text_has(text, front + size, HOST));
    check_against_libcurl(text + front, size);
    bool found = netrc_text_has(text + front, size, "\001none\001");
    free(text);
    must(!found || is_mentioned(data, size));
    return 0;
}
