"""synauth synapse login: which secrets are taken, where they go, and what is said about it."""

import json
import os
import shutil
import signal
import stat
import termios
import unittest

from synapse_case import PRELOAD, PROGRAM, SynapseCase, Terminal
from synapse_server import make_token

ALICE = ("login", "--username", "alice")
PASSWORD = "correct horse"


class TokenTest(SynapseCase):
    def test_token_stored_in_template_and_said_before(self):
        token = self.server.issue()
        done = self.expect(0, "login", secret=token + "\n")
        self.assertEqual(self.config.read_text(), self.template.replace(
            "#[authentication]", "[authentication]").replace(
                "#authtoken = <authtoken>", f"authtoken = {token}"))
        self.assertEqual(stat.S_IMODE(self.config.stat().st_mode), 0o600)
        told = done.stderr.splitlines()
        self.assertIn("alice (3324230)", told[0])
        self.assertIn("view download modify", told[1])
        self.assertIn(f"plain text in {self.config}, section [authentication]", told[2])
        self.assertEqual(told[-1], "synauth: stored")
        self.assertEqual(self.paths(), [("GET", "/repo/v1/userProfile")])
        agent = self.server.requests[0]["headers"]["user-agent"]
        self.assertRegex(agent, r"^synauth/\d+\.\d+\.\d+$")

    def test_token_without_file_made_0600(self):
        self.write("endpoints", self.template)
        self.write(".config/synauth/synauth.conf",
                   f'synapse = {{ config_file = "~/new/config"; }};\n'
                   f'rules = ( {{ match = "{self.server.host}"; service = "synapse"; }} );\n')
        # Production is not ours to ask: the check fails, and nothing is written.
        done = self.run_synapse("login", secret=self.server.issue(),
                                https_proxy="http://127.0.0.1:9")
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertFalse((self.home / "new").exists())

    def test_token_of_cave_is_refused_before_it_is_sent(self):
        for token in ("0123456789abcdef" * 2, "0123456789ABCDEF" * 2 + "\n"):
            done = self.refuse(5, "looks like one of CAVE", "login", secret=token)
            self.assertIn("synauth cave login", done.stderr)
            self.assertNotIn(token.strip(), done.stderr)
            answer, _ = self.call_api("save", "lab", token.strip()).communicate(timeout=60)
            self.assertRegex(answer, r"^4 the token looks like one of CAVE")
        self.assertEqual(self.server.requests, [])
        self.assertEqual(self.config.read_text(), self.template)

    def test_token_for_profile_in_its_section(self):
        token = self.server.issue()
        self.expect(0, "login", "--profile", "lab", secret=token)
        self.assertEqual(self.config.read_text(),
                         self.template + f"\n[profile lab]\nauthtoken = {token}\n")

    def test_token_existing_needs_overwrite_before_anything_is_sent(self):
        old, new = self.server.issue(), self.server.issue()
        self.expect(0, "login", secret=old)
        self.server.requests.clear()
        self.refuse(1, "--overwrite", "login", secret=new)
        self.assertEqual(self.server.requests, [])
        self.expect(0, "login", "--overwrite", secret=new)
        self.assertIn(new, self.config.read_text())
        self.assertNotIn(old, self.config.read_text())

    def test_damaged_token_refused_with_reason_and_not_sent(self):
        token = self.server.issue()
        for damaged, reason in ((f'"{token}"', "quotes"), (f"Bearer {token}", "Bearer"),
                                (f"{token[:20]} {token[20:]}", "white space"),
                                ("my laptop token", "white space"), (f"<{token}>", "placeholder")):
            for arguments in (("login",), ALICE):
                if damaged.startswith("my") and arguments == ALICE:
                    continue  # a password may look like this
                if "white" in reason and arguments == ALICE:
                    continue
                self.refuse(5, reason, *arguments, secret=damaged)
        self.assertEqual(self.server.requests, [])

    def test_token_name_refused(self):
        self.refuse(5, "token's name", "login", secret="laptop")

    def test_unknown_token_and_scope_refused(self):
        self.refuse(5, "does not know this token", "login", secret=make_token("1", nonce="x"))
        self.refuse(5, "scope `view`", "login", secret=self.server.issue(scopes=["download"]))

    def test_nothing_or_nul_on_input_refused(self):
        for secret in ("", "\n", "a\0b"):
            done = self.run_synapse("login", secret=secret)
            self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(self.server.requests, [])

    def test_token_of_another_user_refused(self):
        token = self.server.issue()
        self.refuse(5, "not of bob", "login", "--username", "bob", secret=token)
        self.expect(0, "login", "--username", "alice@example.org", secret=token)

    def test_secret_as_argument_refused_and_not_repeated(self):
        token = self.server.issue()
        done = self.expect(2, "login", token)
        self.assertNotIn(token, done.stderr)

    def test_broken_file_named_with_line(self):
        self.config.write_text("[authentication]\nsecret garbage\n")
        done = self.refuse(5, f"{self.config}:2", "login", secret=self.server.issue())
        self.assertNotIn("garbage", done.stderr)

    def test_endpoint_without_rule_refused_with_rule(self):
        self.allow("other.example.org")
        done = self.refuse(3, f'match = "{self.server.host}"', "login", secret=self.server.issue())
        self.assertIn('service = "synapse"', done.stderr)
        self.refuse(3, "no rule names", *ALICE, secret=PASSWORD)
        self.assertEqual(self.server.requests, [])

    def test_endpoint_in_clear_text_refused(self):
        self.config.write_text("[endpoints]\nrepoEndpoint = http://repo.example.org/repo/v1\n")
        self.refuse(2, "https", "login", secret=self.server.issue())


class PasswordTest(SynapseCase):
    def session_files(self):
        return [path for path in self.sessions.iterdir() if path.suffix == ".json"]

    def test_password_session_kept_and_password_nowhere(self):
        done = self.expect(0, *ALICE, secret=PASSWORD + "\n")
        first, second = self.server.requests
        self.assertEqual((first["method"], first["path"]), ("POST", "/auth/v1/login2"))
        self.assertEqual(json.loads(first["body"]), {"username": "alice", "password": PASSWORD})
        self.assertNotIn("authorization", first["headers"])
        self.assertTrue(second["headers"]["authorization"].startswith("Bearer eyJ"))
        self.assertEqual(self.config.read_text(), self.template)
        files = self.session_files()
        self.assertTrue(files)
        for path in files:
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
            self.assertNotIn(PASSWORD, path.read_text())
        self.assertIn(str(self.sessions), done.stderr.splitlines()[0])
        self.assertIn("logged in until 20", done.stderr)

    def test_password_characters_kept(self):
        for password in ('a"b\\c', " led and trailed ", "p\u00e4\u00df\u20ac", "tab\there"):
            self.server.requests.clear()
            self.refuse(5, "wrong", *ALICE, secret=password)
            self.assertEqual(json.loads(self.server.requests[0]["body"])["password"], password)

    def test_receipt_sent_again(self):
        self.expect(0, *ALICE, secret=PASSWORD)
        self.server.requests.clear()
        self.expect(0, *ALICE, secret=PASSWORD)
        self.assertRegex(json.loads(self.server.requests[0]["body"])["authenticationReceipt"],
                         r"^receipt-\d+$")

    def test_refusals_explained_and_password_sent_once(self):
        for user, password, status, part in (
                ("alice", "n0t th1s", 5, "user name or password are wrong"),
                ("tess", "two factors", 5, "personal access token"),
                ("rolf", "w3ak", 5, "reset it"),
                ("lea", "shut out", 6, "65 seconds"),
                ("tom", "unr3ad", 5, "terms of use")):
            with self.subTest(user):
                self.server.requests.clear()
                self.refuse(status, part, "login", "--username", user, secret=password)
                self.assertEqual(self.paths(), [("POST", "/auth/v1/login2")])
                self.assertFalse(any(password in path.read_text() for path in self.session_files()))

    def test_password_not_remembered_by_keyring(self):
        program = self.home / "bin/synauth"
        program.parent.mkdir()
        shutil.copy(PROGRAM, program)
        self.write("bin/synauth-helper-keyring", "#!/bin/sh\n", 0o700)
        self.program = str(program)
        self.refuse(2, "personal access tokens only", *ALICE, "--remember-me", secret=PASSWORD)
        self.assertEqual(self.server.requests, [])

    def test_session_directory_absent_or_unsafe_password_not_sent(self):
        self.refuse(1, "SYNAUTH_SESSION_DIR", *ALICE, secret=PASSWORD, SYNAUTH_SESSION_DIR="")
        self.sessions.chmod(0o777)
        self.refuse(5, str(self.sessions), *ALICE, secret=PASSWORD)
        self.assertEqual(self.server.requests, [])

    def test_preload_library_leaves_login_alone(self):
        done = self.run_synapse(*ALICE, secret="wrong", LD_PRELOAD=PRELOAD,
                                SYNAPSE_AUTH_TOKEN="tokE")
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertNotIn("authorization", self.server.requests[0]["headers"])

    def test_concurrent_logins_reuse_one_session(self):
        running = [self.call_api("reuse", "alice", PASSWORD) for _ in range(20)]
        answers = {process.communicate(timeout=60)[0] for process in running}
        self.assertEqual(len(answers), 1, answers)
        self.assertTrue(answers.pop().startswith("0 eyJ"))
        self.assertEqual(self.paths(), [("POST", "/auth/v1/login2")])

    def test_two_factor_code_asked_on_terminal(self):
        terminal = Terminal(self, "login", "--username", "tess")
        terminal.wait_for("password: ")
        terminal.type("two factors\n")
        terminal.wait_for("authenticator app")
        terminal.type("123456\n")
        self.assertEqual(terminal.finish(), 0, terminal.shown)
        self.assertNotIn("two factors", terminal.shown)
        self.assertNotIn("123456", terminal.shown)
        sent = json.loads(self.server.sent("POST", "/auth/v1/2fa/token")[0]["body"])
        self.assertEqual(sent, {"userId": 3324231, "twoFaToken": "ticket-tess", "otpType": "TOTP",
                                "otpCode": "123456"})

    def test_prompt_interrupted_echo_restored(self):
        terminal = Terminal(self, "login")
        terminal.wait_for("token: ")
        self.assertFalse(termios.tcgetattr(terminal.fd)[3] & termios.ECHO)
        os.kill(terminal.pid, signal.SIGTERM)
        _, status = os.waitpid(terminal.pid, 0)
        self.assertEqual(os.WTERMSIG(status), signal.SIGTERM)
        self.assertTrue(termios.tcgetattr(terminal.fd)[3] & termios.ECHO)
        os.close(terminal.fd)


class BadServiceTest(SynapseCase):
    def test_service_down_get_repeated_post_not(self):
        self.server.mode = "down"
        self.refuse(6, "down", "login", secret=self.server.issue())
        self.assertEqual(len(self.server.requests), 4)
        self.server.requests.clear()
        self.refuse(6, "down", *ALICE, secret=PASSWORD)
        self.assertEqual(len(self.server.requests), 1)

    def test_answers_that_are_none(self):
        for mode, part in (("truncated", "cut off"), ("huge", "1 MiB"), ("moved", "302")):
            with self.subTest(mode):
                self.server.mode = mode
                self.refuse(6, part, "login", secret=self.server.issue())
                self.refuse(6, part, *ALICE, secret=PASSWORD)

    def test_untrusted_certificate_nothing_sent(self):
        bundle = "/etc/ssl/certs/ca-certificates.crt"
        for arguments, secret in ((("login",), self.server.issue()), (ALICE, PASSWORD)):
            self.refuse(6, "CURL_CA_BUNDLE", *arguments, secret=secret, CURL_CA_BUNDLE=bundle)
        self.assertEqual(self.server.requests, [])

    def test_ca_file_by_ssl_cert_file(self):
        ca = self.environment.pop("CURL_CA_BUNDLE")
        self.expect(0, "login", secret=self.server.issue(), SSL_CERT_FILE=ca)

    def test_time_out_ends_call_and_post_is_sent_once(self):
        self.server.mode = "hang"
        answer, _ = self.call_api("login", "alice", PASSWORD, "3000").communicate(timeout=60)
        self.assertTrue(answer.startswith("5 "), answer)
        self.assertIn("in time", answer)
        self.assertEqual(self.paths(), [("POST", "/auth/v1/login2")])
        answer, _ = self.call_api("account", self.server.issue(), "3000").communicate(timeout=60)
        self.assertIn("in time", answer)


class KeyringTest(SynapseCase):
    """What the command asks of synauth-helper-keyring; the helper has tests of its own."""

    def setUp(self):
        super().setUp()
        program = self.home / "bin/synauth"
        program.parent.mkdir()
        shutil.copy(PROGRAM, program)
        self.program = str(program)
        self.calls = self.home / "calls"
        self.install(0)

    def install(self, status):
        self.write("bin/synauth-helper-keyring",
                   f'#!/bin/sh\necho "$@ $(cat)" >> {self.calls}\nexit {status}\n', 0o700)

    def test_remember_me_token_in_keyring_only(self):
        token = self.server.issue()
        before = self.config.read_text()
        done = self.expect(0, "login", "--remember-me", secret=token)
        self.assertIn("keyring", done.stderr)
        self.assertEqual(self.config.read_text(), before)
        self.assertEqual(self.calls.read_text().splitlines(),
                         ["clear SYNAPSE.ORG_CLIENT alice ",
                          f"store SYNAPSE.ORG_CLIENT_AUTH_TOKEN alice {token}"])
        self.assertEqual((self.home / ".synapseSession").read_text(), '{"<mostRecent>": "alice"}\n')

    def test_keyring_refuses_said_and_no_user_noted(self):
        self.install(1)
        self.refuse(1, "keyring did not take", "login", "--remember-me",
                    secret=self.server.issue())
        self.assertFalse((self.home / ".synapseSession").exists())

    def test_logout_forgets_both_items(self):
        self.expect(0, "login", "--remember-me", secret=self.server.issue())
        self.calls.unlink()
        done = self.expect(0, "logout")
        self.assertIn("keyring", done.stderr)
        self.assertEqual(self.calls.read_text().splitlines(),
                         ["clear SYNAPSE.ORG_CLIENT_AUTH_TOKEN alice ",
                          "clear SYNAPSE.ORG_CLIENT alice "])
        self.assertFalse((self.home / ".synapseSession").exists())

    def test_helper_absent_said_before_asking(self):
        (self.home / "bin/synauth-helper-keyring").unlink()
        self.refuse(1, "not available", "login", "--remember-me", secret=self.server.issue())
        self.assertEqual(self.server.requests, [])


if __name__ == "__main__":
    unittest.main()
