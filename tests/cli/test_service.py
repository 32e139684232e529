"""The library of the calls that need the network: opened by the verbs that make them, and not before."""

import os
import pathlib
import re
import shutil
import subprocess
import unittest

from command_line import FIXTURES, CAVE_URL, PROGRAM, CommandLineTest

LIBRARIES = pathlib.Path(os.environ["SYNAUTH_TEST_BUILD"]) / "lib"
SERVICE = "libsynauth_service.so.1"
# Needs the library, but no server.
CALL = ("cave", "get-user-information")


class ServiceTest(CommandLineTest):
    def setUp(self):
        super().setUp()
        self.environment["CAVE_TOKEN"] = "fake-token-of-the-service-test"
        self.folder = self.folder_with("libsynauth.so.1")

    def folder_with(self, name, source=None):
        """A folder where the loader looks, with this library in it."""
        folder = self.home.parent / name
        folder.mkdir()
        shutil.copy(source or LIBRARIES / name, folder / name)
        known = self.environment.get("LD_LIBRARY_PATH")
        self.environment["LD_LIBRARY_PATH"] = f"{known}:{folder}" if known else str(folder)
        return folder

    def assert_not_loaded(self, *parts):
        answer, talk = self.expect(1, *CALL)
        self.assertEqual((answer, len(talk.splitlines())), ("", 1), talk)
        for part in ("synauth: cannot load ", f"{SERVICE}: ", *parts):
            self.assertIn(part, talk)
        self.expect(0, "explain", CAVE_URL)  # needs no network

    def test_start_loads_the_resolver_and_no_libcurl(self):
        headers = subprocess.run(["readelf", "-lW", PROGRAM], capture_output=True, text=True, check=True)
        loader = re.search(r"interpreter: (\S+)\]", headers.stdout)[1]  # of glibc or musl
        loaded = subprocess.run([loader, "--list", PROGRAM], env=self.environment, capture_output=True,
                                text=True, check=True).stdout
        self.assertIn("libsynauth.so.1", loaded)
        for name in ("libsynauth_service", "libcurl", "libssl"):
            self.assertNotIn(name, loaded)

    def test_library_beside_the_resolver_comes_first(self):
        (self.folder / SERVICE).write_text("no library\n")
        self.folder_with(SERVICE)
        self.assert_not_loaded(f"{self.folder}/{SERVICE}: ")

    def test_library_elsewhere_is_found_by_the_loader(self):
        self.folder_with(SERVICE)
        self.assertEqual(self.expect(0, *CALL), ("[]\n", ""))

    def test_library_without_a_function_is_refused(self):
        shutil.copy(FIXTURES / "empty_preload.so", self.folder / SERVICE)
        _, talk = self.expect(1, *CALL)  # in the words of glibc or musl
        self.assertRegex(talk, "(undefined symbol|Symbol not found): synauth_")
        self.assert_not_loaded()


if __name__ == "__main__":
    unittest.main()
