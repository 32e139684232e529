"""What CAVE's auth service says neither repeats the token nor steers a terminal."""

import json
import os
import pathlib
import pty
import tempfile
import unittest

from cave_server import BASE64, ORDINARY, CaveServer
from cave_test import PROGRAM, CaveTest

STEERING = "".join(map(chr, [0x1b, 0x0d, 0x08, 0x07, 0x7f, 0x80, 0x84, 0x85, 0x9b, 0x9d, 0x61c, 0x200b,
                             0x200e, 0x200f, 0x2028, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff, 0xe0041]))
HARMLESS = "Ed\u00e9 \u5f20\u4f1f \U0001f42d n\u200do"
USER = {"id": 22, "name": f"a{STEERING}b", "note": HARMLESS}


class ServerText(CaveTest):
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
        self.server.answer()

    def use(self, token):
        self.write(f"{self.server.host}-cave-secret.json", json.dumps({"token": token}))

    def give(self, *answers):
        """Pairs of a status and a body."""
        self.server.answer(*[(status, body, (), "application/json") for status, body in answers])

    def ask(self, *arguments):
        return self.run_cave(*arguments, "--server-address", self.server.address)

    def on_terminal(self, *arguments):
        """What reaches the terminal, as bytes; its line discipline changes nothing."""
        pid, fd = pty.fork()
        if pid == 0:
            os.system("stty raw")
            os.execve(PROGRAM, [PROGRAM, "cave", *arguments, "--server-address", self.server.address],
                      self.environment)
        shown = b""
        try:
            while data := os.read(fd, 4096):
                shown += data
        except OSError:  # its other end is closed
            pass
        os.waitpid(pid, 0)
        os.close(fd)
        return shown.decode()

    def assert_steers_nothing(self, text):
        self.assertEqual([hex(ord(letter)) for letter in STEERING if letter in text], [])

    def test_json_on_a_terminal_is_escaped_and_the_same(self):
        self.use(ORDINARY)
        for ascii_only in (True, False):
            body = "\r\n\t" + json.dumps(USER, ensure_ascii=ascii_only).replace(": ", ":\r")
            self.give((200, body.encode()))
            shown = self.on_terminal("whoami")
            self.assert_steers_nothing(shown)
            self.assertEqual(json.loads(shown), USER)
            self.assertIn(HARMLESS.split()[0] if not ascii_only else "Ed", shown)

    def test_json_elsewhere_is_as_it_came(self):
        self.use(ORDINARY)
        body = json.dumps(USER, ensure_ascii=False)
        self.give((200, body.encode()))
        self.assertEqual(self.ask("whoami").stdout, body + "\n")

    def test_table_steers_nothing_anywhere(self):
        self.use(ORDINARY)
        for arguments in (["whoami"], ["get-user-information", "22"]):
            body = json.dumps({f"k{STEERING}": 1, **USER})
            body = body if arguments == ["whoami"] else f"[{body}]"
            self.give(*[(200, body.encode())] * 2)
            self.assert_steers_nothing(self.ask(*arguments, "--table").stdout)
            shown = self.on_terminal(*arguments, "--table")
            self.assert_steers_nothing(shown)
            self.assertIn(HARMLESS, shown)

    def test_token_in_every_refusal(self):
        """Old refusals show names, addresses and types as the server has them."""
        for token in (ORDINARY, BASE64):
            self.use(token)
            for answer in (
                    (403, {"error": "missing_tos", "data": {"tos_name": f"n {token}",
                                                            "tos_form_url": f"https://x/?t={token}"}}),
                    (403, {"error": "missing_permission",
                           "data": {"required_permission": token, "auth_dataset": token.upper()}}),
                    (403, {"error": "missing_role", "data": {"required_role": token[:-2]}}),
                    (200, b"<html>", f"text/html; charset={token}")):
                status, body, *kind = answer
                self.server.answer((status, body, (), *(kind or ["application/json"])))
                done = self.ask("whoami")
                self.assertEqual(done.returncode, 6)
                self.assertNotIn(token[:20].lower(), (done.stdout + done.stderr).lower())
                self.assertIn("[secret]", done.stderr)

    def test_token_in_answers_that_are_not_about_tokens(self):
        self.use(BASE64)
        written = json.dumps({"name": f"<{BASE64}>", BASE64: 'a"\\', "x": "\\u"})
        odd = written.replace("Zm9v", "\\u005am9\\u0076", 1)
        for body in (written, odd):
            self.give((200, body.encode()))
            shown = self.ask("whoami").stdout
            self.assertEqual(json.loads(shown), {"name": "<[secret]>", "[secret]": 'a"\\', "x": "\\u"})
        self.assertEqual(json.loads(self.ask("get-tokens").stdout)[0]["token"], BASE64)

    def test_local_server_that_is_the_token(self):
        self.give((200, {"id": 22}), (200, {"local_server": ORDINARY}))
        done = self.run_cave("login", "--server-address", self.server.address, "--datastack", "minnie",
                             token=ORDINARY)
        self.assertNotEqual(done.returncode, 0)
        self.assertNotIn(ORDINARY, done.stdout + done.stderr)
        self.assertFalse([name for name in self.names() if ORDINARY in name])


if __name__ == "__main__":
    unittest.main()
