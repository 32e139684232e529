"""Code that is found by its place beside ours is judged as a configuration is: whoever can put a file
there would get every password. What is refused is not used, and one line says so."""

import os
import shutil
import subprocess
import unittest
from pathlib import Path

from client_test import PORT, PRELOAD, PROGRAM, ClientTest, preload_value, synauth_lines, write_file

TOKEN = "fake-planted-token"
STRANGER = 65534
RESOLVER, SERVICE = "libsynauth.so.1", "libsynauth_service.so.1"
LIBRARIES = Path(PRELOAD).parent
PROGRAMS = Path(PROGRAM).parent


class Planted(ClientTest):
    def setUp(self):
        super().setUp()
        self.tree = self.home / "tree"
        self.tree.mkdir(mode=0o755)
        for name in ("lib", "bin"):
            (self.tree / name).mkdir(mode=0o755)
        shutil.copy(PRELOAD, self.tree / "lib")
        for name in (RESOLVER, SERVICE):  # a link beside the file, as they are installed
            shutil.copy(LIBRARIES / name, self.tree / "lib" / (name + ".0"))
            (self.tree / "lib" / name).symlink_to(name + ".0")
        for name in ("synauth", "synauth-helper"):
            shutil.copy(PROGRAMS / name, self.tree / "bin" / name)
        self.helper = self.tree / "bin/synauth-helper"
        self.seen = self.home / "seen"
        write_file(self.configuration,
                   'rules = ({ match = "synapse.test:*"; service = "synapse"; '
                   f'token_command = ["echo", "{TOKEN}"]; }});\n')

    def plant(self):
        """A helper that tells what it was given."""
        self.helper.unlink()
        write_file(self.helper, f"#!/bin/sh\ntouch {self.seen}\nprintf 'value\\n0\\n{TOKEN}'\n", 0o755)

    def fetch(self):
        preload = preload_value(str(self.tree / "lib" / Path(PRELOAD).name))
        return self.curl(self.server.url("A"), environment=self.environment(
            LD_PRELOAD=preload, LD_LIBRARY_PATH=str(self.tree / "lib")))

    def assert_used(self):
        result = self.fetch()
        self.assertEqual(result.stderr, "")
        self.assert_sent([("A", f"Bearer {TOKEN}")])

    def assert_refused(self, *words):
        result = self.fetch()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assert_sent([("A", None)])
        (line,) = synauth_lines(result)
        for word in words:
            self.assertIn(word, line)
        self.assertFalse(self.seen.exists())

    def test_own_tree_is_used(self):
        self.assert_used()

    def test_helper_of_a_stranger(self):
        self.plant()
        os.chown(self.helper, STRANGER, STRANGER)
        self.assert_refused("synauth-helper is not used", f"user {STRANGER}", "chown")

    def test_helper_that_others_can_write(self):
        for mode, who in ((0o757, "everybody"), (0o775, "its group")):
            self.plant()
            os.chown(self.helper, -1, STRANGER)
            self.helper.chmod(mode)
            self.assert_refused("synauth-helper is not used", who, "chmod go-w")

    def test_folder_of_a_stranger_or_open_to_others(self):
        self.plant()
        folder = self.helper.parent
        os.chown(folder, STRANGER, STRANGER)
        self.assert_refused("the folder belongs to user")
        os.chown(folder, os.getuid(), STRANGER)
        for mode in (0o777, 0o775):
            folder.chmod(mode)
            self.assert_refused("can write the folder")

    def test_folder_behind_a_link(self):
        """The link is ours, what it leads to is not."""
        elsewhere = self.home / "elsewhere"
        elsewhere.mkdir(mode=0o777)
        elsewhere.chmod(0o777)
        self.plant()
        self.helper.rename(elsewhere / "synauth-helper")
        self.helper.symlink_to(elsewhere / "synauth-helper")
        self.assert_refused("everybody can write the folder")

    def test_sticky_folder_keeps_what_is_ours(self):
        self.helper.parent.chmod(0o1777)
        self.assert_used()

    def test_whoever_owns_the_library_runs_already(self):
        for folder in self.tree.rglob("*"):
            os.chown(folder, STRANGER, STRANGER, follow_symlinks=False)
        self.assert_used()

    def test_resolver_of_a_stranger(self):
        os.chown(self.tree / "lib" / RESOLVER, STRANGER, STRANGER)
        self.assert_refused("no token is sent", RESOLVER, f"user {STRANGER}")

    def test_resolver_in_a_folder_that_others_can_write(self):
        (self.tree / "lib").chmod(0o777)
        self.assert_refused("no token is sent", "everybody can write the folder")

    def run_synauth(self, *arguments):
        return subprocess.run([self.tree / "bin/synauth", *arguments], capture_output=True, text=True,
                              env=self.environment(preload=False, LD_LIBRARY_PATH=str(self.tree / "lib")),
                              stdin=subprocess.DEVNULL, timeout=60, check=False)

    if PORT != "i386":  # the command finds the build's own by RPATH there
        def test_service_library_of_a_stranger(self):
            os.chown(self.tree / "lib" / SERVICE, STRANGER, STRANGER)
            done = self.run_synauth("cave", "whoami")
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
            self.assertIn(f"belongs to user {STRANGER}", done.stderr)

    def test_doctor_names_it(self):
        os.chown(self.helper, STRANGER, STRANGER)
        self.assertIn(f"synauth-helper is not used: it belongs to user {STRANGER}",
                      self.run_synauth("doctor").stdout)

    def test_keyring_helper_of_a_stranger(self):
        write_file(self.tree / "bin/synauth-helper-keyring", f"#!/bin/sh\ntouch {self.seen}\n", 0o755)
        os.chown(self.tree / "bin/synauth-helper-keyring", STRANGER, STRANGER)
        done = self.run_synauth("synapse", "login", "--remember-me")
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"belongs to user {STRANGER}", done.stderr)
        self.assertFalse(self.seen.exists())


if __name__ == "__main__":
    unittest.main()
