"""synauth cave get-new-token, setup-token, login: the pages, the browser, the prompt, the check."""

import base64
import json
import os
import pathlib
import pty
import select
import subprocess
import tempfile
import time
import unittest

from cave_server import ADMIN, NO_TERMS, ORDINARY, CaveServer
from cave_test import PROGRAM, CaveTest

SECONDS = 60


def jwt(**claims):
    def encode(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
    return ".".join([encode({"alg": "RS256"}), encode(claims), "c2ln"])


class SetupTest(CaveTest):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="synauth-cave-server-")
        cls.addClassCleanup(folder.cleanup)
        cls.server = CaveServer(pathlib.Path(folder.name))
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        super().setUp()
        self.environment["CURL_CA_BUNDLE"] = self.server.ca
        self.server.requests()
        self.opened = self.home / "opened"
        self.browser = self.home / "browser"
        self.browser.write_text(f'#!/bin/sh\necho "$@" >> {self.opened}\n')
        self.browser.chmod(0o700)

    def pages(self):
        return self.opened.read_text().splitlines() if self.opened.exists() else []

    def on_terminal(self, typed, *arguments, then=None):
        """Runs the command on a terminal of its own and types at the prompt, then at the question
        whether to replace. Returns its status and all that was shown."""
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.home)
            os.execve(PROGRAM, [PROGRAM, "cave", *arguments], self.environment)
        shown, deadline = b"", time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if not select.select([terminal], [], [], 0.2)[0]:
                continue
            try:
                shown += os.read(terminal, 4096)
            except OSError:
                break
            if typed and b"(not shown): " in shown:
                os.write(terminal, typed.encode())  # the echo is off before the question is shown
                typed = None
            if then and b"[y/N] " in shown:
                os.write(terminal, then.encode())
                then = None
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode(errors="replace")

    def test_get_new_token_says_where_and_opens_only_when_asked(self):
        self.environment.update(BROWSER=str(self.browser), DISPLAY=":99")
        answer, _ = self.expect(0, "get-new-token")
        self.assertIn("https://global.daf-apis.com/auth/api/v1/create_token\n", answer)
        self.assertIn("the ones you have stay valid", answer)
        self.assertEqual(self.pages(), [])
        self.expect(0, "get-new-token", "--open", "--server-address", "Lab.Example/auth/")
        self.assertEqual(self.pages(), ["https://lab.example/auth/api/v1/create_token"])
        self.assertEqual(self.expect(0, "get-new-token", "--no-text")[0], "")

    def test_http_is_for_this_machine_only(self):
        for name in ("127.0.0.1:5000", "LOCALHOST:5000", "[::1]:5000", "[::ffff:127.0.0.1]"):
            answer, _ = self.expect(0, "get-new-token", "--server-address", f"http://{name}")
            self.assertIn("/auth/api/v1/create_token\n", answer)
        for name in ("127.evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "127.1", "[::2]"):
            answer, talk = self.expect(2, "get-new-token", "--server-address", f"http://{name}")
            self.assertEqual(answer, "")
            self.assertIn("https", talk)

    def test_setup_token_pages_and_display(self):
        self.expect(1, "setup-token")
        self.assertEqual(self.pages(), [])
        self.environment["BROWSER"] = f"/does/not/exist:{self.browser} --new %s"
        self.expect(1, "setup-token", "--no-open")
        self.assertEqual(self.pages(), [])
        answer, _ = self.expect(1, "setup-token", "--no-make-new")
        page = "https://global.daf-apis.com/sticky_auth/settings/tokens"
        self.assertIn(page + "\n", answer)
        self.assertEqual(self.pages(), [f"--new {page}"])
        self.assertEqual(self.names(), [])

    def test_setup_token_takes_standard_input(self):
        answer, _ = self.expect(0, "setup-token", "--server-address", self.server.address, token=ORDINARY)
        self.assertIn("/auth/api/v1/create_token\n", answer)
        self.assertEqual(self.read(f"{self.server.host}-cave-secret.json"), {"token": ORDINARY})

    def test_setup_token_on_a_terminal_checks_and_saves_without_echo(self):
        status, shown = self.on_terminal(f'"{ORDINARY}"\n', "setup-token", "--no-open",
                                         "--server-address", self.server.address, "--add-rule")
        self.assertEqual(status, 0, shown)
        self.assertNotIn(ORDINARY, shown)
        self.assertEqual(self.read(f"{self.server.host}-cave-secret.json"), {"token": ORDINARY})
        self.assertIn(f"now carry this token:\r\n  {self.server.host}\r\n", shown)
        self.assertEqual([seen["path"] for seen in self.server.requests()], ["/auth/api/v1/user/cache"])

    def test_setup_token_asks_before_it_replaces(self):
        name = f"{self.server.host}-cave-secret.json"
        self.write(name, '{"token": "old"}')
        command = ("setup-token", "--no-open", "--server-address", self.server.address)
        for answer, status, token in (("n\n", 1, "old"), ("\n", 1, "old"), ("y\n", 0, ORDINARY)):
            self.assertEqual(self.on_terminal(f"{ORDINARY}\n", *command, then=answer)[0], status)
            self.assertEqual(self.read(name), {"token": token})

    def test_interrupt_at_the_prompt_restores_echo_and_saves_nothing(self):
        status, _ = self.on_terminal("\x03", "setup-token", "--no-open")
        self.assertEqual(status, -2)
        self.assertEqual(self.names(), [])

    def test_login_reads_standard_input_and_refuses_what_the_server_does_not_know(self):
        for token, status in (("ff" * 16, 5), (NO_TERMS, 6)):
            _, talk = self.expect(status, "login", "--server-address", self.server.address, token=token)
            self.assertIn("nothing saved", talk)
            self.assertEqual(self.names(), [])
        self.expect(0, "login", "--server-address", self.server.address, token=f'"{ADMIN}"\n')
        self.assertEqual(self.read(f"{self.server.host}-cave-secret.json"), {"token": ADMIN})

    def test_token_of_synapse_is_refused_before_it_is_sent(self):
        self.write("cave_datastack_to_server_map.json", json.dumps({"minnie": self.server.address}))
        before = self.names()
        for kind in ("PERSONAL_ACCESS_TOKEN", "OIDC_ACCESS_TOKEN"):
            token = jwt(token_type=kind)
            for command in (("login", "--server-address", self.server.address), ("setup-token", "--no-check"),
                            ("save-token", "--overwrite"), ("save-token", "--datastack", "minnie")):
                _, talk = self.expect(5, *command, token=token + "\n")
                self.assertIn("the token is one of Synapse", talk)
                self.assertIn("synauth synapse login", talk)
        self.assertEqual((self.names(), self.server.requests()), (before, []))
        self.expect(0, "save-token", token=jwt(token_type="other"))

    def test_login_at_a_second_server_leaves_the_first_alone(self):
        self.write("cave-secret.json", '{"token": "first"}')
        self.expect(0, "login", "--server-address", self.server.address, "--add-rule", token=ORDINARY)
        self.assertEqual(self.read("cave-secret.json"), {"token": "first"})
        self.assertEqual(self.expect(0, "get-token")[0], "first\n")

    def test_login_for_a_datastack_reaches_its_own_server(self):
        self.write("cave_datastack_to_server_map.json",
                   json.dumps({"minnie": self.server.address, "nowhere": self.server.address}))
        self.expect(0, "login", "--datastack", "minnie", "--add-rule", token=ORDINARY)
        self.assertEqual(self.read("local.example.org-cave-secret.json"), {"token": ORDINARY})
        done = subprocess.run([PROGRAM, "explain", "https://local.example.org/segmentation"],
                              env=self.environment, capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        _, talk = self.expect(6, "login", "--datastack", "nowhere", "--overwrite", token=ADMIN)
        self.assertIn("--local-server", talk)
        self.assertEqual(self.read("local.example.org-cave-secret.json"), {"token": ORDINARY})


if __name__ == "__main__":
    unittest.main()
