/* outer_plugin - a plugin that uses libcurl only through a library that it is linked to. */
#include "plugin.h"

SHOWN int outer_fetch(const char *ca, const char *url);

int outer_fetch(const char *ca, const char *url)
{
    return plugin_fetch(ca, url);
}
