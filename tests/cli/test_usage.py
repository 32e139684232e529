"""Help, version, and mistakes of usage."""

import re
import subprocess
import unittest

from command_line import CommandLineTest

COMMANDS = ["run", "explain", "status", "doctor", "config", "synapse", "cave"]


class HelpTest(CommandLineTest):
    def test_help_any_form_same_text_on_stdout(self):
        texts = {self.expect(0, *form)[0] for form in (["--help"], ["-h"], ["help"])}
        self.assertEqual(len(texts), 1)
        for command in COMMANDS:
            self.assertRegex(texts.copy().pop(), rf"(?m)^  {command} ")

    def test_help_each_command_same_text_on_stdout(self):
        for command in COMMANDS:
            forms = ([command, "--help"], [command, "-h"], ["help", command])
            answers = {self.expect(0, *form) for form in forms}
            self.assertEqual(len(answers), 1, command)
            text, talk = answers.pop()
            self.assertEqual(talk, "")
            self.assertTrue(text.startswith(f"synauth {command} - "), text)
            self.assertIn("Examples:", text)

    def test_help_width_at_most_80_columns(self):
        for arguments in ([], *([command] for command in COMMANDS)):
            text, _ = self.expect(0, "help", *arguments)
            self.assertLessEqual(max(map(len, text.splitlines())), 80, arguments)

    def test_help_subcommand_shows_group(self):
        self.assertEqual(self.expect(0, "config", "check", "--help"),
                         self.expect(0, "config", "--help"))

    def test_version_number(self):
        text, talk = self.expect(0, "--version")
        self.assertTrue(re.fullmatch(r"synauth \d+\.\d+\.\d+\n", text), text)
        self.assertEqual(talk, "")


class MistakeTest(CommandLineTest):
    def mistake(self, status, *arguments):
        answer, talk = self.expect(status, *arguments)
        self.assertEqual(answer, "")
        return talk

    def test_nothing_overview_on_stderr(self):
        self.assertIn("Usage:", self.mistake(2))

    def test_unknown_command_suggestion(self):
        self.assertIn("did you mean 'explain'?", self.mistake(2, "expalin"))
        self.assertIn("did you mean 'run'?", self.mistake(2, "rnu"))

    def test_unknown_command_far_from_all_no_suggestion(self):
        self.assertNotIn("did you mean", self.mistake(2, "zzzzzzzz"))

    def test_unknown_command_control_characters_escaped(self):
        talk = self.mistake(2, "\x1b[31m\u009b")
        self.assertNotIn("\x1b", talk)
        self.assertIn("\\x1b[31m", talk)

    def test_unknown_help_topic_usage(self):
        self.assertIn("did you mean 'config'?", self.mistake(2, "help", "confg"))

    def test_unknown_subcommand_suggestion(self):
        self.assertIn("did you mean 'check'?", self.mistake(2, "config", "chekc"))
        self.assertIn("synauth config --help", self.mistake(2, "config"))

    def test_unknown_option_named_with_pointer_to_help(self):
        talk = self.mistake(2, "explain", "--jsn", "https://x.example")
        self.assertIn("'--jsn'; did you mean '--json'?", talk)
        self.assertIn("Try 'synauth explain --help'.", talk)
        self.assertIn("'-x'", self.mistake(2, "status", "-x"))
        self.assertIn("'--frobnicate'", self.mistake(2, "cave", "request-header",
                                                     "--frobnicate=1"))

    def test_unknown_option_value_not_repeated(self):
        talk = self.mistake(2, "cave", "request-header", "--token=secret123")
        self.assertNotIn("secret123", talk)

    def test_option_without_value_usage(self):
        for form in (["--profile"], ["--profile="], ["--profile", ""]):
            self.assertIn("needs a value", self.mistake(2, "synapse", "request-header", *form))

    def test_flag_with_value_usage(self):
        self.assertIn("takes no value", self.mistake(2, "explain", "--json=yes", "https://x.example"))

    def test_operands_missing_or_too_many_usage(self):
        for arguments in (["explain"], ["explain", "https://a.example", "https://b.example"],
                          ["status", "x"], ["config", "path", "x"], ["config", "check", "a", "b"],
                          ["cave", "request-header", "x"], ["synapse", "request-header", "x"]):
            self.mistake(2, *arguments)

    def test_run_mistakes_status_125(self):
        for arguments in (["run"], ["run", "--"], ["run", "--bogus", "true"]):
            self.assertIn("Try 'synauth run --help'.", self.mistake(125, *arguments))
        self.assertIn("not yet available", self.mistake(125, "run", "--report=/tmp/x", "true"))


class OutputTest(CommandLineTest):
    COMMANDS = (["--version"], ["--help"], ["run", "--help"], ["status"], ["config", "path"],
                ["config", "check"], ["explain", "--json", "https://a.example"])

    def test_full_disk_error(self):
        for command in self.COMMANDS:
            with open("/dev/full", "wb") as full:
                _, talk = self.expect(1, *command, stdout=full)
            self.assertIn("cannot write to standard output", talk)

    def test_closed_stdout_error(self):
        for command in self.COMMANDS:
            shell = ["/bin/sh", "-c", 'exec "$@" >&-', "sh", self.program, *command]
            done = subprocess.run(shell, env=self.environment, stderr=subprocess.PIPE,
                                  encoding="utf-8", timeout=60, check=False)
            self.assertEqual(done.returncode, 1, command)
            self.assertIn("cannot write to standard output", done.stderr)


if __name__ == "__main__":
    unittest.main()
