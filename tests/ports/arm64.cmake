# Left out on arm64: what starts helpers. qemu-user knows no clone without an exit signal.
set(SYNAUTH_UNIT_LEFT_OUT helper_process slow_source)
include(debian.cmake)
synauth_python_test(port.floor ../loading/test_floor.py LABELS hooks)
