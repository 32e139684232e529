/* next_first - asks for the next definition of its own name: what RTLD_NEXT says depends on the
   caller. */
#include <dlfcn.h>
#include <string.h>

__attribute__((visibility("default"))) int value(void);

int value(void)
{
    int (*next)(void);
    void *address = dlsym(RTLD_NEXT, "value");

    memcpy(&next, &address, sizeof(next));
    return next ? next() + 10 : -1;
}
