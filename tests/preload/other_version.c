/* other_version - a resolver that does not know the interface number it is asked for. */
#include <stddef.h>

__attribute__((visibility("default"))) const void *synauth_hook_api(unsigned number);

const void *synauth_hook_api(unsigned number)
{
    (void)number;
    return NULL;
}
