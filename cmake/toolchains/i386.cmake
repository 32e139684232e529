# Builds for 32-bit x86 with this machine's own gcc against Debian's packages in SYNAUTH_PORT_ROOT.

set(SYNAUTH_PORT_TRIPLET i386-linux-gnu)
set(CMAKE_SYSTEM_PROCESSOR i686)
set(CMAKE_C_COMPILER gcc)
include(${CMAKE_CURRENT_LIST_DIR}/debian-root.cmake)
# Where gcc itself has no 32-bit parts (gcc-multilib), the folder's are used.
file(GLOB gcc_parts ${SYNAUTH_PORT_ROOT}/usr/lib/gcc/i686-linux-gnu/*)
set(CMAKE_C_FLAGS_INIT "-m32 -B${gcc_parts}")
