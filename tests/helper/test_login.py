"""User name and password in `.synapseConfig`, under an unchanged curl: one login, kept for others."""

import concurrent.futures
import json
import os
import resource
import subprocess
import unittest

from client_test import PROGRAM, synauth_lines
from login_case import PASSWORD, LoginCase
# `synauth run` puts its library in front of a sanitizer's runtime.
SANITIZED = {"LD_PRELOAD": os.environ["SYNAUTH_TEST_RUNTIME"] or None,
             "ASAN_OPTIONS": "detect_leaks=0:verify_asan_link_order=0"}


class Login(LoginCase):
    def test_login_once_and_the_session_serves_other_processes(self):
        self.assert_alice(self.curl(5))
        self.assert_alice(self.curl())
        self.assertEqual(self.logins(), 1)
        self.assertEqual(self.sessions.stat().st_mode & 0o777, 0o700)
        self.assertEqual(self.file().stat().st_mode & 0o777, 0o600)
        self.assertNotIn(PASSWORD, self.file().read_text())
        self.assertEqual(json.loads(self.file().read_text())["receipt"], "receipt-1")

    def test_many_processes_at_once_log_in_once(self):
        with concurrent.futures.ThreadPoolExecutor(30) as pool:
            for done in pool.map(lambda _: self.curl(), range(30)):
                self.assert_alice(done)
        self.assertEqual(self.logins(), 1)

    def test_without_a_session_directory_memory_serves_the_process(self):
        self.assert_alice(self.curl(5, SYNAUTH_SESSION_DIR=None))
        self.assertEqual(self.logins(), 1)
        self.assertFalse(self.sessions.exists())

    def test_refused_session_is_dropped_and_the_next_process_logs_in(self):
        self.curl()
        self.server.tokens.clear()
        self.curl(3)  # 401, dropped, a new login within the process
        self.assert_alice(self.curl())
        self.assertEqual(self.logins(), 2)

    def test_expired_session_is_replaced_with_the_receipt(self):
        self.server.lifetime = 30
        self.curl()
        self.server.lifetime = 86400
        self.assert_alice(self.curl())
        self.assertEqual(self.logins(), 2)
        body = json.loads(self.server.sent("POST", "/auth/v1/login2")[1]["body"])
        self.assertEqual(body["authenticationReceipt"], "receipt-1")

    def test_wrong_password_is_tried_once(self):
        self.write_config(password="wrong")
        done = self.curl(20)
        self.assertEqual(self.logins(), 1)
        self.assertEqual(len(synauth_lines(done)), 1)
        self.assertIn('key "password"', done.stderr)

    def test_wrong_password_in_many_processes_is_tried_once(self):
        self.write_config(password="wrong")
        with concurrent.futures.ThreadPoolExecutor(10) as pool:
            for done in pool.map(lambda _: self.curl(), range(10)):
                self.assertEqual(len(synauth_lines(done)), 1)
        self.assertEqual(self.logins(), 1)
        self.assertIn("no second login within five minutes", self.curl().stderr)
        for path in self.sessions.iterdir():
            self.assertNotIn("wrong\n", path.read_text())

    def test_file_size_limit_keeps_the_session_from_being_kept_and_no_more(self):
        """Room for the note that a login is tried, none for the session."""
        done = self.curl(3, limit=(resource.RLIMIT_FSIZE, (150, 150)))
        self.assert_alice(done)
        self.assertEqual((self.logins(), list(self.sessions.glob("*.json"))), (1, []))

    def test_open_session_directory_is_not_used(self):
        self.curl()
        self.sessions.chmod(0o777)
        token = json.loads(self.file().read_text())["token"]
        done = self.curl()
        self.assertNotIn(token, [request["headers"].get("authorization", "")[7:]
                                 for request in self.server.requests[-1:]])
        self.assertIn("open to others", done.stderr)

    def test_server_in_trouble_is_one_line(self):
        for mode in ("down", "truncated", "huge"):
            with self.subTest(mode):
                self.server.mode = mode
                lines = synauth_lines(self.curl(3))
                self.assertEqual(len(lines), 1, lines)
                self.server.mode = None

    def test_service_that_is_not_trusted_gets_no_password(self):
        """curl itself is told to trust it; the helper goes by the environment."""
        done = self.curl(2, ["--cacert", str(self.server.certificates.ca)],
                         CURL_CA_BUNDLE="/etc/ssl/certs/ca-certificates.crt")
        (line,) = synauth_lines(done)
        self.assertIn("CURL_CA_BUNDLE", line)
        self.assertEqual(self.logins(), 0)

    def test_explain_shows_where_it_comes_from(self):
        done = subprocess.run([PROGRAM, "explain", "--json", "--online", self.url], capture_output=True,
                              env=self.environment(LD_PRELOAD=None), text=True, timeout=60,
                              check=False)
        answer = json.loads(done.stdout)
        self.assertEqual((answer["decision"], answer["source"]["kind"], answer["source"]["key"]),
                         ("send", "synapse_config", "password"))
        self.assertIn("session of alice", [tried["name"] for tried in answer["tried"]])

    def test_helper_false_uses_a_session_but_makes_none(self):
        with open(self.home / "synauth.conf", "a", encoding="utf-8") as config:
            config.write("helper = false;\n")
        self.assertIn("helper = false", self.curl().stderr)
        self.assertEqual(self.logins(), 0)

    def forbid_helper(self):
        with open(self.home / "synauth.conf", "a", encoding="utf-8") as config:
            config.write("helper = false;\n")

    def run_curl(self, status=0, options=(), **environment):
        """By `synauth run`, which logs in before it becomes curl."""
        done = subprocess.run([PROGRAM, "run", *options, "--", "curl", "-q", "-sS", self.url],
                              env=self.environment(**{**SANITIZED, **environment}),
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertNotIn(PASSWORD, done.stderr + done.stdout)
        return done

    def test_run_leaves_the_session_where_no_helper_may_start(self):
        self.forbid_helper()
        for _ in range(2):
            done = self.run_curl()
            self.assert_alice(done)
            self.assertEqual(done.stderr, "")
        self.assertEqual(self.logins(), 1)
        self.assertEqual(self.file().stat().st_mode & 0o777, 0o600)

    def test_run_without_preflight_does_not_log_in(self):
        self.forbid_helper()
        done = self.run_curl(options=["--no-preflight"])
        self.assertIn("helper = false", done.stderr)
        self.assertEqual(self.logins(), 0)

    def test_run_with_a_faster_source_does_not_log_in(self):
        self.assert_alice(self.run_curl(SYNAPSE_AUTH_TOKEN=self.server.issue()))
        self.assertEqual(self.logins(), 0)

    def test_run_disabled_does_not_log_in(self):
        self.run_curl(SYNAUTH_DISABLE="1")
        self.assertEqual(self.logins(), 0)

    def test_run_login_refused_is_one_line_and_strict_ends(self):
        self.forbid_helper()
        self.write_config(password="wrong")
        refusal, own = self.run_curl().stderr.splitlines()
        self.assertIn('key "password"', refusal)
        self.assertIn("are wrong", refusal)
        self.assertIn("helper = false", own)  # the library's in the program
        done = self.run_curl(125, ["--strict"])
        self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertEqual((done.stdout, self.logins()), ("", 1))

    def test_run_without_a_session_directory(self):
        """Then each program logs in for itself, if it may."""
        self.assert_alice(self.run_curl(SYNAUTH_SESSION_DIR=None))
        self.assertEqual(self.logins(), 1)
        self.forbid_helper()
        self.assertIn("set SYNAUTH_SESSION_DIR",
                      self.run_curl(125, ["--strict"], SYNAUTH_SESSION_DIR=None).stderr)
        self.assertEqual(self.logins(), 1)


if __name__ == "__main__":
    unittest.main()
