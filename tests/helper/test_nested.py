"""A command that asks for a token asks itself again: nothing slow is asked inside a helper, nor with
SYNAUTH_DISABLE."""

import json
import os
import shlex
import unittest

from client_test import PROGRAM, ClientTest, synauth_lines, write_file

TOKEN = "fake-nested-token"


class Nested(ClientTest):
    def setUp(self):
        super().setUp()
        self.synapse_config.unlink()
        self.runs = self.home / "runs"

    def count(self):
        return len(self.runs.read_text().splitlines()) if self.runs.exists() else 0

    def rule(self, script, service="synapse"):
        """Each run of the command leaves a line."""
        command = ["sh", "-c", f"echo $$ >> {self.runs}; {script}"]
        write_file(self.configuration,
                   f'rules = ({{ match = ["synapse.test:*", "repo-prod.prod.sagebase.org"]; '
                   f'service = "{service}"; token_command = {json.dumps(command)}; }});\n')

    def synauth(self, *arguments, **environment):
        return self.run_program([PROGRAM, *arguments], self.environment(preload=False, **environment))

    def test_commands_that_ask_again(self):
        url = self.server.url("A")
        for arguments in (["synapse", "request-header"], ["explain", "--json", "--online", url],
                          ["status", "--online"], ["explain", url], ["doctor"],
                          ["run", "--", "curl", "-q", "-s", "--cacert", self.server.ca,
                           "--connect-to", "::127.0.0.1:", url]):
            with self.subTest(arguments[0]):
                self.runs.unlink(missing_ok=True)
                self.rule(shlex.join([PROGRAM, *arguments]) + f" >/dev/null 2>&1; echo {TOKEN}")
                result = self.curl(url)
                self.assert_ok(result)
                self.assertEqual(self.count(), 1)
                self.assertEqual(self.server.requests()[-1]["authorization"], f"Bearer {TOKEN}")

    def test_what_the_inner_one_says(self):
        seen = self.home / "seen"
        self.rule(f"{shlex.join([PROGRAM, 'explain', '--json', '--online', self.server.url('A')])} > {seen}; exit 1")
        result = self.curl(self.server.url("A"))
        self.assertEqual(len(synauth_lines(result)), 1)
        self.assertIn("started to find a token", json.loads(seen.read_text())["reason"])

    def test_two_variables_apart(self):
        """Either keeps it from asking; SYNAUTH_DISABLE=0 is none."""
        self.rule(f"echo {TOKEN}")
        url = self.server.url("A")
        for environment, runs in (({"SYNAUTH_DISABLE": "1"}, 0), ({"SYNAUTH_HELPER": "1"}, 0),
                                  ({"SYNAUTH_DISABLE": "0"}, 1), ({}, 1)):
            self.runs.unlink(missing_ok=True)
            for arguments in (["explain", "--online", url], ["run", "--", "true"]):
                self.synauth(*arguments, **environment)
            if not environment.get("SYNAUTH_HELPER"):
                self.curl(url, environment=self.environment(**environment))
                self.server.requests()
                runs *= 2  # the command line's and the program's
            self.assertEqual(self.count(), runs, environment)

    def test_a_fast_source_is_asked_inside_a_helper(self):
        """The usual wrapper: a token in a file, handed on by our own command."""
        other = write_file(self.home / "other.conf", 'rules = ();\n')
        write_file(self.home / "inner/.synapseConfig", f"[authentication]\nauthtoken = {TOKEN}\n")
        inner = f"env HOME={self.home}/inner SYNAUTH_CONFIG={other} {PROGRAM} synapse request-header"
        self.rule(f"{inner} | sed 's/.*Bearer //'")
        self.assert_ok(self.curl(self.server.url("A")))
        self.assert_sent([("A", f"Bearer {TOKEN}")])

    def test_password_and_keyring_and_ssm_are_not_asked_inside(self):
        write_file(self.home / ".synapseConfig",
                   "[authentication]\nusername = alice\npassword = wrong\n"
                   "[endpoints]\nauthEndpoint = https://127.0.0.1:1/auth/v1\n")
        programs = self.home / "bin"
        write_file(programs / "aws", f"#!/bin/sh\necho aws >> {self.runs}\n", 0o700)
        search = f"{programs}:{os.environ['PATH']}"
        write_file(self.configuration, 'rules = ({ match = "synapse.test:*"; service = "synapse"; });\n')
        for more in ({}, {"SYNAPSE_TOKEN_AWS_SSM_PARAMETER_NAME": "/x"}):
            done = self.synauth("explain", "--json", "--online", self.server.url("A"), SYNAUTH_HELPER="1",
                                PATH=search, **more)
            answer = json.loads(done.stdout)
            self.assertIn("is not asked here", json.dumps(answer))
            (self.home / ".synapseConfig").unlink(missing_ok=True)
        self.assertEqual(self.count(), 0)


if __name__ == "__main__":
    unittest.main()
