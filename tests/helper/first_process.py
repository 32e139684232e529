"""first_process URL CA: one request by ctypes. Says its process id, the result, how many SIGCHLD it got
and whether it has children."""

import ctypes
import os
import signal
import sys

URL, CA, CONNECT_TO = 10002, 10065, 10243
signals = []
signal.signal(signal.SIGCHLD, lambda *_: signals.append(1))
libcurl = ctypes.CDLL("libcurl.so.4")
libcurl.curl_easy_init.restype = libcurl.curl_slist_append.restype = ctypes.c_void_p
handle = ctypes.c_void_p(libcurl.curl_easy_init())
libcurl.curl_easy_setopt(handle, URL, sys.argv[1].encode())
libcurl.curl_easy_setopt(handle, CA, sys.argv[2].encode())
libcurl.curl_easy_setopt(handle, CONNECT_TO,
                         ctypes.c_void_p(libcurl.curl_slist_append(None, b"::127.0.0.1:")))
code = libcurl.curl_easy_perform(handle)
try:
    os.waitpid(-1, os.WNOHANG)
    children = True
except ChildProcessError:
    children = False
print("result", os.getpid(), code, len(signals), children)
