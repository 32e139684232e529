# What the toolchains for Debian's architectures share: a folder of packages (tests/ports/debian-root)
# is the system to build for.

set(SYNAUTH_PORT_ROOT "" CACHE PATH "Debian's packages of the other architecture, unpacked")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SYNAUTH_PORT_ROOT)
if(NOT EXISTS ${SYNAUTH_PORT_ROOT}/usr/include)
  message(FATAL_ERROR "'${SYNAUTH_PORT_ROOT}' holds no Debian: tests/ports/debian-root makes one")
endif()

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSROOT ${SYNAUTH_PORT_ROOT})
set(CMAKE_LIBRARY_ARCHITECTURE ${SYNAUTH_PORT_TRIPLET})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_LIBDIR}
  ${SYNAUTH_PORT_ROOT}/usr/lib/${SYNAUTH_PORT_TRIPLET}/pkgconfig:${SYNAUTH_PORT_ROOT}/usr/share/pkgconfig)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${SYNAUTH_PORT_ROOT})
set(ENV{PKG_CONFIG_PATH} "")
