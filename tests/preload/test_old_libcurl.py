"""libcurl before 7.80 sends less than a newer one, never more. In Debian 11's root (tests/releases) its
own 7.74. Here 7.61, which no root can show: the system's libcurl behind old_libcurl.c, which hides
the newer parts, the URL parser of 7.62 among them."""

import os
import unittest

from client_test import BEARER_A, BEARER_C, ROOT, ClientTest, preload_value, write_file

BUILD = os.environ.get("SYNAUTH_TEST_BUILD", "")
OLD = os.path.join(BUILD, "tests/preload/libold_libcurl.so")
SCENARIOS = os.path.join(BUILD, "bin/client_scenarios")


class OldLibcurl(ClientTest):
    def environment(self, preload=True, **more):
        if preload and not ROOT:
            more.setdefault("LD_PRELOAD", preload_value() + ":" + OLD)
        return super().environment(preload, **more)

    def check(self, arguments, *expected):
        self.assert_ok(self.curl("-o", os.devnull, *arguments))
        self.assert_sent(expected)

    def test_old_version_is_what_the_library_sees(self):
        result = self.curl("-L", "--location-trusted", self.server.url("A"),
                           environment=self.environment(SYNAUTH_LOG="debug"))
        self.assertIn("before 7.80", result.stderr)

    def test_configured_hosts_get_their_token_and_others_none(self):
        self.check([self.server.url(name) for name in ("A", "B", "C", "A2", "Ah")],
                   ("A", BEARER_A), ("B", None), ("C", BEARER_C), ("A2", None), ("Ah", None))

    def test_redirect_to_elsewhere_carries_none(self):
        for target in ("B", "A2", "Ah", "C"):
            self.check(["-L", self.server.url("A", f"/x/302-{target}")],
                       ("A", BEARER_A), (target, None))

    def test_redirect_to_elsewhere_and_back_carries_none(self):
        self.check(["-L", self.server.url("A", "/x/302-A2/302-A")],
                   ("A", BEARER_A), ("A2", None), ("A", None))

    def test_redirect_within_the_origin_keeps_the_token(self):
        for status in ("301", "302", "303", "307", "308"):
            self.check(["-L", self.server.url("A", f"/x/{status}-A")],
                       ("A", BEARER_A), ("A", BEARER_A))

    def test_redirect_that_only_looks_like_the_origin_carries_none(self):
        self.check(["-L", self.server.url("A", f"/x/raw-A?@other.test:{self.server.https}/")],
                   ("A", BEARER_A), ("B", None))

    def test_redirect_from_elsewhere_brings_none(self):
        self.check(["-L", self.server.url("B", "/x/302-A")], ("B", None), ("A", None))

    def test_trusted_redirects_get_none_at_all(self):
        self.check(["--location-trusted", self.server.url("A", "/x/302-B")],
                   ("A", None), ("B", None))

    def test_options_set_when_the_handle_is_in_its_multi_already(self):
        result = self.run_program(
            [SCENARIOS, self.server.ca,
             *(self.server.url(target) for target in ("A", "B", "C", "Ah")), "options_after_add"])
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assert_sent([("A", BEARER_A), ("B", None), ("A", None), ("A", "Basic bWU6bWluZQ==")])

    def test_own_credentials_win(self):
        self.check(["-u", "me:pw", self.server.url("C")], ("C", "Basic bWU6cHc="))
        self.check(["-H", "Authorization: Bearer mine", self.server.url("C")],
                   ("C", "Bearer mine"))

    def test_unverified_tls_gets_none(self):
        self.assertEqual(self.curl("-k", self.server.url("A")).returncode, 0)
        self.assert_sent([("A", None)])

    def test_missing_token_with_fail_ends_easy_and_multi_transfers(self):
        write_file(self.configuration, 'on_missing = "fail"; rules = ({ match = "cave.test:*"; '
                   'service = "cave"; token_env = "NOT_SET"; });')
        for parallel in ([], ["-Z"]):
            result = self.curl(*parallel, self.server.url("C"))
            self.assertIn("curl: (42)", result.stderr)  # 7.74 with -Z exits with 0 whatever happens
        self.assert_sent([])

    def headers(self, text):
        """What is printed, without what our header and the clock change in the server's echo."""
        return [line for line in text.splitlines()
                if not line.lower().startswith(("date:", "content-length:", "authorization:"))]

    def test_what_the_program_prints_is_the_same(self):
        for path in ("/x/302-A", "/x/302-B", "/x/status-401"):
            for option in ("-i", "-D-", "-w%{http_code} %{num_redirects} %{num_headers}"):
                arguments = [option, "-L", self.server.url("A", path)]
                bare = self.curl(*arguments, environment=self.environment(preload=False))
                ours = self.curl(*arguments)
                self.assertEqual(self.headers(ours.stdout), self.headers(bare.stdout))
                self.assertEqual(ours.returncode, bare.returncode)

    def test_verbose_output_shows_no_token(self):
        for protocol in ("--http1.1", "--http2"):
            result = self.curl("-v", "-L", protocol, self.server.url("A", "/x/302-A"))
            shown = result.stderr.lower().count("authorization: bearer [synauth]")
            twice = protocol == "--http2" and not ROOT  # for some versions say it in words, too
            self.assertEqual(shown, 4 if twice else 2, result.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
