"""TLS early data (curl 8.13 and newer, with an OpenSSL that has it): no token in it."""

import unittest

from client_test import BEARER_A, ClientTest, synauth_lines
from web_server import WebServer


class EarlyServer(WebServer):
    def _configuration(self):
        return super()._configuration().replace(
            "ssl_certificate_key", "ssl_early_data on; ssl_protocols TLSv1.3; ssl_certificate_key")


class EarlyData(ClientTest):
    server_class = EarlyServer

    def fetch(self, *arguments, urls=3):
        """The Authorization and the bytes of early data of each request to A, and what was said."""
        result = self.curl("--fail", "--tls-earlydata", "--write-out", "%{stderr}early %{tls_earlydata}\n",
                           *arguments, *[self.server.url("A")] * urls)
        self.assertEqual(result.returncode, 0, result.stderr)
        sent = [int(line.split()[1]) for line in result.stderr.splitlines() if line.startswith("early ")]
        records = [record["authorization"] for record in self.server.requests()]
        return list(zip(records, sent)), synauth_lines(result)

    def test_a_request_in_early_data_carries_no_token_and_that_is_said(self):
        # curl shares its TLS sessions, so each further connection may send at once.
        requests, said = self.fetch("--http1.1", "--header", "Connection: close")
        self.assertEqual(requests[0], (BEARER_A, 0))
        for authorization, early in requests[1:]:
            self.assertGreater(early, 0)
            self.assertEqual(authorization, "")
        self.assertEqual(len(said), 1, said)
        self.assertIn("early data", said[0])

    def test_the_same_for_the_hops_of_redirects(self):
        result = self.curl("--tls-earlydata", "--http1.1", "--header", "Connection: close", "--location",
                           *[self.server.url("A", "/case/302-A/302-A")] * 2)
        self.assertEqual(result.returncode, 0, result.stderr)
        records = [record["authorization"] for record in self.server.requests()]
        first, second = records[:3], records[3:]
        self.assertEqual(first, [BEARER_A, "", ""])
        self.assertEqual(second[1:], ["", ""])  # the first of it depends on the sessions that are left

    def test_without_the_option_every_request_has_it(self):
        result = self.curl("--http1.1", "--header", "Connection: close", *[self.server.url("A")] * 3)
        self.assert_ok(result)
        self.assert_sent([("A", BEARER_A)] * 3)

    def test_a_connection_that_is_used_again_is_past_that(self):
        requests, said = self.fetch("--http1.1")
        self.assertEqual(requests, [(BEARER_A, 0)] * 3)
        self.assertEqual(said, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
