"""git, whose HTTP transport is a program of its own with the GnuTLS libcurl."""

import os
import shutil
import subprocess
import unittest

from reach import ReachTest

IDENTITY = {"GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@t", "GIT_COMMITTER_NAME": "t",
            "GIT_COMMITTER_EMAIL": "t@t", "GIT_CONFIG_NOSYSTEM": "1"}


class Git(ReachTest):
    """Every command runs without and with the library, and talks on standard error as it likes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.repository = cls.server.directory / "git/repo.git"
        cls.repository.mkdir(parents=True)
        cls.on_server("init", "--quiet", "--bare", "--initial-branch=main")
        tree = cls.on_server("hash-object", "-t", "tree", "-w", "--stdin")
        cls.on_server("update-ref", "refs/heads/main", cls.on_server("commit-tree", "-m", "one", tree))
        cls.on_server("branch", "other", "main")
        cls.on_server("config", "http.receivepack", "true")
        cls.on_server("update-server-info")

    @classmethod
    def on_server(cls, *arguments):
        return cls.local_git(cls.repository, cls.server.directory, *arguments)

    @staticmethod
    def local_git(repository, home, *arguments):
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), **IDENTITY}
        return subprocess.run(["git", "-C", repository, *arguments], env=environment, check=True,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout.strip()

    def git(self, hops, *arguments, prepare):
        """Returns the methods it used; `hops` are the requests that its first one leads to, and each
        later one is like one of them."""
        self.run_both(["git", "-c", f"http.sslCAInfo={self.server.ca}", *arguments], prepare, **IDENTITY)
        records = self.server.requests()
        sent = [(self.target_of(record), record["authorization"] or None) for record in records]
        self.assertEqual((sent[:len(hops)], set(sent)), (hops, set(hops)))
        return {record["method"] for record in records}

    def clone(self, hops, url):
        copy = self.home / "copy"
        methods = self.git(hops, "clone", url, copy, prepare=lambda: shutil.rmtree(copy, True))
        self.assertEqual(self.local_git(copy, self.home, "log", "--format=%s"), "one")
        return methods

    def forget_branch(self, *references):
        """In the copy, or on the server those that are named `server:`."""
        for reference in references:
            where, _, name = reference.rpartition(":")
            self.local_git(self.repository if where else self.home / "copy", self.home,
                           "update-ref", "-d", name)

    def fetch(self, hops):
        other = "refs/remotes/origin/other"
        return self.git(hops, "-C", "copy", "fetch", prepare=lambda: self.forget_branch(other))

    def push(self, hops):
        self.local_git(self.home / "copy", self.home, "commit", "--allow-empty", "-m", "two")
        there = ("refs/remotes/origin/pushed", "server:refs/heads/pushed")
        methods = self.git(hops, "-C", "copy", "push", "origin", "HEAD:refs/heads/pushed",
                           prepare=lambda: self.forget_branch(*there))
        self.assertEqual(self.on_server("log", "-1", "--format=%s", "pushed"), "two")
        return methods

    def test_clone_and_fetch_by_plain_files(self):
        for url, hops in self.routes("repo.git"):
            with self.subTest(url=url):
                self.assertEqual(self.clone(hops, url) | self.fetch(hops), {"GET"})

    def test_clone_fetch_and_push_through_a_real_backend(self):
        """git's own protocol: requests of one process over one connection, POST among them."""
        with self.server.git_backend():
            for url, hops in self.routes("repo.git", "smart"):
                with self.subTest(url=url):
                    for methods in self.clone(hops, url), self.fetch(hops), self.push(hops):
                        self.assertEqual(methods, {"GET", "POST"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
