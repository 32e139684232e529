"""Many savers at once, and directories that cannot be written."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

from cave_test import PROGRAM, CaveTest

NOBODY = 65534
SAVERS = 40


class SaversTest(CaveTest):
    def start(self, token, *arguments, prefix=()):
        process = subprocess.Popen([*prefix, PROGRAM, "cave", "save-token", *arguments],
                                   env=self.environment, cwd="/", stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        process.stdin.write(token.encode())
        process.stdin.close()
        process.stdin = None
        return process

    def finish(self, process):
        _, talk = process.communicate(timeout=120)
        return process.returncode, talk.decode()

    def test_40_savers_40_keys(self):
        savers = [self.start(f"tok{i}", "--token-key", f"key{i}", "--no-write-to-server-file")
                  for i in range(SAVERS)]
        for saver in savers:
            self.assertEqual(self.finish(saver)[0], 0)
        self.assertEqual(self.read("cave-secret.json"), {f"key{i}": f"tok{i}" for i in range(SAVERS)})
        self.assertEqual(os.listdir(self.secrets), ["cave-secret.json"])

    def test_40_savers_40_keys_in_both_files(self):
        savers = [self.start(f"tok{i}", "--token-key", f"key{i}") for i in range(SAVERS)]
        for saver in savers:
            self.assertEqual(self.finish(saver), (0, ""))
        wanted = {f"key{i}": f"tok{i}" for i in range(SAVERS)}
        for name in ("cave-secret.json", "global.daf-apis.com-cave-secret.json"):
            self.assertEqual(self.read(name), wanted, name)
        self.assertEqual(len(os.listdir(self.secrets)), 2)

    def test_savers_of_one_key_leave_one_token_in_all_copies(self):
        for name in ("cave-secret.json", "a.example-cave-secret.json", "b.example-cave-secret.json"):
            self.write(name, '{"token": "old"}')
        savers = [self.start(f"tok{i}", "--overwrite") for i in range(12)]
        for saver in savers:
            self.assertEqual(self.finish(saver), (0, ""))
        self.assertEqual(len({json.dumps(self.read(name)) for name in self.names()}), 1)
        self.assertEqual(len(self.names()), 4)

    def test_savers_in_two_directories_do_not_wait_for_each_other_for_ever(self):
        other = self.home / "other"
        savers = []
        other.mkdir()
        self.secrets.mkdir(parents=True)
        os.symlink(other / "b.json", self.secrets / "b.example-cave-secret.json")
        for i in range(12):
            savers.append(self.start(f"tok{i}", "--token-key", f"key{i}", "--server-address",
                                     f"{'ab'[i % 2]}.example", "--local-server", f"{'ba'[i % 2]}.example"))
        for saver in savers:
            self.assertEqual(self.finish(saver)[0], 0)
        keys = {f"key{i}" for i in range(12)}
        self.assertEqual(set(self.read("a.example-cave-secret.json")), keys)
        self.assertEqual(set(json.loads((other / "b.json").read_text())), keys)


class ReadOnlyTest(SaversTest):
    """As an ordinary user: nothing is read-only for root."""

    def setUp(self):
        super().setUp()
        self.prefix = ()
        if os.geteuid() == 0:
            self.prefix = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
            copy = tempfile.mkdtemp(prefix="synauth-nobody-", dir="/tmp")
            self.addCleanup(shutil.rmtree, copy)
            os.chmod(copy, 0o755)
            self.home = self.home.__class__(copy) / "home"
            self.home.mkdir()
            self.secrets = self.home / ".cloudvolume/secrets"
            self.environment["HOME"] = str(self.home)

    def own(self):
        if self.prefix:
            for folder, _, files in os.walk(self.home):
                for name in ["", *files]:
                    os.chown(os.path.join(folder, name), NOBODY, NOBODY)

    test_40_savers_40_keys = None
    test_40_savers_40_keys_in_both_files = None
    test_savers_of_one_key_leave_one_token_in_all_copies = None
    test_savers_in_two_directories_do_not_wait_for_each_other_for_ever = None

    def save_as(self, token, *arguments):
        return self.finish(self.start(token, *arguments, prefix=self.prefix))

    def test_read_only_directory_skipped_or_error(self):
        self.write("cave-secret.json", '{"token": "old"}')
        self.own()
        self.secrets.chmod(0o500)
        for arguments in ((), ("--local-server", "local.example")):
            status, talk = self.save_as("new", *arguments, "--overwrite")
            self.assertEqual((status, "nothing saved" in talk), (1, True))
        status, talk = self.save_as("new", "--overwrite", "--no-ignore-readonly")
        self.assertEqual(status, 5)
        self.assertIn("read-only", talk)
        self.secrets.chmod(0o700)
        self.assertEqual(self.read("cave-secret.json"), {"token": "old"})
        self.assertEqual(self.names(), ["cave-secret.json"])

    def test_read_only_directory_other_target_is_saved(self):
        self.write("cave-secret.json", "{}")
        self.own()
        self.secrets.chmod(0o500)
        status, talk = self.save_as("new", "--token-file", str(self.home / "x.json"))
        self.assertEqual(status, 0, talk)
        self.assertEqual(json.loads((self.home / "x.json").read_text()), {"token": "new"})

    def test_read_only_parent_of_a_missing_directory(self):
        self.own()
        self.home.chmod(0o500)
        self.assertEqual(self.save_as("new")[0], 1)
        self.assertEqual(self.save_as("new", "--no-ignore-readonly")[0], 5)
        self.assertEqual(list(self.home.iterdir()), [])
        self.home.chmod(0o700)

    def test_directory_that_cannot_be_listed_is_locked_by_a_file_in_it(self):
        self.write("cave-secret.json", "{}")
        self.own()
        self.secrets.chmod(0o300)
        savers = [self.start(f"tok{i}", "--token-key", f"key{i}", "--no-write-to-server-file",
                             prefix=self.prefix) for i in range(12)]
        for saver in savers:
            self.assertEqual(self.finish(saver)[0], 0)
        self.secrets.chmod(0o700)
        self.assertEqual(self.read("cave-secret.json"), {f"key{i}": f"tok{i}" for i in range(12)})
        self.assertEqual(self.names(), ["cave-secret.json"])

    def logout(self):
        return self.finish(subprocess.Popen([*self.prefix, PROGRAM, "cave", "logout"], env=self.environment,
                                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                            stderr=subprocess.PIPE))

    def test_logout_that_could_not_look_everywhere_says_so(self):
        for hidden in ("a.example-cave-secret.json", None):
            with self.subTest(hidden):
                self.write("cave-secret.json", '{"token": "old"}')
                path = self.write("a.example-cave-secret.json", '{"token": "old"}')
                self.own()
                (path if hidden else self.secrets).chmod(0 if hidden else 0o300)
                status, talk = self.logout()
                (path if hidden else self.secrets).chmod(0o700)
                self.assertEqual(status, 1, talk)
                self.assertIn(str(path if hidden else self.secrets), talk)
                self.assertFalse((self.secrets / "cave-secret.json").exists())

    def test_logout_removes_what_a_killed_saver_left(self):
        left = self.write(".cave-secret.json.synauth-new", '{"token": "old"}')
        self.own()
        self.assertEqual(self.logout()[0], 4)
        self.assertFalse(left.exists())

    def test_read_only_file_in_a_writable_directory(self):
        self.write("cave-secret.json", '{"token": "old"}', 0o400)
        self.own()
        self.assertEqual(self.save_as("new", "--overwrite", "--no-write-to-server-file")[0], 0)
        self.assertEqual(self.read("cave-secret.json"), {"token": "new"})


if __name__ == "__main__":
    unittest.main()
