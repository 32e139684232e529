"""Commands that tell what would happen: without --online no connection, no process, no file."""

import json
import pathlib
import re
import tempfile
import unittest

from command_line import CommandLineTest

RULES = """inherit = false;
rules = (
  { match = "alice.example"; service = "synapse"; username = "alice"; },
  { match = "command.example"; service = "cave"; token_command = ["/bin/sh", "-c", "touch ran; echo abc"]; },
  { match = "*.rest.example"; service = "synapse"; }
);
"""
CONFIG = """[authentication]
username = alice
password = fourteen
[endpoints]
authEndpoint = https://127.0.0.1:1/auth/v1
"""
# What cannot be without a trace: processes, connections, files that are made or changed.
CALLS = "execve,clone,clone3,fork,vfork,connect,sendto,mkdir,mkdirat,unlink,unlinkat,rename,renameat2,open,openat"


class Looking(CommandLineTest):
    def setUp(self):
        super().setUp()
        self.configure(RULES)
        self.write(".synapseConfig", CONFIG)
        self.sessions = self.home / "sessions"
        self.sessions.mkdir(0o700)
        self.environment["SYNAUTH_SESSION_DIR"] = str(self.sessions)

    def deeds(self, *arguments):
        """The command's system calls that did something; its answer."""
        with tempfile.NamedTemporaryFile(mode="r") as trace:
            program, self.program = self.program, "/usr/bin/strace"
            done = self.run_program("-f", "-qq", "-o", trace.name, "-e", f"trace={CALLS}", program,
                                    *arguments)
            self.program = program
            calls = [line.split(maxsplit=1)[1] for line in trace if not line.endswith("+++\n")]
        did = [call for call in calls[1:] if not re.match(r"open(at)?\(.*O_RDONLY|open(at)?\(.*O_PATH", call)]
        self.assertTrue(calls and calls[0].startswith("execve("), done.stderr)
        self.assertFalse((self.home / "ran").exists())
        self.assertEqual(list(pathlib.Path(self.sessions).iterdir()), [])
        return did, done

    def test_explain_names_what_would_be_done(self):
        for host, would, kind in (("alice.example", "would log in as alice", "synapse_config"),
                                  ("command.example", "would run /bin/sh", "token_command"),
                                  ("a.rest.example", "would log in as alice", "synapse_config")):
            with self.subTest(host):
                did, done = self.deeds("explain", "--json", f"https://{host}/")
                answer = json.loads(done.stdout)
                self.assertEqual(did, [])
                self.assertEqual((done.returncode, answer["decision"], answer["source"]["kind"]),
                                 (5, "withhold", kind))
                self.assertIn(would, answer["reason"])
                self.assertEqual(answer["tried"][-1]["outcome"], would)
                self.assertIn(f"synauth explain --online https://{host}/", done.stderr)
                self.assertNotIn("fourteen", done.stdout + done.stderr)

    def test_status_shows_it_in_the_rule_s_line(self):
        did, done = self.deeds("status")
        self.assertEqual(did, [])
        for line, would in zip(done.stdout.splitlines(), ("would log in as alice", "would run /bin/sh",
                                                          "would log in as alice")):
            self.assertIn("not asked", line)
            self.assertTrue(line.endswith(would), line)
        rules = json.loads(self.deeds("status", "--json")[1].stdout)["rules"]
        self.assertEqual([rule["state"] for rule in rules], ["not asked"] * 3)
        self.assertIn("would run /bin/sh", rules[1]["reason"])

    def test_whoami_offline_and_doctor(self):
        did, done = self.deeds("synapse", "whoami", "--offline")
        self.assertEqual((did, done.returncode), ([], 5))
        self.assertIn("would log in as alice", done.stderr)
        self.assertEqual(self.deeds("doctor")[0], [])

    def test_online_does_it(self):
        (self.home / "ran").unlink(missing_ok=True)
        answer = self.explain(0, "https://command.example/", "--online")
        self.assertEqual((answer["decision"], answer["source"]["kind"]), ("send", "token_command"))
        self.assertIn("ready", self.expect(0, "status", "--online")[0].splitlines()[1])
        _, talk = self.expect(5, "synapse", "whoami")
        self.assertIn("127.0.0.1", talk)

    def test_a_token_that_is_at_hand_is_not_asked_for(self):
        self.environment["SYNAPSE_AUTH_TOKEN"] = "fromVariable"
        did, done = self.deeds("explain", "--json", "https://a.rest.example/")
        self.assertEqual((did, json.loads(done.stdout)["decision"]), ([], "send"))


class Odd(CommandLineTest):
    """Values that are sent, but hardly are tokens; text as Windows saves it."""

    def test_a_byte_order_mark_is_no_part_of_the_token(self):
        path = self.home / "token"
        path.write_bytes(b"\xef\xbb\xbftok\r\n")
        self.environment["SYNAPSE_AUTH_TOKEN_FILE"] = str(path)
        header, _ = self.expect(0, "synapse", "request-header")
        self.assertEqual(header, "Authorization: Bearer tok\n")

    def test_utf16_is_named(self):
        path = self.home / "token"
        for encoding in ("utf-16-le", "utf-16-be"):
            path.write_bytes("\ufefftoken\n".encode(encoding))
            self.environment["SYNAPSE_AUTH_TOKEN_FILE"] = str(path)
            _, talk = self.expect(5, "synapse", "request-header")
            self.assertIn("UTF-16", talk)
            del self.environment["SYNAPSE_AUTH_TOKEN_FILE"]
            for name in (".synapseConfig", ".config/synauth/synauth.conf"):
                self.write(name, "").write_bytes("\ufeff[default]\n".encode(encoding))
                _, talk = self.expect(3 if name.startswith(".config") else 5, "synapse",
                                      "request-header")
                self.assertIn("UTF-16", talk)
                (self.home / name).unlink()

    def test_explain_and_status_show_warnings(self):
        self.environment["SYNAPSE_AUTH_TOKEN"] = "${SYNAPSE_PAT}"
        url = "https://repo-prod.prod.sagebase.org/"
        answer, talk = self.expect(0, "explain", url)
        self.assertIn("looks like a variable", talk)
        self.assertNotIn("SYNAPSE_PAT", answer + talk)
        (warning,) = self.explain(0, url)["warnings"]
        self.assertIn("looks like a variable", warning)
        self.assertIn("looks like a variable", self.expect(0, "status")[1])

    def test_an_unusable_session_hides_no_other_account(self):
        sessions = self.home / "sessions"
        sessions.mkdir(0o755)
        self.environment["SYNAUTH_SESSION_DIR"] = str(sessions)
        self.write(".synapseConfig", "[default]\nauthtoken = fromConfig\n")
        url = "https://repo-prod.prod.sagebase.org/"
        self.assertIn("session directory is open to others", self.explain(0, url)["warnings"][0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
