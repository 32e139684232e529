"""What a program puts on the wire to identify itself wins over the token, however it says it."""

import sys
import unittest

from client_test import BEARER_A, BEARER_C, ClientTest

BREAKS = {"LF": "\n", "CRLF": "\r\n"}
# The options of curl whose text goes into the request as it is, with the text before a line break
# and what makes a header of the rest of the line behind it.
OPTIONS = {
    "--header": ("X: 1", ""), "--user-agent": ("x", ""), "--referer": ("x", ""), "--range": ("0-5", ""),
    "--cookie": ("a=b", ""), "--request": ("GET / HTTP/1.1", "X:"),
    "--request-target": ("/ HTTP/1.1", "X:"),
}
PYCURL = """
import io, pycurl, sys
curl = pycurl.Curl()
curl.setopt(pycurl.URL, sys.argv[2])
curl.setopt(pycurl.CAINFO, sys.argv[1])
curl.setopt(pycurl.CONNECT_TO, ["::127.0.0.1:"])
curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
curl.setopt(pycurl.WRITEFUNCTION, io.BytesIO().write)
def perform():
    curl.perform()
    assert curl.getinfo(pycurl.RESPONSE_CODE) in (200, 206), curl.getinfo(pycurl.RESPONSE_CODE)
"""


class OwnCredentialsTest(ClientTest):
    def fetch(self, *arguments, target="A", path="/case"):
        """One request that the server accepts; its record."""
        return self.fetch_all(*arguments, target=target, path=path)[-1]

    def fetch_all(self, *arguments, target="A", path="/case"):
        self.server.requests()
        result = self.curl("--fail", *arguments, self.server.url(target, path))
        self.assert_ok(result)
        return self.server.requests()

    def pycurl(self, script, target="A"):
        self.assert_ok(self.run_program([sys.executable, "-c", PYCURL + script, self.server.ca,
                                         self.server.url(target)]))
        return self.server.requests()


class Lines(OwnCredentialsTest):
    """A text with a line break in it is two lines on the wire."""

    def cases(self, line):
        for option, (before, after) in OPTIONS.items():
            for name, line_break in BREAKS.items():
                text = before + line_break + line + (line_break + after if after else "")
                yield self.subTest(option=option, line_break=name, line=line), (option, text)

    def test_an_authorization_line_wins(self):
        for case, arguments in self.cases("Authorization: mine"):
            with case:
                self.assertEqual(self.fetch("--http1.1", *arguments)["authorization"], "mine")

    def test_lines_of_the_services_win(self):
        for line in ("sessionToken: x", "userId: x", "signature: x", "AUTHORIZATION:",
                     "Cookie: middle_auth_token=x"):
            for case, arguments in self.cases(line):
                with case:
                    self.assertEqual(self.fetch("--http1.1", *arguments)["authorization"], "")

    def test_other_lines_do_not_count(self):
        for case, arguments in self.cases("X-Case: mine"):
            with case:
                record = self.fetch("--http1.1", *arguments)
                # A request line of one's own might name another host.
                own_line = arguments[0] in ("--request", "--request-target")
                self.assertEqual((record["authorization"], record["case"]),
                                 ("" if own_line else BEARER_A, "mine"))

    def test_a_cookie_line_keeps_the_token_off_redirects_from_elsewhere(self):
        for option in ("--header", "--user-agent", "--referer"):
            with self.subTest(option=option):
                records = self.fetch_all("--http1.1", "--location", option, "X: 1\nCookie: a=b", target="B",
                                         path="/case/302-C")
                self.assertEqual([record["authorization"] for record in records], ["", ""])
        records = self.fetch_all("--http1.1", "--location", "--header", "X: 1", target="B", path="/case/302-C")
        self.assertEqual([record["authorization"] for record in records], ["", BEARER_C])

    def test_a_text_that_is_replaced_counts_no_more(self):
        records = self.pycurl("""
for option in (pycurl.USERAGENT, pycurl.REFERER, pycurl.COOKIE, pycurl.RANGE, pycurl.ENCODING):
    for text in ("0-1\\nAuthorization: mine", "0-1"):
        curl.setopt(option, text)
        perform()
""")
        self.assertEqual([record["authorization"] for record in records], ["mine", BEARER_A] * 5)

    def test_lines_of_a_list_that_changes_between_transfers_count(self):
        records = self.pycurl("""
for lines in (["X: 1", "Y: 2\\r\\nAuthorization: mine"], ["X: 1"], ["X: 1\\nAuthorization: mine"]):
    curl.setopt(pycurl.HTTPHEADER, lines)
    perform()
""")
        self.assertEqual([record["authorization"] for record in records], ["mine", BEARER_A, "mine"])

    def test_headers_of_a_form_field_and_of_a_proxy_are_not_the_requests(self):
        record = self.fetch("--form", "a=b;headers=\"Authorization: mine\"")
        self.assertEqual(record["authorization"], BEARER_A)
        record = self.fetch("--proxy-header", "X: 1\nAuthorization: mine")
        self.assertEqual(record["authorization"], BEARER_A)


if __name__ == "__main__":
    unittest.main(verbosity=2)
