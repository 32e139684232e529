"""scripts/mutate in a tree of one source and one test (sample/): what it changes, what it finds, what it says."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ["SYNAUTH_TEST_SOURCE"])
SAMPLE = SOURCE / "tests" / "mutation" / "sample"
sys.path.insert(0, str(SOURCE / "scripts"))

from mutation import c_text, mutants  # noqa: E402

SURVIVOR = "limit.c: boundary: if (wanted <= most) { -> if (wanted < most) {"
KILLED = "limit.c: negate: if (wanted <= most) { -> if (!(wanted <= most)) {"


def changes(text, operator, neighbours=None):
    """What becomes of a source, a line for each mutant."""
    return [mutant.after for mutant in mutants.mutants_of("x.c", text, neighbours or {}, [operator])]


def in_function(line, kind="void"):
    return f"{kind} f(int a, int b)\n{{\n{line}\ng();\n}}\n"


class Operators(unittest.TestCase):
    """The mutants of a line."""

    def test_condition_is_negated_and_so_is_each_operand(self):
        self.assertEqual(changes(in_function("if (a && g(b) == 1) return;"), "negate"), [
            "if (!(a && g(b) == 1)) return;", "if (!(a) && g(b) == 1) return;", "if (a && g(b) != 1) return;"])

    def test_truth_value_that_a_function_answers_is_negated(self):
        self.assertEqual(changes(in_function("return a < b;", "bool"), "negate"), ["return !(a < b);"])
        self.assertEqual(changes(in_function("return a;", "int"), "negate"), [])

    def test_choice_is_negated_from_its_own_beginning(self):
        self.assertEqual(changes(in_function("a = b + 1 ? 2 : 3;"), "negate"), ["a = !(b + 1) ? 2 : 3;"])

    def test_statement_is_dropped_unless_it_declares(self):
        self.assertEqual(changes(in_function("int c = g(); struct s *d = h(), e[] = { 1 }; for (a = 0; a < b; a++) c = a;"),
                                 "drop"), [
            "int c = g(); struct s *d = h(), e[] = { 1 }; for (a = 0; a < b; a++) ;", ";"])

    def test_jump_is_dropped_unless_it_ends_the_function(self):
        self.assertEqual(changes("int f(int a)\n{\nif (a) return 1;\nreturn 2;\n}\n", "drop"), ["if (a) ;"])

    def test_statement_of_two_lines_leaves_the_lines_behind_it_where_they_are(self):
        found = mutants.mutants_of("x.c", in_function("g(a,\n  b);"), {}, ["drop"])
        self.assertEqual([mutant.source.count("\n") for mutant in found], [6, 6])

    def test_and_becomes_or(self):
        self.assertEqual(changes(in_function("a = a && b;"), "logic"), ["a = a || b;"])

    def test_boundaries_move_by_one(self):
        self.assertEqual(changes(in_function("a = b - 7 >= 0x1f;"), "boundary"), [
            "a = b + 7 >= 0x1f;", "a = b - 8 >= 0x1f;", "a = b - 7 > 0x1f;", "a = b - 7 >= 0x20;"])

    def test_minus_of_a_sign_is_no_boundary(self):
        self.assertEqual(changes(in_function("a = -b;"), "boundary"), [])

    def test_constants_are_swapped_in_functions_and_tables(self):
        neighbours = c_text.enumerators("enum e { ONE = 7, TWO, THREE };")
        self.assertEqual(changes("static const int table[9] = { ONE, THREE, 0, 'x' };", "constant", neighbours), [
            "static const int table[9] = { TWO, THREE, 0, 'x' };", "static const int table[9] = { ONE, TWO, 0, 'x' };",
            "static const int table[9] = { ONE, THREE, 1, 'x' };", "static const int table[9] = { ONE, THREE, 0, 'y' };"])

    def test_text_changes_its_last_letter_and_no_directive(self):
        self.assertEqual(changes(r'const char *a = "ab\n", *b = "%s";', "text"),
                         [r'const char *a = "a~\n", *b = "%s";'])
        self.assertEqual(changes('const char *a = "a b";', "text"), [])
        self.assertEqual(changes('const char *a = "a b";', "message"), ['const char *a = "a ~";'])

    def test_comments_and_directives_are_left_alone(self):
        self.assertEqual(changes("/* 0 */ // 1\n#if 1 \\\n  && 0\n#endif\nint a;\n", "constant"), [])


class Runs(unittest.TestCase):
    """The whole command, on a copy of the sample."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = Path(folder.name) / "sample"
        shutil.copytree(SAMPLE, self.tree)

    def mutate(self, *options):
        return subprocess.run([SOURCE / "scripts" / "mutate", f"--source={self.tree}", "limit.c", *options],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=280)

    def list_as_equal(self, text):
        (self.tree / "tests").mkdir(exist_ok=True)
        (self.tree / "tests" / "mutants.txt").write_text(text)

    def row(self, done):
        """The table's line of the source: mutants, killed, survived, equal, listed."""
        return [int(word) for line in done.stdout.splitlines() if line.startswith("limit.c  ")
                for word in line.split()[1:]]

    def test_survivor_is_found_and_source_is_as_before(self):
        done = self.mutate("--operator=boundary", "--operator=negate", "--operator=drop")
        survivor = SURVIVOR.replace("limit.c:", "limit.c:9:", 1)
        self.assertIn(f"{survivor}\n", done.stdout, done.stderr)
        self.assertNotIn("negate:", done.stdout)  # KILLED among them, and `drop` with a loop without an end
        self.assertEqual((self.tree / "limit.c").read_text(), (SAMPLE / "limit.c").read_text())
        total, killed, survived, equal, listed = self.row(done)
        self.assertEqual((total, survived, listed), (killed + survived + equal, 1, 0))
        self.assertGreaterEqual(killed, 8)
        self.assertEqual(done.returncode, 1, "one of so few is more than 5 %")

        self.list_as_equal(f"{SURVIVOR}\n    nobody wants exactly as much\n")
        done = self.mutate("--operator=boundary", "--operator=negate", "--operator=drop", "--resume")
        self.assertEqual(self.row(done), [total, killed, 0, equal, 1], done.stderr)
        self.assertEqual(done.returncode, 0)

        self.list_as_equal(f"{KILLED}\n    a reason that is none\n{SURVIVOR}\n    this one is\n")
        done = self.mutate("--operator=boundary", "--operator=negate", "--operator=drop", "--resume")
        self.assertIn(f"listed, but killed: {KILLED}\n", done.stdout)
        self.assertEqual(done.returncode, 1)

    def test_listed_mutant_needs_a_reason(self):
        self.list_as_equal(f"{SURVIVOR}\n")
        done = self.mutate()
        self.assertIn("no reason why", done.stderr)
        self.assertEqual(done.returncode, 2)

    def test_sample_is_chosen_by_the_seed(self):
        first, again, other = (self.mutate("--list", "--sample=5", f"--seed={seed}") for seed in (1, 1, 2))
        self.assertEqual(len(first.stdout.splitlines()), 5)
        self.assertEqual(first.stdout, again.stdout)
        self.assertNotEqual(first.stdout, other.stdout)

    def test_failing_tests_end_the_run_before_any_mutant(self):
        (self.tree / "test_limit.c").write_text('#include "limit.h"\nint main(void) { return limit_is_even(1) ? 0 : 1; }\n')
        done = self.mutate()
        self.assertIn("unit.limit fails without any mutant", done.stderr)
        self.assertEqual((done.returncode, done.stdout), (2, ""))

    def test_file_that_is_none_is_named(self):
        done = self.mutate("limit.x")
        self.assertEqual((done.returncode, done.stderr), (2, f"mutate: limit.x is not a source in {self.tree}\n"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
