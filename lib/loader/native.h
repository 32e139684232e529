/* native - what the header of an ELF file of this very kind of process says. */
#ifndef SYNAUTH_LOADER_NATIVE_H
#define SYNAUTH_LOADER_NATIVE_H

#include <elf.h>

#if __SIZEOF_POINTER__ == 8
#define NATIVE_CLASS ELFCLASS64
#else
#define NATIVE_CLASS ELFCLASS32
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define NATIVE_DATA ELFDATA2LSB
#else
#define NATIVE_DATA ELFDATA2MSB
#endif

#if defined(__x86_64__)
#define NATIVE_MACHINE EM_X86_64
#define NATIVE_TRIPLET "x86_64-linux-gnu" /* Debian's folders */
#elif defined(__aarch64__)
#define NATIVE_MACHINE EM_AARCH64
#define NATIVE_TRIPLET "aarch64-linux-gnu"
#elif defined(__i386__)
#define NATIVE_MACHINE EM_386
#define NATIVE_TRIPLET "i386-linux-gnu"
#else
#error "synauth is made for x86-64, aarch64 and i386"
#endif

#endif
