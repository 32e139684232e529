"""A home directory of its own for each test, and the command run in it."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["SYNAUTH_TEST_PROGRAM"]
FIXTURES = pathlib.Path(os.environ["SYNAUTH_TEST_CLI_FIXTURES"])
SYNAPSE_URL = "https://repo-prod.prod.sagebase.org/repo/v1/userProfile"
CAVE_URL = "https://global.daf-apis.com/info/api/v2/datastacks"
PRELOAD_NAME = "libsynauth_preload.so"


class CommandLineTest(unittest.TestCase):
    """Runs the command in an empty home with nothing but PATH in the environment."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="synauth-cli-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name).resolve() / "home"
        self.home.mkdir(mode=0o700)
        self.environment = {"HOME": str(self.home), "PATH": "/usr/bin:/bin"}
        if "address" in os.environ.get("SYNAUTH_TEST_SANITIZE", ""):
            # The tests put libraries in front of the sanitizer's runtime.
            self.environment["ASAN_OPTIONS"] = "verify_asan_link_order=0"
        self.program = PROGRAM

    def run_program(self, *arguments, **options):
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.PIPE)
        return subprocess.run([self.program, *map(str, arguments)], env=self.environment,
                              cwd=options.pop("cwd", self.home), stdin=subprocess.DEVNULL,
                              timeout=60, check=False, encoding="utf-8", errors="replace",
                              **options)

    def expect(self, status, *arguments, **options):
        """Runs the command and returns (stdout, stderr) after checking its exit status."""
        done = self.run_program(*arguments, **options)
        self.assertEqual(done.returncode, status, f"{arguments}: {done.stdout} {done.stderr}")
        return done.stdout, done.stderr

    def explain(self, status, url, *arguments):
        answer, _ = self.expect(status, "explain", "--json", *arguments, url)
        return json.loads(answer)

    def write(self, name, text, mode=0o600):
        path = self.home / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    def configure(self, text):
        """Makes text the user's configuration."""
        return self.write(".config/synauth/synauth.conf", text)


class InstalledTest(CommandLineTest):
    """Runs a copy of the command with an empty preload library in ../lib beside it."""

    def setUp(self):
        super().setUp()
        self.prefix = self.install("prefix")
        self.program = self.prefix / "bin/synauth"
        self.library = str(self.prefix / "lib" / PRELOAD_NAME)

    def install(self, name):
        prefix = self.home.parent / name
        (prefix / "bin").mkdir(parents=True)
        (prefix / "lib").mkdir()
        shutil.copy(PROGRAM, prefix / "bin/synauth")
        shutil.copy(FIXTURES / "empty_preload.so", prefix / "lib" / PRELOAD_NAME)
        return prefix


class PreloadListCase(InstalledTest):
    def preload(self, *arguments):
        answer, _ = self.expect(0, *(arguments or ("run",)), "--", "printenv", "LD_PRELOAD")
        return answer.rstrip("\n")

    def other_copy(self):
        return str(self.install("other") / "lib" / PRELOAD_NAME)

    def any_library(self, name):
        """A library that the loader accepts under a name of its own."""
        path = self.home / name
        shutil.copy(self.library, path)
        return str(path)
