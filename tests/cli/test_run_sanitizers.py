"""synauth run: the runtimes of sanitizers come first in LD_PRELOAD. For builds without one, since the
command itself would insist on its own."""

import re
import shutil
import subprocess
import unittest

from command_line import PreloadListCase


class RuntimesTest(PreloadListCase):
    def test_run_behind_a_runtime_of_a_sanitizer(self):
        for name in ("libasan.so.8", "libtsan.so.2", "libubsan.so.1", "liblsan.so.0", "libhwasan.so.0",
                     "libclang_rt.asan-x86_64.so", "libclang_rt.asan.so",
                     "libclang_rt.ubsan_standalone-x86_64.so", "libclang_rt.tsan.so"):
            one, runtime = self.any_library("one.so"), self.any_library(name)
            for before, after in ((runtime, f"{runtime}:{self.library}"),
                                  (f"{runtime} {one}", f"{runtime}:{self.library} {one}"),
                                  (f"{one} {runtime}:", f"{one} {runtime}:{self.library}:")):
                self.environment["LD_PRELOAD"] = before
                self.assertEqual(self.preload(), after)
                self.assertEqual(self.preload("run", "--", self.program, "run"), after)

    def test_run_copy_in_front_of_a_runtime_goes_behind_it(self):
        runtime, one = self.any_library("libasan.so.8"), self.any_library("one.so")
        for before, after in (
                (f"{self.library}:{runtime}", f"{runtime}:{self.library}"),
                (f"{one}:{self.library} {runtime}:{one}", f"{one} {runtime}:{self.library}:{one}"),
                (f"{self.other_copy()}:{runtime} {self.library}", f"{runtime} {self.library}")):
            self.environment["LD_PRELOAD"] = before
            self.assertEqual(self.preload(), after)

    def test_run_names_that_are_nearly_a_runtime_of_a_sanitizer(self):
        for name in ("libasanother.so", "asan.so", "libasan.a", "libclang_rt.scudo-x86_64.so",
                     "libclang_rt.asan.txt", "libtsan"):
            one = self.any_library(name)
            self.environment["LD_PRELOAD"] = one
            self.assertEqual(self.preload(), f"{self.library}:{one}")

    def sanitized(self, option="-fsanitize=address", *more):
        """A program that prints its LD_PRELOAD, and the path of the runtime that it needs."""
        source = self.write("print.c", "#include <stdio.h>\n#include <stdlib.h>\n"
                            'int main(void) { return puts(getenv("LD_PRELOAD")) < 0; }\n')
        program = self.home / "print"
        subprocess.run(["gcc", option, *more, "-o", program, source], check=True)
        listing = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
        return program, re.search(r"(lib\wsan\.so\S*) => (\S+)", listing)

    def test_run_program_that_needs_a_runtime_gets_it_in_front(self):
        program, runtime = self.sanitized()
        self.environment["ASAN_OPTIONS"] = ""
        one = self.any_library("one.so")
        answer, _ = self.expect(0, "run", "--", program)
        self.assertEqual(answer, f"{runtime[1]}:{self.library}\n")
        for before, after in ((one, f"{runtime[1]}:{self.library}:{one}"),
                              (f"{self.library}:{one}", f"{runtime[1]}:{self.library}:{one}"),
                              (runtime[2], f"{runtime[2]}:{self.library}")):
            self.environment["LD_PRELOAD"] = before
            self.assertEqual(self.expect(0, "run", "--strict", "--no-preflight", program)[0],
                             after + "\n")

    def test_run_runtime_that_only_the_program_finds_by_path(self):
        program, runtime = self.sanitized("-fsanitize=address", "-Wl,-rpath,$ORIGIN/runtime")
        folder = self.home / "runtime"
        folder.mkdir()
        shutil.copy(runtime[2], folder / runtime[1])
        self.environment["ASAN_OPTIONS"] = ""
        self.assertEqual(self.expect(0, "run", "--", program)[0],
                         f"{folder}/{runtime[1]}:{self.library}\n")
        del self.environment["ASAN_OPTIONS"]
        self.environment["LD_LIBRARY_PATH"] = "/usr/lib"  # which children may change
        program, runtime = self.sanitized()
        self.assertEqual(self.expect(0, "run", "--", program)[0], f"{runtime[2]}:{self.library}\n")

    def test_run_runtimes_that_need_not_come_first_are_not_forced_on_children(self):
        for option in ("-fsanitize=thread", "-fsanitize=undefined"):
            program, _ = self.sanitized(option)
            self.assertEqual(self.expect(0, "run", "--", program)[0], f"{self.library}\n")


if __name__ == "__main__":
    unittest.main()
