# What the ports to Debian's other architectures have: everything about the hooks that needs no
# program of the system beside curl.
add_subdirectory(../preload ${PROJECT_BINARY_DIR}/tests/preload)
set(SYNAUTH_PORT_BINDING Linkage LookUps
  Plugins.test_plugin_bound_deeply_carries_the_token
  Plugins.test_plugin_bound_deeply_by_its_path_carries_the_token
  Plugins.test_plugin_whose_dependency_uses_libcurl_carries_the_token
  Plugins.test_other_plugins_stay_bound_deeply
  Plugins.test_switched_off_the_flag_stays)
add_subdirectory(../loading ${PROJECT_BINARY_DIR}/tests/loading)
synauth_python_test(port.object ../loading/test_object.py LABELS hooks ARGS Object)

add_executable(large_options large_options.c)
target_link_libraries(large_options PRIVATE synauth_compile CURL::libcurl)
synauth_python_test(port.large_options test_large_options.py LABELS hooks client)
