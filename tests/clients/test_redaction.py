"""No piece of a token shows in what programs print or keep of their requests."""

import os
import random
import re
import socket
import string
import threading
import time
import unittest

from client_test import ClientTest, write_file

OBSERVER = os.path.join(os.environ.get("SYNAUTH_TEST_BUILD", ""), "bin/observer")
LENGTHS = (29, 2100, 8192)
PROTOCOLS = ("--http1.1", "--http2")
WINDOW = 8
HEX_LINE = re.compile(rb"^[0-9a-f]{4,}: ((?:[0-9a-f]{2} )+)", re.MULTILINE)
ASCII_LINE = re.compile(rb"^[0-9a-f]{4,}: (.*)\n", re.MULTILINE)

# A client whose socket takes little at a time; prints each piece of its debug callback.
PIECES = """
import pycurl, socket, sys
def small(*arguments):
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2048)
    return made
curl = pycurl.Curl()
curl.setopt(pycurl.URL, sys.argv[1])
curl.setopt(pycurl.OPENSOCKETFUNCTION, small)
curl.setopt(pycurl.VERBOSE, 1)
def show(kind, data):
    print(kind, data, flush=True)
    if kind in (2, 4):
        open(sys.argv[2], "w").close()
curl.setopt(pycurl.DEBUGFUNCTION, show)
curl.setopt(pycurl.WRITEFUNCTION, lambda data: None)
curl.perform()
"""


def make_token(length):
    """No two windows of it are alike."""
    return "".join(random.Random(length).choices(string.ascii_letters + string.digits, k=length))


class SlowServer:
    """Reads nothing of its one request before `begun` is there: its sender must wait. Plain HTTP."""

    def __init__(self, begun):
        self._begun = begun

    def __enter__(self):
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(4)
        self.port = self._listener.getsockname()[1]
        self.request = b""
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _serve(self):
        connection, _ = self._listener.accept()
        with connection:
            while not self._begun.exists():
                time.sleep(0.01)
            while not self.request.endswith(b"\r\n\r\n"):
                data = connection.recv(1024)
                if not data:
                    return
                self.request += data
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


class Redaction(ClientTest):
    def use_token(self, length):
        token = make_token(length)
        write_file(self.synapse_config, f"[authentication]\nauthtoken = {token}\n")
        return token

    def assert_hidden(self, token, shown):
        shown = shown if isinstance(shown, bytes) else shown.encode()
        self.assertIn(b"[synauth]", shown)
        windows = {shown[i:i + WINDOW] for i in range(len(shown))}
        self.assertEqual([], [token[i:i + WINDOW] for i in range(len(token) - WINDOW + 1)
                              if token[i:i + WINDOW].encode() in windows])

    def assert_arrived(self, token, count):
        self.assertEqual([record["authorization"] for record in self.server.requests()
                          if self.target_of(record) == "A"], [f"Bearer {token}"] * count)

    def test_curl_verbose_and_traces(self):
        for length in LENGTHS:
            token = self.use_token(length)
            for protocol in PROTOCOLS:
                with self.subTest(length=length, protocol=protocol):
                    # Two requests with a token in one transfer, none of which is echoed.
                    url = self.server.url("A", "/case/302-A/302-B")
                    options = ("-L", "-o", "/dev/null", protocol, url)
                    self.assert_hidden(token, self.curl("-v", *options).stderr)
                    trace = self.curl("--trace", "-", *options).stdout.encode()
                    dumped = b"".join(bytes.fromhex(line.decode()) for line in HEX_LINE.findall(trace))
                    self.assert_hidden(token, dumped)
                    trace = self.curl("--trace-ascii", "-", *options).stdout.encode()
                    self.assert_hidden(token, trace + b"".join(ASCII_LINE.findall(trace)))
                    self.assert_arrived(token, 6)

    def test_libcurl_prints_by_itself_or_by_a_debug_function(self):
        for length in LENGTHS:
            token = self.use_token(length)
            for protocol in ("1", "2"):
                for scenario in ("print", "verbose"):
                    for mode in ("easy", "multi"):
                        with self.subTest(length=length, protocol=protocol, scenario=scenario, mode=mode):
                            result = self.run_program(
                                [OBSERVER, self.server.ca, scenario, mode, protocol,
                                 self.server.url("A", "/case/302-A/status-403")])
                            self.assert_hidden(token, result.stdout)
                            self.assert_arrived(token, 4)  # the handle and its copy

    def test_header_block_that_is_sent_in_pieces(self):
        token = make_token(8192)
        begun = self.home / "begun"
        with SlowServer(begun) as server:
            rule = (f'{{ match = "http://localhost:{server.port}"; service = "cave"; '
                    'token_env = "DEV_TOKEN"; }')
            write_file(self.configuration, f"rules = ({rule});\n")
            environment = self.environment(DEV_TOKEN=token)
            result = self.run_program(["/usr/bin/python3", "-c", PIECES,
                                       f"http://localhost:{server.port}/", begun], environment)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn(f"Authorization: Bearer {token}\r\n".encode(), server.request)
        self.assert_hidden(token, result.stdout)
        sent = [line for line in result.stdout.splitlines() if line.startswith(("2 ", "4 "))]
        self.assertGreater(len(sent), 1, "the header block went out in one piece")


if __name__ == "__main__":
    unittest.main(verbosity=2)
