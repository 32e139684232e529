"""synauth run: programs that cannot be hooked are run with a warning, or refused by --strict."""

import os
import shutil
import unittest

from command_line import FIXTURES, InstalledTest

STATIC = FIXTURES / "static_program"
MACHINE_S390 = 22
CLASS_32 = 1


class ReachTest(InstalledTest):
    def copy(self, name, mode=0o755, source="/bin/true"):
        path = self.home / name
        shutil.copy(source, path)
        path.chmod(mode)
        return path

    def patched(self, name, offset, value):
        path = self.copy(name)
        with open(path, "r+b") as file:
            file.seek(offset)
            file.write(bytes([value]))
        return path

    def expect_out_of_reach(self, why, program, *arguments, status=0):
        """Run with one warning; refused by --strict; silent without preflight."""
        _, talk = self.expect(status, "run", "--", program, *arguments)
        self.assertIn(why, talk)
        self.assertIn("cannot be hooked", talk)
        if status < 126:
            self.assertEqual(talk.count("\n"), 1)
        _, talk = self.expect(125, "run", "--strict", "--", program, *arguments)
        self.assertIn(why, talk)
        _, talk = self.expect(status, "run", "--strict", "--no-preflight", "--", program,
                              *arguments)
        self.assertNotIn("cannot be hooked", talk)

    def expect_reached(self, program, *arguments):
        _, talk = self.expect(0, "run", "--strict", "--", program, *arguments)
        self.assertEqual(talk, "")

    def test_run_dynamic_program_reached(self):
        self.expect_reached("true")
        self.expect_reached(self.copy("dynamic"))

    def test_run_static_program_warned_and_its_status_kept(self):
        self.expect_out_of_reach("it is statically linked", STATIC, "9", status=9)

    def test_run_setuid_program_warned(self):
        self.expect_out_of_reach("it is setuid", self.copy("setuid", mode=0o4755))

    def test_run_setgid_program_warned(self):
        self.expect_out_of_reach("it is setgid", self.copy("setgid", mode=0o2755))

    @unittest.skipUnless(os.geteuid() == 0, "only root can give file capabilities")
    def test_run_file_capabilities_warned(self):
        path = self.copy("capable")
        # Version 2, effective, permitted: CAP_NET_RAW.
        os.setxattr(path, "security.capability",
                    bytes.fromhex("0100000200200000000000000000000000000000"))
        self.expect_out_of_reach("it has file capabilities", path)

    def test_run_other_architecture_warned_and_not_given_to_a_shell(self):
        foreign = self.patched("foreign", 18, MACHINE_S390)
        self.expect_out_of_reach("another architecture", foreign, status=126)
        _, talk = self.expect(125, "run", "--strict", "--", self.patched("narrow", 4, CLASS_32))
        self.assertIn("another architecture", talk)

    def test_run_damaged_elf_warned(self):
        damaged = self.copy("damaged")
        with open(damaged, "r+b") as file:
            file.truncate(70)
        self.expect_out_of_reach("damaged", damaged, status=126)

    def test_run_script_judged_by_its_interpreter(self):
        script = self.write("script", f"#!{STATIC} 3\n", mode=0o755)
        _, talk = self.expect(3, "run", "--", script)
        self.assertIn(f"{script} cannot be hooked: its interpreter {STATIC} is statically", talk)
        self.expect(125, "run", "--strict", "--", script)
        self.expect_reached(self.write("shell", "#! /bin/sh -e\n", mode=0o755))
        self.expect_reached(self.write("plain", "exit 0\n", mode=0o755))

    def test_run_setuid_script_reached(self):
        # The kernel ignores the bit on scripts.
        self.expect_reached(self.write("script", "#!/bin/sh\n", mode=0o4755))

    def test_run_env_script_judged_by_its_target(self):
        shutil.copy(STATIC, self.home / "tool")
        self.environment["PATH"] = f"{self.home}:/usr/bin:/bin"
        for line in ("env tool", "env -S tool 1", "env -S -u X A=b tool", "env -i tool"):
            script = self.write("script", f"#!/usr/bin/{line}\n", mode=0o755)
            _, talk = self.expect(125, "run", "--strict", "--", script)
            self.assertIn(f"its interpreter {self.home}/tool is statically linked", talk)
        self.expect_reached(self.write("python", "#!/usr/bin/env true\n", mode=0o755))

    def test_run_script_of_script_followed(self):
        inner = self.write("inner", f"#!{STATIC}\n", mode=0o755)
        outer = self.write("outer", f"#!{inner}\n", mode=0o755)
        _, talk = self.expect(125, "run", "--strict", "--", outer)
        self.assertIn("statically linked", talk)

    def test_run_scripts_in_a_circle_ends(self):
        circle = self.home / "circle"
        self.write("circle", f"#!{circle}\n", mode=0o755)
        self.expect(126, "run", "--", circle)
        self.expect(125, "run", "--strict", "--", circle)

    def test_run_loader_itself_reached(self):
        with open("/proc/self/maps", encoding="utf-8") as maps:
            loader = next(line.split()[-1] for line in maps if "/ld-" in line or "/ld." in line)
        self.expect_reached(loader, "/bin/true")

    def test_run_warning_silenced_by_log_level(self):
        self.environment["SYNAUTH_LOG"] = "error"
        self.assertEqual(self.expect(0, "run", "--", STATIC)[1], "")


if __name__ == "__main__":
    unittest.main()
