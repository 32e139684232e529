"""What is only true of musl: its loader, its look-ups, and two libcs on one machine."""

import subprocess
import unittest
from pathlib import Path

from client_test import BEARER_A, BUILD, CURL, PRELOAD, PROGRAM, synauth_lines
from reach import ReachTest

BIN = Path(BUILD) / "bin"
LOADER = next(Path("/lib").glob("ld-musl-*.so.1"))


class Musl(ReachTest):
    def linkage(self, way="now"):
        """One easy and one multi transfer on each route."""
        return [BIN / f"linkage_{way}", self.server.ca, *self.ways()]


class Binding(Musl):
    def test_each_kind_of_linkage_carries_the_token(self):
        for kind in ("now", "lazy", "no_plt", "address"):
            with self.subTest(kind=kind):
                self.assertEqual(self.run_both(self.linkage(kind)).stdout, "0\n" * 5)
                self.assert_ways(2)

    def test_plugin_carries_the_token(self):
        for flags in ("local", "global"):
            with self.subTest(flags=flags):
                self.run_both([BIN / "host", flags, Path(BUILD) / "lib/plugin.so", self.server.ca,
                               *self.ways()])
                self.assert_ways()

    def test_functions_looked_up_on_a_handle_carry_the_token(self):
        """Opened and closed several times; musl keeps what it has loaded."""
        libcurl = Path(CURL[0]).resolve().parent.parent / "lib/libcurl.so.4"
        for port, sent in (("https", BEARER_A), ("https_other", None)):
            result = self.run_both([BIN / "reopen", self.server.ca, self.local(port), libcurl])
            self.assertEqual(set(result.stdout.split()), {"0"})
            self.assertEqual(self.authorizations(), [(port, sent)] * 12)

    def test_program_started_by_the_loader_carries_the_token(self):
        self.run_both([LOADER, *self.linkage()])
        self.assert_ways(2)


class Resolver(Musl):
    """The libraries as built for glibc: the resolver among them is no use here."""

    def environment(self, preload=True, **more):
        if preload:
            more["LD_PRELOAD"] = str(Path(BUILD) / "tests/ports/one_object/lib/libsynauth_preload.so")
        return super().environment(preload, **more)

    def test_of_musl_is_found_by_the_loaders_search(self):
        self.run_both(self.linkage(), LD_LIBRARY_PATH=str(Path(BUILD) / "lib"))
        self.assert_ways(2)

    def test_of_glibc_is_missed_once(self):
        result = self.run_program(self.linkage())
        self.assertEqual((result.returncode, result.stdout), (0, "0\n" * 5))
        self.assertEqual(len(synauth_lines(result)), 1, result.stderr)
        self.assertIn("libsynauth.so.1 cannot be loaded: ", result.stderr)
        self.assertEqual({value for _, value in self.sent()}, {None})


class CommandLine(Musl):
    def test_run_brings_the_token(self):
        result = self.run_program([PROGRAM, "run", "--strict", "--", "curl", "-q", "-sS", self.local(),
                                   self.local("https_other")], self.environment(preload=False))
        self.assert_ok(result)
        self.assertEqual(self.sent(), [("L", BEARER_A), ("L2", None)])

    def test_explain_says_what_will_be_sent(self):
        for port, decision in (("https", "decision  send"), ("https_other", "decision  none")):
            result = self.run_program([PROGRAM, "explain", self.local(port)],
                                      self.environment(preload=False))
            self.assertIn(decision, result.stdout)


class Object(unittest.TestCase):
    def test_needs_libc_only(self):
        listing = subprocess.run(["readelf", "-dW", PRELOAD], check=True, capture_output=True,
                                 text=True).stdout
        needed = [line.split("[")[1].rstrip("]") for line in listing.splitlines() if "(NEEDED)" in line]
        self.assertIn(needed, (["libc.so"], ["libc.so.6"]))
        self.assertIn("BIND_NOW", listing)


if __name__ == "__main__":
    unittest.main(verbosity=2)
