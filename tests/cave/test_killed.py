"""A saver that is killed at any of its system calls: the old files or the new ones, and no copy of
the token anywhere else."""

import json
import os
import unittest

from cave_test import PROGRAM, CaveTest
from killed import has_nameless_files, kill_at_each, traced

SAVED = ("cave-secret.json", "global.daf-apis.com-cave-secret.json", "local.example-cave-secret.json")
NEW_FILE = '{"token": "new"}'
OLD = json.dumps({"token": "old", "padding": "x" * 200000})
NEW = OLD.replace("old", "new")
RENAMES = {"rename", "renameat", "renameat2"}


class KilledTest(CaveTest):
    def setUp(self):
        super().setUp()
        self.typed = self.home / "typed"
        self.typed.write_text("new\n")
        self.secrets.mkdir(parents=True, mode=0o700)
        self.command = (PROGRAM, "cave", "save-token", "--overwrite", "--local-server", "local.example")

    def trace(self, *options):
        with open(self.typed, encoding="utf-8") as typed:
            return traced(self.command, *options, environment=self.environment, stdin=typed)

    def clear(self):
        for name in self.names():
            (self.secrets / name).unlink()

    def begin_with_old(self):
        self.clear()
        for name in SAVED:
            self.write(name, OLD)

    def kills(self, begin):
        typed = os.open(self.typed, os.O_RDONLY)
        self.addCleanup(os.close, typed)

        def rewind():
            os.lseek(typed, 0, os.SEEK_SET)
            begin()

        return kill_at_each(self.command, rewind, environment=self.environment, stdin=typed)

    def texts(self):
        return {name: (self.secrets / name).read_text() for name in self.names()}

    def judge(self, allowed):
        """How many files are new, and which other ones hold a token."""
        texts = self.texts()
        others = [name for name in texts if name not in SAVED and ("new" in texts[name] or "old" in texts[name])]
        for name in set(SAVED) & set(texts):
            self.assertIn(texts[name], allowed, name)
        return sum(text in (NEW, NEW_FILE) for name, text in texts.items() if name in SAVED), others

    def undisturbed(self, begin):
        """What it saves, and in how many files."""
        begin()
        self.assertEqual(self.trace()[0].returncode, 0)
        texts = self.texts()
        self.assertLessEqual(set(texts), set(SAVED))
        count = sum(text in (NEW, NEW_FILE) for text in texts.values())
        self.assertGreaterEqual(count, 2)
        return texts, count

    def test_file_system_of_the_test_knows_nameless_files(self):
        """Else the others would show less than they say: TMPDIR names one that does."""
        self.assertTrue(has_nameless_files(self.secrets))

    def test_new_files(self):
        _, count = self.undisturbed(self.clear)
        outcomes = set()
        for call, number in self.kills(self.clear):
            with self.subTest(f"{call} {number}"):
                new, others = self.judge((NEW_FILE,))
                self.assertEqual(others, [])
                outcomes.add(new)
        self.assertEqual(outcomes, set(range(count + 1)))

    def test_replaced_files(self):
        """Only a link that is about to be renamed has a name of its own."""
        expected, count = self.undisturbed(self.begin_with_old)
        outcomes, places = set(), set()
        for call, number in self.kills(self.begin_with_old):
            with self.subTest(f"{call} {number}"):
                new, others = self.judge((OLD, NEW))
                self.assertLessEqual(set(SAVED), set(self.names()))
                self.assertLessEqual(len(others), 1)
                outcomes.add(new)
                if others:
                    places.add(call)
                    self.assertEqual(self.trace()[0].returncode, 0)
                    self.assertEqual(self.texts(), expected)  # the next one has removed it
        self.assertEqual(outcomes, set(range(count + 1)))
        self.assertLessEqual(places, RENAMES)

    def numbers_of(self, name, part):
        """The numbers, among the calls of that name, of those whose arguments hold `part`."""
        self.clear()
        lines = [line for line in self.trace()[1] if f" {name}(" in line]
        return [number for number, line in enumerate(lines, 1) if part in line]

    def assert_saved_when(self, injection):
        for begin in (self.clear, self.begin_with_old):
            expected, _ = self.undisturbed(begin)
            begin()
            done, _ = self.trace("-e", f"inject={injection}")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.texts(), expected)

    def test_file_system_without_nameless_files(self):
        """Where opening one fails, the next call opens one with a name."""
        calls = self.numbers_of("openat", "O_TMPFILE")
        self.assertGreaterEqual(len(calls), 2)
        self.assert_saved_when(f"openat:error=EOPNOTSUPP:when={calls[0]}..{calls[0] + 2 * len(calls) - 2}+2")

    def test_links_are_forbidden(self):
        self.assert_saved_when("linkat:error=EPERM")
        self.assert_saved_when("linkat:error=ENOENT")


if __name__ == "__main__":
    unittest.main()
