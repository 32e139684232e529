"""Programs run twice, without and with the library: the same output, with the token on the way."""

import os

from client_test import BEARER_A, LEGACY, TARGETS, ClientTest

CONTENT = "one line that does not depend on the request\n"


class ReachTest(ClientTest):
    """Files under /git/ are served as they are, so what a program prints can be compared.

    For programs that cannot be told addresses for names: L is localhost, configured like A; I is the
    same port of another name, L2 another port of the same name.
    """

    targets = {**TARGETS, "L": ("https", "localhost", "https"),
               "I": ("https", "127.0.0.1", "https"), "L2": ("https", "localhost", "https_other")}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_file("file.txt", CONTENT)

    @classmethod
    def add_file(cls, name, content):
        path = cls.server.directory / "git" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    def local(self, port="https", path="/git/file.txt"):
        """A URL of L, of L2 (port "https_other")"""
        return f"https://localhost:{getattr(self.server, port)}{path}"

    def routes(self, name="file.txt", folder="git"):
        """(URL, requests it leads to): the same file at L, I and L2, and by a redirect from L to I
        and from I to L. L gets A's token whatever led there."""
        here, there, aside = ("L", BEARER_A), ("I", None), ("L2", None)
        return [*((self.server.url(hop[0], f"/{folder}/{name}"), [hop]) for hop in (here, there, aside)),
                (self.server.url("L", f"/{folder}/302-I/{name}"), [here, there]),
                # Before 7.80 a redirect from elsewhere brings none; the requests after it are made at L.
                (self.server.url("I", f"/{folder}/302-L/{name}"),
                 [there, *[("L", None)] * LEGACY, here])]

    def ways(self, name="file.txt"):
        """The URLs of all routes."""
        return [url for url, _ in self.routes(name)]

    def assert_ways(self, times=1):
        """All routes were gone, so many times, whatever the order; a request each."""
        expected = [hop for _, hops in self.routes() for hop in hops] * times
        self.assertEqual(sorted(self.sent(), key=str), sorted(expected, key=str))

    def assert_each_way(self, command, name):
        """For programs that make several requests for one file. Returns what they printed."""
        printed = []
        for url, hops in self.routes(name):
            with self.subTest(url=url):
                printed.append(self.run_both(command(url)).stdout)
                self.assertEqual(set(self.sent()), set(hops))
        return printed

    def sent(self):
        """(target, Authorization value or None) of each request."""
        return [(self.target_of(record), record["authorization"] or None)
                for record in self.server.requests()]

    def run_both(self, arguments, prepare=None, **more):
        """Runs it without and with the library; returns the second run, whose requests are still to
        be read. `prepare` is called before each run."""
        results = []
        for preload in (False, True):
            self.server.requests()
            if prepare:
                prepare()
            results.append(self.run_program(arguments, self.environment(preload, **more)))
            if not preload:
                bare = self.server.requests()
                self.assertTrue(bare, results[0].stderr)
                self.assertEqual({record["authorization"] for record in bare}, {""})
        bare, ours = results
        self.assertEqual(bare.returncode, 0, bare.stdout + bare.stderr)
        self.assertEqual((ours.returncode, ours.stdout, ours.stderr),
                         (bare.returncode, bare.stdout, bare.stderr))
        return ours

    def authorizations(self, records=None):
        """What each request carried, by port: "https" is the configured one."""
        records = self.server.requests() if records is None else records
        names = {self.server.https: "https", self.server.https_other: "https_other",
                 self.server.http: "http"}
        return [(names[record["port"]], record["authorization"] or None) for record in records]

    def script(self, name, text):
        path = self.home / name
        path.write_text(text, encoding="utf-8")
        return os.fspath(path)
