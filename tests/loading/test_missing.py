"""Where our libraries, or what they need, are missing: one line in the loader's own words, with the
file that it is about, and the program runs on."""

import os
import re
import shutil
import subprocess
import unittest
from pathlib import Path

from bare_root import BareRoot, run
from client_test import PRELOAD, PROGRAM

FOLDER = Path(os.environ["SYNAUTH_TEST_BUILD"]) / "tests/loading"
LIBRARIES = Path(PRELOAD).parent
RESOLVER = "libsynauth.so.1"
URL = "http://127.0.0.1:1/"  # where nobody listens
REFUSED = 7


def needed_by(path):
    listing = subprocess.run(["readelf", "-dW", path], capture_output=True, text=True, check=True)
    return [name for name in re.findall(r"\(NEEDED\).*\[(.*)\]", listing.stdout)
            if not name.startswith("libc.")]


class Missing(BareRoot):
    """curl in a root of its own, with our libraries in /opt."""

    preload = "/opt/libsynauth_preload.so"

    def setUp(self):
        super().setUp()
        for program in ("curl", "env"):
            self.take_program(shutil.which(program))
        self.take(PRELOAD, self.preload)

    def assert_said(self, expected):
        """By the library, once, while curl does what it does without it."""
        bare = self.in_root("curl", "-s", URL)
        self.assertEqual((bare.returncode, bare.stdout, bare.stderr), (REFUSED, "", ""))
        ours = self.in_root("env", f"LD_PRELOAD={self.preload}", "curl", "-s", URL)
        self.assertEqual((ours.returncode, ours.stdout, ours.stderr),
                         (REFUSED, "", f"synauth: {expected}\n"))

    def assert_not_loaded(self, words):
        self.assert_said(f"no token is sent: /opt/{RESOLVER} cannot be loaded: {words}; run "
                         f"`ldd /opt/{RESOLVER}` to see what is missing, or unset LD_PRELOAD")

    def test_resolver_itself(self):
        self.assert_said(f"no token is sent: {RESOLVER} is not beside the preload library, and the "
                         f"loader says: {RESOLVER}: cannot open shared object file: No such file or "
                         "directory; install it there or unset LD_PRELOAD")

    def test_library_that_the_resolver_needs(self):
        self.take(FOLDER / "missing" / RESOLVER, f"/opt/{RESOLVER}")
        self.assert_not_loaded("absent.so: cannot open shared object file: No such file or directory")

    def test_each_library_of_the_real_resolver_that_curl_has_not(self):
        for absent in needed_by(LIBRARIES / RESOLVER):
            if [*self.root.rglob(absent)]:
                continue
            with self.subTest(absent=absent):
                self.take_program(LIBRARIES / RESOLVER)
                self.take(LIBRARIES / RESOLVER, f"/opt/{RESOLVER}")
                for path in [*self.root.rglob(absent)]:
                    path.unlink()
                self.assert_not_loaded(
                    f"{absent}: cannot open shared object file: No such file or directory")

    def test_resolver_that_is_no_library(self):
        (self.root / "opt" / RESOLVER).write_text("no library\n")
        self.assert_not_loaded(f"/opt/{RESOLVER}: file too short")

    def test_resolver_that_may_not_be_read_is_not_called_absent(self):
        if os.geteuid() == 0:  # who may read everything
            (self.root / "opt" / RESOLVER).symlink_to(RESOLVER)
            words = "cannot open shared object file: Too many levels of symbolic links"
        else:
            (self.root / "opt" / RESOLVER).touch(mode=0)
            words = "cannot open shared object file: Permission denied"
        self.assert_not_loaded(f"/opt/{RESOLVER}: {words}")


class Outdated(unittest.TestCase):
    """What LD_LIBRARY_PATH brings instead of what we need."""

    def test_path_of_a_cjson_that_is_too_old(self):
        self.assertIn("libcjson.so.1", needed_by(LIBRARIES / RESOLVER))
        said = (f"{FOLDER}/old/libcjson.so.1 is too old: it has no cJSON_ParseWithLengthOpts; take "
                "its folder out of LD_LIBRARY_PATH")
        ours = run("curl", "-s", URL, LD_PRELOAD=PRELOAD, LD_LIBRARY_PATH=f"{FOLDER}/old")
        self.assertEqual((ours.returncode, ours.stdout, ours.stderr),
                         (REFUSED, "", f"synauth: {said}\n"))
        command = run(PROGRAM, "explain", "https://repo-prod.prod.sagebase.org/",
                      LD_LIBRARY_PATH=f"{FOLDER}/old")
        self.assertIn(said, command.stderr)

    def test_path_of_a_library_of_another_kind(self):
        folder = FOLDER / "old/damaged"
        folder.mkdir(exist_ok=True)
        (folder / "libcjson.so.1").write_text("no library\n")
        ours = run("curl", "-s", URL, LD_PRELOAD=PRELOAD, LD_LIBRARY_PATH=str(folder))
        self.assertEqual(ours.returncode, REFUSED)
        self.assertIn(f"{RESOLVER} cannot be loaded: {folder}/libcjson.so.1: file too short;",
                      ours.stderr)


class Pending(unittest.TestCase):
    def test_message_of_the_loader_that_is_pending_stays(self):
        folder = FOLDER / "missing"
        library = folder / "libsynauth_preload.so"
        shutil.copy(PRELOAD, library)
        self.addCleanup(library.unlink)
        bare = run(FOLDER / "pending", URL)
        self.assertEqual((bare.returncode, bare.stderr), (0, ""))
        self.assertIn("libsynauth-test-absent.so", bare.stdout)
        ours = run(FOLDER / "pending", URL, LD_PRELOAD=str(library))
        self.assertEqual((ours.returncode, ours.stdout), (0, bare.stdout))
        self.assertIn("absent.so: cannot open", ours.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
