# Left out on i386: what runs the system's own programs, which our 32-bit library cannot be loaded
# into. port.curl has the `synauth run` that is of this port.
set(SYNAUTH_CLI_LEFT_OUT run run_reach service)
set(SYNAUTH_HELPER_LEFT_OUT login)
if(SYNAUTH_PORT_RUNNER)
  # As on arm64, what starts helpers: qemu-user knows no clone without an exit signal.
  set(SYNAUTH_UNIT_LEFT_OUT helper_process slow_source)
endif()
include(debian.cmake)
