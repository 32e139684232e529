# Builds for 32-bit x86 with gcc (gcc-multilib) against Debian's packages in SYNAUTH_PORT_ROOT.

set(SYNAUTH_PORT_TRIPLET i386-linux-gnu)
set(CMAKE_SYSTEM_PROCESSOR i686)
set(CMAKE_C_COMPILER gcc)
include(${CMAKE_CURRENT_LIST_DIR}/debian-root.cmake)
set(CMAKE_C_FLAGS_INIT -m32)

# Programs run here, with the folder's loader and libraries: by the kernel, or by qemu.
execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/../../tests/ports/i386-runner ${SYNAUTH_PORT_ROOT}
  OUTPUT_VARIABLE SYNAUTH_PORT_RUNNER OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "tests/ports/i386-runner failed")
endif()
if(SYNAUTH_PORT_RUNNER)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${SYNAUTH_PORT_RUNNER})
endif()
set(folders ${SYNAUTH_PORT_ROOT}/lib/i386-linux-gnu:${SYNAUTH_PORT_ROOT}/usr/lib/i386-linux-gnu)
set(loader ${SYNAUTH_PORT_ROOT}/lib/ld-linux.so.2)
set(search "-Wl,--disable-new-dtags -Wl,-rpath,${folders}")
set(CMAKE_SHARED_LINKER_FLAGS_INIT "${search}")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,--dynamic-linker=${loader} ${search}")
set(SYNAUTH_PORT_CURL "${SYNAUTH_PORT_RUNNER} ${loader} --library-path ${folders} ${SYNAUTH_PORT_ROOT}/usr/bin/curl")
