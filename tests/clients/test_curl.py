"""The curl program under the library: who gets which token, and who gets none."""

import unittest

from client_test import (BEARER_A, BEARER_C, CAVE_TOKEN, LEGACY, PROGRAM, SYNAPSE_TOKEN, ClientTest,
                         preload_value, synauth_lines, write_file)
from raw_server import RawServer


class WhichToken(ClientTest):
    def test_configured_hosts_get_their_token_and_others_none(self):
        for protocol in ("--http1.1", "--http2"):
            result = self.curl(protocol, *(self.server.url(name) for name in ("A", "C", "B")))
            self.assert_ok(result)
            self.assert_sent([("A", BEARER_A), ("C", BEARER_C), ("B", None)])

    def test_other_port_and_plain_http_get_none(self):
        self.assert_ok(self.curl(self.server.url("A2"), self.server.url("Ah")))
        self.assert_sent([("A2", None), ("Ah", None)])

    def test_parallel_transfers_get_their_own_token(self):
        paths = [("A", BEARER_A), ("B", None), ("C", BEARER_C)] * 10
        result = self.curl("-Z", "--http2",
                           *(self.server.url(name, f"/{number}")
                             for number, (name, _) in enumerate(paths)))
        self.assertEqual(result.returncode, 0, result.stderr)
        records = sorted(self.server.requests(), key=lambda record: int(record["path"][1:]))
        self.assert_sent(paths, records)

    def test_host_in_capitals_is_the_same_host(self):
        self.assert_ok(self.curl(self.server.url("A").replace("synapse.test", "SYNAPSE.Test")))
        self.assertEqual([record["authorization"] for record in self.server.requests()], [BEARER_A])

    def test_url_that_only_looks_configured_gets_none(self):
        port = self.server.https
        for url in (f"https://synapse.test@other.test:{port}/", f"https://other.test:{port}/?synapse.test",
                    f"https://other.test:{port}/#@synapse.test:{port}",
                    f"https://other.test:{port}/synapse.test:{port}/"):
            self.assertEqual(self.curl(url).returncode, 0)
            self.assertNotIn(SYNAPSE_TOKEN, self.server.requests()[0]["authorization"], url)

    def test_wildcard_rule_reaches_below_the_domain_only(self):
        write_file(self.configuration, 'rules = ({ match = "*.cave.test:*"; service = "cave"; });')
        self.assert_ok(self.curl(self.server.url("C")))
        self.assert_sent([("C", None)])

    def test_run_command_gives_the_token_and_the_exit_status(self):
        environment = self.environment(LD_PRELOAD=preload_value(""))
        environment["ASAN_OPTIONS"] += ":verify_asan_link_order=0"  # ours goes before the runtime
        result = self.run_program([PROGRAM, "run", "--", "curl", "-q", "-sS", "-f", "--connect-to",
                                   "::127.0.0.1:", self.server.url("A", "/case/status-403")],
                                  environment)
        self.assertEqual(result.returncode, 22, result.stderr)
        self.assert_sent([("A", BEARER_A)])

    def test_disabled_by_environment_nothing_is_sent(self):
        environment = self.environment(SYNAUTH_DISABLE="1")
        self.assert_ok(self.curl(self.server.url("A"), environment=environment))
        self.assert_sent([("A", None)])


class ProgramsOwnCredentials(ClientTest):
    """They win, for the whole transfer."""

    def sent_with(self, *options, target="A", path="/case"):
        result = self.curl(*options, self.server.url(target, path))
        self.assertEqual(result.returncode, 0, result.stderr)
        return [record["authorization"] for record in self.server.requests()]

    def test_authorization_header_wins(self):
        self.assertEqual(self.sent_with("-H", "Authorization: Bearer mine"), ["Bearer mine"])

    def test_removed_or_empty_authorization_header_stays_so(self):
        self.assertEqual(self.sent_with("-H", "Authorization:"), [""])
        self.assertEqual(self.sent_with("-H", "Authorization;"), [""])

    def test_user_name_and_bearer_win(self):
        self.assertEqual(self.sent_with("-u", "me:secret"), ["Basic bWU6c2VjcmV0"])
        self.assertEqual(self.sent_with("--oauth2-bearer", "mine"), ["Bearer mine"])

    def test_user_information_in_the_url_wins(self):
        url = self.server.url("A").replace("https://", "https://me:secret@")
        self.assertEqual(self.curl(url).returncode, 0)
        self.assertEqual(self.server.requests()[0]["authorization"], "Basic bWU6c2VjcmV0")

    def test_own_credentials_hold_for_the_whole_transfer(self):
        self.assertEqual(self.sent_with("-L", "-H", "Authorization: Bearer mine",
                                        path="/case/302-C"), ["Bearer mine", ""])

    def test_netrc_entry_for_the_host_wins(self):
        netrc = write_file(self.home / "netrc", "machine synapse.test login me password secret\n")
        self.assertEqual(self.sent_with("--netrc-file", netrc), ["Basic bWU6c2VjcmV0"])
        self.assertEqual(self.sent_with("--netrc-file", netrc, target="C"), [BEARER_C])

    def test_netrc_default_entry_wins(self):
        netrc = write_file(self.home / "netrc", "default login me password secret\n")
        self.assertEqual(self.sent_with("--netrc-file", netrc), ["Basic bWU6c2VjcmV0"])

    def test_service_headers_of_the_program_win(self):
        for header in ("sessionToken: x", "userId: x", "signature: x", "SESSIONTOKEN: x"):
            self.assertEqual(self.sent_with("-H", header), [""], header)

    def test_middle_auth_token_of_the_program_wins(self):
        self.assertEqual(self.sent_with("-b", "middle_auth_token=x", target="C"), [""])
        self.assertEqual(self.sent_with("-H", "Cookie: middle_auth_token=x", target="C"), [""])
        self.assertEqual(self.sent_with(target="C", path="/case?middle_auth_token=x"), [""])

    def test_other_cookies_and_headers_do_not_matter(self):
        self.assertEqual(self.sent_with("-b", "a=b", "-H", "Accept: text/html"), [BEARER_A])


class Redirects(ClientTest):
    """What the matrix of chains leaves out."""

    def test_cookie_of_the_program_keeps_token_from_a_redirected_hop(self):
        for options in (("-b", "a=b"), ("-H", "Cookie: a=b")):
            self.curl("-L", *options, self.server.url("B", "/case/302-A"))
            self.assert_sent([("B", None), ("A", None)])

    def assert_redirected(self, target, path, expected):
        self.curl("-L", "--path-as-is", self.server.url("B", f"/case/raw-{target}?{path}"))
        self.assert_sent([("B", None), (target, expected)])

    def test_cave_path_that_makes_tokens_gets_none_after_a_redirect(self):
        for path in ("/auth/api/v1/create_token", "/sticky_auth/x", "//auth/x", "/x/../auth/y",
                     "/./auth/x", "/%61uth/x", "/x/%2e%2e/auth/y", "/x;y", "/x/%20", "/x\\y"):
            with self.subTest(path=path):
                self.assert_redirected("C", path, None)

    def test_other_paths_get_the_token_after_a_redirect(self):
        for path in ("/info/api/v2/datastacks", "/x/auth/y", "/author/x"):
            with self.subTest(path=path):
                self.assert_redirected("C", path, None if LEGACY else BEARER_C)
        self.assert_redirected("A", "/auth/v1/oauth2", None if LEGACY else BEARER_A)

    def test_cave_path_that_makes_tokens_gets_one_when_asked_for_first(self):
        self.curl(self.server.url("C", "/auth/api/v1/user/token"))
        self.assert_sent([("C", BEARER_C)])


class Verification(ClientTest):
    def test_unverified_tls_gets_none_and_one_warning(self):
        result = self.curl("-k", self.server.url("A"), self.server.url("A"))
        self.assertEqual(result.returncode, 0)
        self.assert_sent([("A", None), ("A", None)])
        self.assertEqual(len(synauth_lines(result)), 1, result.stderr)

    def test_unverified_tls_allowed_by_the_rule_gets_the_token(self):
        write_file(self.configuration, f'rules = ({{ match = "synapse.test:{self.server.https}"; '
                   'service = "synapse"; allow_unverified_tls = true; });')
        self.assert_ok(self.curl("-k", self.server.url("A")))
        self.assert_sent([("A", BEARER_A)])


class PlainHttp(ClientTest):
    def setUp(self):
        super().setUp()
        write_file(self.configuration, f'rules = ({{ match = "http://localhost:{self.server.http}"; '
                   'service = "cave"; token_env = "DEV_TOKEN"; });')
        self.url = f"http://localhost:{self.server.http}/case"
        self.with_token = self.environment(DEV_TOKEN=CAVE_TOKEN)
        # Where the connection goes is known too late.
        self.allowed = "" if LEGACY else BEARER_C

    def sent(self, *options):
        self.assertEqual(self.run_program(["curl", "-q", "-4", *options, self.url],
                                          self.with_token).returncode, 0)
        return [record["authorization"] for record in self.server.requests()]

    def test_loopback_named_by_a_rule_gets_the_token(self):
        self.assertEqual(self.sent(), [self.allowed])

    def test_proxy_that_does_not_tunnel_gets_none(self):
        proxy = f"http://127.0.0.1:{self.server.http}"  # nginx takes the absolute form of a request
        self.assertEqual(self.sent("--proxy", proxy), [""])

    def test_proxy_of_the_environment_on_the_port_of_the_rule_gets_none(self):
        proxy = f"http://127.0.0.1:{self.server.http}"
        for name in ("http_proxy", "all_proxy", "ALL_PROXY"):
            for value in (proxy, proxy + "/", proxy.removeprefix("http://")):
                self.with_token = self.environment(DEV_TOKEN=CAVE_TOKEN, **{name: value})
                self.assertEqual(self.sent(), [""])

    def test_proxy_of_the_environment_that_is_not_used_does_not_matter(self):
        for proxy in ("http://127.0.0.1:9", "proxy.test"):
            self.with_token = self.environment(DEV_TOKEN=CAVE_TOKEN, http_proxy=proxy,
                                               no_proxy="localhost")
            self.assertEqual(self.sent(), [self.allowed])


class BytesOnTheWire(ClientTest):
    def setUp(self):
        super().setUp()
        self.raw = self.enterContext(RawServer(self.server.certificates))
        write_file(self.configuration, f'rules = ({{ match = "synapse.test:{self.raw.port}"; '
                   'service = "synapse"; });')

    def fetch(self, *options, preload=True):
        result = self.curl("--http1.1", *options, f"https://synapse.test:{self.raw.port}/",
                           environment=self.environment(preload=preload))
        self.assert_ok(result)
        return self.raw.requests()[0].decode().split("\r\n")

    def test_one_header_is_added_and_nothing_else_changes(self):
        for options in ((), ("-H", "X-Case: mine", "-H", "Accept:"), ("-b", "a=b")):
            hooked = self.fetch(*options)
            added = f"Authorization: {BEARER_A}"
            self.assertEqual(hooked.count(added), 1)
            self.assertEqual([line for line in hooked if line != added],
                             self.fetch(*options, preload=False))

    def test_own_header_with_a_blank_before_the_colon_wins(self):
        lines = self.fetch("-H", "Authorization : Bearer mine")
        self.assertEqual([line for line in lines if "uthorization" in line],
                         ["Authorization : Bearer mine"])

    def test_host_header_of_another_host_gets_none(self):
        lines = self.fetch("-H", "Host: other.test")
        self.assertIn("Host: other.test", lines)
        self.assertNotIn(SYNAPSE_TOKEN, "".join(lines))

    def test_host_header_of_the_same_host_gets_the_token(self):
        lines = self.fetch("-H", f"Host: synapse.test:{self.raw.port}")
        self.assertIn(f"Authorization: {BEARER_A}", lines)


class WhatTheProgramSees(ClientTest):
    REPORT = "%{http_code} %{num_redirects} %{url_effective} %{size_download} %{num_headers}\n"

    def test_output_is_the_same_with_and_without_the_library(self):
        for target in ("B", "A2", "Ah"):
            arguments = ("-i", "-L", "-w", self.REPORT, self.server.url(target, "/case/302-B"))
            plain = self.curl(*arguments, environment=self.environment(preload=False))
            hooked = self.curl(*arguments)
            self.assertEqual(self.without_date(hooked.stdout), self.without_date(plain.stdout))
            self.assertEqual(hooked.stderr, plain.stderr)

    @staticmethod
    def without_date(text):
        return [line for line in text.splitlines() if not line.lower().startswith("date:")]

    def check_redacted(self, token, *options):
        url = self.server.url("A", "/case/302-B")  # an answer that echoes nothing
        result = self.curl("-v", *options, url)
        trace = self.curl("--trace-ascii", "-", "-o", "/dev/null", *options, url)
        for text in (result.stderr, trace.stdout):
            self.assertIn("Bearer [synauth]", text)
            self.assertNotIn(token[:12], text)
        self.assertEqual([record["authorization"] for record in self.server.requests()],
                         [f"Bearer {token}"] * 2)

    def test_verbose_output_shows_no_token(self):
        for protocol in ("--http1.1", "--http2"):
            self.check_redacted(SYNAPSE_TOKEN, protocol)

    def test_verbose_output_shows_nothing_of_a_long_token(self):
        token = ("long-token-" + "abcdefghij" * 1000)[:8192]
        write_file(self.synapse_config, f"[authentication]\nauthtoken = {token}\n")
        for protocol in ("--http1.1", "--http2"):
            self.check_redacted(token, protocol)


class AnswersOfTheServer(ClientTest):
    def test_rejected_token_gives_one_hint_and_the_same_result(self):
        url = self.server.url("A", "/case/status-401")
        result = self.curl("-w", "%{http_code}", "-o", "/dev/null", url, url)
        self.assertEqual((result.returncode, result.stdout[-3:]), (0, "401"))
        self.assertEqual(len(synauth_lines(result)), 1, result.stderr)
        self.assertIn("synapse.test", synauth_lines(result)[0])
        self.assert_sent([("A", BEARER_A), ("A", BEARER_A)])


if __name__ == "__main__":
    unittest.main(verbosity=2)
