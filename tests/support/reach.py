"""Programs run twice, without and with the library: the same output, with the token on the way."""

import os

from client_test import BEARER_A, ClientTest

CONTENT = "one line that does not depend on the request\n"


class ReachTest(ClientTest):
    """Files under /git/ are served as they are, so what a program prints can be compared."""

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
        """A URL for programs that cannot be told addresses for names: localhost is configured like
        A, its other port is not."""
        return f"https://localhost:{getattr(self.server, port)}{path}"

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

    def assert_only_configured(self, expected=None):
        """Every request to the configured port had A's token, no other one anything; both were
        asked. `expected`: the number of requests to the configured port."""
        got = self.authorizations()
        configured = [value for port, value in got if port == "https"]
        others = [value for port, value in got if port != "https"]
        self.assertTrue(configured and others, got)
        self.assertEqual(set(configured), {BEARER_A})
        self.assertEqual(set(others), {None})
        if expected is not None:
            self.assertEqual(len(configured), expected, got)

    def script(self, name, text):
        path = self.home / name
        path.write_text(text, encoding="utf-8")
        return os.fspath(path)
