"""Random sequences of calls against the model; what it has found before; and a shrinker that shrinks.

SYNAUTH_MODEL is the number of sequences, SYNAUTH_MODEL_SEED the first seed (both are printed).
"""

import os
import tempfile
import unittest
from pathlib import Path

import model
import run
import shrink
from found import FOUND
from world import ModelServer

COUNT = os.environ.get("SYNAUTH_MODEL", "800")
SEED = os.environ.get("SYNAUTH_MODEL_SEED", "20261201")


class ModelTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="synauth-model-")
        cls.addClassCleanup(folder.cleanup)
        server, home = Path(folder.name) / "server", Path(folder.name) / "home"
        server.mkdir()
        home.mkdir(mode=0o700)
        stage = run.Stage(cls.enterClassContext(ModelServer(server)), home)
        cls.run_ = run.Run(stage, run.arguments_of([SEED, COUNT]))

    def expanded(self, calls):
        return [run.expanded(call, self.run_.stage.world) for call in calls]

    def test_what_was_found_before(self):
        for name, calls in FOUND.items():
            with self.subTest(name):
                self.assertIsNone(self.run_.trouble(self.expanded(calls)))

    def test_random_sequences(self):
        print(f"seed {SEED}, {COUNT} sequences")
        failures = self.run_.all(int(SEED), int(COUNT))
        summary = self.run_.summary(failures)
        print(summary)
        self.assertEqual(failures, [], summary)
        self.assertLessEqual(self.run_.silent(), self.run_.silent_max(int(COUNT)), summary)
        # Before 7.80 less may be sent (5.8): there the model tells only what must not be.
        per_request = self.run_.stage.libcurl >= (7, 80)
        for kind in (model.MUST, model.MUST_NOT) if per_request else (model.MUST_NOT,):
            self.assertGreater(self.run_.judge.verdicts[kind], int(COUNT) // 2, summary)

    def test_shrinks_to_the_calls_that_matter(self):
        """By a judge that is wrong about one thing: that C is another host than it is."""
        world = self.run_.stage.world
        rules = dict(world._origins)
        self.addCleanup(lambda: world._origins.update(rules))
        del world._origins[world.origin("C")]
        calls = self.expanded([
            ("init", "1"), ("init", "0"), ("list", "1", "X: 1", "Accept: a/b"), ("set", "0", "HTTPHEADER", "list", "1"),
            ("set", "0", "URL", "s", "{A}/302-B/302-A"), ("perform", "0", "1"), ("set", "0", "FOLLOWLOCATION", "l", "1"),
            ("set", "0", "URL", "s", "{B}/302-C/404"), ("dup", "0", "2"), ("perform", "0", "2"), ("cleanup", "2")])
        reason = shrink.kind_of(self.run_.trouble(calls))
        self.assertIn("5.2", reason)
        fewest = shrink.fewest(calls, lambda fewer: shrink.kind_of(self.run_.trouble(fewer)) == reason)
        self.assertEqual([call[0] for call in fewest], ["init", "set", "set", "perform"])
        self.assertEqual(fewest[2][-1], world.url("B", "/302-C"))
        program = shrink.program(fewest)
        self.assertIn("curl_easy_perform(h[0]);", program)
        self.assertIn("curl_easy_setopt(h[0], CURLOPT_FOLLOWLOCATION, 1L);", program)


if __name__ == "__main__":
    unittest.main(verbosity=2)
