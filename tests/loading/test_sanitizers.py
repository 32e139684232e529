"""Programs that were built with a sanitizer, under `synauth run`: they start, their requests carry
the token, and the sanitizer finds what it found before."""

import os
import re
import subprocess
import unittest

from client_test import PROGRAM
from reach import CONTENT, ReachTest

FOLDER = os.path.join(os.environ["SYNAUTH_TEST_BUILD"], "tests/loading")
MISTAKES = {
    "gcc_address": ("overflow", "AddressSanitizer: heap-buffer-overflow"),
    "gcc_static_address": ("overflow", "AddressSanitizer: heap-buffer-overflow"),
    "gcc_both": ("overflow", "AddressSanitizer: heap-buffer-overflow"),
    "gcc_thread": ("race", "ThreadSanitizer: data race"),
    "gcc_undefined": ("shift", "runtime error: shift exponent"),
    "gcc_leak": ("none", ""),
    "clang_address": ("overflow", "AddressSanitizer: heap-buffer-overflow"),
    "clang_shared_address": ("overflow", "AddressSanitizer: heap-buffer-overflow"),
}


def runtimes_of(kind):
    listing = subprocess.run(["readelf", "-dW", os.path.join(FOLDER, f"sanitized_{kind}")],
                             capture_output=True, text=True, check=True)
    return re.findall(r"\(NEEDED\).*\[(lib[a-z]*san\.so.*)\]", listing.stdout)


class Sanitizers(ReachTest):
    def sanitized(self, kind, mistake="none", runner=(PROGRAM, "run", "--strict", "--"), **more):
        program = os.path.join(FOLDER, f"sanitized_{kind}")
        # What libcurl's own libraries keep is not what is tested.
        environment = {**self.environment(preload=False), "LSAN_OPTIONS": "detect_leaks=0", **more}
        if kind == "clang_shared_address":
            environment["LD_LIBRARY_PATH"] = subprocess.run(
                ["clang", "-print-runtime-dir"], capture_output=True, text=True, check=True).stdout.strip()
            if not os.path.isdir(environment["LD_LIBRARY_PATH"]):
                environment["LD_LIBRARY_PATH"] = os.path.dirname(subprocess.run(
                    ["clang", "-print-file-name=libclang_rt.asan-x86_64.so"], capture_output=True,
                    text=True, check=True).stdout.strip())
        return self.run_program([*runner, program, mistake, self.server.ca, *self.ways()], environment)

    def test_each_kind_carries_the_token_and_finds_nothing(self):
        for kind in MISTAKES:
            with self.subTest(kind=kind):
                result = self.sanitized(kind)
                self.assertEqual((result.returncode, result.stdout, result.stderr),
                                 (0, (CONTENT + "0\n") * 5, ""))
                self.assert_ways()

    def test_each_kind_goes_on_finding_mistakes(self):
        for kind, (mistake, found) in MISTAKES.items():
            with self.subTest(kind=kind):
                bare = self.sanitized(kind, mistake, runner=())
                self.server.requests()
                ours = self.sanitized(kind, mistake)
                self.assert_ways()
                self.assertEqual(ours.returncode, bare.returncode)
                for result in (bare, ours):
                    self.assertIn(found, result.stderr)

    def test_the_usual_remedy_of_the_user_stays(self):
        for kind in ("gcc_address", "gcc_both"):
            result = self.sanitized(kind, LD_PRELOAD=" ".join(runtimes_of(kind)))
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assert_ways()

    def test_script_whose_interpreter_was_built_with_it(self):
        interpreter = os.path.join(FOLDER, "sanitized_gcc_address")
        script = self.script("script", f"#!{interpreter} none\n")
        os.chmod(script, 0o700)
        result = self.run_program([PROGRAM, "run", "--", script, self.local()],
                                  self.environment(preload=False))
        # The script's own name stands where the authorities do.
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "77\n", ""))

    def test_told_not_to_insist_it_is_not_given_to_children(self):
        result = self.sanitized(
            "gcc_address", runner=(PROGRAM, "run", "--"),
            ASAN_OPTIONS="detect_leaks=0:verify_asan_link_order=0")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assert_ways()


if __name__ == "__main__":
    unittest.main(verbosity=2)
