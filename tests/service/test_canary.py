"""No copy of a password, a token or a receipt stays in the memory of a command that talks to a
service, nor of the helper: each is looked at when it ends."""

import os
import pathlib
import tempfile
import unittest

import cave_server
import synapse_server
from canary_case import FOLDER, PROGRAM, TOKEN, WORD, CanaryCase
from synapse_case import Terminal

PASSWORD = f"pass{WORD}word"
HELPER = pathlib.Path(PROGRAM).parent / "synauth-helper"


def make_token(*arguments, **options):
    """With the word where a signature would be: the claims are base64."""
    return f"{MAKE_TOKEN(*arguments, **options)}{WORD}"


MAKE_TOKEN, synapse_server.make_token = synapse_server.make_token, make_token


class Synapse(CanaryCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="synauth-synapse-")
        cls.addClassCleanup(folder.cleanup)
        cls.server = synapse_server.SynapseServer(pathlib.Path(folder.name))
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__, None, None, None)
        cls.server.receipt = f"receipt{WORD}"
        cls.server.accounts[:] = [
            synapse_server.Account(1, "alice", PASSWORD),
            synapse_server.Account(2, "tess", PASSWORD, two_factor="123456"),
            synapse_server.Account(3, "lea", PASSWORD, locked=65000)]

    def setUp(self):
        super().setUp()
        self.server.mode = None
        self.server.requests.clear()
        (self.home / "sessions").mkdir(mode=0o700)
        self.environment |= {"CURL_CA_BUNDLE": str(self.server.certificates.ca),
                             "SYNAUTH_SESSION_DIR": str(self.home / "sessions")}
        self.write(".config/synauth/synauth.conf",
                   f'rules = ( {{ match = "{self.server.host}"; service = "synapse"; }} );\n')
        self.write_config()

    def write_config(self, section=""):
        self.write(".synapseConfig", f"{section}[endpoints]\nrepoEndpoint = https://{self.server.host}/repo/v1\n"
                                     f"authEndpoint = https://{self.server.host}/auth/v1\n")

    def test_login_with_a_token_and_what_uses_it(self):
        self.run_command(0, "synapse", "login", secret=self.server.issue() + "\n")
        self.assertIn(WORD, (self.home / ".synapseConfig").read_text())
        self.run_command(0, "synapse", "whoami")
        self.run_command(0, "status")
        self.run_command(0, "synapse", "logout")

    def test_login_with_a_token_that_the_service_does_not_know(self):
        self.run_command(5, "synapse", "login", secret=make_token("1") + "\n")

    def test_login_with_a_password(self):
        for name in ("first", "with the receipt of the first"):
            with self.subTest(name):
                self.run_command(0, "synapse", "login", "--username", "alice", secret=PASSWORD + "\n")
        for path in (self.home / "sessions").glob("*.json"):
            self.assertEqual(path.read_text().count(WORD), 2)  # token and receipt
        self.run_command(0, "synapse", "whoami", "--offline")
        self.run_command(0, "synapse", "logout")

    def test_login_with_a_password_that_is_refused(self):
        for user in ("lea", "nobody"):
            self.run_command(6 if user == "lea" else 5, "synapse", "login", "--username", user, secret=PASSWORD + "\n")

    def test_server_that_repeats_what_it_was_sent(self):
        self.server.mode = lambda request: (500, {"reason": request["body"] + str(request["headers"])})
        self.run_command(6, "synapse", "login", "--username", "alice", secret=PASSWORD + "\n")
        self.run_command(6, "synapse", "login", secret=make_token("1") + "\n")

    def type_code(self, code):
        self.environment["LD_PRELOAD"] = str(FOLDER / "canary_end.so")
        self.program = PROGRAM
        terminal = Terminal(self, "login", "--username", "tess")
        terminal.wait_for("assword")
        terminal.type(PASSWORD + "\n")
        terminal.wait_for("code")
        terminal.type(code + "\n")
        status = os.waitstatus_to_exitcode(terminal.finish())
        self.assertEqual(self.result.read_text(), "0 0\n", terminal.shown)
        return status

    def test_password_and_code_on_a_terminal(self):
        self.assertEqual(self.type_code("123456"), 0)

    def test_code_that_is_refused(self):
        self.assertEqual(self.type_code(f"recovery-{WORD}"), 5)

    def help_login(self, user, password):
        parts = (user, password, f"https://{self.server.host}/auth/v1", "", str(self.home / ".synapseConfig"), "a.b")
        return self.run_program(0, [HELPER, "login"], "".join(f"{part}\0" for part in parts))

    def test_helper_that_logs_in(self):
        self.assertIn(WORD, self.help_login("alice", PASSWORD))
        self.assertIn("unusable", self.help_login("alice2", PASSWORD))

    def test_command_that_asks_the_helper(self):
        self.write_config(f"[default]\nusername = alice\npassword = {PASSWORD}\n")
        self.assertIn(WORD, self.run_command(0, "synapse", "request-header"))
        self.assertEqual(len(self.server.sent("POST", "/auth/v1/login2")), 1)


class Cave(CanaryCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="synauth-cave-")
        cls.addClassCleanup(folder.cleanup)
        cls.server = cave_server.CaveServer(pathlib.Path(folder.name))
        cls.addClassCleanup(cls.server.stop)
        cave_server.USERS[TOKEN] = (22, False)

    def setUp(self):
        super().setUp()
        self.environment["CURL_CA_BUNDLE"] = self.server.ca

    def run_cave(self, status, name, *arguments, secret=""):
        return self.run_command(status, "cave", name, "--server-address", self.server.address, *arguments,
                                secret=secret)

    def test_login_and_what_uses_the_token(self):
        self.run_cave(0, "login", "--add-rule", secret=TOKEN + "\n")
        self.run_cave(0, "whoami")
        self.assertIn(TOKEN, self.run_cave(0, "get-tokens"))
        self.run_cave(0, "save-token", "--overwrite", secret=TOKEN + "\n")
        self.run_cave(6, "get-user-information", "1")
        self.run_cave(0, "logout")

    def test_login_that_is_refused(self):
        self.run_cave(5, "login", secret=TOKEN + "x\n")


class Helper(CanaryCase):
    def test_command(self):
        self.files()
        self.assertIn(TOKEN, self.run_program(0, [HELPER, "command", str(self.home / "give")]))


if __name__ == "__main__":
    unittest.main()
