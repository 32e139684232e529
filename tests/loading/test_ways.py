"""Unusual ways to come by libcurl, and processes that have given something up before their first
transfer: a token, or the request as the program made it; never a crash, and a line that says why."""

import os
import unittest

from client_test import BEARER_A, PRELOAD, synauth_lines
from reach import ReachTest

FOLDER = os.path.join(os.environ["SYNAUTH_TEST_BUILD"], "tests/loading")


class Ways(ReachTest):
    def go(self, way, program="ways", **more):
        """The transfers end as they do without us."""
        arguments = [os.path.join(FOLDER, program), way, self.server.ca, *self.ways()]
        bare = self.run_program(arguments, self.environment(preload=False))
        self.assertEqual((bare.returncode, bare.stdout, bare.stderr), (0, "0\n" * 5, ""))
        self.server.requests()
        ours = self.run_program(arguments, self.environment(**more))
        self.assertEqual((ours.returncode, ours.stdout), (0, bare.stdout), ours.stderr)
        return synauth_lines(ours)

    def assert_bare(self):
        sent = self.sent()
        self.assertEqual(len(sent), 7)
        self.assertEqual({value for _, value in sent}, {None})

    def test_ways_that_carry_the_token(self):
        for way, program in (("handle", "ways"), ("again", "ways"), ("default", "ways"),
                             ("itself", "ways_linked"), ("handle", "ways_linked"),
                             ("again", "ways_linked"), ("default", "ways_linked"),
                             ("base", "ways"), ("descriptors", "ways"),
                             ("descriptors", "ways_linked")):
            for more in ({}, {"LD_BIND_NOW": "1"}, {"LD_AUDIT": os.path.join(FOLDER, "audit.so")}):
                with self.subTest(way=way, program=program, more=more):
                    self.assertEqual(self.go(way, program, **more), [])
                    self.assert_ways()

    def test_other_namespace_is_left_alone_and_debug_says_so(self):
        self.assertEqual(self.go("namespace"), [])
        self.assert_bare()
        lines = self.go("namespace", SYNAUTH_LOG="debug")
        self.assertEqual([line for line in lines if "namespace" in line], [
            "synauth: a libcurl in another namespace of the loader (dlmopen) is out of reach: its "
            "requests get no token"])
        self.assert_bare()

    def test_look_up_with_a_version_is_left_alone(self):
        self.assertEqual(self.go("versioned"), [])
        self.assert_bare()

    def test_process_that_may_open_no_more_files(self):
        folder = os.path.dirname(PRELOAD)
        lines = self.go("files")
        self.assertEqual(lines, [
            f"synauth: no token is sent: {folder}/libsynauth.so.1 cannot be loaded: {folder}/"
            "libsynauth.so.1: cannot open shared object file: Operation not permitted; run "
            f"`ldd {folder}/libsynauth.so.1` to see what is missing, or unset LD_PRELOAD"])
        self.assert_bare()

    @unittest.skipUnless(os.geteuid() == 0, "only root may change its root")
    def test_process_that_has_changed_its_root(self):
        lines = self.go("root")
        self.assertEqual(len(lines), 1, lines)
        self.assertIn("libsynauth.so.1 is not beside the preload library, and the loader says: ",
                      lines[0])
        self.assert_bare()


if __name__ == "__main__":
    unittest.main(verbosity=2)
