/* plugin - what the plugins of these tests offer, and what they find in their host. */
#ifndef SYNAUTH_TEST_PLUGIN_H
#define SYNAUTH_TEST_PLUGIN_H

#define SHOWN __attribute__((visibility("default")))

SHOWN int plugin_fetch(const char *ca, const char *url);
SHOWN int whose(void);
SHOWN int plugin_whose(void);

#endif
