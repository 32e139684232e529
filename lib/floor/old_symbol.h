/* old_symbol - a function of glibc by the version it had in 2.17, whatever the linker would take.
 */
#ifndef SYNAUTH_OLD_SYMBOL_H
#define SYNAUTH_OLD_SYMBOL_H

/* The first version of most of glibc on x86-64; nothing on aarch64 is older than 2.17. */
#ifdef __x86_64__
#define OLDEST "GLIBC_2.2.5"
#else
#define OLDEST "GLIBC_2.17"
#endif

/* Calls of old_NAME are calls of NAME in that version. */
#define OLD_SYMBOL(name, version) __asm__(".symver old_" #name ", " #name "@" version)

/* One of ours in the place of libc's: for what is linked with it, and for nobody else. */
#define FLOOR __attribute__((visibility("hidden")))

#endif
