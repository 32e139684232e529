"""Objects opened with RTLD_DEEPBIND that are linked to no libcurl themselves: FFI libraries, which look
its functions up, and plugins whose libraries only the loader's cache knows."""

import os
import re
import shutil
import sys
import unittest

from bare_root import BareRoot, run
from client_test import BEARER_A, PRELOAD, synauth_lines
from reach import CONTENT, ReachTest

FOLDER = os.path.join(os.environ["SYNAUTH_TEST_BUILD"], "tests/loading")
LOADER = "/lib64/ld-linux-x86-64.so.2"
CTYPES = """
import os, sys
sys.setdlopenflags(os.RTLD_NOW | os.RTLD_DEEPBIND)
import ctypes
curl = ctypes.CDLL("libcurl.so.4")
curl.curl_easy_init.restype = ctypes.c_void_p
for url in sys.argv[2:]:
    handle = ctypes.c_void_p(curl.curl_easy_init())
    curl.curl_easy_setopt(handle, 10002, url.encode())
    curl.curl_easy_setopt(handle, 10065, sys.argv[1].encode())
    curl.curl_easy_setopt(handle, 52, ctypes.c_long(1))
    print(curl.curl_easy_perform(handle), flush=True)
    curl.curl_easy_cleanup(handle)
"""


def program(name):
    return os.path.join(FOLDER, name)


class Lookups(ReachTest):
    def test_ctypes_bound_deeply_carries_the_token(self):
        result = self.run_both([sys.executable, "-c", CTYPES, self.server.ca, *self.ways()])
        self.assertEqual(result.stdout, "0\n" * 5 + CONTENT * 5)
        self.assert_ways()

    def host(self, plugin, flags="deepbind", **more):
        """Also as built without optimisation."""
        for library in (PRELOAD, program("O0/libsynauth_preload.so")):
            result = self.run_program(
                [program("host"), flags, plugin, self.server.ca, *self.ways()],
                self.environment(LD_LIBRARY_PATH=os.path.dirname(PRELOAD), LD_PRELOAD=library, **more))
            self.assertEqual(result.returncode, 0, result.stderr)
            yield result

    def test_plugin_that_looks_names_up_carries_the_token(self):
        for flags in ("local", "global", "deepbind"):
            for result in self.host("ffi_plugin.so", flags):
                self.assertEqual((result.stdout, result.stderr),
                                 ("whose 1 default -1\n" + "0\n" * 5, ""))
                self.assert_ways()

    def test_plugin_whose_own_names_would_change_keeps_the_flag_and_debug_says_so(self):
        for more in ({}, {"SYNAUTH_LOG": "debug"}):
            for result in self.host("ffi_plugin_apart.so", **more):
                self.assertEqual(result.stdout, "whose 2 default -1\n" + "0\n" * 5)
                self.assertEqual({sent for _, sent in self.sent()}, {None})
                kept = [line for line in synauth_lines(result) if "RTLD_DEEPBIND" in line]
                self.assertEqual(kept, [
                    "synauth: ffi_plugin_apart.so is opened with RTLD_DEEPBIND and keeps that flag, "
                    "since without it whose would be another's: what it looks up by dlsym gets no "
                    "token"] if more else [])

    def test_flag_stays_beside_a_preloaded_allocator(self):
        """libc's free, with the flag, and the allocator's, without it, are not the same."""
        allocator = next(path for path in run("/sbin/ldconfig", "-p").stdout.split()
                         if path.endswith("/libjemalloc.so.2"))
        result = self.run_program(
            [sys.executable, "-c", CTYPES, self.server.ca, self.local()],
            self.environment(LD_PRELOAD=f"{PRELOAD}:{allocator}", SYNAUTH_LOG="debug"))
        self.assertRegex(result.stderr, "_ctypes.*keeps that flag, since without it .* another's")
        self.assertEqual([sent for _, sent in self.sent()], [None])

    def test_switched_off_the_flag_stays(self):
        for result in self.host("ffi_plugin.so", SYNAUTH_DISABLE="1"):
            self.assertEqual({sent for _, sent in self.sent()}, {None})

    def test_plugin_whose_library_only_words_of_the_loader_find_carries_the_token(self):
        """The words mean what this loader says, and glibc-hwcaps has what this processor takes."""
        said = run(LOADER, "--list-diagnostics").stdout
        words = [re.search(rf'{name}="(.*)"', said)[1] for name in ("dl_dst_lib", "dl_platform")]
        levels = re.findall(r"(x86-64-v\d) \(supported", run(LOADER, "--help").stdout)
        for place in (*words, *(f"{words[0]}/glibc-hwcaps/{level}" for level in levels)):
            with self.subTest(place=place):
                folder = self.home / place.replace("/", "-")
                (folder / "in" / place).mkdir(parents=True)
                shutil.copy(program("plugins/worded_plugin.so"), folder)
                shutil.copy(program("plugins/plugin_gnutls.so"), folder / "in" / place)
                result = self.run_program([program("host"), "deepbind", folder / "worded_plugin.so",
                                           self.server.ca, self.local()])
                self.assert_ok(result)
                self.assertEqual(self.sent(), [("L", BEARER_A)])


class Cached(BareRoot, ReachTest):
    """A root whose loader has a cache, and knows what lies in /opt by that cache alone."""

    def setUp(self):
        super().setUp()
        for name in ("host", "plugins/outer_plugin.so", "plugins/plugin_gnutls.so"):
            self.take_program(program(name))
        shutil.rmtree(self.root / FOLDER.lstrip("/"))
        self.take_program(shutil.which("env"))
        self.take(program("host"), "/opt/bin/host")
        self.take(program("plugins/outer_plugin.so"), "/opt/plugins/libouter.so")
        self.take(program("plugins/plugin_gnutls.so"), "/opt/cached/libgnutls_plugin.so")
        libraries = os.path.dirname(PRELOAD)
        for name in ("libsynauth_preload.so", "libsynauth.so.1"):
            self.take_program(f"{libraries}/{name}")
            self.take(f"{libraries}/{name}", f"/opt/lib/{name}")
        for path in (self.server.ca, self.configuration, self.synapse_config):
            self.take(path)
        (self.root / "etc").mkdir(exist_ok=True)
        (self.root / "etc/ld.so.conf").write_text("/opt/plugins\n/opt/cached\n")
        # Files that are called lib*; the names are those in their ELF headers.
        done = run("/sbin/ldconfig", "-r", self.root)
        self.assertEqual(done.returncode, 0, done.stderr)

    def in_cached_root(self, **more):
        values = {**self.environment(preload=False), "LD_PRELOAD": "/opt/lib/libsynauth_preload.so", **more}
        return self.in_root("env", *(f"{name}={value}" for name, value in values.items()),
                            "/opt/bin/host", "deepbind", "outer_plugin.so", self.server.ca,
                            self.local())

    def test_plugin_and_its_library_are_found_by_the_cache(self):
        result = self.in_cached_root()
        self.assertEqual((result.returncode, result.stdout, result.stderr),
                         (0, "whose 1 default -1\n0\n", ""))
        self.assertEqual(self.sent(), [("L", BEARER_A)])

    def test_library_for_another_machine_is_passed_over(self):
        folder = self.root / "opt/other"
        folder.mkdir()
        foreign = bytearray((self.root / "opt/cached/libgnutls_plugin.so").read_bytes())
        foreign[18] ^= 0xff  # e_machine
        (folder / "plugin_gnutls.so").write_bytes(foreign)
        result = self.in_cached_root(LD_LIBRARY_PATH="/opt/other")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(self.sent(), [("L", BEARER_A)])


if __name__ == "__main__":
    unittest.main(verbosity=2)
