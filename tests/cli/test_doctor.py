"""synauth doctor: each finding with its remedy, and nothing else where all is well."""

import json
import os
import pathlib
import shutil
import subprocess
import unittest

from command_line import CommandLineTest, InstalledTest, PRELOAD_NAME

TOKEN = "fakeTokenThatNobodyPrints"
BUILD = pathlib.Path(os.environ["SYNAUTH_TEST_BUILD"])


class DoctorCase(CommandLineTest):
    def doctor(self, status):
        """The findings. A synauth that is installed on this machine is not what is tested."""
        done = self.run_program("doctor", "--json")
        self.assertNotIn(TOKEN, done.stdout + done.stderr)
        findings = json.loads(done.stdout)["findings"]
        for finding in list(findings):
            if finding["check"] == "bare-name" and finding["severity"] == "problem":
                findings.remove(finding)
        problems = any(finding["severity"] == "problem" for finding in findings)
        self.assertEqual(status, done.returncode if problems else 0, findings)
        for finding in findings:
            self.assertTrue(finding["text"])
            if finding["severity"] == "problem":
                self.assertTrue(finding["remedy"], finding)
        return findings

    def problem(self, check, path=None, part="", status=1):
        """The only problem that there is."""
        findings = [each for each in self.doctor(status) if each["severity"] == "problem"]
        self.assertEqual([each["check"] for each in findings], [check], findings)
        self.assertEqual(findings[0]["path"], path and str(path))
        self.assertIn(part, findings[0]["text"])
        return findings[0]

    def notes(self, check):
        return [each for each in self.doctor(0) if each["check"] == check]


class HealthyTest(DoctorCase):
    def test_doctor_nothing_wrong_no_problem(self):
        self.write(".synapseConfig", f"[authentication]\nauthtoken = {TOKEN}\n")
        self.write(".cloudvolume/secrets/cave-secret.json", json.dumps({"token": TOKEN}))
        self.assertEqual([each for each in self.doctor(0) if each["check"] != "bare-name"], [])

    def test_doctor_text_problem_first_with_remedy(self):
        path = self.write(".synapseConfig", TOKEN, 0o644)
        self.environment["SYNAPSE_AUTH_TOKEN_FILE"] = str(path)
        lines = self.expect(1, "doctor")[0].splitlines()
        place = [line for line in lines if str(path) in line]
        self.assertEqual(place[:2], [f"problem  {path}: everybody can read it",
                                     f"         remedy: chmod 600 '{path}'"])
        self.assertTrue(place[2].startswith(f"note     {path}: SYNAPSE_AUTH_TOKEN_FILE names it"))
        self.assertNotIn(TOKEN, "".join(lines))

    def test_doctor_operand_usage(self):
        self.expect(2, "doctor", "x")


class ConfigurationTest(DoctorCase):
    def test_doctor_mistake_exit_3_with_line(self):
        path = self.configure('rules = (\n  { match = "a.example"; servce = "cave"; } );\n')
        findings = [each for each in self.doctor(3) if each["check"] == "configuration"]
        self.assertEqual((findings[0]["path"], findings[0]["line"]), (str(path), 2))
        self.assertIn("servce", findings[0]["text"])

    def test_doctor_refused_file_exit_3(self):
        path = self.configure("")
        path.chmod(0o666)
        self.problem("configuration", path, "can write it", 3)

    def test_doctor_disabled(self):
        self.environment["SYNAUTH_DISABLE"] = "1"
        self.assertEqual(self.problem("environment")["remedy"], "unset SYNAUTH_DISABLE")
        self.environment["SYNAUTH_DISABLE"] = "0"
        self.doctor(0)

    def test_doctor_log_file_unusable_and_never_made(self):
        usable = self.home / "log"
        self.environment["SYNAUTH_LOG_FILE"] = str(usable)
        self.doctor(0)
        self.assertFalse(usable.exists())
        link = self.home / "link"
        link.symlink_to(usable)
        for path, part in ((link, "links"), (self.home, "regular"), ("relative", "relative"),
                           (self.home / "absent/log", "cannot be made")):
            self.environment["SYNAUTH_LOG_FILE"] = str(path)
            self.problem("environment", path, part)

    def test_doctor_log_level_unknown(self):
        self.environment["SYNAUTH_LOG"] = "loud"
        self.problem("environment", None, "SYNAUTH_LOG")


class FilesTest(DoctorCase):
    def test_doctor_modes_of_credential_files(self):
        for name in (".synapseConfig", ".cloudvolume/secrets/cave-secret.json",
                     ".cloudvolume/secrets/a.example-cave-secret.json"):
            for mode, part in ((0o644, "everybody can read"), (0o640, "group can read"),
                               (0o620, "group can write"), (0o666, "everybody can write")):
                path = self.write(name, TOKEN, mode)
                found = self.problem("credential-file", path, part)
                self.assertEqual(found["remedy"], f"chmod 600 '{path}'")
            path.unlink()

    def test_doctor_remedy_is_a_shell_word(self):
        path = self.write("it's; touch x", TOKEN, 0o644)
        self.configure(f'rules = ( {{ match = "a.example"; service = "cave"; '
                       f'token_file = "{path}"; }} );\n')
        remedy = self.problem("credential-file", path)["remedy"]
        self.assertEqual(os.system(remedy), 0)
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.doctor(0)

    def test_doctor_files_that_rules_name(self):
        rules = self.configure('rules = (\n'
                               '  { match = "a.example"; service = "cave"; token_file = "~/t"; },\n'
                               '  { match = "b.example"; service = "cave"; secrets_dir = "~/s"; },\n'
                               '  { match = "c.example"; service = "synapse"; config_file = "~/c"; }'
                               ' );\n')
        paths = [self.write(name, TOKEN, 0o644) for name in ("t", "s/cave-secret.json", "c")]
        found = [each["path"] for each in self.doctor(1) if each["severity"] == "problem"]
        self.assertEqual(found, [str(path) for path in paths])
        for path in paths[1:]:
            path.chmod(0o600)
        paths[0].unlink()
        self.problem("credential-file", paths[0], f"{rules}:2 names it")

    def test_doctor_foreign_owner(self):
        path = self.write("token", TOKEN)
        if os.getuid() == 0:
            os.chown(path, 12345, 12345)
        else:  # where root has no name, root's files are nobody's
            path = "/etc/passwd"
            self.program = self.write("program", "#!/bin/sh\nexec unshare --user --map-user=1000 "
                                      f'{self.program} "$@"\n', 0o700)
        self.configure(f'rules = ( {{ match = "a.example"; service = "cave"; '
                       f'token_file = "{path}"; }} );\n')
        remedy = self.problem("credential-file", path, "neither you nor root")["remedy"]
        self.assertIn("read-only (:ro)", remedy)
        self.assertNotIn("chown", remedy)

    def test_doctor_named_files_are_listed(self):
        path = self.write("secret", TOKEN, 0o644)
        credentials = self.write("credentials/cave-token", TOKEN, 0o444)
        self.environment.update(SYNAPSE_AUTH_TOKEN_FILE=str(path),
                                CREDENTIALS_DIRECTORY=str(credentials.parent))
        self.assertEqual([(each["path"], each["severity"]) for each in self.notes("named-file")],
                         [(str(path), "note"), (str(credentials), "note")])
        self.environment["SYNAPSE_AUTH_TOKEN_FILE"] = "secret"
        self.problem("named-file", "secret", "no absolute path")
        self.environment["SYNAPSE_AUTH_TOKEN_FILE"] = str(self.home / "absent")
        self.problem("named-file", self.home / "absent", "no file")

    def test_doctor_session_directory(self):
        sessions = self.home / "sessions"
        sessions.mkdir(mode=0o700)
        self.environment["SYNAUTH_SESSION_DIR"] = str(sessions)
        self.doctor(0)
        sessions.chmod(0o755)
        self.assertEqual(self.problem("sessions", sessions)["remedy"], f"chmod 700 '{sessions}'")
        self.environment["SYNAUTH_SESSION_DIR"] = "sessions"
        self.problem("sessions", None, "relative")


class LeftoversTest(DoctorCase):
    def test_doctor_backups_with_tokens(self):
        self.write(".synapseConfig.backup", "[authentication]\n#authtoken = x\nauthtoken =\n", 0o644)
        path = self.write(".synapseConfig.backup2", f"[default]\r\nAuthToken: {TOKEN}\r\n", 0o644)
        self.assertEqual(self.problem("backup", path)["remedy"], f"rm '{path}'")

    def test_doctor_names_what_killed_savers_left(self):
        self.environment["SYNAUTH_SESSION_DIR"] = str(self.home / "sessions")
        (self.home / "sessions").mkdir(mode=0o700)
        for name in ("..synapseConfig.synauth-new", ".cloudvolume/secrets/.cave-secret.json.synauth-new",
                     f"sessions/.synapse-{'0' * 32}.json.synauth-new", "sessions/.synauth-new.0123456789abcdef"):
            path = self.write(name, TOKEN)
            self.assertEqual(self.problem("unfinished-save", path)["remedy"], f"rm '{path}'")
            path.unlink()

    def test_doctor_plain_keyring(self):
        section = "[SYNAPSE_2EORG_5FCLIENT_5FAUTH_5FTOKEN]\nalice = \n\tZmFrZQ==\n"
        path = self.write(".local/share/python_keyring/keyring_pass.cfg", "[other]\n" + section)
        self.assertEqual(self.problem("plain-keyring", path, "plain text")["line"], 2)
        self.environment["XDG_DATA_HOME"] = str(self.home / "data")
        self.doctor(0)
        path = self.write("data/python_keyring/keyring_pass.cfg", section)
        self.problem("plain-keyring", path)
        path.write_text("[other]\nalice = \n\tZmFrZQ==\n")
        self.doctor(0)


class LibraryTest(InstalledTest, DoctorCase):
    """A copy of the command, its libraries and helpers, of which parts are taken away."""

    def setUp(self):
        super().setUp()
        for name in (PRELOAD_NAME, "libsynauth.so.1"):
            shutil.copy(BUILD / "lib" / name, self.prefix / "lib" / name)
        self.helpers = self.prefix / "libexec/synauth"
        self.helpers.mkdir(parents=True)
        for name in ("synauth-helper", "synauth-helper-keyring"):
            (self.helpers / name).write_text("#!/bin/sh\nexit 1\n")
            (self.helpers / name).chmod(0o755)

    def test_doctor_whole_installation_no_problem(self):
        self.doctor(0)

    def test_doctor_preload_library_missing(self):
        (self.prefix / "lib" / PRELOAD_NAME).unlink()
        self.problem("library", None, PRELOAD_NAME)

    def test_doctor_resolver_missing(self):
        (self.prefix / "lib/libsynauth.so.1").unlink()
        self.problem("library", self.prefix / "lib/libsynauth.so.1", "missing")

    def test_doctor_library_of_another_version(self):
        for name in (PRELOAD_NAME, "libsynauth.so.1"):
            path = self.prefix / "lib" / name
            whole = path.read_bytes()
            path.unlink()  # the command may have it mapped
            path.write_bytes(whole.replace(b"@(#)synauth ", b"@(#)sinauth "))
            self.problem("library", path, "version")
            path.unlink()
            path.write_bytes(whole)

    def test_doctor_helper_missing(self):
        (self.helpers / "synauth-helper").unlink()
        self.problem("helper", None, "synauth-helper is missing")

    def test_doctor_keyring_helper_missing_matters_to_who_uses_it(self):
        (self.helpers / "synauth-helper-keyring").unlink()
        self.doctor(0)
        path = self.write(".synapseSession", '{"<mostRecent>": "alice"}\n')
        self.problem("helper", path, "names alice")

    def test_doctor_bare_name_that_the_loader_does_not_know_is_a_note(self):
        cache = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True)
        known = PRELOAD_NAME in cache.stdout
        self.assertEqual([each["path"] for each in self.notes("bare-name")],
                         [] if known else [self.library])


if __name__ == "__main__":
    unittest.main()
