/* fuzz - what a harness offers to libFuzzer or to the replaying main. */
#ifndef SYNAUTH_TEST_FUZZ_H
#define SYNAUTH_TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for every input. */
static inline void must(int holds)
{
    if (!holds)
        abort();
}

#endif
