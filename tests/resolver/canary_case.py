"""A word in tokens and passwords, and programs in whose memory it is looked for at the end."""

import os
import pathlib
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["SYNAUTH_TEST_PROGRAM"]
FOLDER = pathlib.Path(os.environ["SYNAUTH_TEST_CANARY"])
WORD = "Canary7Zq4xWord"
TOKEN = f"tok{WORD}en"


class CanaryCase(unittest.TestCase):
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

    def run_program(self, status, command, secret="", expected="0 0\n"):
        """Runs it; at its end nothing is in its memory, and no core file could be written."""
        self.result.unlink(missing_ok=True)
        done = subprocess.run(command, env=self.environment | {"LD_PRELOAD": str(FOLDER / "canary_end.so")},
                              input=secret, capture_output=True, encoding="utf-8", timeout=60, check=False)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(self.result.read_text(), expected, f"{command}: {done.stderr}")
        return done.stdout

    def run_command(self, status, *arguments, secret=""):
        return self.run_program(status, [PROGRAM, *arguments], secret)
