# What every target of the project is compiled and linked with, as the interface
# target synauth::compile: warnings, hardening, hidden visibility, sanitizers.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
endif()

include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

add_library(synauth_compile INTERFACE)
add_library(synauth::compile ALIAS synauth_compile)
target_compile_definitions(synauth_compile INTERFACE _GNU_SOURCE SYNAUTH_VERSION="${PROJECT_VERSION}")
if(CMAKE_SIZEOF_VOID_P EQUAL 4) # else stat refuses large inodes, and time ends in 2038
  target_compile_definitions(synauth_compile INTERFACE _FILE_OFFSET_BITS=64 _TIME_BITS=64)
endif()
target_compile_options(synauth_compile INTERFACE
  -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes
  -Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef
  -Wformat=2 -Wvla -Wnull-dereference
  $<$<BOOL:${SYNAUTH_WERROR}>:-Werror>
  $<$<NOT:$<BOOL:$<TARGET_PROPERTY:SYNAUTH_NO_STACK_PROTECTOR>>>:-fstack-protector-strong>
  -fno-strict-aliasing
  # A distribution may ask for it. Versions and jumps in assembler do not survive it, and the linker
  # would take the command's resolver from the archive of internals.
  -fno-lto)
target_link_options(synauth_compile INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)

if(SYNAUTH_SANITIZE)
  target_compile_options(synauth_compile INTERFACE
    -fsanitize=${SYNAUTH_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(synauth_compile INTERFACE -fsanitize=${SYNAUTH_SANITIZE})
endif()

# Programs and the resolver may use the checked libc entry points; the preload
# library may not, since musl has none of them.
add_library(synauth_fortify INTERFACE)
add_library(synauth::fortify ALIAS synauth_fortify)
if(NOT SYNAUTH_SANITIZE)
  target_compile_options(synauth_fortify INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
endif()
