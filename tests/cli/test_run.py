"""synauth run: the program takes our place, with one copy of the library in LD_PRELOAD."""

import os
import shutil
import signal
import subprocess
import unittest

from command_line import InstalledTest, PRELOAD_NAME, PreloadListCase


class Twice(dict):
    """An environment in which a name may stand twice, which execve allows."""

    def __init__(self, items):
        super().__init__(items)
        self.pairs = items

    def __len__(self):
        return len(self.pairs)

    def keys(self):
        return [name for name, _ in self.pairs]

    def values(self):
        return [value for _, value in self.pairs]


class ExecuteTest(InstalledTest):
    def test_run_program_gets_arguments_and_our_exit_status_is_its(self):
        answer, talk = self.expect(7, "run", "--", "sh", "-c", 'printf "%s|" "$0" "$@"; exit 7',
                                   "zero", "--strict", "a b", "")
        self.assertEqual(answer, "zero|--strict|a b||")
        self.assertEqual(talk, "")

    def test_run_without_dashes_options_behind_program_are_its(self):
        answer, _ = self.expect(0, "run", "printf", "%s", "--strict")
        self.assertEqual(answer, "--strict")

    def test_run_program_same_process(self):
        with subprocess.Popen([self.program, "run", "--", "sh", "-c", "echo $$"],
                              env=self.environment, stdout=subprocess.PIPE) as child:
            self.assertEqual(int(child.stdout.read()), child.pid)

    def test_run_killed_program_signal_seen_by_parent(self):
        done = self.run_program("run", "--", "sh", "-c", "kill -TERM $$")
        self.assertEqual(done.returncode, -signal.SIGTERM)

    def test_run_ignored_signal_stays_ignored(self):
        done = self.run_program("run", "--", "grep", "SigIgn", "/proc/self/status",
                                preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        self.assertEqual(int(done.stdout.split()[1], 16) & 1, 1)

    def test_run_no_descriptor_of_ours_left(self):
        answer, _ = self.expect(0, "run", "--", "ls", "/proc/self/fd")
        # The fourth is the folder that ls reads.
        self.assertEqual(answer.split(), ["0", "1", "2", "3"])

    def test_run_closed_stdin_stays_closed(self):
        shell = ["/bin/sh", "-c", 'exec "$@" <&-', "sh", self.program, "run", "--", "sh", "-c",
                 "test -e /proc/$$/fd/0 && echo open || echo closed"]
        done = subprocess.run(shell, env=self.environment, stdout=subprocess.PIPE, check=True)
        self.assertEqual(done.stdout, b"closed\n")

    def test_run_environment_only_preload_added(self):
        self.environment["LATIN"] = "\udce9"
        answer, _ = self.expect(0, "run", "--", "env", "-0")
        names = {entry.split("=")[0] for entry in answer.split("\0") if entry}
        self.assertEqual(names, set(self.environment) | {"LD_PRELOAD"})


class FindTest(InstalledTest):
    def test_run_program_absent_127(self):
        _, talk = self.expect(127, "run", "--", "no-such-program")
        self.assertEqual(talk, "synauth: 'no-such-program' not found\n")
        self.expect(127, "run", "--", "/nowhere/at/all")
        self.expect(127, "run", "--", "")

    def test_run_not_executable_126(self):
        plain = self.write("plain", "#!/bin/sh\n", mode=0o644)
        _, talk = self.expect(126, "run", "--", plain)
        self.assertIn("Permission denied", talk)
        self.expect(126, "run", "--", self.home)

    def test_run_not_executable_in_path_next_element_is_tried(self):
        self.write("a/tool", "#!/bin/sh\necho a\n", mode=0o644)
        self.environment["PATH"] = f"{self.home}/a:/usr/bin"
        self.expect(126, "run", "--", "tool")
        self.write("b/tool", "#!/bin/sh\necho b\n", mode=0o755)
        self.environment["PATH"] = f"{self.home}/a:/nowhere:{self.home}/b:/usr/bin"
        self.assertEqual(self.expect(0, "run", "--", "tool")[0], "b\n")

    def test_run_empty_path_element_is_working_directory(self):
        self.write("tool", "#!/bin/sh\necho here\n", mode=0o755)
        self.environment["PATH"] = "/nowhere:"
        self.assertEqual(self.expect(0, "run", "--", "tool")[0], "here\n")

    def test_run_without_path_default_is_used(self):
        del self.environment["PATH"]
        self.assertEqual(self.expect(0, "run", "--", "echo", "x")[0], "x\n")

    def test_run_script_without_interpreter_line_shell_runs_it(self):
        script = self.write("script", 'echo "$0 $1"\n', mode=0o755)
        answer, talk = self.expect(0, "run", "--", script, "one")
        self.assertEqual((answer, talk), (f"{script} one\n", ""))

    def test_run_interpreter_missing_126_and_named(self):
        script = self.write("script", "#!/nowhere/python\n", mode=0o755)
        _, talk = self.expect(126, "run", "--", script)
        self.assertIn("its interpreter /nowhere/python is missing", talk)


class PreloadListTest(PreloadListCase):
    def test_run_nothing_preloaded_absolute_path(self):
        self.assertEqual(self.preload(), self.library)
        self.environment["LD_PRELOAD"] = ""
        self.assertEqual(self.preload(), self.library)
        self.environment["LD_PRELOAD"] = " : "
        self.assertEqual(self.preload(), self.library)

    def test_run_library_really_loaded(self):
        answer, _ = self.expect(0, "run", "--", "cat", "/proc/self/maps")
        self.assertIn(self.library, answer)

    def test_run_other_entries_kept_verbatim_behind_ours(self):
        one, two = self.any_library("one.so"), self.any_library("two.so")
        self.environment["LD_PRELOAD"] = f" {one}::  {two}:"
        self.assertEqual(self.preload(), f"{self.library}: {one}::  {two}:")

    def test_run_nested_nothing_added(self):
        self.assertEqual(self.preload("run", "--", self.program, "run", "--", self.program, "run"),
                         self.library)

    def test_run_nested_behind_others_place_kept(self):
        one = self.any_library("one.so")
        self.environment["LD_PRELOAD"] = f"{one} {self.library}"
        self.assertEqual(self.preload(), f"{one} {self.library}")

    def test_run_same_copy_by_another_path_kept(self):
        link = self.home / "lib"
        link.symlink_to(self.prefix / "lib")
        self.environment["LD_PRELOAD"] = f"{link}/{PRELOAD_NAME}"
        self.assertEqual(self.preload(), f"{link}/{PRELOAD_NAME}")

    def test_run_other_copy_replaced_in_its_place(self):
        one, two, other = self.any_library("one.so"), self.any_library("two.so"), self.other_copy()
        self.environment["LD_PRELOAD"] = f"{one}:{other} {two}"
        self.assertEqual(self.preload(), f"{one}:{self.library} {two}")

    def test_run_several_copies_one_left(self):
        one, other = self.any_library("one.so"), self.other_copy()
        self.environment["LD_PRELOAD"] = f"{other}:{one} {self.library}:{other}"
        self.assertEqual(self.preload(), f"{self.library}:{one}")

    def test_run_bare_name_not_in_cache_becomes_path(self):
        self.environment["LD_PRELOAD"] = PRELOAD_NAME
        self.assertEqual(self.preload(), self.library)

    def test_run_name_that_only_ends_like_ours_kept(self):
        one = self.any_library("not" + PRELOAD_NAME)
        self.environment["LD_PRELOAD"] = one
        self.assertEqual(self.preload(), f"{self.library}:{one}")

    def test_run_list_of_any_length_kept(self):
        one = self.any_library("one.so")
        self.environment["LD_PRELOAD"] = ":".join([one] * 1500)
        self.assertEqual(self.preload(), self.library + ":" + ":".join([one] * 1500))

    def test_run_twice_in_environment_one_is_left(self):
        one, two = self.any_library("one.so"), self.any_library("two.so")
        environment = Twice([*self.environment.items(), ("LD_PRELOAD", one), ("LD_PRELOAD", two)])
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.dup2(writer, 1)
            os.execve(self.program, ["synauth", "run", "--", "env"], environment)
        os.close(writer)
        with open(reader, encoding="utf-8") as answer:
            lines = [line.strip() for line in answer if line.startswith("LD_PRELOAD=")]
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
        self.assertEqual(lines, [f"LD_PRELOAD={self.library}:{one}"])

    def test_run_path_with_separator_125(self):
        for name in ("with space", "with:colon", "with$dollar"):
            self.program = self.install(name) / "bin/synauth"
            answer, talk = self.expect(125, "run", "--", "echo", "x")
            self.assertEqual(answer, "")
            self.assertIn("cannot stand in LD_PRELOAD", talk)

    def test_run_library_not_beside_installed_one_or_125(self):
        os.unlink(self.library)
        installed = os.path.join(os.environ["SYNAUTH_TEST_LIBDIR"], PRELOAD_NAME)
        if os.path.exists(installed):
            self.assertIn(self.preload(), (installed, PRELOAD_NAME))
            return
        _, talk = self.expect(125, "run", "--", "echo", "x")
        self.assertIn(PRELOAD_NAME, talk)


class ConfigurationTest(InstalledTest):
    def test_run_disabled_program_runs_untouched_with_one_line(self):
        self.environment["SYNAUTH_DISABLE"] = "1"
        answer, talk = self.expect(0, "run", "--", "env")
        self.assertNotIn("LD_PRELOAD", answer)
        self.assertIn("SYNAUTH_DISABLE", talk)
        self.assertEqual(talk.count("\n"), 1)

    def test_run_warning_silent_at_levels_below_in_any_case(self):
        self.environment["SYNAUTH_DISABLE"] = "1"
        for level, lines in (("off", 0), ("OFF", 0), ("Error", 0), ("WARN", 1), ("loud", 1)):
            self.environment["SYNAUTH_LOG"] = level
            talk = self.expect(0, "run", "--", "true")[1]
            self.assertEqual(talk.count("\n"), lines, f"{level}: {talk}")

    def test_run_disable_zero_or_empty_means_enabled(self):
        for value in ("0", ""):
            self.environment["SYNAUTH_DISABLE"] = value
            self.assertIn("LD_PRELOAD", self.expect(0, "run", "--", "env")[0])

    def test_run_configuration_invalid_said_and_program_runs(self):
        path = self.configure("rules = (\n  { match = \n")
        answer, talk = self.expect(0, "run", "--", "echo", "x")
        self.assertEqual(answer, "x\n")
        self.assertRegex(talk.splitlines()[0], rf"^synauth: {path}:\d+: .")

    def test_run_strict_configuration_invalid_125(self):
        self.configure("rules = (\n  { match = \n")
        answer, talk = self.expect(125, "run", "--strict", "--", "echo", "x")
        self.assertEqual(answer, "")
        self.assertIn("synauth.conf:", talk)


if __name__ == "__main__":
    unittest.main()
