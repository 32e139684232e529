"""A program that prints all it can observe prints the same with the library as without it."""

import difflib
import os
import re
import unittest

from client_test import BEARER_A, ClientTest

PROGRAM = os.path.join(os.environ.get("SYNAUTH_TEST_BUILD", ""), "bin/observer")
# What differs between any two runs.
UNSTEADY = [
    (re.compile(r"0x[0-9a-f]+"), "ADDRESS"),
    # The server answers before it has read the body; how much was sent by then is chance.
    (re.compile(r"^info 7 \d+$", re.MULTILINE), "UPLOADED"),
    (re.compile(r"[Dd]ate: [^\\]*"), "date: "),
    (re.compile(r"Connected to (\S+) \((\S+)\) port"), r"Connected to \1 port"),
    (re.compile(r"Using Stream ID: .*"), "Using Stream"),
]
# The one thing it may see of us: that there is a token, not the token.
OURS = re.compile(r"^[Aa]uthorization: Bearer \[synauth\]\n|(\\0d\\0a)?[Aa]uthorization: Bearer \[synauth\](?!\])"
                  r"|^.*\[authorization: Bearer \[synauth\]\].*$\n?", re.MULTILINE)
LENGTH = re.compile(r"^(header out) \d+: ", re.MULTILINE)


class Observer(ClientTest):
    def setUp(self):
        super().setUp()
        folder = self.server.directory / "git"
        folder.mkdir(exist_ok=True)
        (folder / "file").write_text("content\n")

    def observe(self, preload, scenario, mode, http, urls):
        environment = self.environment(preload=preload, SYNAUTH_LOG="off")
        result = self.run_program([PROGRAM, self.server.ca, scenario, mode, http, *urls], environment)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stderr, "")
        text = OURS.sub("", result.stdout) if preload else result.stdout
        text = LENGTH.sub(r"\1: ", text)
        for pattern, replacement in UNSTEADY:
            text = pattern.sub(replacement, text)
        return [line for line in text.splitlines() if line != "UPLOADED"]

    def check(self, scenario, *paths, target="A", sent=BEARER_A):
        urls = [self.server.url(target, path) for path in paths]
        for mode in ("easy", "multi"):
            for http in ("1", "2"):
                with self.subTest(mode=mode, http=http):
                    without = self.observe(False, scenario, mode, http, urls)
                    bare = self.server.requests()
                    self.assertTrue(all(record["authorization"] == "" for record in bare))
                    ours = self.observe(True, scenario, mode, http, urls)
                    records = self.server.requests()
                    got = {record["authorization"] for record in records
                           if self.target_of(record) == target}
                    self.assertEqual(got, set() if sent is None else {sent})
                    self.assertEqual([{**record, "authorization": ""} for record in records], bare)
                    self.assertGreater(len(without), 200)
                    difference = "\n".join(difflib.unified_diff(without, ours, lineterm="", n=0))
                    self.assertFalse(difference, difference)

    def test_plain_request(self):
        self.check("plain", "/git/file")

    def test_host_that_is_not_configured(self):
        self.check("plain", "/git/file", target="B", sent="")

    def test_redirects(self):
        self.check("plain", "/x/302-B/307-A/status-403", "/x/301-A/status-401")

    def test_refused_token(self):
        self.check("plain", "/x/status-401", "/x/status-401")

    def test_error_status_ends_the_transfer(self):
        self.check("fail", "/x/status-401")

    def test_transfer_aborted_by_the_program(self):
        self.check("abort", "/git/file", "/git/file")

    def test_request_refused_by_the_program(self):
        self.check("refuse", "/git/file", sent=None)

    def test_post(self):
        self.check("post", "/x/status-403", "/x/status-401")

    def test_debug_function(self):
        self.check("verbose", "/git/file", "/x/302-B/302-A/status-403")

    def test_debug_output_of_libcurl_itself(self):
        self.check("print", "/git/file", "/x/302-B/302-A/status-403")

    def test_pending_dlerror(self):
        for scenario in ("dlopen", "dlsym", "dlopen-no-library", "dlerror-dropped"):
            self.check(scenario, "/git/file")


if __name__ == "__main__":
    unittest.main(verbosity=2)
