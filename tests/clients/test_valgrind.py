"""The curl run under valgrind's memcheck: no error, nothing lost, no descriptor left."""

import unittest

from client_test import BEARER_A, BEARER_C, ClientTest

VALGRIND = ["valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full",
            "--errors-for-leak-kinds=definite,indirect,possible"]


class Memcheck(ClientTest):
    def memcheck(self, *arguments):
        result = self.run_program(
            [*VALGRIND, "curl", "-q", "-sS", "--connect-to", "::127.0.0.1:", *arguments])
        self.assertNotIn("==", result.stderr, result.stderr)
        self.assert_ok(result)

    def test_requests_and_redirects(self):
        self.memcheck("-L", self.server.url("A"), self.server.url("B", "/case/302-A/302-C"))
        self.assert_sent([("A", BEARER_A), ("B", None), ("A", BEARER_A), ("C", BEARER_C)])

    def test_parallel_requests(self):
        self.memcheck("-Z", *(self.server.url(target) for target in "ABC"))
        self.assertEqual(len(self.server.requests()), 3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
