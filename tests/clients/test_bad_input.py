"""Whatever is wrong on our side: the program runs as if the library were absent, and one line says why."""

import os
import resource
import shutil
import tempfile
import unittest
from pathlib import Path

from client_test import (CURL, PRELOAD, ClientTest, preload_value, synauth_lines, write_file)


class BadInput(ClientTest):
    def check_one_line(self, *needles, environment=None, target="A", **options):
        """A request without a header, the program's own exit status, one line with all needles."""
        result = self.run_program(["curl", "-q", "-sS", "--connect-to", "::127.0.0.1:",
                                   self.server.url(target)], environment, **options)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assert_sent([(target, None)])
        lines = synauth_lines(result)
        self.assertEqual(len(lines), 1, result.stderr)
        self.assertEqual(result.stderr.strip(), lines[0])
        for needle in needles:
            self.assertIn(needle, lines[0])

    def test_configuration_with_a_syntax_error(self):
        write_file(self.configuration, 'rules = (\n  { match = "synapse.test" service }\n);\n')
        self.check_one_line(f"{self.configuration}:2:")

    def test_configuration_that_others_can_write(self):
        self.configuration.chmod(0o666)
        self.check_one_line(str(self.configuration))

    def test_configuration_that_is_not_there(self):
        missing = str(self.home / "missing.conf")
        self.check_one_line(missing, environment=self.environment(SYNAUTH_CONFIG=missing))

    def test_configuration_of_random_bytes(self):
        self.configuration.write_bytes(bytes(range(256)) * 40)
        self.check_one_line(str(self.configuration))

    def test_rule_with_an_unknown_service_names_its_line(self):
        write_file(self.configuration, f'rules = (\n{{ match = "synapse.test:{self.server.https}";\n'
                   'service = "synaps"; });\n')
        self.check_one_line(f"{self.configuration}:", "synapse")

    def test_malformed_synapse_config_names_its_line(self):
        write_file(self.synapse_config, "[authentication]\nauthtoken\n")
        self.check_one_line(f"{self.synapse_config}:2")

    def test_token_with_a_line_break(self):
        write_file(self.synapse_config, "[authentication]\nauthtoken = abc\n  def\n")
        self.check_one_line(f"{self.synapse_config}:2")

    def test_malformed_cave_secret_names_its_line(self):
        write_file(self.cave_secret, '{\n"token": "x",}\n')
        self.check_one_line(f"{self.cave_secret}:2", target="C")

    def test_credential_file_of_several_mebibytes(self):
        write_file(self.cave_secret, '{"token": "' + "x" * (3 << 20) + '"}')
        self.check_one_line(str(self.cave_secret), target="C")

    def test_credential_file_that_is_a_pipe(self):
        self.cave_secret.unlink()
        os.mkfifo(self.cave_secret)
        self.check_one_line(str(self.cave_secret), target="C")

    def test_credential_file_that_cannot_be_read(self):
        self.synapse_config.chmod(0)
        # Root reads everything, unless it gives up that capability.
        powerless = [] if os.geteuid() else ["setpriv", "--inh-caps=-all", "--bounding-set=-all"]
        result = self.run_program([*powerless, "env", "LD_PRELOAD=" + preload_value(), *CURL, "-q", "-sS",
                                   "--connect-to", "::127.0.0.1:", self.server.url("A")],
                                  self.environment(preload=False))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assert_sent([("A", None)])
        self.assertEqual(len(synauth_lines(result)), 1, result.stderr)
        self.assertIn(str(self.synapse_config), result.stderr)

    def test_no_token_anywhere_passes_with_one_warning(self):
        self.synapse_config.unlink()
        self.check_one_line("synapse.test")

    def test_home_that_does_not_exist(self):
        self.check_one_line("synapse.test", environment=self.environment(HOME="/nonexistent"))

    def test_no_home_in_the_environment_does_not_hurt(self):
        environment = self.environment(HOME=None, SYNAUTH_LOG="off")
        self.assert_ok(self.curl(self.server.url("B"), environment=environment))
        self.assert_sent([("B", None)])

    def test_missing_token_with_on_missing_fail_ends_the_transfer(self):
        self.synapse_config.unlink()
        write_file(self.configuration, f'on_missing = "fail";\nrules = ({{ match = "synapse.test:'
                   f'{self.server.https}"; service = "synapse"; }});\n')
        result = self.curl(self.server.url("A"), "--next", "-sS", "--cacert", self.server.ca,
                           "--connect-to", "::127.0.0.1:", self.server.url("B"))
        self.assertIn("(42)", result.stderr)
        self.assert_sent([("B", None)])

    def test_resolver_that_is_not_installed(self):
        with tempfile.TemporaryDirectory() as alone:
            library = shutil.copy(PRELOAD, alone)
            self.check_one_line("libsynauth.so.1",
                                environment=self.environment(LD_PRELOAD=preload_value(library)))

    def test_resolver_of_another_version(self):
        folder = Path(os.environ["SYNAUTH_TEST_BUILD"]) / "tests/preload/other_version"
        with tempfile.TemporaryDirectory() as directory:
            library = shutil.copy(PRELOAD, directory)
            shutil.copy(folder / "libsynauth.so.1", directory)
            self.check_one_line(
                "version", environment=self.environment(LD_PRELOAD=preload_value(library)))


class Log(ClientTest):
    """The log is no reason to fail either; these say something at level debug."""

    def check_runs(self, environment, **options):
        result = self.run_program(["curl", "-q", "-sS", "--connect-to", "::127.0.0.1:",
                                   self.server.url("A")], environment, **options)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([bool(record["authorization"]) for record in self.server.requests()], [True])
        return result

    def test_log_file_is_private_and_holds_one_line_per_message(self):
        log = self.home / "log"
        result = self.check_runs(self.environment(SYNAUTH_LOG="debug", SYNAUTH_LOG_FILE=str(log)))
        self.assertEqual(result.stderr, "")
        self.assertEqual(log.stat().st_mode & 0o777, 0o600)
        lines = log.read_text().splitlines()
        self.assertTrue(lines)
        self.assertTrue(all(line.startswith("synauth: ") for line in lines), lines)
        self.assertNotIn("fake-synapse-token", log.read_text())

    def test_full_disk_for_the_log_file(self):
        log = write_file(self.home / "log", "x")
        # Python ignores SIGXFSZ; its children see a write that fails, as on a full disk.
        result = self.check_runs(
            self.environment(SYNAUTH_LOG="debug", SYNAUTH_LOG_FILE=str(log)),
            restore_signals=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1)))
        self.assertEqual(log.read_text(), "x")
        self.assertEqual(sum(str(log) in line for line in synauth_lines(result)), 1, result.stderr)

    def test_log_file_that_is_a_device_or_a_link_is_refused(self):
        link = self.home / "link"
        link.symlink_to(self.home / "elsewhere")
        for path in ("/dev/full", str(link)):
            result = self.check_runs(self.environment(SYNAUTH_LOG="debug", SYNAUTH_LOG_FILE=path))
            self.assertIn(path, result.stderr)
        self.assertFalse((self.home / "elsewhere").exists())

    def test_complaint_about_the_log_is_said_once_by_both_libraries(self):
        self.synapse_config.chmod(0o666)  # the resolver has something to say, too
        for name, value in (("SYNAUTH_LOG", "loud"), ("SYNAUTH_LOG_FILE", "relative")):
            result = self.check_runs(self.environment(**{"SYNAUTH_LOG": "debug", name: value}))
            self.assertEqual(sum(name in line for line in synauth_lines(result)), 1, result.stderr)

    def test_closed_standard_error(self):
        self.synapse_config.unlink()
        result = self.run_program(["curl", "-q", "-s", "--connect-to", "::127.0.0.1:",
                                   self.server.url("A")], preexec_fn=lambda: os.close(2))
        self.assertEqual(result.returncode, 0)
        self.assertNotIn("synauth:", result.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
