/* looked_up - dlsym on a handle, the way of FFI libraries (Python ctypes, Ruby, LuaJIT): where the
   answer would be one of libcurl's functions that we hook, it is our hook for that very libcurl. */
#ifndef SYNAUTH_LOOKED_UP_H
#define SYNAUTH_LOOKED_UP_H

/* Called by our dlsym: returns the function to jump to with the program's arguments. */
void *looked_up_choose(const void *handle, const char *name, const void *return_address)
    __attribute__((used, visibility("hidden")));

#endif
