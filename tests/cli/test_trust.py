"""Whose files are used: as they lie where people really run. Owners and mounts are made by root, so
that an ordinary user's run has fewer tests."""

import os
import subprocess
import unittest

from command_line import CAVE_URL, CommandLineTest

USER = 23456  # nobody's number, and a group that nobody else is in
STRANGER = 34567
RULE = 'rules = ( { match = "a.example"; service = "cave"; token_env = "CAVE_TOKEN"; } );\n'
URL = "https://a.example/"


class TrustTest(CommandLineTest):
    def setUp(self):
        super().setUp()
        self.environment["CAVE_TOKEN"] = "tokA"
        self.config = self.configure(RULE)

    def answer(self, url, *prefix):
        """(exit status of explain, everything it says)"""
        done = subprocess.run([*prefix, self.program, "explain", url], env=self.environment, cwd="/", timeout=60,
                              stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False)
        return done.returncode, done.stdout + done.stderr

    def test_configuration_that_others_can_write(self):
        for mode in (0o666, 0o602):
            self.config.chmod(mode)
            status, said = self.answer(URL)
            self.assertEqual(status, 3, said)
            self.assertIn("chmod go-w", said)

    if os.geteuid() == 0:
        def as_user(self, *more):
            for folder, _, files in os.walk(self.home):
                for name in ["", *files]:
                    os.chown(os.path.join(folder, name), USER, USER)
            self.home.parent.chmod(0o755)
            return ("setpriv", f"--reuid={USER}", f"--regid={USER}", *(more or ("--clear-groups",)))

        def test_configuration_that_the_private_group_can_write(self):
            """As Kubernetes makes it every morning (fsGroup)."""
            self.config.chmod(0o664)
            status, said = self.answer(URL, *self.as_user())
            self.assertEqual(status, 0, said)

        def test_configuration_that_another_group_can_write(self):
            prefix = self.as_user(f"--groups={STRANGER}")
            os.chown(self.config, USER, STRANGER)
            self.config.chmod(0o664)
            self.assertEqual(self.answer(URL, *prefix)[0], 3)

        def test_configuration_on_a_read_only_mount(self):
            self.config.chmod(0o666)
            os.chown(self.config, STRANGER, STRANGER)
            mount = f'mount --bind {self.config} {self.config} && mount -o remount,ro,bind {self.config} && exec "$@"'
            self.assertEqual(self.answer(URL)[0], 3)
            status, said = self.answer(URL, "unshare", "-m", "sh", "-c", mount, "sh")
            self.assertEqual(status, 0, said)

        def test_credential_file_of_another_owner(self):
            """docker run -v ~/.cloudvolume/secrets:/root/.cloudvolume/secrets"""
            del self.environment["CAVE_TOKEN"]
            path = self.write(".cloudvolume/secrets/cave-secret.json", '{"token": "tokA"}')
            os.chown(path, STRANGER, STRANGER)
            self.environment["CLOUD_VOLUME_DIR"] = str(path.parent.parent)
            for home in (self.environment["HOME"], "/"):  # what is in the home, and where everything is
                self.environment["HOME"] = home
                status, said = self.answer(CAVE_URL)
                self.assertEqual(status, 0, said)
                self.assertIn(f"{path}: ", said)
                self.assertIn(":ro", said)
                self.assertNotIn("chown", said)


if __name__ == "__main__":
    unittest.main()
