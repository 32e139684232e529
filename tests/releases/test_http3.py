"""HTTP/3: sid's curl against sid's nginx, with and without redirects between hosts."""

import itertools
import subprocess
import unittest

import redirects
from client_test import BEARER_A, BEARER_C, RUNNER, ClientTest, synauth_lines
from web_server import WebServer

TARGETS = ("A", "B", "A2", "C")


class QuicServer(WebServer):
    """The nginx of the root. TCP is there for what waits for it; nobody here asks for it."""

    def _configuration(self):
        text = super()._configuration()
        for port in (self.https, self.https_other):
            text = text.replace(f"listen 127.0.0.1:{port} ssl http2;",
                                f"listen 127.0.0.1:{port} quic; listen 127.0.0.1:{port} ssl;")
        return text

    def _start_once(self, error_log):
        configuration = self.directory / "nginx.conf"
        configuration.write_text(self._configuration())
        with open(error_log, "ab") as errors:
            self._process = subprocess.Popen(
                [*RUNNER, "nginx", "-p", str(self.directory), "-e", str(error_log), "-c", str(configuration)],
                stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)


class Http3(ClientTest):
    server_class = QuicServer

    def fetch(self, *arguments):
        result = self.curl("--http3-only", *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(synauth_lines(result), [])
        records = self.server.requests()
        self.assertEqual({record["protocol"] for record in records}, {"HTTP/3.0"})
        return records, result

    def test_configured_hosts_get_their_token_and_others_none(self):
        records, _ = self.fetch(*(self.server.url(target) for target in TARGETS))
        self.assert_sent([("A", BEARER_A), ("B", None), ("A2", None), ("C", BEARER_C)], records)

    def test_parallel_streams_get_their_own_token(self):
        paths = [("A", BEARER_A), ("B", None), ("C", BEARER_C)] * 10
        records, _ = self.fetch("-Z", *(self.server.url(target, f"/{number}")
                                        for number, (target, _) in enumerate(paths)))
        self.assert_sent(paths, sorted(records, key=lambda record: int(record["path"][1:])))

    def test_own_credentials_win(self):
        records, _ = self.fetch("-H", "Authorization: Bearer mine", self.server.url("A"))
        self.assert_sent([("A", "Bearer mine")], records)

    def test_verbose_output_shows_no_token(self):
        _, result = self.fetch("-v", self.server.url("A"))
        self.assertIn("authorization: bearer [synauth]", result.stderr.lower())

    def check_redirects(self, method, trust):
        chains = list(itertools.product(TARGETS, repeat=3))
        options, status = redirects.METHODS[method]
        records, _ = self.fetch(*redirects.TRUST[trust], *options,
                                *(self.server.url(chain[0], redirects.chain_path(number, chain, status))
                                  for number, chain in enumerate(chains)))
        requests = [[] for _ in chains]
        for record in records:
            requests[int(record["path"].split("/")[1])].append(
                (self.target_of(record), record["method"], record["authorization"] or None))
        for chain, got in zip(chains, requests):
            self.assertEqual(got, redirects.expected_requests(chain, method, trust), chain)

    def test_redirects_between_hosts(self):
        for method, trust in itertools.product(redirects.METHODS, redirects.TRUST):
            with self.subTest(method=method, trust=trust):
                self.check_redirects(method, trust)


if __name__ == "__main__":
    unittest.main(verbosity=2)
