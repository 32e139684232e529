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

# synauth_musl_test(<name> <script> [ARGS <arg>...]): with both preload libraries
function(synauth_musl_test name script)
  if(NOT TEST port.${name})
    synauth_python_test(port.${name} ${script} LABELS hooks client TIMEOUT 600 ${ARGN})
  endif()
  synauth_python_test(port.one_object.${name} ${script} LABELS hooks client TIMEOUT 600 ${ARGN})
  set_property(TEST port.one_object.${name} APPEND PROPERTY ENVIRONMENT
    "SYNAUTH_TEST_PRELOAD=${one_object}/beside/libsynauth_preload.so")
endfunction()

# The system's libcurl, dressed as one before 7.80 and as one before 7.62.
foreach(name old_libcurl older_libcurl)
  add_library(${name} SHARED ../preload/old_libcurl.c)
  target_link_libraries(${name} PRIVATE CURL::libcurl)
  target_link_options(${name} PRIVATE -Wl,--as-needed)
  set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/preload)
endforeach()
target_compile_definitions(older_libcurl PRIVATE WITHOUT_URL_API)

# Stands in for the resolver of another release.
add_library(other_version SHARED ../preload/other_version.c)
target_link_libraries(other_version PRIVATE synauth_compile)
set_target_properties(other_version PROPERTIES OUTPUT_NAME synauth VERSION 1 SOVERSION 1
  LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/preload/other_version)

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

synauth_musl_test(musl test_musl.py)
synauth_musl_test(bad_input ../clients/test_bad_input.py)
synauth_musl_test(curl ../clients/test_curl.py)
synauth_musl_test(curl_ways ../clients/test_curl_ways.py)
synauth_musl_test(forks ../preload/test_scenarios.py ARGS Forks)
synauth_musl_test(observer ../preload/test_observer.py)
synauth_musl_test(old_libcurl ../preload/test_old_libcurl.py)
synauth_musl_test(processes ../preload/test_processes.py)
synauth_musl_test(redaction ../clients/test_redaction.py)
synauth_musl_test(redirects ../preload/redirects.py)
synauth_musl_test(scenarios ../preload/test_scenarios.py ARGS Scenarios)
synauth_musl_test(threads ../preload/test_scenarios.py ARGS Threads)
add_subdirectory(../property property)
