/* before_sanitizers - for code that runs before a sanitizer is ready: it must not be instrumented. */
#ifndef SYNAUTH_BEFORE_SANITIZERS_H
#define SYNAUTH_BEFORE_SANITIZERS_H

#define BEFORE_SANITIZERS __attribute__((no_sanitize_address, no_sanitize_thread))

#endif
