# What the ports to Debian's other architectures have: everything about the hooks that needs no
# program of the system beside curl.
add_subdirectory(../preload ${PROJECT_BINARY_DIR}/tests/preload)
synauth_python_test(port.object ../loading/test_object.py LABELS hooks ARGS Object)

add_executable(large_options large_options.c)
target_link_libraries(large_options PRIVATE synauth_compile CURL::libcurl)
synauth_python_test(port.large_options test_large_options.py LABELS hooks client)
