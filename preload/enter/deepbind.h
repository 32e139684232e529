/* deepbind - dlopen without RTLD_DEEPBIND where that flag would bind a plugin to its libcurl past
   us. */
#ifndef SYNAUTH_DEEPBIND_H
#define SYNAUTH_DEEPBIND_H

/* Called by our dlopen with the program's arguments: changes the mode if need be and returns the
   function to jump to. */
void *deepbind_choose(const char *file, int *mode, const void *return_address)
    __attribute__((used, visibility("hidden")));

#endif
