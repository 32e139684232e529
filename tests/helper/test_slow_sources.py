"""token_command and AWS SSM under an unchanged curl, and what a person is told when they fail."""

import json
import os
import shlex
import shutil
import subprocess
import unittest
from pathlib import Path

from client_test import CURL, PORT, PRELOAD, PROGRAM, ClientTest, preload_value, synauth_lines, write_file

TOKEN = "fake-slow-token"
HOST = Path(__file__).with_name("first_process.py")


class SlowSource(ClientTest):
    def setUp(self):
        super().setUp()
        self.synapse_config.unlink()
        self.runs = self.home / "runs"
        self.programs = self.home / "bin"
        self.search = f"{self.programs}:{os.environ['PATH']}"

    def script(self, name, body):
        return write_file(self.programs / name, f"#!/bin/sh\necho \"$0 $*\" >> {self.runs}\n{body}\n",
                          0o700)

    def count(self):
        return len(self.runs.read_text().splitlines()) if self.runs.exists() else 0

    def rule(self, settings, more=""):
        write_file(self.configuration,
                   f'rules = ({{ match = "synapse.test:*"; service = "synapse"; {settings} }});\n{more}')

    def command_rule(self, *command, more=""):
        self.rule(f"token_command = {json.dumps(command)};", more)

    def fetch(self, *paths, **environment):
        environment.setdefault("PATH", self.search)
        return self.curl(*(self.server.url("A", path) for path in paths or ("/case",)),
                         environment=self.environment(**environment))

    def explain(self, **environment):
        done = self.run_program([PROGRAM, "explain", "--json", "--online", self.server.url("A")],
                                self.environment(preload=False, PATH=self.search, **environment))
        return json.loads(done.stdout)

    def assert_sent_token(self, token, requests=1):
        self.assert_sent([("A", token and f"Bearer {token}")] * requests)


class TokenCommand(SlowSource):
    def test_first_line_is_the_token_and_one_run_serves_a_process(self):
        self.script("give", f"echo ' {TOKEN} '; echo second line")
        self.command_rule("give", "a b", "$HOME")
        self.assert_ok(self.fetch(*["/case"] * 50))
        self.assert_sent_token(TOKEN, 50)
        self.assertEqual(self.runs.read_text(), f"{self.programs}/give a b $HOME\n")

    def test_failure_is_named_and_not_tried_again_at_once(self):
        self.script("give", "echo secret-on-stdout; echo secret-on-stderr >&2; exit 9")
        self.command_rule("give")
        result = self.fetch(*["/case"] * 50)
        self.assert_sent_token(None, 50)
        self.assertEqual(self.count(), 1)
        self.assertEqual(len(synauth_lines(result)), 1)
        self.assertIn("ended with status 9", result.stderr)
        self.assertNotIn("secret-on", result.stderr)

    def test_answers_that_are_no_token(self):
        for body, words in (("echo 'a b'", "white space"), ("echo '\"x\"'", "quotes"),
                            ("echo Bearer x", "Bearer"), ("kill -9 $$", "signal 9"),
                            ("head -c 9000 /dev/zero | tr '\\0' a", "8192"),
                            ("head -c 5000000 /dev/urandom", "the token ")):
            self.script("give", body)
            self.command_rule("give")
            answer = self.explain()
            self.assertEqual((answer["decision"], answer["source"]["kind"]),
                             ("withhold", "token_command"), body)
            self.assertIn(words, answer["reason"])

    def test_empty_answer_is_no_token(self):
        self.script("give", "true")
        self.command_rule("give")
        self.assertIn("is empty", self.explain()["reason"])

    def test_missing_command_says_so(self):
        self.command_rule("nonesuch-command")
        self.assertIn("not there or cannot be executed", self.explain()["reason"])

    def test_slow_command_is_killed_at_ten_seconds(self):
        self.script("give", "exec sleep 1000")  # longer than the test may take
        self.command_rule("give")
        result = self.fetch("/case", "/case")
        self.assertIn("no answer within 10 seconds", result.stderr)
        self.assert_sent_token(None, 2)

    def test_on_missing_fail_sends_nothing(self):
        self.script("give", "exit 1")
        self.rule('token_command = ["give"]; on_missing = "fail";')
        self.assertEqual(self.fetch().returncode, 42)
        self.assert_sent([])

    def test_helper_false_starts_nothing(self):
        self.script("give", f"echo {TOKEN}")
        self.command_rule("give", more="helper = false;\n")
        self.assertIn("helper = false", self.fetch().stderr)
        self.assert_sent_token(None)
        self.assertEqual(self.count(), 0)

    def test_the_command_is_not_hooked_itself(self):
        self.script("give", 'echo "t.$LD_PRELOAD.$SYNAUTH_DISABLE"')
        self.command_rule("give")
        self.assert_ok(self.fetch())
        self.assert_sent_token("t..1")

    def test_unrelated_host_does_not_ask(self):
        self.script("give", f"echo {TOKEN}")
        self.command_rule("give")
        self.assert_ok(self.curl(self.server.url("B"), environment=self.environment(PATH=self.search)))
        self.assertEqual(self.count(), 0)

    def test_missing_helper_is_one_line_and_no_token(self):
        library = self.home / "elsewhere"
        library.mkdir()
        for file in Path(PRELOAD).parent.glob("libsynauth*.so*"):
            shutil.copy(file, library / file.name)
        self.script("give", f"echo {TOKEN}")
        self.command_rule("give")
        result = self.fetch(LD_PRELOAD=preload_value(str(library / Path(PRELOAD).name)))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assert_sent_token(None)
        self.assertEqual(len(synauth_lines(result)), 1)
        self.assertIn("synauth-helper is not installed", result.stderr)

    if PORT != "i386":  # its programs bring their folders along by RPATH, before LD_LIBRARY_PATH
        def test_helper_that_the_loader_refuses_is_named(self):
            folder = self.home / "damaged"
            folder.mkdir()
            (folder / "libsynauth_service.so.1").write_text("no library\n")
            self.command_rule("true")
            result = self.fetch(LD_LIBRARY_PATH=str(folder))
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assert_sent_token(None)
            self.assertEqual(len(synauth_lines(result)), 1)
            hint = "synauth-helper failed with status 127; to see why, run: "
            told = result.stderr.split(hint)[1].split(";")[0]
            shown = self.run_program([told.strip()], {"LD_LIBRARY_PATH": str(folder)})
            self.assertEqual(shown.returncode, 127)
            self.assertIn("libsynauth_service.so.1", shown.stderr)  # in the words of glibc or musl

    def as_first_process(self, options, script):
        """In a container the host is process 1, or its shell is, and inherits what others orphan."""
        return subprocess.run(["unshare", "--user", "--map-root-user", "--pid", "--fork", *options,
                               "bash", "-c", script], capture_output=True, text=True, timeout=60,
                              env=self.environment(preload=False, PATH=self.search), cwd=self.home,
                              check=False)

    def curl_line(self):
        return (f'LD_PRELOAD={preload_value()} {shlex.join(CURL)} -q -sS --cacert {self.server.ca} '
                f'--connect-to ::127.0.0.1: {self.server.url("A")}')

    def test_host_program_as_first_process_keeps_no_zombie(self):
        for background in ("sleep 600", "setsid sleep 600", "setsid sh -c 'setsid sleep 600 & wait'"):
            self.script("give", f"{background} & echo {TOKEN}")
            self.command_rule("give")
            done = self.as_first_process(["--mount-proc"], f"{self.curl_line()}; ps -e -o stat= | grep -c Z")
            self.assert_sent_token(TOKEN)
            self.assertEqual(done.stdout.splitlines()[-1], "0", done.stderr)

    if not PORT:  # its host is the system's python3
        def test_host_program_that_is_process_1_inherits_nothing(self):
            """Also where /proc is another namespace's, and has other numbers."""
            for options in (["--mount-proc"], []):
                pids = self.home / "pids"
                self.script("give", f"setsid sh -c 'setsid sleep 600 & echo $! >> {pids}; wait' & "
                                    f"until [ -s {pids} ]; do sleep 0.01; done; echo {TOKEN}")
                self.command_rule("give")
                done = self.as_first_process(options, f"LD_PRELOAD={preload_value()} exec python3 "
                                             f"{HOST} {self.server.url('A')} {self.server.ca}")
                self.assertIn("result 1 0 0 False", done.stdout, done.stderr)
                self.assert_sent_token(TOKEN)
                pids.unlink()

    def test_another_session_does_not_outlive_the_limit(self):
        pids = self.home / "pids"
        self.script("give", f"setsid sh -c 'setsid sleep 600 & echo $! >> {pids}; echo $$ >> {pids}; wait' & "
                            "sleep 600")
        self.command_rule("give")
        self.assertIn("no answer within", self.fetch().stderr)
        for pid in pids.read_text().split():
            self.assertFalse(Path(f"/proc/{pid}").exists(), pid)


class Ssm(SlowSource):
    VARIABLE = "SYNAPSE_TOKEN_AWS_SSM_PARAMETER_NAME"

    def setUp(self):
        super().setUp()
        self.rule("")

    def test_parameter_is_read_by_the_aws_command(self):
        self.script("aws", f"echo {TOKEN}")
        self.assert_ok(self.fetch("/case", "/case", **{self.VARIABLE: "/lab/token"}))
        self.assert_sent_token(TOKEN, 2)
        self.assertEqual(self.runs.read_text().split()[1:],
                         ["ssm", "get-parameter", "--with-decryption", "--name", "/lab/token",
                          "--query", "Parameter.Value", "--output", "text"])

    def test_garbage_and_failure(self):
        for body, decision, words in (("echo '<html>no</html>'; echo more", "withhold", "the token "),
                                      ("echo secret; exit 254", "withhold", "status 254"),
                                      ("true", "withhold", "is empty")):
            self.script("aws", body)
            answer = self.explain(**{self.VARIABLE: "/lab/token"})
            self.assertEqual(answer["decision"], decision)
            self.assertIn(words, answer["reason"])
            self.assertNotIn("secret", json.dumps(answer))

    def test_without_aws_a_clear_line(self):
        self.search = "/nonesuch"
        answer = self.explain(**{self.VARIABLE: "/lab/token"})
        self.assertIn("there is no aws command in PATH", answer["reason"])
        self.assertEqual(answer["tried"][-1]["kind"], "ssm")

    def test_everything_else_comes_first(self):
        self.script("aws", f"echo {TOKEN}")
        self.fetch(SYNAPSE_AUTH_TOKEN="first", **{self.VARIABLE: "/lab/token"})
        self.assert_sent_token("first")
        self.assertEqual(self.count(), 0)


if __name__ == "__main__":
    unittest.main()
