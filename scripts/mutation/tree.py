"""A scratch copy of the tree, built by Ninja: where mutants are compiled and tried.

The copy has the sources that git has or would take; what is built of them carries no line numbers, so that
a mutant that is the same program has the same objects.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from mutation.bounded import run_bounded

LEFT_OUT = ("build", ".git", "__pycache__")
CONFIGURE = ["-GNinja", "-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DCMAKE_C_FLAGS_RELWITHDEBINFO=-O2 -DNDEBUG",
             # Mutants have unused variables, but a function without an answer is no program.
             # A program keeps only what it uses, which says whether its test is about a source.
             "-DCMAKE_C_FLAGS=-Werror=return-type -ffunction-sections -fdata-sections",
             "-DCMAKE_EXE_LINKER_FLAGS=-Wl,--gc-sections", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"]
BUILD_SECONDS = 1200
OUR_HOOKS = ("dlopen", "dlsym")  # a program that calls them means libc's


class Failure(Exception):
    """Something that ends the run, said in a sentence."""


def copy_changed(source, target):
    """Makes `target` the copy of `source`; what is the same keeps its time, so that Ninja keeps its object."""
    wanted = set()
    for folder, folders, files in os.walk(source):
        place = Path(folder).relative_to(source)
        folders[:] = [name for name in folders
                      if not (name in LEFT_OUT or (place == Path(".") and name.startswith("build-")))]
        (target / place).mkdir(parents=True, exist_ok=True)
        for name in files:
            wanted.add(place / name)
            old, new = target / place / name, Path(folder, name)
            if new.is_symlink() or not new.is_file():
                continue
            if not old.exists() or old.read_bytes() != new.read_bytes():
                shutil.copyfile(new, old)
            shutil.copymode(new, old)
    for folder, _, files in os.walk(target):
        for name in files:
            if Path(folder).relative_to(target) / name not in wanted:
                Path(folder, name).unlink()


class Tree:
    """One copy. Several work side by side, each in its own folder."""

    def __init__(self, source, work):
        self.source, self.work = source, work
        self.copy, self.build, self.home = work / "tree", work / "build", work / "home"
        self.inputs, self.names, self.reached = {}, {}, {}  # what does not change from mutant to mutant

    def prepare(self):
        """Copies, configures and builds all."""
        copy_changed(self.source, self.copy)
        self.home.mkdir(parents=True, exist_ok=True)
        self.clear_temporary()
        self.step("configure", "cmake", "-S", self.copy, "-B", self.build, *CONFIGURE,
                  f"-DCMAKE_INSTALL_PREFIX={self.work / 'prefix'}")
        self.step("build", "ninja", "-C", self.build)
        self.compiled = {}
        for entry in json.loads((self.build / "compile_commands.json").read_text()):
            self.compiled.setdefault(entry["file"], []).append(self.object_of(entry))
        self.programs = self.linked()

    def step(self, what, *command):
        done = run_bounded([str(word) for word in command], BUILD_SECONDS, env=self.environment())
        if not done.passed:
            raise Failure(f"cannot {what} {self.copy}:\n{done.output[-4000:]}")

    def object_of(self, entry):
        words = entry["command"].split()
        return words[words.index("-o") + 1]

    def linked(self):
        """What the linker makes, by the path from the build folder."""
        done = run_bounded(["ninja", "-C", str(self.build), "-t", "targets", "all"], BUILD_SECONDS)
        lines = (line.rpartition(": ") for line in done.output.splitlines())
        return [name for name, _, rule in lines if "_LINKER__" in rule]

    def users_of(self, path):
        """The programs and libraries that a source is in, directly or by a library."""
        objects = set(self.objects(path))
        return [program for program in self.programs if objects & self.inputs_of(program)]

    def inputs_of(self, program):
        if program not in self.inputs:
            done = run_bounded(["ninja", "-C", str(self.build), "-t", "inputs", program], BUILD_SECONDS)
            self.inputs[program] = frozenset(line.strip() for line in done.output.splitlines())
        return self.inputs[program]

    def uses(self, program, path):
        """Whether the program's own sources reach the source, and something of it is in the program.

        Not the second alone: functions with a name that libc has, too, are kept, and all that they call.
        """
        objects = set(self.objects(path))
        names = set().union(*(self.symbols(name)[0] for name in objects))
        return bool(names & self.symbols(program)[0] and objects & self.reached_by(program))

    def reached_by(self, program):
        """The objects of a program that its own sources refer to, directly or by others."""
        if program not in self.reached:
            objects = {name for name in self.inputs_of(program) if name.endswith(".o")}
            owners = {symbol: name for name in objects for symbol in self.symbols(name)[0] if symbol not in OUR_HOOKS}
            own = f"/{Path(program).name}.dir/"
            found = {name for name in objects if own in name}
            new = set(found)
            while new:
                new = {owners[symbol] for name in new for symbol in self.symbols(name)[1] if symbol in owners} - found
                found |= new
            self.reached[program] = found
        return self.reached[program]

    def symbols(self, file):
        """The functions and variables that a file has, and those that it asks for."""
        if file not in self.names:
            done = run_bounded(["nm", "--format=posix", str(self.build / file)], BUILD_SECONDS)
            words = [line.split()[:2] for line in done.output.splitlines() if len(line.split()) > 1]
            self.names[file] = (frozenset(name for name, kind in words if kind in "TtDdBbRr"),
                                frozenset(name for name, kind in words if kind in "Uw"))
        return self.names[file]

    def objects(self, path):
        return self.compiled.get(str(self.copy / path), [])

    def read(self, path):
        return (self.copy / path).read_text()

    def write(self, path, text):
        (self.copy / path).write_text(text)

    def make(self, targets):
        """Whether the targets can be made."""
        return run_bounded(["ninja", "-C", str(self.build), *targets], BUILD_SECONDS, env=self.environment()).passed

    def code_of(self, path):
        """What the source compiles to, in one word; None when it does not compile."""
        objects = self.objects(path)
        if not self.make(objects):
            return None
        digest = hashlib.sha256()
        for name in objects:
            digest.update((self.build / name).read_bytes())
        return digest.hexdigest()

    def tests(self):
        """What CTest would run: [(name, command, environment, folder)]."""
        done = subprocess.run(["ctest", "--test-dir", self.build, "--show-only=json-v1"],
                              stdout=subprocess.PIPE, check=True)
        for test in json.loads(done.stdout)["tests"]:
            properties = {entry["name"]: entry["value"] for entry in test.get("properties", [])}
            if "command" in test and not properties.get("DISABLED"):
                yield (test["name"], test["command"], properties.get("ENVIRONMENT", []),
                       properties.get("WORKING_DIRECTORY", str(self.build)))

    def environment(self, additions=()):
        """A home and a folder for temporary files that a mutant may spoil."""
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("LD_PRELOAD", "LD_LIBRARY_PATH") and not name.startswith("XDG_")}
        environment.update(HOME=str(self.home), TMPDIR=str(self.work / "tmp"))
        environment.update(entry.split("=", 1) for entry in additions)
        return environment

    def clear_temporary(self):
        shutil.rmtree(self.work / "tmp", ignore_errors=True)
        (self.work / "tmp").mkdir(parents=True, exist_ok=True)
