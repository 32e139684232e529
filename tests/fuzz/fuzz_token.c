/* fuzz_token - lib/source/token.c: an accepted token can stand in a header line. */
#include "fuzz.h"
#include "source/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_SECRET token = NULL;
    const char *why = NULL;
    if (size == 0)
        return 0;
    enum token_verdict verdict = token_judge((const char *)data, size, &token, &why);
    must((verdict == TOKEN_OK) == (token != NULL));
    must((verdict == TOKEN_BAD) == (why != NULL));
    if (!token)
        return 0;
    must(secret_length(token) > 0 && secret_length(token) <= TOKEN_MAX);
    for (size_t i = 0; i < secret_length(token); i++)
        must(secret_bytes(token)[i] > ' ' && secret_bytes(token)[i] < 0x7f);
    (void)token_lacks_view_scope(token);
    return 0;
}
