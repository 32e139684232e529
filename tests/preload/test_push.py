"""Handles that libcurl makes for an HTTP/2 push: copies of a handle that may carry our header."""

import os
import unittest

from client_test import BEARER_A, BEARER_C
from reach import ReachTest

PROGRAM = os.path.join(os.environ.get("SYNAUTH_TEST_BUILD", ""), "bin/client_push")


class Push(ReachTest):
    def push(self, way):
        result = self.run_program(
            [PROGRAM, self.server.ca, *(self.server.url(target) for target in ("A", "B", "C", "Ah")),
             self.server.url("A", "/push"), way])
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        # The server makes the pushed request itself, without the client's headers.
        return [record for record in self.server.requests() if record["path"] != "/git/file.txt"]

    def test_pushed_handle_outlives_its_parent(self):
        parents = [("A", BEARER_A)] * 2
        self.assert_sent(parents, self.push("deny"))
        self.assert_sent(parents + [("B", None), ("A", BEARER_A), ("C", BEARER_C)],
                         self.push("accept"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
