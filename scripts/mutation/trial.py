"""Which tests see a mutant: the quickest first, until one fails."""

import re
from pathlib import Path

from mutation.bounded import run_bounded
from mutation.tree import Failure

WALL_SECONDS = 60
CPU_SECONDS = 3

# Tests that are no program of the build: Python files that run the programs of the build. Those that
# come first see most mutants of the hooks for their time.
SLOWER = ["conformance", "property", "preload.scenarios", "clients.own_credentials", "clients.curl", "preload",
          "clients.curl_ways", "clients.redaction", "clients.bad_input", "clients.pycurl", "resolver.canary",
          "cli", "loading.object", "model"]


class Test:
    """One test of CTest's list."""

    def __init__(self, tree, name, command, environment, folder):
        self.tree, self.name, self.folder, self.environment = tree, name, folder, environment
        self.command = command + (["-f"] if fails_fast(command) else [])
        self.program = None
        if str(command[0]).startswith(f"{tree.build}/"):
            self.program = str(Path(command[0]).relative_to(tree.build))
        self.seconds = 0.0
        self.found = 0

    def run(self):
        """The limits are far beyond what the test took when it passed."""
        return run_bounded(self.command, WALL_SECONDS + 10 * self.seconds, CPU_SECONDS + int(5 * self.seconds),
                           self.tree.environment(self.environment), self.folder)


def fails_fast(command):
    """Whether a test takes unittest's -f: end at the first failure."""
    scripts = [word for word in command[1:2] if word.endswith(".py")]
    return any("unittest.main(" in Path(script).read_text() for script in scripts)


def place_of(name):
    """Where in SLOWER a test stands; None when nowhere."""
    for place, entry in enumerate(SLOWER):
        if name == entry or name.startswith(entry + "."):
            return place
    return None


class Trials:
    """The tests of one tree and what they have shown."""

    def __init__(self, tree, only, unit_only):
        self.tree = tree
        self.tests = [Test(tree, *test) for test in tree.tests() if only.search(test[0])]
        if unit_only:
            self.tests = [test for test in self.tests if test.program]
        self.slower = [test for test in self.tests if not test.program and (place_of(test.name) is not None)]
        self.passed = set()

    def check(self, tests):
        """All tests pass without a mutant, and it is known how long they take."""
        for test in tests:
            if test.name in self.passed:
                continue
            done = test.run()
            if not done.passed:
                raise Failure(f"{test.name} fails without any mutant:\n{done.output[-2000:]}")
            test.seconds = done.seconds
            self.passed.add(test.name)

    def plan(self, path):
        """The tests of a source: programs that it is linked into, its own first, then the slower ones."""
        users = set(self.tree.users_of(path))
        near = [test for test in self.tests if test.program in users and self.tree.uses(test.program, path)]
        self.others = sorted(users - {test.program for test in self.tests})
        self.tree.make([test.program for test in near] + (self.others if self.slower else []))
        self.check(near)
        self.check(self.slower)
        return (sorted(near, key=lambda test: (distance(path, test.program), test.seconds)),
                sorted(self.slower, key=lambda test: place_of(test.name)))

    def first_failing(self, plan):
        """The name of the test that sees the mutant in the tree; None when all pass."""
        near, slower = plan
        if near:
            own = near[:1]
            for tests in (own, near[1:]):
                if not self.tree.make(sorted({test.program for test in tests})):
                    return "the linker"
                failing = self.run_all(sorted(tests, key=lambda test: -test.found))
                if failing:
                    return failing
        if slower and not self.tree.make(self.others):
            return "the linker"
        return self.run_all(sorted(slower, key=lambda test: -test.found))

    def run_all(self, tests):
        for test in tests:
            if not test.run().passed:
                test.found += 1
                return test.name
        return None


def distance(path, program):
    """0 for the test that has the name of the source, 1 for one that shares a word with it, else 2."""
    noun = Path(path).stem
    name = re.sub(r"^test_(preload_)?", "", Path(program).name)
    if name == noun:
        return 0
    return 1 if name in noun or noun in name else 2
