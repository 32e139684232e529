/* sanitizer_first - starts AddressSanitizer before any other library's constructor runs. In a
   program that was not built with it, it would start at the first malloc; where that comes from
   newlocale (p11-kit's constructor), its own dlerror() releases a lock of libc that is not its. */

void __asan_init(void);
void synauth_sanitizer_first(void);

__attribute__((constructor)) void synauth_sanitizer_first(void)
{
    __asan_init();
}
