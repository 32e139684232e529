"""Every option with every kind of odd value: libcurl answers, and crashes, as without the library."""

import os
import re
import unittest

from client_test import BEARER_A, ClientTest

PROGRAM = os.path.join(os.environ.get("SYNAUTH_TEST_BUILD", ""), "bin", "option_values")


class OptionValues(ClientTest):
    patience = 600  # one run makes some thousand processes

    def answers(self, section, preload):
        result = self.run_program(
            [PROGRAM, self.server.ca,
             *(self.server.url(target) for target in ("A", "B", "C", "Ah")), section],
            # A sanitizer takes its time to report what is expected here.
            self.environment(preload, ASAN_OPTIONS="detect_leaks=0:handle_segv=0:handle_sigbus=0"))
        self.assertEqual(result.returncode, 0, result.stderr)
        # Where a crash is seen first, in libcurl, here or by a sanitizer, gives it its number.
        lines = re.sub(r" ends \d+ \d+$", " ends", result.stdout, flags=re.MULTILINE).splitlines()
        self.assertGreater(len(lines), 40, result.stderr)
        return lines

    def assert_same(self, section):
        without, lines = self.answers(section, False), self.answers(section, True)
        different = [f"{line} with the library, {before}"
                     for before, line in zip(without, lines, strict=True) if line != before]
        self.assertEqual(different, [])
        return lines

    def test_on_a_plain_handle(self):
        lines = self.assert_same("plain")
        self.assertIn("PRIVATE 1: 0 copied gone", lines)
        self.assertTrue(any(line.startswith("URL page: ends") for line in lines))

    def test_on_no_handle(self):
        self.assertIn("PRIVATE 1: 43", self.assert_same("nobody"))

    def test_on_a_handle_that_was_added_and_taken_back(self):
        self.assertIn("PRIVATE 1: 0 0 0 gone", self.assert_same("waiting"))

    def test_in_a_transfer_to_a_configured_host(self):
        before = self.answers("transfer", False)
        requests = len(self.server.requests())
        self.assertEqual(self.answers("transfer", True), before)
        sent = [record["authorization"] for record in self.server.requests()]
        self.assertEqual(sent, [BEARER_A] * requests)
        self.assertGreater(requests, 50)

    def test_in_the_middle_of_a_transfer(self):
        self.assert_same("running")

    def test_options_of_multi_handles(self):
        self.assert_same("multi")

    def test_options_of_shares(self):
        self.assert_same("share")

    def test_every_information(self):
        self.assertIn("info 100015: 0 one null", " ".join(self.assert_same("info")))


if __name__ == "__main__":
    unittest.main(verbosity=2)
