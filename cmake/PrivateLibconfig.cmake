# A copy of libconfig inside the resolver, which no function of the host program
# can capture: libconfig calls its own functions by name, and a program that
# exports a config_init of its own (curl's command line, built with -rdynamic,
# is one) would be called instead.
#
# Made of the system's static archive. That is compiled for programs, not for
# shared libraries, and only its use of stdin, stdout and stderr stands in the
# way; these three are renamed to variables of ours (lib/foreign/libconfig_stdio.c).
#
# Its allocations, and what ends the process when one fails, are renamed too:
# they take from an arena and leave libconfig when there is no more memory
# (lib/foreign/libconfig_memory.c).
#
# Sets SYNAUTH_LIBCONFIG_ARCHIVE, empty where there is no such archive: then the
# shared library is used, and the resolver rests where it would be captured.

option(SYNAUTH_PRIVATE_LIBCONFIG "Keep a copy of libconfig inside the resolver" ON)
set(SYNAUTH_LIBCONFIG_ARCHIVE "")

function(synauth_private_libconfig)
  find_library(system_archive NAMES libconfig.a HINTS ${LIBCONFIG_LIBDIR} NO_CACHE)
  if(NOT system_archive OR NOT CMAKE_OBJCOPY)
    message(STATUS "No static libconfig: the shared one is used")
    return()
  endif()
  set(archive ${PROJECT_BINARY_DIR}/libconfig/libconfig_private.a)
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/libconfig)
  set(renamed "")
  foreach(function malloc calloc realloc strdup __strdup free exit abort fprintf __fprintf_chk)
    list(APPEND renamed --redefine-sym ${function}=libconfig_memory_${function})
  endforeach()
  execute_process(COMMAND ${CMAKE_OBJCOPY}
      --redefine-sym stdin=libconfig_stdin --redefine-sym stdout=libconfig_stdout
      --redefine-sym stderr=libconfig_stderr ${renamed} ${system_archive} ${archive}
    RESULT_VARIABLE failed ERROR_QUIET)
  if(NOT failed)
    separate_arguments(flags UNIX_COMMAND "${CMAKE_C_FLAGS}")
    if(CMAKE_SYSROOT)
      list(APPEND flags ${CMAKE_C_COMPILE_OPTIONS_SYSROOT}${CMAKE_SYSROOT})
    endif()
    if(CMAKE_C_COMPILER_TARGET)
      list(APPEND flags ${CMAKE_C_COMPILE_OPTIONS_TARGET}${CMAKE_C_COMPILER_TARGET})
    endif()
    execute_process(COMMAND ${CMAKE_C_COMPILER} ${flags} -shared -fPIC -fvisibility=hidden
        -o ${PROJECT_BINARY_DIR}/libconfig/trial.so
        -D_GNU_SOURCE -I${PROJECT_SOURCE_DIR}/lib
        ${PROJECT_SOURCE_DIR}/lib/foreign/libconfig_stdio.c ${PROJECT_SOURCE_DIR}/lib/foreign/libconfig_memory.c
        -Wl,--whole-archive ${archive} -Wl,--no-whole-archive -Wl,--exclude-libs,ALL -Wl,-z,text
      RESULT_VARIABLE failed ERROR_QUIET OUTPUT_QUIET)
  endif()
  if(failed)
    message(STATUS "The static libconfig does not fit into a shared library: the shared one is used")
    return()
  endif()
  message(STATUS "libconfig: a private copy of ${system_archive}")
  set(SYNAUTH_LIBCONFIG_ARCHIVE ${archive} PARENT_SCOPE)
endfunction()

if(SYNAUTH_PRIVATE_LIBCONFIG)
  synauth_private_libconfig()
endif()
