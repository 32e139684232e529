# Left out on i386: what runs the system's own programs, which our 32-bit library cannot be loaded
# into. port.curl has the `synauth run` that is of this port.
set(SYNAUTH_CLI_LEFT_OUT run run_reach service)
set(SYNAUTH_HELPER_LEFT_OUT login)
include(debian.cmake)
