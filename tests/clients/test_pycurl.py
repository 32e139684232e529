"""pycurl: libcurl (GnuTLS) comes in with an extension module; handles are reused, multi is used."""

import sys
import tempfile
import unittest
from pathlib import Path

from client_test import BEARER_A, BEARER_C, SYNAPSE_TOKEN, TOKENS, ClientTest, synauth_lines
from reach import CONTENT, ReachTest
from recording_proxy import RecordingProxy

PREAMBLE = """
import ctypes, io, sys, pycurl
CA, A, B, C, AH, PROXY = sys.argv[1:7]

def handle(url):
    curl = pycurl.Curl()
    prepare(curl, url)
    return curl

def prepare(curl, url):
    curl.setopt(pycurl.URL, url)
    curl.setopt(pycurl.CAINFO, CA)
    curl.setopt(pycurl.CONNECT_TO, ["::127.0.0.1:"])
    curl.setopt(pycurl.WRITEFUNCTION, io.BytesIO().write)
"""
MULTI = """
multi = pycurl.CurlMulti()
handles = [handle(url) for url in (A, B, C)]
for curl in handles:
    multi.add_handle(curl)
running = 1
while running:
    multi.select(1.0)
    _, running = multi.perform()
"""
SHOWN_EASY = """
import pycurl, sys
for url in sys.argv[2:]:
    curl = pycurl.Curl()
    curl.setopt(pycurl.URL, url)
    curl.setopt(pycurl.CAINFO, sys.argv[1])
    curl.setopt(pycurl.FOLLOWLOCATION, 1)
    print(curl.perform_rs(), curl.getinfo(pycurl.RESPONSE_CODE), curl.getinfo(pycurl.REDIRECT_COUNT))
"""
SHOWN_MULTI = """
import io, pycurl, sys
multi = pycurl.CurlMulti()
handles = []
for url in sys.argv[2:]:
    curl = pycurl.Curl()
    curl.body = io.BytesIO()
    curl.setopt(pycurl.URL, url)
    curl.setopt(pycurl.CAINFO, sys.argv[1])
    curl.setopt(pycurl.FOLLOWLOCATION, 1)
    curl.setopt(pycurl.WRITEDATA, curl.body)
    multi.add_handle(curl)
    handles.append(curl)
running = 1
while running:
    multi.select(1.0)
    _, running = multi.perform()
left, good, bad = multi.info_read()
print(left, len(good), bad)
for curl in handles:
    multi.remove_handle(curl)
    print(curl.body.getvalue().decode(), curl.getinfo(pycurl.RESPONSE_CODE))
"""


class SameOutput(ReachTest):
    """Programs that tell what they got, without and with the library."""

    def python(self, script):
        return self.run_both([sys.executable, "-c", script, self.server.ca, *self.ways()]).stdout

    def test_easy_transfers_carry_the_token(self):
        self.assertEqual(self.python(SHOWN_EASY),
                         "".join(f"{CONTENT} 200 {count}\n" for count in (0, 0, 0, 1, 1)))
        self.assert_ways()

    def test_multi_transfers_carry_the_token(self):
        self.assertEqual(self.python(SHOWN_MULTI), "0 5 []\n" + f"{CONTENT} 200\n" * 5)
        self.assert_ways()


class Pycurl(ClientTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        directory = tempfile.TemporaryDirectory(prefix="synauth-proxy-")
        cls.addClassCleanup(directory.cleanup)
        cls.proxy = cls.enterClassContext(RecordingProxy(Path(directory.name)))

    def python(self, script, quiet=True):
        """Runs `script` behind the preamble; returns what it printed."""
        self.proxy.forget()
        result = self.run_program(
            [sys.executable, "-c", PREAMBLE + script, self.server.ca,
             *(self.server.url(target) for target in ("A", "B", "C", "Ah")), self.proxy.url])
        self.assertEqual(result.returncode, 0, result.stderr)
        if quiet:
            self.assertEqual(synauth_lines(result), [])
        return result.stdout

    def test_easy_transfer_carries_the_token(self):
        self.python("handle(A).perform()")
        self.assert_sent([("A", BEARER_A)])

    def test_reused_handle_follows_its_url(self):
        self.python("""
curl = handle(A)
for url in (A, B, C, AH, A):
    curl.setopt(pycurl.URL, url)
    curl.perform()
""")
        self.assert_sent([("A", BEARER_A), ("B", None), ("C", BEARER_C), ("Ah", None), ("A", BEARER_A)])

    def test_handle_reused_after_a_redirect_follows_its_url(self):
        self.python("""
curl = handle(A + "/302-B")
curl.setopt(pycurl.FOLLOWLOCATION, 1)
curl.perform()
curl.setopt(pycurl.URL, B + "/302-A")
curl.perform()
curl.perform()
""")
        self.assert_sent([("A", BEARER_A), ("B", None), ("B", None), ("A", BEARER_A), ("B", None),
                          ("A", BEARER_A)])

    def test_reset_handle_forgets_its_own_credentials(self):
        self.python("""
curl = handle(A)
curl.setopt(pycurl.HTTPHEADER, ["Authorization: Bearer mine"])
curl.perform()
curl.reset()
prepare(curl, A)
curl.perform()
""")
        self.assert_sent([("A", "Bearer mine"), ("A", BEARER_A)])

    def test_duplicate_keeps_own_credentials_and_follows_its_url(self):
        self.python("""
curl = handle(A)
copy = curl.duphandle()
curl.perform()
copy.setopt(pycurl.URL, B)
copy.perform()
late = curl.duphandle()
curl.close()
late.setopt(pycurl.URL, C)
late.perform()
late.setopt(pycurl.HTTPHEADER, ["Authorization: Bearer mine"])
late.duphandle().perform()
""")
        self.assert_sent([("A", BEARER_A), ("B", None), ("C", BEARER_C), ("C", "Bearer mine")])

    def test_multi_transfers_get_their_own_token(self):
        self.python(MULTI)
        records = sorted(self.server.requests(), key=self.target_of)
        self.assert_sent([("A", BEARER_A), ("B", None), ("C", BEARER_C)], records)

    def test_list_of_the_program_is_sent_as_it_is(self):
        self.python("""
curl = handle(A)
curl.setopt(pycurl.HTTPHEADER, ["X-Case: mine", "Accept:"])
curl.perform()
curl.setopt(pycurl.URL, B)
curl.perform()
""")
        records = self.server.requests()
        self.assertEqual([record["case"] for record in records], ["mine", "mine"])
        self.assert_sent([("A", BEARER_A), ("B", None)], records)

    def test_unified_headers_through_a_proxy_show_it_no_token(self):
        for unified in ("pycurl.HEADER_UNIFIED", "pycurl.HEADER_SEPARATE", None):
            option = f"curl.setopt(pycurl.HEADEROPT, {unified})" if unified else ""
            self.python(f"""
curl = handle(A)
curl.setopt(pycurl.PROXY, PROXY)
curl.setopt(pycurl.HTTPHEADER, ["X-Case: mine"])
{option}
curl.perform()
curl.setopt(pycurl.FRESH_CONNECT, 1)
curl.perform()
""")
            self.assert_sent([("A", BEARER_A)] * 2)
            self.check_proxy_view(expects_own_header=unified == "pycurl.HEADER_UNIFIED")

    def test_headers_unified_during_the_transfer_show_the_proxy_no_token(self):
        self.python("""
curl = handle(B + "/302-A/302-A2")
curl.setopt(pycurl.PROXY, PROXY)
curl.setopt(pycurl.HTTPHEADER, ["X-Case: mine"])
curl.setopt(pycurl.FOLLOWLOCATION, 1)
multi = pycurl.CurlMulti()
multi.add_handle(curl)
curl.setopt(pycurl.HEADEROPT, pycurl.HEADER_UNIFIED)
while multi.perform()[1]:
    multi.select(1)
multi.remove_handle(curl)
""")
        self.assert_sent([("B", None), ("A", BEARER_A), ("A2", None)])
        self.check_proxy_view(expects_own_header=True, connections=3)

    def check_proxy_view(self, expects_own_header, connections=2):
        seen = self.proxy.recorded()
        self.assertEqual(seen.count(b"CONNECT "), connections)
        self.assertEqual(b"X-Case: mine" in seen, expects_own_header)
        self.assertNotIn(b"\r\nauthorization", seen.lower())
        for token in TOKENS.values():
            self.assertNotIn(token.encode(), seen)

    def test_debug_function_sees_no_token(self):
        for version in ("1_1", "2TLS"):
            shown = self.python(f"""
curl = handle(A)
curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_{version})
curl.setopt(pycurl.VERBOSE, 1)
curl.setopt(pycurl.DEBUGFUNCTION, lambda kind, data: print(kind, data))
curl.perform()
""")
            shown = "".join(line for line in shown.splitlines() if not line.startswith("3 "))
            self.assertIn("Bearer [synauth]", shown)
            self.assertNotIn(SYNAPSE_TOKEN, shown)
            self.assert_sent([("A", BEARER_A)])

    def test_verification_switched_off_gets_none_until_it_is_on_again(self):
        self.python("""
curl = handle(A)
curl.setopt(pycurl.SSL_VERIFYPEER, 0)
curl.perform()
curl.setopt(pycurl.SSL_VERIFYPEER, 1)
curl.setopt(pycurl.SSL_VERIFYHOST, 0)
curl.perform()
curl.setopt(pycurl.SSL_VERIFYHOST, 2)
curl.perform()
""", quiet=False)
        self.assert_sent([("A", None), ("A", None), ("A", BEARER_A)])

    def test_port_option_moves_the_request_to_another_origin(self):
        self.python(f"""
curl = handle(A)
curl.setopt(pycurl.PORT, {self.server.https_other})
curl.perform()
curl.setopt(pycurl.URL, A.replace(":{self.server.https}", ":{self.server.https_other}"))
curl.setopt(pycurl.PORT, {self.server.https})
curl.perform()
""")
        self.assert_sent([("A2", None), ("A", BEARER_A)])

    def ported(self, path, options=""):
        """A request to A by CURLOPT_PORT, and the redirects behind it; without --connect-to, which
        moves connections."""
        host = self.server.url("A").removeprefix("https://").split(":")[0]
        self.python(f"""
curl = handle("https://{host}:1{path}")
curl.unsetopt(pycurl.CONNECT_TO)
curl.reset()
curl.setopt(pycurl.URL, "https://{host}:1{path}")
curl.setopt(pycurl.CAINFO, CA)
curl.setopt(pycurl.WRITEFUNCTION, io.BytesIO().write)
curl.setopt(pycurl.RESOLVE, [f"{{name}}:{{port}}:127.0.0.1" for name in
    ("synapse.test", "other.test", "cave.test")
    for port in (1, {self.server.https}, {self.server.https_other}, {self.server.http})])
curl.setopt(pycurl.PORT, {self.server.https})
curl.setopt(pycurl.FOLLOWLOCATION, 1)
{options}
curl.perform()
""")
        return [(self.target_of(record), record["authorization"] or None)
                for record in self.server.requests()]

    def test_port_option_and_redirects(self):
        relative = "/case/relative?"
        for path, expected in {
                "/case/302-A": [("A", BEARER_A)] * 2,
                "/case/302-B": [("A", BEARER_A), ("B", None)],
                "/case/302-C": [("A", BEARER_A), ("C", BEARER_C)],
                "/case/302-A2": [("A", BEARER_A), ("A2", None)],
                "/case/302-Ah": [("A", BEARER_A), ("Ah", None)],
                "/case/302-A2/302-A": [("A", BEARER_A), ("A2", None), ("A", BEARER_A)],
                "/case/302-B/302-C/302-A": [("A", BEARER_A), ("B", None), ("C", BEARER_C),
                                            ("A", BEARER_A)],
                relative + "/case": [("A", BEARER_A)] * 2,
                relative + "/case/302-A2": [("A", BEARER_A)] * 2 + [("A2", None)],
                relative + "/case/302-C": [("A", BEARER_A)] * 2 + [("C", BEARER_C)],
        }.items():
            with self.subTest(path=path):
                self.assertEqual(self.ported(path), expected)

    def test_port_option_and_a_port_that_leaves_the_rule(self):
        """The same with the two ports changed: only what the connection goes to counts."""
        self.assertEqual(self.ported("/case/302-A/302-A2", f"""
curl.setopt(pycurl.PORT, {self.server.https_other})"""),
                         [("A2", None), ("A", BEARER_A), ("A2", None)])

    def test_port_option_behind_what_hides_the_port(self):
        connect_to = "curl.setopt(pycurl.CONNECT_TO, ['::127.0.0.1:'])"
        for hidden in (connect_to, connect_to + "\ncurl.setopt(pycurl.PROXY, PROXY)",
                       "import os; os.environ.update(https_proxy=PROXY, no_proxy='*')"):
            with self.subTest(hidden=hidden):
                requests = self.ported("/case/302-A/302-A2", f"""
{hidden}
curl.setopt(pycurl.PORT, {self.server.https_other})""")
                self.assertEqual(requests, [("A2", None), ("A", None), ("A2", None)])

    def test_second_flavour_in_the_process_works_unharmed(self):
        """A handle of the OpenSSL flavour, by dlsym, among those of pycurl's GnuTLS flavour."""
        self.python("""
other = ctypes.CDLL("libcurl.so.4")
other.curl_easy_init.restype = ctypes.c_void_p
raw = ctypes.c_void_p(other.curl_easy_init())
other.curl_easy_setopt(raw, 10002, B.encode())
other.curl_easy_setopt(raw, 10065, CA.encode())
other.curl_slist_append.restype = ctypes.c_void_p
connect_to = ctypes.c_void_p(other.curl_slist_append(None, b"::127.0.0.1:"))
other.curl_easy_setopt(raw, 10243, connect_to)
handle(A).perform()
sys.stdout.flush()
assert other.curl_easy_perform(raw) == 0
other.curl_easy_setopt(raw, 10002, A.encode())
assert other.curl_easy_perform(raw) == 0
other.curl_easy_cleanup(raw)
handle(C).perform()
""")
        self.assert_sent([("A", BEARER_A), ("B", None), ("A", BEARER_A), ("C", BEARER_C)])


if __name__ == "__main__":
    unittest.main(verbosity=2)
