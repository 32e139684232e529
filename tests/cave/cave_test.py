"""`synauth cave` in a home of its own, and the secrets in it."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["SYNAUTH_TEST_PROGRAM"]


class CaveTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="synauth-cave-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name).resolve() / "home"
        self.home.mkdir(mode=0o700)
        self.secrets = self.home / ".cloudvolume/secrets"
        self.environment = {"HOME": str(self.home), "PATH": "/usr/bin:/bin"}

    def run_cave(self, *arguments, token="", **options):
        return subprocess.run([PROGRAM, "cave", *map(str, arguments)], env=self.environment,
                              cwd=self.home, input=token, encoding="utf-8", errors="replace",
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                              check=False, **options)

    def expect(self, status, *arguments, token=""):
        """Returns (stdout, stderr) after checking the exit status, and that neither shows the token."""
        done = self.run_cave(*arguments, token=token)
        self.assertEqual(done.returncode, status, f"{arguments}: {done.stdout} {done.stderr}")
        if token.strip() and arguments[0] not in ("get-token", "get-tokens", "request-header"):
            self.assertNotIn(token.strip(), done.stdout + done.stderr)
        return done.stdout, done.stderr

    def save(self, status, token, *arguments):
        return self.expect(status, "save-token", *arguments, token=token)

    def write(self, name, text, mode=0o600):
        path = self.secrets / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)
        return path

    def read(self, name):
        """As Python's clients read it."""
        with open(self.secrets / name, encoding="utf-8") as file:
            return json.load(file)

    def names(self):
        return sorted(path.name for path in self.secrets.iterdir()) if self.secrets.exists() else []
