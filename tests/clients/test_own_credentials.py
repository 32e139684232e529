"""What a program puts on the wire to identify itself wins over the token, however it says it."""

import base64
import re
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
    def version(self):
        """libcurl's, as numbers."""
        shown = self.run_program(["curl", "--version"], self.environment(preload=False)).stdout
        return tuple(int(part) for part in re.search(r"libcurl/([\d.]+)", shown)[1].split("."))

    def from_elsewhere(self, bearer):
        """What a redirect from elsewhere gets: before 7.80 nothing, ever."""
        return bearer if self.version() >= (7, 80) else ""

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
        self.assertEqual([record["authorization"] for record in records], ["", self.from_elsewhere(BEARER_C)])

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


class CookieEngine(OwnCredentialsTest):
    """libcurl's cookie engine sends what the program gave it and what servers gave it."""

    COOKIE = "middle_auth_token=theirs"

    def jar(self, domain="cave.test", tail="FALSE", path="/", expires=0, name="middle_auth_token"):
        file = self.home / "jar"
        file.write_text(f"{domain}\t{tail}\t{path}\tTRUE\t{expires}\t{name}\ttheirs\n")
        return file

    def assert_cookie_wins(self, *arguments, path="/case", target="C"):
        record = self.fetch(*arguments, target=target, path=path)
        self.assertEqual((record["authorization"], record["cookie"]), ("", self.COOKIE))

    def assert_token_goes(self, *arguments, path="/case", cookie=""):
        record = self.fetch(*arguments, target="C", path=path)
        self.assertEqual((record["authorization"], record["cookie"]), (BEARER_C, cookie))

    def test_a_cookie_of_a_file_wins(self):
        self.assert_cookie_wins("--cookie", self.jar())
        self.assert_cookie_wins("--cookie", self.jar(".cave.test", "TRUE"))
        self.assert_cookie_wins("--cookie", self.jar(path="/case"))
        self.assert_cookie_wins("--cookie", self.jar(), "--http1.1")
        self.assert_cookie_wins("--cookie-jar", self.home / "new", "--cookie", self.jar())

    def test_a_cookie_for_something_else_does_not(self):
        if self.version() >= (7, 80):  # before, libcurl reads the file when we have decided
            self.assert_token_goes("--cookie", self.jar("other.test"))
            self.assert_token_goes("--cookie", self.jar(path="/else"))
            self.assert_token_goes("--cookie", self.jar(expires=1))
        self.assert_token_goes("--cookie", self.jar(name="session"), cookie="session=theirs")
        self.assert_token_goes("--cookie", "/dev/null")
        self.assert_token_goes("--cookie-jar", self.home / "new")

    def test_a_cookie_without_a_domain_wins(self):
        """libcurl never lists it, and sends it to addresses and to hosts of some names."""
        (self.home / "headers").write_text("Set-Cookie: middle_auth_token=theirs\r\n")
        record = self.fetch("--cookie", self.home / "headers", target="C")
        self.assertEqual(record["authorization"], "")
        (self.home / "headers").write_text("Set-Cookie: other=theirs\r\n")
        record = self.fetch("--cookie", self.home / "headers", target="C")
        self.assertEqual(record["authorization"], BEARER_C)
        records = self.pycurl("""
curl.setopt(pycurl.COOKIELIST, "Set-Cookie: middle_auth_token=theirs")
perform()
copy = curl.duphandle()
copy.perform()
curl.setopt(pycurl.COOKIELIST, "ALL")
perform()
""", target="C")
        self.assertEqual([record["authorization"] for record in records], ["", BEARER_C, BEARER_C])

    def test_a_cookie_that_the_server_set_wins_from_then_on(self):
        records = self.pycurl("""
curl.setopt(pycurl.COOKIEFILE, "")
perform()
curl.setopt(pycurl.URL, sys.argv[2] + "/cookie")
perform()
curl.setopt(pycurl.URL, sys.argv[2])
perform()
perform()
""", target="C")
        self.assertEqual([record["authorization"] for record in records],
                         [BEARER_C, BEARER_C, "", ""])
        self.assertEqual(records[-1]["cookie"], self.COOKIE)

    def test_a_cookie_that_a_redirect_set_wins_at_the_next_hop(self):
        for start, expected in (("C", [BEARER_C, ""]), ("B", ["", self.from_elsewhere(BEARER_C)])):
            with self.subTest(start=start):
                records = self.fetch_all("--cookie", "", "--location", target=start,
                                         path="/case/cookie-C")
                self.assertEqual([record["authorization"] for record in records], expected)

    def test_a_cookie_keeps_the_token_off_a_redirect_from_elsewhere(self):
        records = self.fetch_all("--cookie", self.jar(), "--location", target="B",
                                 path="/case/302-C")
        self.assertEqual([(record["authorization"], record["cookie"]) for record in records],
                         [("", ""), ("", self.COOKIE)])

    def test_cookies_and_a_share_outlive_a_reset(self):
        records = self.pycurl("""
def prepare(curl):
    curl.setopt(pycurl.URL, sys.argv[2])
    curl.setopt(pycurl.CAINFO, sys.argv[1])
    curl.setopt(pycurl.CONNECT_TO, ["::127.0.0.1:"])
curl.setopt(pycurl.COOKIELIST, "cave.test\\tFALSE\\t/\\tTRUE\\t0\\tmiddle_auth_token\\ttheirs")
perform()
curl.reset()
prepare(curl)
curl.perform()
share = pycurl.CurlShare()
share.setopt(pycurl.SH_SHARE, pycurl.LOCK_DATA_COOKIE)
sharing = [pycurl.Curl(), pycurl.Curl()]
for one in sharing:
    prepare(one)
    one.setopt(pycurl.SHARE, share)
    one.setopt(pycurl.COOKIEFILE, "")
sharing[1].perform()
sharing[0].setopt(pycurl.COOKIELIST, "cave.test\\tFALSE\\t/\\tTRUE\\t0\\tmiddle_auth_token\\ttheirs")
sharing[1].perform()
""", target="C")
        self.assertEqual([record["authorization"] for record in records], ["", "", BEARER_C, ""])
        self.assertEqual([record["cookie"] for record in records],
                         [self.COOKIE, self.COOKIE, "", self.COOKIE])


class UrlsAndFiles(OwnCredentialsTest):
    def test_a_signed_url_wins(self):
        signed = ("X-Amz-Signature=a", "X-Goog-Signature=a&b=c", "Expires=1&Signature=a",
                  "Key-Pair-Id=1&Signature=a", "sv=1&sig=a", "se=1&sig=a", "x%2Damz%2Dsignature=a")
        for query in signed:
            with self.subTest(query=query):
                record = self.fetch(path=f"/case?{query}")
                self.assertEqual(record["authorization"], "")
                records = self.fetch_all("--location", path=f"/case/302-A?{query}")
                self.assertEqual([record["authorization"] for record in records], ["", ""])
                record = self.fetch("--request-target", f"/case?{query}")
                self.assertEqual(record["authorization"], "")
        for query in ("Signature=a", "sig=a", "se=1&sv=1", "x=X-Amz-Signature"):
            self.assertEqual(self.fetch(path=f"/case?{query}")["authorization"], BEARER_A)

    def test_a_redirect_to_a_signed_url_on_a_configured_host_gets_none(self):
        records = self.fetch_all("--location", target="B", path="/case/302-A?X-Amz-Signature=a")
        self.assertEqual([record["authorization"] for record in records], ["", ""])

    def test_a_redirect_to_a_signed_url_of_the_same_host_gets_none_from_there_on(self):
        for query in ("X-Amz-Signature=a", "X-Goog-Signature=a"):
            with self.subTest(query=query):
                there = self.server.url("A", "/case/302-A?" + query)
                records = self.fetch_all("--location", path=f"/case/raw-none?{there}")
                self.assertEqual([record["authorization"] for record in records], [BEARER_A, "", ""])

    def test_user_info_of_every_form_of_url_wins(self):
        basic = "Basic " + base64.b64encode(b"u:p").decode()
        host = self.server.url("A").removeprefix("https://")
        for url in (f"https:/u:p@{host}", f"https:///u:p@{host}", f"HTTPS://u:p@{host}"):
            with self.subTest(url=url):
                self.assert_ok(self.curl("--fail", url))
                self.assertEqual([record["authorization"] for record in self.server.requests()],
                                 [basic])

    def test_user_info_in_a_redirect_wins(self):
        """Where the redirect comes from another host, libcurl's versions differ."""
        basic = "Basic " + base64.b64encode(b"u:p").decode()
        target = self.server.url("A").replace("https://", "//u:p@")
        for start in "AB":
            with self.subTest(start=start):
                records = self.fetch_all("--location", target=start,
                                         path=f"/case/raw-none?https:{target}")
                got = [record["authorization"] for record in records]
                self.assertIn(got, [[BEARER_A, basic]] if start == "A" else [["", ""], ["", basic]])

    def test_a_netrc_entry_that_goes_along_to_other_hosts_wins_there(self):
        """CURLOPT_UNRESTRICTED_AUTH; libcurl's versions differ in what they do with the entry."""
        basic = "Basic " + base64.b64encode(b"me:secret").decode()
        named = self.home / "netrc"
        for start, name in (("A", "synapse.test"), ("B", "other.test")):
            with self.subTest(start=start):
                named.write_text(f"machine {name} login me password secret\n")
                records = self.fetch_all("--netrc-file", named, "--location-trusted", target=start,
                                         path="/case/302-C")
                self.assertEqual(records[0]["authorization"], basic)
                self.assertIn(records[1]["authorization"], ("", basic))
                if self.version() >= (7, 80):
                    records = self.fetch_all("--netrc-file", named, "--location", target=start,
                                             path="/case/302-C")
                    self.assertEqual([record["authorization"] for record in records], [basic, BEARER_C])

    def test_the_netrc_variable_counts_from_8_16_on(self):
        named = self.home / "netrc"
        named.write_text("machine synapse.test login me password secret\n")
        environment = self.environment(NETRC=str(named))
        result = self.curl("--netrc-optional", self.server.url("A"), environment=environment)
        self.assert_ok(result)
        basic = "Basic " + base64.b64encode(b"me:secret").decode()
        self.assert_sent([("A", basic if self.version() >= (8, 16) else BEARER_A)])


if __name__ == "__main__":
    unittest.main(verbosity=2)
