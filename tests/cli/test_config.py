"""synauth config: the files, their mistakes, their rules, and a first file."""

import os
import pathlib
import stat
import unittest

from command_line import CommandLineTest

GOOD = 'rules = ( { match = "a.example"; service = "cave"; } );\n'


class ConfigPathTest(CommandLineTest):
    def test_path_files_in_order_with_state(self):
        lines = self.expect(0, "config", "path")[0].splitlines()
        self.assertEqual(lines[0].split(), ["user", "absent",
                                            f"{self.home}/.config/synauth/synauth.conf"])
        self.assertTrue(lines[1].startswith("site "))
        self.assertTrue(lines[-1].startswith("built in "))

    def test_path_read_and_invalid(self):
        self.configure(GOOD)
        self.assertIn("read", self.expect(0, "config", "path")[0].splitlines()[0].split())
        self.configure("rules = (")
        self.assertIn("invalid", self.expect(0, "config", "path")[0].splitlines()[0].split())

    def test_path_xdg_config_home(self):
        self.environment["XDG_CONFIG_HOME"] = f"{self.home}/xdg"
        self.assertIn(f"{self.home}/xdg/synauth/synauth.conf", self.expect(0, "config", "path")[0])

    def test_path_synauth_config_alone(self):
        path = self.write("only.conf", GOOD)
        self.environment["SYNAUTH_CONFIG"] = str(path)
        text, _ = self.expect(0, "config", "path")
        self.assertIn(str(path), text.splitlines()[0])
        self.assertNotIn(".config", text)


class ConfigCheckTest(CommandLineTest):
    def test_check_valid(self):
        text, talk = self.expect(0, "config", "check")
        self.assertTrue(text.startswith("valid"))
        self.assertEqual(talk, "")
        self.configure(GOOD)
        self.assertTrue(self.expect(0, "config", "check")[0].startswith("valid"))

    def test_check_every_mistake_with_file_and_line(self):
        path = self.configure('rules = (\n  { match = "a.example/x"; service = "cave"; },\n'
                              '  { match = "b.example"; servce = "cave"; }\n);\n'
                              'on_missing = "maybe";\n')
        lines = self.expect(3, "config", "check")[0].splitlines()
        for number in (2, 3, 5):
            self.assertTrue(any(line.startswith(f"{path}:{number}: ") for line in lines),
                            f"{number}: {lines}")

    def test_check_syntax_error(self):
        path = self.configure("rules = (\n  {\n")
        self.assertRegex(self.expect(3, "config", "check")[0], rf"^{path}:\d+: .")

    def test_check_named_file_only(self):
        self.configure("rules = (")
        path = self.write("here/mine.conf", GOOD)
        self.expect(0, "config", "check", path)
        self.expect(0, "config", "check", "mine.conf", cwd=self.home / "here")
        self.write("here/mine.conf", "nonsense = 1;\n")
        text, _ = self.expect(3, "config", "check", "mine.conf", cwd=self.home / "here")
        self.assertIn("mine.conf:1: ", text)

    def test_check_absent_file_3(self):
        text, _ = self.expect(3, "config", "check", self.home / "absent.conf")
        self.assertIn("absent.conf", text)

    def test_check_file_that_others_can_write_3(self):
        path = self.write("mine.conf", GOOD, mode=0o666)
        self.assertIn("chmod", self.expect(3, "config", "check", path)[0])


class ConfigShowTest(CommandLineTest):
    def test_show_rules_in_order_with_place(self):
        path = self.configure('rules = (\n  { match = "a.example"; service = "cave"; }\n);\n')
        lines = self.expect(0, "config", "show")[0].splitlines()
        self.assertEqual(lines[0].split(), ["a.example", "cave", f"{path}:2"])
        self.assertIn(["repo-prod.prod.sagebase.org", "synapse"],
                      [line.split()[:2] for line in lines[1:]])

    def test_show_without_inherit_own_rules_only(self):
        self.configure("inherit = false;\n" + GOOD)
        self.assertEqual(len(self.expect(0, "config", "show")[0].splitlines()), 1)

    def test_show_mistakes_on_stderr_3(self):
        self.configure('rules = ( { match = "a.example"; service = "cav"; } );\n')
        text, talk = self.expect(3, "config", "show")
        self.assertIn("invalid", text.splitlines()[0])
        self.assertIn("synauth.conf:1: ", talk)


class ConfigInitTest(CommandLineTest):
    def path(self):
        return self.home / ".config/synauth/synauth.conf"

    def test_init_private_file_that_changes_nothing(self):
        before = self.expect(0, "config", "show")[0]
        text, _ = self.expect(0, "config", "init")
        self.assertEqual(text, f"{self.path()}\n")
        self.assertEqual(stat.S_IMODE(self.path().stat().st_mode), 0o600)
        for folder in (self.path().parent, self.path().parent.parent):
            self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o700)
        self.assertEqual(os.listdir(self.path().parent), ["synauth.conf"])
        self.expect(0, "config", "check")
        self.assertIn("read", self.expect(0, "config", "path")[0].splitlines()[0].split())
        self.assertEqual(self.expect(0, "config", "show")[0], before)
        lines = self.path().read_text().splitlines()
        self.assertTrue(all(not line or line.startswith("//") for line in lines))
        self.assertLessEqual(max(map(len, lines)), 80)

    def test_init_examples_uncommented_valid(self):
        self.expect(0, "config", "init")
        # What stands behind `//` once, without the sentences.
        lines = [line[3:] for line in self.path().read_text().splitlines()]
        starts = [i for i, line in enumerate(lines) if line.startswith("rules = (")]
        self.assertEqual(len(starts), 1)
        end = lines.index(");", starts[0])
        settings = [line for line in lines[end + 1:] if "= " in line and line.endswith(";")]
        self.assertEqual(len(settings), 3)
        text = "\n".join(lines[starts[0]:end + 1] + settings) + "\n"
        self.path().write_text(text)
        answer, _ = self.expect(0, "config", "check")
        self.assertTrue(answer.startswith("valid"))

    def test_init_strange_umask_same_modes(self):
        self.expect(0, "config", "init", preexec_fn=lambda: os.umask(0o277))
        self.assertEqual(stat.S_IMODE(self.path().stat().st_mode), 0o600)

    def test_init_existing_file_untouched_1(self):
        self.configure(GOOD)
        answer, talk = self.expect(1, "config", "init")
        self.assertEqual(answer, "")
        self.assertIn(str(self.path()), talk)
        self.assertEqual(self.path().read_text(), GOOD)
        self.assertEqual(os.listdir(self.path().parent), ["synauth.conf"])

    def test_init_dangling_link_untouched_1(self):
        self.path().parent.mkdir(parents=True)
        self.path().symlink_to(self.home / "elsewhere")
        self.expect(1, "config", "init")
        self.assertFalse((self.home / "elsewhere").exists())

    def test_init_invalid_file_untouched_1(self):
        self.configure("rules = (")
        self.expect(1, "config", "init")

    def test_init_folder_cannot_be_made_1(self):
        self.write(".config", "a file\n")
        _, talk = self.expect(1, "config", "init")
        self.assertIn("cannot write", talk)

    def test_init_synauth_config_set_users_file_and_a_note(self):
        self.environment["SYNAUTH_CONFIG"] = str(self.write("only.conf", GOOD))
        answer, talk = self.expect(0, "config", "init")
        self.assertEqual(answer, f"{self.path()}\n")
        self.assertIn("SYNAUTH_CONFIG", talk)
        self.assertTrue(pathlib.Path(self.path()).exists())

    def test_init_full_stdout_1_file_written(self):
        with open("/dev/full", "wb") as full:
            self.expect(1, "config", "init", stdout=full)


if __name__ == "__main__":
    unittest.main()
