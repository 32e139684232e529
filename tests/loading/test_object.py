"""The preload library as an object: what it asks of a system, and where it loads."""

import os
import re
import shutil
import unittest
from pathlib import Path

from bare_root import BareRoot, run
from client_test import PRELOAD

HERE = Path(__file__).parent
FOLDER = Path(os.environ.get("SYNAUTH_TEST_BUILD", "")) / "tests/loading"
NEWEST_GLIBC = (2, 17)
LINKED = """\
https://configured.test/{how} timeout 77 large 81985529216486895
{header}0
https://other.test/ timeout 0 large 0
0
https://configured.test/{how} timeout 77 large 81985529216486895
{header}0
"""
PUSHED = """\
https://configured.test/parent timeout 0 large 0
{header}push denied
https://configured.test/parent timeout 0 large 0
{header}push accepted
https://configured.test/parent timeout 0 large 0
{header}0
https://other.test/pushed timeout 0 large 0
0
"""
HEADER = "  Authorization: Bearer stand-in\n"


def readelf(*options):
    result = run("readelf", "-W", *options, PRELOAD)
    if result.returncode != 0:
        raise RuntimeError(result.stderr)
    return result.stdout


class Object(unittest.TestCase):
    def test_it_needs_libc_alone(self):
        needed = re.findall(r"\(NEEDED\).*\[(.*)\]", readelf("-d"))
        self.assertEqual(needed, ["libc.so.6"])

    def test_it_needs_no_new_glibc(self):
        versions = re.findall(r"Name: (\S+)", readelf("-V").split(".gnu.version_r")[1])
        self.assertTrue(versions)
        for version in versions:
            name, _, number = version.partition("_")
            self.assertEqual(name, "GLIBC")
            self.assertLessEqual(tuple(map(int, number.split("."))), NEWEST_GLIBC, version)

    def test_it_exports_what_is_listed(self):
        symbols = [line.split() for line in readelf("--dyn-syms").splitlines()]
        exported = sorted(words[7] for words in symbols
                          if len(words) == 8 and words[4] in ("GLOBAL", "WEAK")
                          and words[6] != "UND")
        self.assertEqual(exported, (HERE / "exports.txt").read_text().split())

    def test_it_is_bound_at_once_and_stays_in_memory(self):
        dynamic = readelf("-d")
        self.assertRegex(dynamic, r"BIND_NOW")
        self.assertRegex(dynamic, r"NODELETE")
        self.assertNotIn("TEXTREL", dynamic)
        self.assertRegex(readelf("-l"), r"GNU_RELRO")
        self.assertRegex(readelf("-l"), r"GNU_STACK.* RW ")

    def test_checked_and_compiler_functions_are_not_asked_for(self):
        """musl has no __*_chk; nothing of the compiler's own library is at hand in a container."""
        wanted = set(re.findall(r" UND (\S+?)(?:@\S+)?(?: \(\d+\))?$", readelf("--dyn-syms"), re.M))
        self.assertIn("dl_iterate_phdr", wanted)
        self.assertEqual([name for name in wanted if name.endswith("_chk")], [])
        self.assertEqual([name for name in wanted
                          if name.startswith("__") and name not in
                          ("__environ", "__errno_location", "__stack_chk_fail",
                           "__cxa_finalize", "__gmon_start__")], [])


class BareContainer(BareRoot):
    def test_every_program_starts(self):
        self.take(PRELOAD)
        for path in ("/bin/true", "/bin/echo", "/bin/sh"):
            self.take_program(path)
        for arguments in (["/bin/true"], ["/bin/echo", "hello"],
                          ["/bin/sh", "-c", "/bin/echo hello"]):
            bare = self.in_root(*arguments)
            self.assertEqual(bare.returncode, 0, bare.stderr)
            for more in ({}, {"LD_BIND_NOW": "1"}):
                ours = self.in_root(*arguments, LD_PRELOAD=PRELOAD, **more)
                self.assertEqual((ours.returncode, ours.stdout, ours.stderr),
                                 (0, bare.stdout, ""))


class StandIns(unittest.TestCase):
    @staticmethod
    def transcript(header):
        return "".join(LINKED.format(how=how, header=header)
                       for how in ("linked", "looked-up")) + PUSHED.format(header=header)

    def check(self, kind, library):
        program = FOLDER / kind / "client"
        path = str(FOLDER / kind)
        bare = run(program, LD_LIBRARY_PATH=path)
        plain, ours_says = (self.transcript(text) for text in ("", HEADER))
        self.assertEqual((bare.returncode, bare.stdout, bare.stderr), (0, plain, ""))
        ours = run(program, LD_LIBRARY_PATH=path, LD_PRELOAD=str(library))
        self.assertEqual((ours.returncode, ours.stdout, ours.stderr), (0, ours_says, ""))

    def beside(self, kind):
        """A copy of the library beside the stand-in for the resolver."""
        library = FOLDER / kind / "resolver/libsynauth_preload.so"
        shutil.copy(PRELOAD, library)
        self.addCleanup(library.unlink)
        return library

    def test_libcurl_whose_own_calls_go_past_us(self):
        for kind in ("native", "symbolic"):
            self.check(kind, self.beside(kind))

    def test_libcurls_that_come_and_go_in_other_threads(self):
        """Each request carries the token, and a fork at any moment has a child that works."""
        folder = FOLDER / "unloaded"
        libraries = [folder / f"libcurl_{which}.so" for which in ("kept", "first", "second")]
        result = run(FOLDER / "unload", "300", folder / "unload_plugin.so", *libraries,
                     LD_PRELOAD=str(self.beside("native")))
        self.assertEqual(result.returncode, 0, result.stderr)
        lines = result.stdout.splitlines()
        count = lines.count("  Authorization: Bearer stand-in")
        self.assertEqual(count, 5 * 300 + 1)
        self.assertEqual(result.stderr, f"{count} requests\n")

    def test_first_transfer_beside_a_constructor_that_makes_one_ends(self):
        """The constructor holds the loader's lock and waits, no more than some seconds, for the
        thread that opens the resolver and so waits for that lock."""
        result = run(FOLDER / "constructor", FOLDER / "unloaded/constructor_library.so",
                     LD_PRELOAD=str(self.beside("native")))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout.count(HEADER), 2)
        self.assertIn("another thread's first transfer hangs", result.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
