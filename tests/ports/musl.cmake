# musl: its programs run here beside those of glibc, so nearly all is tested. The system's own programs
# cannot load what is built for musl; the tests that start them by `synauth run` are left out.

set(SYNAUTH_CLI_LEFT_OUT run run_reach)

# Both libraries as built for glibc, and the preload library of these beside the resolver for musl.
set(one_object ${CMAKE_CURRENT_BINARY_DIR}/one_object)
file(MAKE_DIRECTORY ${one_object}/beside)
file(CREATE_LINK ${PROJECT_BINARY_DIR}/lib/libsynauth.so.1 ${one_object}/beside/libsynauth.so.1 SYMBOLIC)
file(CREATE_LINK ../lib/libsynauth_preload.so ${one_object}/beside/libsynauth_preload.so SYMBOLIC)
add_custom_target(one_object ALL
  COMMAND ${CMAKE_COMMAND} -S ${PROJECT_SOURCE_DIR} -B ${one_object} -DCMAKE_BUILD_TYPE=RelWithDebInfo
    -DSYNAUTH_WERROR=${SYNAUTH_WERROR} -DSYNAUTH_KEYRING=OFF -DBUILD_TESTING=OFF
  COMMAND ${CMAKE_COMMAND} -E env --unset=MAKEFLAGS
    ${CMAKE_COMMAND} --build ${one_object} --parallel 2 --target synauth_preload synauth
  VERBATIM)

# synauth_one_object_test(<name> <script> [ARGS <arg>...]): with the preload library as built for glibc
function(synauth_one_object_test name script)
  synauth_python_test(port.one_object.${name} ${script} LABELS hooks client TIMEOUT 600 ${ARGN})
  set_property(TEST port.one_object.${name} APPEND PROPERTY ENVIRONMENT
    "SYNAUTH_TEST_PRELOAD=${one_object}/beside/libsynauth_preload.so")
endfunction()

# The same with both preload libraries.
function(synauth_musl_test name script)
  synauth_python_test(port.${name} ${script} LABELS hooks client ${ARGN})
  synauth_one_object_test(${name} ${script} ${ARGN})
endfunction()

# Ways to be bound to libcurl.
foreach(way now lazy no_plt address)
  add_executable(linkage_${way} ../loading/linkage.c)
  target_link_libraries(linkage_${way} PRIVATE synauth_compile CURL::libcurl)
endforeach()
target_link_options(linkage_lazy PRIVATE -Wl,-z,lazy)
target_compile_options(linkage_no_plt PRIVATE -fno-plt)
target_compile_definitions(linkage_address PRIVATE BY_ADDRESS)
add_library(plugin MODULE ../loading/plugin.c)
target_link_libraries(plugin PRIVATE synauth_compile CURL::libcurl)
set_target_properties(plugin PROPERTIES PREFIX "")
foreach(name host reopen)
  add_executable(${name} ../loading/${name}.c)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/loading)
  target_link_libraries(${name} PRIVATE synauth_compile ${CMAKE_DL_LIBS})
endforeach()
target_include_directories(reopen PRIVATE ${SYNAUTH_PORT_ROOT}/include)
target_link_options(host PRIVATE -rdynamic)

# Worlds without versions, late binding and RTLD_DEEPBIND, of which musl knows nothing.
set(worlds ${PROJECT_BINARY_DIR}/tests/loading/worlds)
add_custom_command(OUTPUT ${worlds}/complete
  COMMAND ${SYNAUTH_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/../loading/worlds/parts.py ${worlds}
    -ldl ${CMAKE_C_COMPILER} -I${SYNAUTH_PORT_ROOT}/include
  COMMAND ${CMAKE_COMMAND} -E touch ${worlds}/complete
  VERBATIM)
add_custom_target(worlds ALL DEPENDS ${worlds}/complete)
synauth_musl_test(worlds ../loading/test_worlds.py ARGS
  Worlds.test_calls_go_where_the_loader_would_send_them
  Worlds.test_libcurl_opened_for_all_comes_before_the_plugins_own
  Worlds.test_programs_libcurl_comes_before_a_copy_in_the_plugin
  Worlds.test_programs_libcurl_comes_before_the_plugins_own
  Worlds.test_what_was_bound_stays_bound)

synauth_musl_test(musl test_musl.py)
synauth_musl_test(bad_input ../clients/test_bad_input.py)
synauth_musl_test(curl_ways ../clients/test_curl_ways.py)
synauth_musl_test(redaction ../clients/test_redaction.py ARGS Redaction.test_curl_verbose_and_traces
  Redaction.test_libcurl_prints_by_itself_or_by_a_debug_function) # the third test is Python's
add_subdirectory(../property property)
add_subdirectory(../preload ${PROJECT_BINARY_DIR}/tests/preload)
synauth_one_object_test(curl ../clients/test_curl.py)
synauth_one_object_test(observer ../preload/test_observer.py)
synauth_one_object_test(old_libcurl ../preload/test_old_libcurl.py)
synauth_one_object_test(processes ../preload/test_processes.py)
synauth_one_object_test(redirects ../preload/redirects.py)
foreach(class Forks Scenarios Threads)
  synauth_one_object_test(${class} ../preload/test_scenarios.py ARGS ${class})
endforeach()
