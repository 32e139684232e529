# Builds for 64-bit ARM with clang (and binutils-aarch64-linux-gnu) against Debian's packages in
# SYNAUTH_PORT_ROOT.

set(SYNAUTH_PORT_TRIPLET aarch64-linux-gnu)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER clang)
set(CMAKE_C_COMPILER_TARGET aarch64-linux-gnu)
include(${CMAKE_CURRENT_LIST_DIR}/debian-root.cmake)

# Static, since the preloaded library is for the program inside.
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static -L ${SYNAUTH_PORT_ROOT})
list(JOIN CMAKE_CROSSCOMPILING_EMULATOR " " SYNAUTH_PORT_RUNNER)
set(SYNAUTH_PORT_CURL "${SYNAUTH_PORT_RUNNER} ${SYNAUTH_PORT_ROOT}/usr/bin/curl")
