"""Calls of libcurl inside its callbacks: what it refuses changes nothing, here as there."""

import os
import unittest

from client_test import BEARER_A, ClientTest

PROGRAM = os.path.join(os.environ.get("SYNAUTH_TEST_BUILD", ""), "bin", "refused_calls")
# After these calls the program has settled what is sent.
PROGRAMS_WORD = {"set_header": "Bearer mine", "set_user": "Basic bWU6bWluZQ==", "set_unverified": ""}


class RefusedCalls(ClientTest):
    maxDiff = None

    def run_calls(self, preload, *arguments):
        result = self.run_program(
            [PROGRAM, self.server.ca,
             *(self.server.url(target) for target in ("A", "B", "C", "Ah")), *arguments],
            self.environment(preload))
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.splitlines()

    def play(self, place, preload):
        """By the name of each case its outcome and its requests."""
        lines = self.run_calls(preload, place)
        requests = {}  # those of the handle, of the other one and of the spare one by themselves
        for record in sorted(self.server.requests(), key=lambda record: record["path"][1]):
            requests.setdefault(record["path"].split("/")[1][1:], []).append(record)
        cases = {}
        for line in lines:
            name, outcome = line.split(":", 1)
            number, name = name.split(" ", 1)
            cases[name] = outcome, requests.get(number[1:], [])
        return cases

    def test_in_every_callback(self):
        places = self.run_calls(False)
        self.assertEqual(len(places), 17)
        for place in places:
            without, cases = self.play(place, False), self.play(place, True)
            self.assertEqual(cases.keys(), without.keys())
            for name, (outcome, requests) in cases.items():
                with self.subTest(name):
                    self.compare(name.split(), (outcome, requests), without[name])

    def compare(self, case, with_library, without):
        outcome, requests = with_library
        expected, bare = without
        self.assertEqual(outcome, expected)
        self.assertEqual([self.what_of(record) for record in requests],
                         [self.what_of(record) for record in bare])
        for record, own in zip(requests, bare):
            self.judge(case, record, own, own in bare[-2:])

    @staticmethod
    def what_of(record):
        return record["host"], record["method"], record["path"]

    def judge(self, case, record, own, last):
        """One request: the program's own credentials as they are, the token only where it may go."""
        place, call, _, before = case
        of_handle = record["path"].startswith("/c")
        got, programs = record["authorization"], own["authorization"]
        if place == "closesocket" and call in PROGRAMS_WORD and not last:
            # When a connection is closed is up to the network.
            self.assertIn(got, {"", BEARER_A, programs, PROGRAMS_WORD[call]})
        elif programs:
            self.assertEqual(got, programs)
        elif record["host"] != "synapse.test" or (before == "unverified" and of_handle):
            self.assertEqual(got, "")
        elif place == "tls_context" or call in PROGRAMS_WORD:
            self.assertIn(got, ("", BEARER_A))
        else:
            self.assertEqual(got, BEARER_A)


if __name__ == "__main__":
    unittest.main(verbosity=2)
