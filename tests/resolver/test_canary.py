"""No copy of a token stays in memory: after synauth_close, and at the end of each command."""

import os
import pathlib
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["SYNAUTH_TEST_PROGRAM"]
FOLDER = pathlib.Path(os.environ["SYNAUTH_TEST_CANARY"])
WORD = "Canary7Zq4xWord"
TOKEN = f"tok{WORD}en"


class Canary(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="synauth-canary-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name).resolve()
        self.result = self.home / "result"
        self.environment = {"HOME": str(self.home), "PATH": "/usr/bin:/bin", "CANARY_RESULT": str(self.result),
                            "CANARY": "".join(chr(ord(letter) + 1) for letter in WORD)}

    def write(self, name, text, mode=0o600):
        path = self.home / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    def files(self):
        self.write(".synapseConfig", f"[authentication]\nusername = me\nauthtoken = {TOKEN}\n")
        self.write(".cloudvolume/secrets/cave-secret.json", f'{{"token": "{TOKEN}", "other": "{TOKEN}2"}}')
        self.write("token", TOKEN + "\n")
        self.write("give", f"#!/bin/sh\necho {TOKEN}\n", 0o700)
        self.write(".config/synauth/synauth.conf", 'rules = (\n  { match = "f.example"; service = "cave"; token_file = '
                   '"~/token"; },\n  { match = "c.example"; service = "cave"; token_command = [ "' + f'{self.home}/give" ]; }}\n);\n')


class Library(Canary):
    URLS = ("https://f.example/", "https://repo-prod.prod.sagebase.org/", "https://global.daf-apis.com/", "https://c.example/")

    def ask(self, sent, **environment):
        done = subprocess.run([FOLDER / "canary", *self.URLS], env=self.environment | environment, capture_output=True,
                              encoding="utf-8", timeout=60, check=False)
        self.assertEqual(done.stdout, f"{sent} sent\n", done.stderr)
        return done

    def test_scan_finds_what_is_there(self):
        self.files()
        self.assertEqual(self.ask(4, CANARY_OPEN="1").returncode, 1)

    def test_nothing_is_left_of_files_and_commands(self):
        self.files()
        done = self.ask(4)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_nothing_is_left_of_the_environment(self):
        done = self.ask(2, SYNAPSE_AUTH_TOKEN=TOKEN, CAVE_TOKEN=TOKEN)
        self.assertEqual(done.returncode, 0, done.stderr)


class Commands(Canary):
    def run_command(self, status, *arguments, secret=""):
        self.result.unlink(missing_ok=True)
        done = subprocess.run([PROGRAM, *arguments], env=self.environment | {"LD_PRELOAD": str(FOLDER / "canary_end.so")},
                              input=secret, capture_output=True, encoding="utf-8", timeout=60, check=False)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(self.result.read_text(), "0 0\n", f"{arguments}: {done.stderr}")
        return done.stdout

    def test_commands_that_print_a_token(self):
        self.files()
        for arguments in (("synapse", "request-header"), ("cave", "request-header"), ("cave", "get-token")):
            with self.subTest(arguments):
                self.assertIn(TOKEN, self.run_command(0, *arguments))

    def test_commands_that_look_at_a_token(self):
        self.files()
        for arguments in (("explain", "https://f.example/"), ("status",), ("synapse", "whoami", "--offline"),
                          ("cave", "servers"), ("explain", "--json", "https://repo-prod.prod.sagebase.org/")):
            with self.subTest(arguments):
                self.run_command(0, *arguments)

    def test_commands_that_save_and_remove_a_token(self):
        self.run_command(0, "cave", "save-token", secret=TOKEN + "\n")
        self.run_command(0, "cave", "logout")
        self.files()
        self.run_command(0, "synapse", "logout")

    def test_run_leaves_its_program_limits_and_core_files(self):
        code = ("import ctypes, resource; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), "
                "*resource.getrlimit(resource.RLIMIT_CORE))")
        expected = subprocess.run(["/usr/bin/python3", "-c", code], capture_output=True, encoding="utf-8", check=True).stdout
        done = subprocess.run([PROGRAM, "run", "--no-preflight", "/usr/bin/python3", "-c", code], env=self.environment,
                              capture_output=True, encoding="utf-8", timeout=60, check=False)
        self.assertEqual((done.stdout, expected[0]), (expected, "1"), done.stderr)


if __name__ == "__main__":
    unittest.main()
