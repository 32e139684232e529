"""Requests that libcurl makes again over HTTP/2: decided again, and with one header."""

import unittest

from client_test import BEARER_A, LEGACY, ClientTest, write_file
from refusing_server import ONLY_HTTP1, REFUSED, RefusingServer

RULES = """\
rules = (
  {{ match = "synapse.test:{port}"; service = "synapse"; }},
  {{ match = "cave.test:{port}"; service = "cave"; }}
);
"""


class Again(ClientTest):
    def setUp(self):
        super().setUp()
        self.refusing = self.enterContext(RefusingServer(self.server.certificates))
        write_file(self.configuration, RULES.format(port=self.refusing.port))

    def fetch(self, refusal, *arguments, host="synapse.test"):
        """What each request says by Authorization: a list of values for each."""
        self.refusing.refusal = refusal
        self.assert_ok(self.curl("--http2", "--fail", *arguments,
                                 f"https://{host}:{self.refusing.port}/case"))
        return [[value for name, value in fields if name == "authorization"]
                for fields in self.refusing.requests()]

    def test_refused_streams(self):
        for times in (1, 2):
            self.assertEqual(self.fetch((REFUSED, times)), [[BEARER_A]] * (times + 1))
            self.assertEqual(self.fetch((REFUSED, times), host="other.test"), [[]] * (times + 1))
            self.assertEqual(self.fetch((REFUSED, times), "--header", "Authorization: mine"),
                             [["mine"]] * (times + 1))

    def test_only_http1(self):
        self.assertEqual(self.fetch((ONLY_HTTP1, 1)), [[BEARER_A]] * 2)
        self.assertEqual(self.fetch((ONLY_HTTP1, 1), host="other.test"), [[]] * 2)
        self.assertEqual(self.fetch((ONLY_HTTP1, 1), "--header", "Authorization: mine"), [["mine"]] * 2)

    def test_it_is_decided_again(self):
        for refusal in (REFUSED, ONLY_HTTP1):
            self.refusing.refusal = (refusal, 1)
            result = self.curl("--http2", f"https://cave.test:{self.refusing.port}/case",
                               environment=self.environment(SYNAUTH_LOG="debug"))
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(result.stderr.count("token sent"), 1 if LEGACY else 2, result.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
