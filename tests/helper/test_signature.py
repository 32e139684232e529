"""Requests signed with an API key, under an unchanged curl: what arrives, and where nothing may."""

import base64
import hashlib
import hmac
import http.server
import unittest

from client_test import ClientTest, synauth_lines, write_file
from tls_server import TlsServer

KEY = base64.b64encode(b"0123456789" * 6).decode()
NAMES = ("userId", "signatureTimestamp", "signature")


class Recorder:
    """One more TLS server on loopback: keeps paths and headers, redirects /to/URL."""

    def __init__(self, certificates):
        seen = self.seen = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                seen.append((self.headers["Host"].split(":")[0], self.path, dict(self.headers)))
                target = self.path.partition("/to/")[2]
                self.send_response(302 if target else 200)
                if target:
                    self.send_header("Location", target)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = TlsServer(Handler, certificates)
        self.port = self._server.port

    def close(self):
        self._server.stop()


class Signature(ClientTest):
    def setUp(self):
        super().setUp()
        self.recorder = Recorder(self.server.certificates)
        self.addCleanup(self.recorder.close)
        self.synapse_config.write_text(f"[authentication]\nusername = alice\napikey = {KEY}\n")
        write_file(self.configuration, f'rules = ({{ match = "synapse.test:{self.recorder.port}"; '
                                       'service = "synapse"; });\n')

    def url(self, path, host="synapse.test"):
        return f"https://{host}:{self.recorder.port}{path}"

    def assert_signed(self, headers, path):
        self.assertNotIn("Authorization", headers)
        self.assertEqual(headers["userId"], "alice")
        self.assertRegex(headers["signatureTimestamp"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$")
        text = "alice" + path + headers["signatureTimestamp"]
        expected = hmac.new(base64.b64decode(KEY), text.encode(), hashlib.sha1).digest()
        self.assertEqual(headers["signature"], base64.b64encode(expected).decode())

    def assert_bare(self, headers):
        for name in (*NAMES, "Authorization"):
            self.assertNotIn(name, headers)

    def test_each_request_has_its_own_signature(self):
        paths = ["/repo/v1/userProfile", "/a%20b;x=1/c"]
        result = self.curl(*(self.url(path) + "?q=/x" for path in paths), self.url("/z", "other.test"))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(len(synauth_lines(result)), 1)
        self.assertIn("API keys are deprecated", result.stderr)
        for path, (_, _, headers) in zip(paths, self.recorder.seen):
            self.assert_signed(headers, path)
        self.assert_bare(self.recorder.seen[2][2])

    def test_redirect_does_not_take_it_to_another_host(self):
        for options in (["-L"], ["--location-trusted"]):
            self.recorder.seen.clear()
            away = "/to/" + self.url("/away", "other.test")
            self.curl(*options, self.url(away))
            (_, _, first), (host, _, second) = self.recorder.seen
            self.assert_signed(first, away)
            self.assertEqual(host, "other.test")
            self.assert_bare(second)

    def test_redirect_on_the_same_host_is_signed_anew(self):
        self.curl("-L", self.url("/to/" + self.url("/next")), self.url("/third", "other.test"))
        self.assert_signed(self.recorder.seen[1][2], "/next")
        self.assert_bare(self.recorder.seen[2][2])

    def test_redirect_from_elsewhere_is_signed(self):
        self.curl("-L", self.url("/to/" + self.url("/here"), "other.test"))
        self.assert_bare(self.recorder.seen[0][2])
        self.assert_signed(self.recorder.seen[1][2], "/here")

    def test_path_in_doubt_is_not_signed(self):
        self.curl("--path-as-is", self.url("/a/../b"))
        self.assert_bare(self.recorder.seen[0][2])
        self.curl("--request-target", "/other", self.url("/a"))
        self.assert_bare(self.recorder.seen[1][2])

    def test_programs_own_headers_stay_and_own_credentials_win(self):
        self.curl("-H", "X-Mine: 1", self.url("/a"))
        headers = self.recorder.seen[0][2]
        self.assert_signed(headers, "/a")
        self.assertEqual(headers["X-Mine"], "1")
        self.curl("-H", "userId: me", self.url("/a"))
        self.assertEqual(self.recorder.seen[1][2]["userId"], "me")
        self.assertNotIn("signature", self.recorder.seen[1][2])

    def test_signature_does_not_show_in_verbose_output(self):
        result = self.curl("-v", self.url("/a"))
        signature = self.recorder.seen[0][2]["signature"]
        self.assertIn("> signature: [synauth]", result.stderr)
        self.assertIn("> userId: alice", result.stderr)
        self.assertNotIn(signature, result.stderr)

    def test_bad_key_is_unusable_and_never_shown(self):
        self.synapse_config.write_text("[authentication]\nusername = alice\napikey = no-base64!\n")
        result = self.curl(self.url("/a"))
        self.assert_bare(self.recorder.seen[0][2])
        self.assertIn("no base64", result.stderr)
        self.assertNotIn("no-base64!", result.stderr)


if __name__ == "__main__":
    unittest.main()
