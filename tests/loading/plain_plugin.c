/* plain_plugin - a plugin that has nothing to do with libcurl. */
#include "plugin.h"
#include <dlfcn.h>

SHOWN int only_in_plugin(void);
SHOWN int default_sees_own(void);

int whose(void)
{
    return 2;
}

int plugin_whose(void)
{
    return whose();
}

int only_in_plugin(void)
{
    return 1;
}

/* Opened with RTLD_LOCAL: only a look-up whose caller is this object sees its names. */
int default_sees_own(void)
{
    return dlsym(RTLD_DEFAULT, "only_in_plugin") != 0;
}
