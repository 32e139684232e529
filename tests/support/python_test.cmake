# synauth_python_test(<name> <script> LABELS <label>... [ARGS <arg>...] [TIMEOUT <seconds>])
function(synauth_python_test name script)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "TIMEOUT" "LABELS;ARGS")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  if(SYNAUTH_PORT_RUNNER) # an emulator takes its time
    math(EXPR arg_TIMEOUT "10 * ${arg_TIMEOUT}")
  endif()
  add_test(NAME ${name}
    COMMAND ${SYNAUTH_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/${script} ${arg_ARGS})
  set_tests_properties(${name} PROPERTIES
    LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT} ENVIRONMENT "${SYNAUTH_TEST_ENVIRONMENT}")
endfunction()
