"""The unit tests again, in locales in which letters, digits and the decimal point are others."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from client_test import preload_value
from locales import make_locale

BUILD = Path(os.environ["SYNAUTH_TEST_BUILD"])
USE_LOCALE = BUILD / "tests/locales/libuse_locale.so"
# No small `i` for `I`, in one byte and in two; a comma in numbers, and a sign of two bytes there.
LOCALES = ("tr_TR.UTF-8", "tr_TR.ISO-8859-9", "de_DE.UTF-8", "ps_AF.UTF-8")
UNITS = ("ascii", "cave_client", "cave_secret_file", "chain", "config", "config_rules",
         "config_text", "credential", "env", "file_read", "file_save", "hook_api", "ini", "ini_edit",
         "json_secret", "log", "netrc", "origin", "paths", "resolve", "rules", "server_host",
         "session", "signature", "synapse_config_file", "token", "preload_guarded_path",
         "preload_program_credentials", "preload_redact")


class Units(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="synauth-locales-"))

    def run_units(self, name):
        locale = make_locale(Path(self.folder), name)
        environment = {**os.environ, **locale, "LD_PRELOAD": preload_value(USE_LOCALE)}
        for unit in UNITS:
            with self.subTest(unit=unit, locale=name):
                done = subprocess.run([BUILD / "bin" / f"test_{unit}"], env=environment,
                                      capture_output=True, text=True, errors="replace", timeout=60,
                                      check=False, stdin=subprocess.DEVNULL)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_units_hold_in_each_locale(self):
        for name in LOCALES:
            self.run_units(name)

    def test_locale_is_taken_before_the_program_begins(self):
        """Where there is none of that name, no test runs."""
        environment = {**os.environ, "LC_ALL": "xx_XX", "LD_PRELOAD": preload_value(USE_LOCALE)}
        done = subprocess.run([BUILD / "bin/test_ascii"], env=environment, check=False,
                              capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 99, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
