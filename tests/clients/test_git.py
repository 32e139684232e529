"""git, whose HTTP transport is a program of its own with the GnuTLS libcurl."""

import os
import subprocess
import unittest

from client_test import BEARER_A, ClientTest, synauth_lines

GIT_IDENTITY = {"GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@t", "GIT_COMMITTER_NAME": "t",
                "GIT_COMMITTER_EMAIL": "t@t", "GIT_CONFIG_NOSYSTEM": "1"}


class Git(ClientTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        repository = cls.server.directory / "git/repo.git"
        environment = {"PATH": os.environ["PATH"], "HOME": str(cls.server.directory), **GIT_IDENTITY}

        def git(*arguments):
            return subprocess.run(["git", "-C", repository, *arguments], env=environment, check=True,
                                  capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout.strip()

        repository.mkdir(parents=True)
        git("init", "--quiet", "--bare", "--initial-branch=main")
        tree = git("hash-object", "-t", "tree", "-w", "--stdin")
        git("update-ref", "refs/heads/main", git("commit-tree", "-m", "one", tree))
        git("update-server-info")

    def git(self, target, *arguments):
        origin = self.server.origin(target).removeprefix("https://")
        host, port = origin.split(":")
        return self.run_program(
            ["git", "-c", f"http.curloptResolve={host}:{port}:127.0.0.1",
             "-c", f"http.sslCAInfo={self.server.ca}", *arguments],
            self.environment(**GIT_IDENTITY))

    def test_clone_from_a_configured_host_carries_the_token(self):
        result = self.git("A", "clone", "--quiet", self.server.url("A", "/git/repo.git"), "copy")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(synauth_lines(result), [])
        records = self.server.requests()
        self.assertGreater(len(records), 2)
        self.assert_sent([("A", BEARER_A)] * len(records), records)
        self.assertTrue((self.home / "copy/.git").is_dir())

    def test_ls_remote_from_another_host_carries_none(self):
        result = self.git("B", "ls-remote", self.server.url("B", "/git/repo.git"))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("refs/heads/main", result.stdout)
        records = self.server.requests()
        self.assert_sent([("B", None)] * len(records), records)

    def test_clone_fetch_and_push_through_a_real_backend(self):
        """git's own protocol: requests of one process over one connection, POST among them."""
        repository = self.server.directory / "git/smart.git"
        if not repository.exists():
            subprocess.run(["git", "clone", "--quiet", "--bare",
                            self.server.directory / "git/repo.git", repository], check=True)
            subprocess.run(["git", "-C", repository, "config", "http.receivepack", "true"], check=True)
        for target, value in (("A", BEARER_A), ("B", None)):
            with self.subTest(target=target), self.server.git_backend():
                copy = f"copy-{target}"
                for arguments in (["clone", "--quiet", self.server.url(target, "/smart/smart.git"), copy],
                                  ["-C", copy, "commit", "--quiet", "--allow-empty", "-m", "two"],
                                  ["-C", copy, "push", "--quiet", "origin", f"HEAD:refs/heads/of-{target}"],
                                  ["-C", copy, "fetch", "--quiet"]):
                    result = self.git(target, *arguments)
                    self.assert_ok(result)
                    self.assertEqual(result.stderr, "")
                records = self.server.requests()
                self.assert_sent([(target, value)] * len(records), records)
                self.assertIn(("POST", 200), {(record["method"], record["status"]) for record in records})


if __name__ == "__main__":
    unittest.main(verbosity=2)
