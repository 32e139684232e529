"""Calls of libcurl inside its callbacks: what it refuses changes nothing, here as there."""

import os
import re
import unittest

from client_test import BEARER_A, LEGACY, ClientTest

PROGRAM = os.path.join(os.environ.get("SYNAUTH_TEST_BUILD", ""), "bin", "refused_calls")
# After these calls the program has settled what is sent.
PROGRAMS_WORD = {"set_header": "Bearer mine", "set_user": "Basic bWU6bWluZQ==", "set_unverified": ""}
# Before which request these are called, nobody knows.
UP_TO_THE_NETWORK = ("closesocket", "timer", "watch")
# An option that changes during a transfer takes the token back where no request is decided anew.
TAKES_BACK = ("perform_with_other_url", "set_debug") if LEGACY else ()


def is_called(outcome):
    return " | called" in outcome


def without_call(outcome):
    """What comes of the transfers themselves."""
    return re.sub(r" \[.*?\]| \|( not)? called", "", outcome)


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
        if case[0] == "closesocket" and is_called(outcome) != is_called(expected):
            self.compare_without_call(case, with_library, without)
            return
        self.assertEqual(outcome, expected)
        self.assertEqual([self.what_of(record) for record in requests],
                         [self.what_of(record) for record in bare])
        for record, own in zip(requests, bare):
            self.judge(case, record, own, own in bare[-2:])

    def compare_without_call(self, case, with_library, without):
        """libcurl waits for the server's goodbye before it closes a connection: when the server is
        slow that is after the transfer, and nothing is called in it. Then the transfers are the same,
        and only the program's own words, or the token at its host, are sent."""
        (outcome, requests), (expected, bare) = with_library, without
        self.assertEqual(without_call(outcome), without_call(expected))
        requests, bare = ([record for record in records if record["path"][1] != "s"]
                          for records in (requests, bare))
        self.assertEqual([self.what_of(record) for record in requests],
                         [self.what_of(record) for record in bare])
        for record, own in zip(requests, bare):
            allowed = {"", own["authorization"], PROGRAMS_WORD.get(case[1], "")}
            if record["host"] == "synapse.test":
                allowed.add(BEARER_A)
            self.assertIn(record["authorization"], allowed)

    @staticmethod
    def what_of(record):
        return record["host"], record["method"], record["path"]

    def judge(self, case, record, own, last):
        """One request: the program's own credentials as they are, the token only where it may go."""
        place, call, _, before = case
        of_handle = record["path"].startswith("/c")
        got, programs = record["authorization"], own["authorization"]
        if place in UP_TO_THE_NETWORK and call in PROGRAMS_WORD and not last:
            self.assertIn(got, {"", BEARER_A, programs, PROGRAMS_WORD[call]})
        elif programs:
            self.assertEqual(got, programs)
        elif record["host"] != "synapse.test" or (before == "unverified" and of_handle):
            self.assertEqual(got, "")
        elif place == "tls_context" or call in PROGRAMS_WORD or \
                (call in TAKES_BACK and of_handle):
            self.assertIn(got, ("", BEARER_A))
        else:
            self.assertEqual(got, BEARER_A)


if __name__ == "__main__":
    unittest.main(verbosity=2)
