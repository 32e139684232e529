"""The rooms of the tree include downwards only; and the check that says so can fail."""
import os
import re
import sys
import tempfile
import unittest

import layers

sys.path.insert(0, os.path.join(os.environ["SYNAUTH_TEST_SOURCE"], "docs"))
import picture  # noqa: E402

TREE = os.environ["SYNAUTH_TEST_SOURCE"]
# What no room has a word about, by its folder.
NOT_OURS = {"build", "tests", "bench", "config", "docs", "scripts", "cmake", "packaging"}


class Tree(unittest.TestCase):
    def test_tree_includes_only_downwards(self):
        self.assertEqual(layers.offences(TREE), [])

    def test_every_room_of_the_tables_is_there(self):
        for folder, rows in layers.ROOMS.items():
            rooms = {layers.room_of(path) for path in layers.sources(TREE, folder)}
            self.assertEqual({room for row in rows for room in row} - rooms, set(), folder)

    def test_every_folder_with_sources_has_a_table(self):
        folders = {name for name in os.listdir(TREE)
                   if name[0] != "." and os.path.isdir(os.path.join(TREE, name))}
        self.assertEqual({folder for folder in folders - NOT_OURS - set(layers.ROOMS)
                          if any(layers.sources(TREE, folder))}, set())

    def test_every_listed_visit_is_paid(self):
        for folder, others in layers.VISITS.items():
            met = set()
            for path in layers.sources(TREE, folder):
                with open(os.path.join(TREE, folder, path), encoding="utf-8") as file:
                    met |= {layers.find(TREE, folder, path, name)
                            for name in layers.INCLUDE.findall(file.read())}
            for other, allowed in others.items():
                for entry in allowed:
                    self.assertTrue(any((other, entry) == found or
                                        found[0] == other and
                                        layers.room_of(found[1]) + "/" == entry
                                        for found in met if found), f"{folder}: {other}/{entry}")


class Documents(unittest.TestCase):
    def read(self, *path):
        with open(os.path.join(TREE, *path), encoding="utf-8") as file:
            return file.read()

    def test_picture_is_what_the_table_says(self):
        self.assertEqual(self.read("docs", "architecture.svg"), picture.draw(),
                         "run docs/picture.py")

    def test_every_room_is_in_the_page_about_architecture(self):
        page = self.read("docs", "architecture.md")
        for folder, rows in layers.ROOMS.items():
            for room in (room for row in rows for room in row if room != "."):
                self.assertTrue(f"`{room}/`" in page or f"`{folder}/{room}/`" in page, room)

    def test_every_folder_is_in_the_table_for_contributors(self):
        table = set(re.findall(r"^\| (`.*`) \|", self.read("CONTRIBUTING.md"), re.MULTILINE))
        listed = {name for row in table for name in re.findall(r"`([^`]+)/`", row)}
        there = {name for name in os.listdir(TREE) if os.path.isdir(os.path.join(TREE, name)) and
                 name[0] != "." and name not in ("build", "tests")}
        there |= {f"tests/{name}" for name in os.listdir(os.path.join(TREE, "tests"))
                  if name != "__pycache__" and
                  os.path.isdir(os.path.join(TREE, "tests", name))}
        self.assertEqual(there - listed, set())
        self.assertEqual(listed - there, set())


class Check(unittest.TestCase):
    """A made tree of three files, in which one line is wrong."""

    def judge(self, files):
        with tempfile.TemporaryDirectory() as top:
            for path, text in files.items():
                place = os.path.join(top, path)
                os.makedirs(os.path.dirname(place), exist_ok=True)
                with open(place, "w", encoding="utf-8") as file:
                    file.write(text)
            return layers.offences(top)

    def test_arrow_down_is_fine(self):
        self.assertEqual(self.judge({"lib/base/text.h": "", "lib/base/log.h": '#include "base/text.h"\n',
                                     "lib/file/watch.c": '#include "base/text.h"\n'}), [])

    def test_arrow_up_is_an_offence_with_its_line(self):
        found = self.judge({"lib/chain.h": "", "lib/base/text.h": "",
                            "lib/source/token.c": '#include "base/text.h"\n# include "chain.h"\n'})
        self.assertEqual(found,
                         ['lib/source/token.c:2: "chain.h": lib/. does not lie below lib/source'])

    def test_arrow_sideways_is_an_offence(self):
        found = self.judge({"preload/inject/inject.h": "",
                            "preload/decide/decide.h": '#include "inject/inject.h"\n'})
        self.assertEqual(len(found), 1, found)
        self.assertIn("preload/decide/decide.h:1:", found[0])

    def test_header_that_is_not_open_is_an_offence(self):
        found = self.judge({"lib/source/answer.h": "", "lib/base/text.h": "",
                            "cli/main.c": '#include "base/text.h"\n#include "source/answer.h"\n'})
        self.assertEqual(found,
                         ['cli/main.c:2: "source/answer.h": lib/source/answer.h is not open to cli/'])

    def test_folder_that_may_not_be_known_is_an_offence(self):
        found = self.judge({"service/http.h": "", "lib/chain.c": '#include "http.h"\n'})
        self.assertEqual(found, ['lib/chain.c:1: "http.h": is in no folder that this one may know'])

    def test_files_that_include_each_other_are_an_offence(self):
        found = self.judge({"lib/base/a.h": "", "lib/base/a.c": '#include "base/b.h"\n',
                            "lib/base/b.h": '#include "base/c.h"\n', "lib/base/d.h": "",
                            "lib/base/c.h": '#include "base/a.h"\n#include "base/d.h"\n',
                            "lib/chain.c": '#include "base/a.h"\n'})
        self.assertEqual(found, ["lib/: include each other: base/a, base/b, base/c"])

    def test_struct_with_the_name_of_another_is_an_offence(self):
        found = self.judge({"lib/base/a.h": "struct place {\n};\nstruct other;\n",
                            "service/b.c": "struct place {\n};\nstruct other {\n};\n"})
        self.assertEqual(found, ["struct place means 2 things: lib/base/a.h, service/b.c"])

    def test_room_in_no_table_is_an_offence(self):
        self.assertEqual(self.judge({"cli/attic/old.c": ""}),
                         ["cli/attic/: is in no table of tests/layers/layers.py"])


if __name__ == "__main__":
    unittest.main()
