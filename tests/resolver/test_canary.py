"""No copy of a token stays in memory: after synauth_close, and at the end of each command."""

import subprocess
import unittest

from canary_case import FOLDER, PROGRAM, TOKEN, CanaryCase


class Library(CanaryCase):
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


class Commands(CanaryCase):
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
