"""Options of 64 bits arrive whole at the real libcurl, with the library as without it."""

import os
import re
import unittest

from client_test import BEARER_A, BUILD
from reach import CONTENT, ReachTest

PROGRAM = os.path.join(BUILD, "bin/large_options")
OURS = re.compile(r"Authorization: Bearer \[synauth\]\n")
GIB = 1 << 30


class LargeOptions(ReachTest):
    def run_client(self, preload):
        result = self.run_program([PROGRAM, self.server.ca, self.local()], self.environment(preload))
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout

    def test_values_beyond_32_bits_arrive_with_and_without_the_library(self):
        bare, ours = self.run_client(False), self.run_client(True)
        self.assertEqual(len(OURS.findall(ours)), 10)
        self.assertEqual(OURS.sub("", ours), bare)
        for expected, count in ((f"\nRange: bytes={5 * GIB}-\n", 2),
                                (f"\nContent-Length: {6 * GIB}\n", 2),
                                (f"result 0 status 200 received {len(CONTENT)}\n", 4),
                                ("result 63 status 200 received 0\n", 2),  # larger than 1
                                ("option 0\n", 10), ("multi 0 0 0 0\n", 1)):
            self.assertEqual(bare.count(expected), count, (expected, bare))

    def test_every_request_has_the_token(self):
        self.run_client(True)
        self.assertEqual(self.authorizations(), [("https", BEARER_A)] * 10)


if __name__ == "__main__":
    unittest.main(verbosity=2)
