"""A program that prints all it can observe prints the same with the library as without it."""

import difflib
import http.server
import os
import re
import unittest

from client_test import BEARER_A, LEGACY, WITHOUT_TLS_CONTEXT, ClientTest, write_file
from tls_server import TlsServer

FOLDER = os.path.join(os.environ.get("SYNAUTH_TEST_BUILD", ""), "bin")
# What differs between any two runs.
UNSTEADY = [
    (re.compile(r"0x[0-9a-f]+"), "ADDRESS"),
    # The server answers before it has read the body; how much was sent by then is chance.
    (re.compile(r"^info 7 \d+$", re.MULTILINE), "UPLOADED"),
    (re.compile(r"[Dd]ate: [^\\]*"), "date: "),
    (re.compile(r"Connected to (\S+) \((\S+)\) port"), r"Connected to \1 port"),
    (re.compile(r" from (\S+) port \d+"), r" from \1"),
    (re.compile(r"Using Stream ID: .*"), "Using Stream"),
    # Newer libcurls say one or the other, or nothing, by who was faster.
    (re.compile(r"^.*(Request completely sent off|abort upload).*\n", re.MULTILINE), ""),
]
# The one thing it may see of us: that there is a token, not the token.
OURS = re.compile(r"^[Aa]uthorization: Bearer \[synauth\]\n|(\\0d\\0a)?[Aa]uthorization: Bearer \[synauth\](?!\])"
                  r"|^.*\[authorization: Bearer \[synauth\]\].*$\n?", re.MULTILINE)
LENGTH = re.compile(r"^(header out) \d+: ", re.MULTILINE)
POSTED = b"what is posted by a callback\n"
CHUNKS = b"1d\r\n" + POSTED + b"\r\n0\r\nX-Trailer: 1\r\n\r\n"


class ReadsFirst(http.server.BaseHTTPRequestHandler):
    """Takes a body to its end, then sends the client on to /last."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = int(self.headers.get("Content-Length", len(CHUNKS)))
        body = self.rfile.read(length)
        self.server.seen.append((self.path, self.headers.get("Authorization"), body))
        self.send_response(200 if self.path == "/last" else 307)
        self.send_header("Location", "/last")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class ObserverTest(ClientTest):
    program = "observer"
    least_lines = 200

    def setUp(self):
        super().setUp()
        folder = self.server.directory / "git"
        folder.mkdir(exist_ok=True)
        (folder / "file").write_text("content\n")

    def observe(self, preload, scenario, mode, http, urls):
        environment = self.environment(preload=preload, SYNAUTH_LOG="off")
        result = self.run_program([os.path.join(FOLDER, self.program), self.server.ca, scenario,
                                   mode, http, *urls], environment)
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
                    if LEGACY:  # less is sent, and the program has no callback to refuse it
                        self.assertLessEqual(got, {sent or BEARER_A, ""})
                    else:
                        self.assertEqual(got, set() if sent is None else {sent})
                    self.assertEqual([{**record, "authorization": ""} for record in records], bare)
                    self.assert_same(without, ours)

    def assert_same(self, without, ours):
        self.assertGreater(len(without), self.least_lines)
        difference = "\n".join(difflib.unified_diff(without, ours, lineterm="", n=0))
        self.assertFalse(difference, difference)


class Observer(ObserverTest):
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


class Calls(ObserverTest):
    """What libcurl calls, in which order and with what."""

    program = "observer_calls"
    least_lines = 60

    def test_callbacks_of_a_request(self):
        self.check("plain", "/git/file")

    def test_callbacks_of_redirects(self):
        self.check("plain", "/x/302-B/307-A/status-403")

    def test_paused_answer(self):
        self.check("pause", "/git/file")

    def test_options_changed_during_a_transfer(self):
        self.check("change", "/git/302-A/file")

    def test_perform_from_inside_a_callback(self):
        self.check("recursion", "/git/file")

    def test_own_tls_context(self):
        self.check("tls-context", "/git/file", sent=BEARER_A if WITHOUT_TLS_CONTEXT else "")

    def check_post(self, scenario, path, *requests):
        """To a server that reads the body before it answers: what is read when is no chance."""
        server = TlsServer(ReadsFirst, self.server.certificates)
        self.addCleanup(server.stop)
        write_file(self.configuration, f'rules = ({{ match = "synapse.test:{server.port}"; '
                   'service = "synapse"; });')
        for mode in ("easy", "multi"):
            outputs = []
            for preload, expected in ((False, None), (True, BEARER_A)):
                server.seen = []
                outputs.append(self.observe(preload, scenario, mode, "1",
                                            [f"https://synapse.test:{server.port}{path}"]))
                self.assertEqual(server.seen, [(to, expected, body) for to, body in requests])
            self.assert_same(*outputs)

    def test_posted_body_is_read_again_for_a_redirect(self):
        self.check_post("upload", "/first", ("/first", POSTED), ("/last", POSTED))

    def test_body_in_chunks_with_a_trailer(self):
        self.check_post("trailer", "/last", ("/last", CHUNKS))


class Rest(ObserverTest):
    """Odd calls, questions about libcurl, and what a process keeps for itself."""

    program = "observer_rest"
    least_lines = 4

    def test_answers_and_refusals_and_the_process(self):
        self.check("plain", "/git/file")

    def test_connection_of_the_program(self):
        self.check("connect-only", "/git/file", sent="")


if __name__ == "__main__":
    unittest.main(verbosity=2)
