"""Programs that look libcurl's functions up on a handle: Python ctypes, Ruby, LuaJIT. Their calls
come from an FFI library or from compiled code that belongs to no object."""

import sys
import unittest

from client_test import BEARER_A
from reach import CONTENT, ReachTest

CTYPES = """
import ctypes, sys
CA, FLAVOURS, URLS = sys.argv[1], sys.argv[2].split(","), sys.argv[3:]
URL, CAINFO, FOLLOWLOCATION = 10002, 10065, 52
for flavour in FLAVOURS:
    curl = ctypes.CDLL(flavour)
    curl.curl_easy_init.restype = ctypes.c_void_p
    for url in URLS:
        handle = ctypes.c_void_p(curl.curl_easy_init())
        curl.curl_easy_setopt(handle, URL, url.encode())
        curl.curl_easy_setopt(handle, CAINFO, CA.encode())
        curl.curl_easy_setopt(handle, FOLLOWLOCATION, ctypes.c_long(1))
        print(curl.curl_easy_perform(handle), flush=True)
        curl.curl_easy_cleanup(handle)
"""
# The second URL of a handle is set past the library, which does not stand in front of dlvsym.
CTYPES_UNSEEN_URL = """
import ctypes, sys
CA, URLS = sys.argv[1], sys.argv[2:]
curl = ctypes.CDLL("libcurl.so.4")
dlvsym = ctypes.CDLL("libc.so.6").dlvsym
dlvsym.restype = ctypes.c_void_p
dlvsym.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]
address = dlvsym(curl._handle, b"curl_easy_setopt", b"CURL_OPENSSL_4")
unseen = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p)(address)
curl.curl_easy_init.restype = ctypes.c_void_p
handle = ctypes.c_void_p(curl.curl_easy_init())
curl.curl_easy_setopt(handle, 10002, URLS[0].encode())
curl.curl_easy_setopt(handle, 10065, CA.encode())
print(curl.curl_easy_perform(handle), flush=True)
for url in URLS:
    print(unseen(handle, 10002, url.encode()), curl.curl_easy_perform(handle), flush=True)
"""
CTYPES_MULTI = """
import ctypes, sys
CA, URLS = sys.argv[1], sys.argv[2:]
curl = ctypes.CDLL("libcurl.so.4")
curl.curl_easy_init.restype = curl.curl_multi_init.restype = ctypes.c_void_p
multi = ctypes.c_void_p(curl.curl_multi_init())
running = ctypes.c_int(1)
for url in URLS:
    handle = ctypes.c_void_p(curl.curl_easy_init())
    curl.curl_easy_setopt(handle, 10002, url.encode())
    curl.curl_easy_setopt(handle, 10065, CA.encode())
    curl.curl_easy_setopt(handle, 52, ctypes.c_long(1))
    print(curl.curl_multi_add_handle(multi, handle), flush=True)
while running.value:
    assert curl.curl_multi_perform(multi, ctypes.byref(running)) == 0
    curl.curl_multi_wait(multi, None, 0, 100, None)
curl.curl_multi_cleanup(multi)
"""
# What libcurl's absence and a missing name look like to the program.
CTYPES_ERRORS = """
import ctypes
curl = ctypes.CDLL("libcurl.so.4")
for name in ("curl_easy_missing", "curl_easy_init_", "other"):
    try:
        getattr(curl, name)
    except AttributeError as error:
        print(error)
try:
    ctypes.CDLL("libcurl-missing.so")
except OSError as error:
    print(error)
libc = ctypes.CDLL("libc.so.6")
libc.dlsym.restype = libc.dlerror.restype = libc.dlopen.restype = ctypes.c_void_p
libc.dlsym.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
handle = libc.dlopen(b"libcurl.so.4", 1)
assert libc.dlsym(handle, b"curl_easy_init") and not libc.dlerror()
assert not libc.dlsym(handle, b"curl_easy_missing")
assert libc.dlsym(handle, b"curl_easy_init")
print(libc.dlerror())
"""
ETHON = """
require "ethon"
ARGV[1..].each do |url|
  easy = Ethon::Easy.new(url: url, cainfo: ARGV[0], followlocation: true)
  easy.perform
  print easy.return_code, " ", easy.response_code, " ", easy.response_body
end
"""
TYPHOEUS = """
require "typhoeus"
hydra = Typhoeus::Hydra.new
requests = ARGV[1..].map do |url|
  request = Typhoeus::Request.new(url, cainfo: ARGV[0], followlocation: true)
  hydra.queue(request)
  request
end
hydra.run
requests.each { |request| print request.response.code, " ", request.response.body }
"""
LUAJIT = """
local ffi = require("ffi")
ffi.cdef[[
void *curl_easy_init(void);
int curl_easy_setopt(void *handle, int option, ...);
int curl_easy_perform(void *handle);
void curl_easy_cleanup(void *handle);
]]
local curl = ffi.load("libcurl.so.4")
io.stdout:setvbuf("no")
for i = 2, #arg do
    local handle = curl.curl_easy_init()
    curl.curl_easy_setopt(handle, 10002, arg[i])
    curl.curl_easy_setopt(handle, 10065, arg[1])
    curl.curl_easy_setopt(handle, 52, ffi.cast("long", 1))
    print(curl.curl_easy_perform(handle))
    curl.curl_easy_cleanup(handle)
end
"""
FLAVOURS = ["libcurl.so.4", "libcurl-gnutls.so.4", "libcurl-nss.so.4"]


class Ctypes(ReachTest):
    def python(self, script, *arguments):
        return self.run_both([sys.executable, "-c", script, self.server.ca, *arguments])

    def test_each_flavour_in_one_process_carries_the_token(self):
        result = self.python(CTYPES, ",".join(FLAVOURS), *self.ways())
        self.assertEqual(result.stdout, "0\n" * 15 + CONTENT * 15)
        self.assert_ways(3)

    def test_multi_transfers_carry_the_token(self):
        result = self.python(CTYPES_MULTI, *self.ways())
        self.assertEqual(result.stdout, "0\n" * 5 + CONTENT * 5)
        self.assert_ways()

    def test_errors_of_the_loader_are_its_own(self):
        results = [self.run_program([sys.executable, "-c", CTYPES_ERRORS],
                                    self.environment(preload)) for preload in (False, True)]
        self.assertEqual(results[0].returncode, 0, results[0].stderr)
        self.assertEqual((results[1].returncode, results[1].stdout, results[1].stderr),
                         (0, results[0].stdout, ""))

    def test_url_set_past_the_library_is_the_one_that_counts(self):
        self.python(CTYPES_UNSEEN_URL, self.local(), self.local("https_other"))
        self.assertEqual(self.authorizations(), [("https", BEARER_A)] * 2 + [("https_other", None)])

    def test_switched_off_it_carries_none(self):
        for variable in ("0", "1"):
            result = self.run_program(
                [sys.executable, "-c", CTYPES, self.server.ca, "libcurl.so.4", self.local(),
                 self.local()], self.environment(SYNAUTH_DISABLE=variable))
            self.assert_ok(result)
            expected = ("https", BEARER_A if variable == "0" else None)
            self.assertEqual(self.authorizations(), [expected] * 2)


class Ruby(ReachTest):
    def ruby(self, script):
        # -W0: Typhoeus' mime-types warns in some runs of many, by the order of Ruby's hashes.
        return self.run_both(["ruby", "-W0", self.script("script.rb", script), self.server.ca,
                              *self.ways()])

    def test_ethon_carries_the_token(self):
        self.assertEqual(self.ruby(ETHON).stdout, f"ok 200 {CONTENT}" * 5)
        self.assert_ways()

    def test_typhoeus_hydra_carries_the_token(self):
        self.assertEqual(self.ruby(TYPHOEUS).stdout, f"200 {CONTENT}" * 5)
        self.assert_ways()


class LuaJit(ReachTest):
    def test_loaded_library_carries_the_token(self):
        result = self.run_both(["luajit", self.script("script.lua", LUAJIT), self.server.ca,
                                *self.ways()])
        self.assertEqual(result.stdout, (CONTENT + "0\n") * 5)
        self.assert_ways()


if __name__ == "__main__":
    unittest.main(verbosity=2)
