"""Ways to a host that are not the plain one: curl's own options, without and with the library."""

import base64
import contextlib
import re
import socket
import ssl
import subprocess
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from client_test import BEARER_A, BEARER_C, write_file
from reach import CONTENT, ReachTest
from web_server import free_ports, wait_for_port

FILE = "/git/file.txt"


def without_speed(text):
    """curl -Z shows its meter although -s says not to, and how fast it was is chance."""
    return re.sub(r"(--:--|\d*:\d\d:\d\d).*", "", text)


def dns_answer(question):
    """Every name is at 127.0.0.1, and has no IPv6 address."""
    is_ipv4 = question[-4:-2] == b"\0\1"
    header = question[:2] + b"\x81\x80" + b"\0\1" + (b"\0\1" if is_ipv4 else b"\0\0") + b"\0" * 4
    answer = b"\xc0\x0c" + b"\0\1\0\1" + b"\0\0\0\x3c" + b"\0\4" + bytes((127, 0, 0, 1))
    return header + question[12:] + (answer if is_ipv4 else b"")


class QuietHandler(BaseHTTPRequestHandler):
    """Answers by path and notes the Authorization header of each request."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        value = self.headers.get("Authorization")
        self.server.seen.append((self.command, self.path, value))
        if self.path == "/digest" and not (value or "").startswith("Digest "):
            return self.answer(401, ("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth"'))
        if self.path == FILE:
            return self.answer(200, ("Alt-Svc", f'h2="localhost:{self.server.other}"; ma=1000'))
        if self.path == "/cookie":
            return self.answer(200, ("Set-Cookie", "taste=sweet; Path=/; Secure"))
        if self.path == "/hsts":
            return self.answer(200, ("Strict-Transport-Security", "max-age=1000"))
        return self.answer(200)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/dns-query":
            self.server.asked.append(self.headers.get("Authorization"))
            return self.answer(200, ("Content-Type", "application/dns-message"),
                               body=dns_answer(body))
        self.server.bodies.append((self.headers.get("Expect"), len(body)))
        self.do_GET()

    def answer(self, status, *headers, body=CONTENT.encode()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class CurlWays(ReachTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cls.server.certificates.certificate, cls.server.certificates.key)
        cls.service = ThreadingHTTPServer(("127.0.0.1", 0), QuietHandler)
        cls.service.socket = context.wrap_socket(cls.service.socket, server_side=True)
        cls.service.other = cls.server.https
        threading.Thread(target=cls.service.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.service.server_close)
        cls.addClassCleanup(cls.service.shutdown)
        cls.port = cls.service.server_address[1]

    def setUp(self):
        super().setUp()
        rules = self.configuration.read_text().replace(
            "rules = (", f'rules = ({{ match = "synapse.test:{self.port}"; service = "synapse"; }},')
        write_file(self.configuration, rules)

    def both(self, *arguments, prepare=None, connect=("--connect-to", "::127.0.0.1:")):
        """curl without and with the library says the same; returns the second result, the first's
        requests forgotten."""
        results = []
        for preload in (False, True):
            self.server.requests()
            self.service.seen, self.service.bodies, self.service.asked = [], [], []
            if prepare:
                prepare()
            results.append(self.run_program(
                ["curl", "-q", "-sS", "--cacert", self.server.ca, *connect, *arguments],
                self.environment(preload)))
        bare, ours = results
        self.assertEqual(bare.returncode, 0, bare.stderr)
        self.assertEqual((ours.returncode, ours.stdout, without_speed(ours.stderr)),
                         (bare.returncode, bare.stdout, without_speed(bare.stderr)))
        return ours

    def url(self, path, host="synapse.test"):
        return f"https://{host}:{self.port}{path}"

    def seen(self):
        return [(path, value) for _, path, value in self.service.seen]

    def test_each_way_of_asking_for_several_files(self):
        urls = [f"url={url}\n" for url in self.ways()]
        list_of_urls = write_file(self.home / "urls", "location\n" + "".join(urls))
        again = ["--next", "-sSL", "--cacert", self.server.ca]
        for ways in (["-L"], ["-LZ"], ["-L", "--http1.1"], ["-L", "--http2"], ["-LZ", "--http2"],
                     ["-L", "--fail-with-body", "--compressed"]):
            with self.subTest(ways=ways):
                self.assertEqual(self.both(*ways, *self.ways(), connect=()).stdout, CONTENT * 5)
                self.assert_ways()
        with self.subTest(ways="-K"):
            self.assertEqual(self.both("-K", list_of_urls, connect=()).stdout, CONTENT * 5)
            self.assert_ways()
        with self.subTest(ways="--next"):
            first, *others = self.ways()
            self.both("-L", first, *(word for url in others for word in (*again, url)), connect=())
            self.assert_ways()

    def test_list_of_options_and_next(self):
        options = self.home / "options"
        options.write_text("".join(
            f'url = "{self.server.url(target, FILE)}"\nheader = "X-Case: {target}"\nnext\n'
            'silent\nshow-error\n'
            f'cacert = "{self.server.ca}"\nconnect-to = "::127.0.0.1:"\n' for target in "ABC"))
        self.both("-K", options, self.server.url("A", FILE))
        self.assert_sent([("A", BEARER_A), ("B", None), ("C", BEARER_C), ("A", BEARER_A)])

    def test_own_header_before_next_holds_back_there_only(self):
        self.both("-H", "Authorization: Bearer mine", self.server.url("A", FILE), "--next", "-sS",
                  "--cacert", self.server.ca, "--connect-to", "::127.0.0.1:",
                  self.server.url("A", FILE))
        self.assert_sent([("A", "Bearer mine"), ("A", BEARER_A)])

    def test_connection_to_another_host_is_judged_by_the_url(self):
        other = f"::localhost:{self.server.https}"
        self.both("--connect-to", other, self.server.url("A", FILE), self.server.url("B", FILE))
        self.assert_sent([("A", BEARER_A), ("B", None)])

    def test_alternative_service_is_judged_by_the_url(self):
        """The connection goes to the other port, the request is still the first origin's."""
        for target, value in (("synapse.test", BEARER_A), ("other.test", None)):
            cache = self.home / target
            options = ["--alt-svc", cache, self.url(FILE, target)]
            connect = ["--resolve", f"{target}:{self.port}:127.0.0.1"]
            self.both(*options, prepare=lambda cache=cache: cache.unlink(True), connect=connect)
            self.assertEqual(self.seen(), [(FILE, value)])
            self.assertEqual(self.server.requests(), [])
            self.both(*options, connect=connect)
            self.assertEqual([(record["host"], record["authorization"] or None)
                              for record in self.server.requests()], [(target, value)])
            self.assertEqual(self.seen(), [])

    def test_upgrade_by_hsts_gets_the_token_of_the_upgraded_url(self):
        cache = self.home / "hsts"
        write_file(cache, 'synapse.test "20991231 00:00:00"\nother.test "20991231 00:00:00"\n')
        plain = [self.server.url(target, FILE).replace("https:", "http:") for target in "AB"]
        result = self.both("--hsts", cache, *plain,
                           connect=("--connect-to", f"::127.0.0.1:{self.server.https}"))
        self.assertEqual(result.stdout, CONTENT * 2)
        self.assert_sent([("A", BEARER_A), ("B", None)])

    def test_upgrade_that_the_server_asked_for_gets_the_token_too(self):
        """Where the server asked, a moment before."""
        cache = self.home / "hsts"
        for host, target, value in (("synapse.test", "A", BEARER_A), ("other.test", "B", None)):
            plain = self.server.url(target, FILE).replace("https:", "http:")
            self.both("--hsts", cache, self.url("/hsts", host), plain,
                      prepare=lambda: cache.unlink(True))
            self.assertEqual(self.seen(), [("/hsts", value)])
            self.assert_sent([(target, value)])

    def test_socks_proxy_changes_nothing(self):
        (port,) = free_ports(1)
        with subprocess.Popen(["microsocks", "-i", "127.0.0.1", "-p", str(port)],
                              stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as proxy:
            try:
                self.assertTrue(wait_for_port(port, proxy))
                for way in ("socks5", "socks5-hostname"):
                    self.both(f"--{way}", f"127.0.0.1:{port}", self.server.url("A", FILE),
                              self.server.url("B", FILE))
                    self.assert_sent([("A", BEARER_A), ("B", None)])
            finally:
                proxy.terminate()

    @contextlib.contextmanager
    def unix_socket(self):
        """A socket in the file system that leads to the TLS port."""
        path = str(self.home / "socket")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen()
            threading.Thread(target=self.relay_all, args=(listener,), daemon=True).start()
            yield path
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)

    def relay_all(self, listener):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self.relay, args=listener.accept()[:1], daemon=True).start()

    def relay(self, client):
        with client, socket.create_connection(("127.0.0.1", self.server.https)) as server:
            back = threading.Thread(target=self.pass_on, args=(server, client), daemon=True)
            back.start()
            self.pass_on(client, server)
            back.join()

    @staticmethod
    def pass_on(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def test_unix_socket_with_verified_tls_carries_the_token(self):
        with self.unix_socket() as path:
            self.both("--unix-socket", path, self.server.url("A", FILE), self.server.url("B", FILE))
            self.assert_sent([("A", BEARER_A), ("B", None)])

    def test_look_up_over_https_sends_its_server_no_token(self):
        """The DoH server is a configured host, and still libcurl's own requests get nothing."""
        doh = f"https://synapse.test:{self.port}/dns-query"
        self.both("--doh-url", doh, self.server.url("A", FILE), self.server.url("B", FILE),
                  connect=("--resolve", f"synapse.test:{self.port}:127.0.0.1"))
        self.assertGreater(len(self.service.asked), 1)
        self.assertEqual(set(self.service.asked), {None})
        self.assert_sent([("A", BEARER_A), ("B", None)])

    def test_body_waits_for_the_server(self):
        body = self.home / "body"
        body.write_bytes(b"x" * 2_000_000)
        self.both("--http1.1", "--data-binary", f"@{body}", "-H", "Expect: 100-continue",
                  self.url("/upload"), self.url("/upload", "other.test"))
        self.assertEqual(self.seen(), [("/upload", BEARER_A), ("/upload", None)])
        self.assertEqual(self.service.bodies, [("100-continue", 2_000_000)] * 2)

    def test_digest_of_the_program_wins(self):
        self.both("--digest", "-u", "me:pw", self.url("/digest"))
        values = [value for _, value in self.seen()]
        self.assertEqual(values[0], None)
        self.assertTrue(values[1].startswith('Digest username="me"'), values)
        self.assertEqual(len(values), 2)

    def test_basic_and_negotiated_ways_of_the_program_win(self):
        basic = "Basic " + base64.b64encode(b"me:pw").decode()
        self.both("--anyauth", "-u", "me:pw", self.url("/digest"))
        self.assertNotIn(BEARER_A, [value for _, value in self.seen()])
        self.both("--basic", "-u", "me:pw", self.url("/plain"))
        self.assertEqual(self.seen(), [("/plain", basic)])

    def test_cookies_of_the_server_do_not_matter(self):
        jar = self.home / "jar"
        self.both("-b", jar, "-c", jar, self.url("/cookie"), self.url("/after"),
                  self.url("/cookie", "other.test"), self.url("/after", "other.test"),
                  prepare=lambda: jar.unlink(True))
        self.assertEqual(self.seen(), [("/cookie", BEARER_A), ("/after", BEARER_A),
                                       ("/cookie", None), ("/after", None)])


if __name__ == "__main__":
    unittest.main(verbosity=2)
