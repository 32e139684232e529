"""Which files save-token and logout touch: for the default server and for others, with --overwrite, with
--token-file; and that no new file takes a token away from hosts that had one."""

import json
import subprocess
import unittest

from cave_test import PROGRAM, CaveTest

DEFAULT = "global.daf-apis.com-cave-secret.json"
GENERAL = "cave-secret.json"
OTHER = "other.example.org-cave-secret.json"
MINNIE = "minnie.microns-daf.com-cave-secret.json"
RULES = """rules = (
  { match = "minnie.microns-daf.com"; service = "cave"; auth_server = "global.daf-apis.com"; },
  { match = "other.example.org"; service = "cave"; },
  { match = "lab.other.example.org"; service = "cave"; auth_server = "other.example.org"; },
  { match = "keyed.example.org"; service = "cave"; auth_server = "global.daf-apis.com"; token_key = "lab"; }
);
"""


class TargetsTest(CaveTest):
    def setUp(self):
        super().setUp()
        path = self.home / ".config/synauth/synauth.conf"
        path.parent.mkdir(mode=0o700, parents=True)
        path.write_text(RULES)
        path.chmod(0o600)

    def sent(self, host):
        """The token that the rules send to a host; None for none."""
        done = subprocess.run([PROGRAM, "explain", "--json", f"https://{host}/"], env=self.environment,
                              capture_output=True, timeout=60, check=False)
        return json.loads(done.stdout)["fingerprint"]

    def all_files(self):
        return {name: self.read(name) for name in self.names()}


class SaveTest(TargetsTest):
    def test_another_server_gets_its_own_file_only(self):
        self.save(0, "tokO", "--server-address", "other.example.org")
        self.assertEqual(self.all_files(), {OTHER: {"token": "tokO"}})
        self.assertIsNone(self.sent("global.daf-apis.com"))
        self.save(0, "tokG")
        self.save(0, "tokP", "--server-address", "https://other.example.org/", "--overwrite")
        self.assertEqual(self.all_files(), {DEFAULT: {"token": "tokG"}, GENERAL: {"token": "tokG"},
                                            OTHER: {"token": "tokP"}})

    def test_another_server_that_the_general_file_serves(self):
        for _ in range(2):  # the second time as the first
            self.write(GENERAL, '{"token": "old"}')
            before = self.all_files()
            self.save(1, "new", "--server-address", "other.example.org")
            self.assertEqual(self.all_files(), before)
            self.save(0, "new", "--server-address", "other.example.org", "--overwrite")
            self.assertEqual(self.all_files(), {GENERAL: {"token": "new"}, OTHER: {"token": "new"}})
            self.write(OTHER, '{"token": "old"}')

    def test_another_server_leaves_the_default_servers_file(self):
        self.save(0, "tokG")
        self.save(0, "tokO", "--server-address", "other.example.org", "--overwrite")
        self.assertEqual(self.read(DEFAULT), {"token": "tokG"})

    def test_overwrite_replaces_both_files_of_the_default_server(self):
        self.save(0, "tokA")
        self.save(0, "tokB", "--overwrite")
        self.assertEqual(self.all_files(), {DEFAULT: {"token": "tokB"}, GENERAL: {"token": "tokB"}})
        self.expect(0, "logout")
        self.assertEqual(self.names(), [])

    def test_overwrite_of_files_out_of_step_mends_them(self):
        self.write(DEFAULT, '{"token": "tokB"}')
        self.write(GENERAL, '{"token": "tokA"}')
        self.save(0, "tokC", "--overwrite")
        self.assertEqual(self.all_files(), {DEFAULT: {"token": "tokC"}, GENERAL: {"token": "tokC"}})

    def test_overwrite_replaces_and_names_the_copies(self):
        self.save(0, "tokA", "--local-server", "minnie.microns-daf.com")
        self.write(OTHER, '{"token": "tokX", "lab": "tokA"}')
        self.write("chunkedgraph-secret.json", '{"token": "tokA", "x": 1.0}')
        answer, _ = self.save(0, "tokB", "--overwrite")
        self.assertEqual(self.read(MINNIE), {"token": "tokB"})
        self.assertEqual((self.secrets / "chunkedgraph-secret.json").read_text(),
                         '{"token": "tokB", "x": 1.0}')
        self.assertEqual(self.read(OTHER), {"token": "tokX", "lab": "tokA"})
        for name in (MINNIE, "chunkedgraph-secret.json"):
            self.assertIn(f"{self.secrets / name}: saved, as it had a copy", answer)

    def test_overwrite_replaces_more_copies_than_sixteen(self):
        for i in range(40):
            self.write(f"h{i}.example.org-cave-secret.json", '{"token": "tokA"}')
        self.save(0, "tokA")
        self.save(0, "tokB", "--overwrite")
        self.assertEqual({json.dumps(value) for value in self.all_files().values()}, {'{"token": "tokB"}'})

    def test_broken_files_of_others_do_not_hinder(self):
        self.save(0, "tokA")
        path = self.write(OTHER, '{"token": ')
        self.save(0, "tokB", "--overwrite")
        self.assertEqual(path.read_text(), '{"token": ')


class HiddenKeysTest(TargetsTest):
    def test_new_file_of_the_default_server(self):
        self.write(GENERAL, '{"token": "tokT", "n": 1e400}')
        before = self.sent("global.daf-apis.com")
        answer, _ = self.save(0, "tokN", "--token-key", "other")
        self.assertEqual((self.secrets / DEFAULT).read_text(),
                         '{"token": "tokT", "n": 1e400, "other": "tokN"}')
        self.assertEqual(self.sent("global.daf-apis.com"), before)
        self.assertIn(f"{self.secrets / DEFAULT}: saved, with the other keys", answer)

    def test_new_file_of_a_host_of_another_auth_server(self):
        self.write(GENERAL, '{"token": "tokG"}')
        self.write(DEFAULT, '{"token": "tokT", "lab": "tokL"}')
        before = self.sent("minnie.microns-daf.com")
        self.save(0, "tokN", "--token-key", "other", "--server-address", "minnie.microns-daf.com")
        self.assertEqual(self.read(MINNIE), {"token": "tokT", "lab": "tokL", "other": "tokN"})
        self.assertEqual(self.sent("minnie.microns-daf.com"), before)
        self.assertEqual(self.read(GENERAL), {"token": "tokG"})

    def test_new_file_of_a_local_server_and_of_a_login(self):
        self.write(GENERAL, '{"lab": "tokL"}')
        self.save(0, "tokN", "--local-server", "minnie.microns-daf.com")
        self.assertEqual(self.read(MINNIE), {"lab": "tokL", "token": "tokN"})
        self.expect(0, "login", "--no-check", "--server-address", "other.example.org", token="tokO")
        self.assertEqual(self.read(OTHER), {"lab": "tokL", "token": "tokO"})
        self.assertEqual(self.read(GENERAL), {"lab": "tokL", "token": "tokN"})

    def test_the_key_itself_is_not_carried_twice(self):
        self.write(GENERAL, '{"token": "first", "lab": "tokL", "token": "last"}')
        self.save(0, "tokN", "--overwrite")
        self.assertEqual((self.secrets / DEFAULT).read_text(), '{"lab": "tokL", "token": "tokN"}')

    def test_a_broken_general_file_has_no_keys(self):
        self.write(GENERAL, "{")
        self.save(0, "tokO", "--server-address", "other.example.org")
        self.assertEqual(self.read(OTHER), {"token": "tokO"})


class TokenFileTest(TargetsTest):
    def test_saving_touches_this_file_only(self):
        self.write(GENERAL, '{"token": "tokA"}')
        self.write("mine.json", '{"token": "tokA"}')
        for options in ((), ("--server-address", "other.example.org"), ("--local-server", "x.example.org")):
            before = self.all_files()
            self.save(0, "tokB", "--token-file", self.secrets / "mine.json", "--overwrite", *options)
            self.assertEqual(self.all_files(), {**before, "mine.json": {"token": "tokB"}})
            self.write("mine.json", '{"token": "tokA"}')

    def test_a_new_one_holds_the_key_only(self):
        self.write(GENERAL, '{"lab": "tokA"}')
        self.save(0, "tokB", "--token-file", self.home / "mine.json")
        self.assertEqual(json.loads((self.home / "mine.json").read_text()), {"token": "tokB"})
        self.assertEqual(self.names(), [GENERAL])

    def test_reading(self):
        self.write(GENERAL, '{"token": "tokA"}')
        (self.home / "mine.json").write_text("{}")
        self.environment["CAVE_TOKEN"] = "tokE"
        for name in ("mine.json", "missing.json"):
            for verb in ("get-token", "request-header"):
                self.expect(4, verb, "--token-file", self.home / name)

    def test_logout_touches_this_file_only(self):
        self.save(0, "tokA")
        path = self.write("mine.json", '{"token": "tokA", "x": "y"}')
        before = self.all_files()
        self.expect(0, "logout", "--token-file", path)
        self.assertEqual(self.all_files(), {**before, "mine.json": {"x": "y"}})
        self.expect(4, "logout", "--token-file", path)


class HostsTest(TargetsTest):
    def test_save_says_what_every_host_gets(self):
        self.write(OTHER, '{"token": "tokO"}')
        answer, _ = self.save(0, "tokA")
        self.assertTrue(answer.endswith(
            "Requests to these hosts now carry this token:\n  minnie.microns-daf.com\n"
            "  global.daf-apis.com\n"
            "Other CAVE hosts get:\n"
            f"  other.example.org: the token from {OTHER} ({self.secrets / OTHER}:1), key token\n"
            f"  lab.other.example.org: the token from {OTHER} ({self.secrets / OTHER}:1), key token\n"
            "  keyed.example.org: no token\n"), answer)

    def test_logout_says_what_every_host_gets(self):
        self.write(DEFAULT, '{"token": "tokB"}')
        self.write(GENERAL, '{"token": "tokA"}')
        answer, _ = self.expect(0, "logout")
        token = f"the token from {GENERAL} ({self.secrets / GENERAL}:1), key token\n"
        self.assertTrue(answer.endswith(
            f"From now on CAVE hosts get:\n  minnie.microns-daf.com: {token}"
            f"  other.example.org: {token}  lab.other.example.org: {token}"
            f"  keyed.example.org: no token\n  global.daf-apis.com: {token}"), answer)
        answer, _ = self.expect(0, "logout")
        self.assertTrue(answer.endswith("  global.daf-apis.com: no token\n"), answer)

    def test_no_slow_source_is_asked(self):
        ran = self.home / "ran"
        (self.home / ".synapseConfig").write_text("[default]\nusername = alice\npassword = p4ss\n")
        self.environment["SYNAUTH_SESSION_DIR"] = str(self.home / "sessions")
        conf = self.home / ".config/synauth/synauth.conf"
        conf.write_text(f"""rules = (
          {{ match = "a.example.org"; service = "synapse"; token_command = ["/usr/bin/touch", "{ran}"]; }},
          {{ match = "b.example.org"; service = "cave"; token_command = ["/usr/bin/touch", "{ran}"]; }}
        );""")
        trace = self.home / "trace"
        environment = {**self.environment, "ASAN_OPTIONS": "detect_leaks=0"}  # not under strace
        for command in (("save-token",), ("save-token", "--overwrite", "--server-address", "b.example.org"), ("logout",)):
            done = subprocess.run(["strace", "-f", "-qq", "-o", trace, "-e", "trace=execve,fork,vfork,connect",
                                   PROGRAM, "cave", *command], env=environment, input="tokA",
                                  encoding="utf-8", capture_output=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stdout, r"b\.example\.org: .*would run")
            self.assertEqual(trace.read_text().count("execve("), 1)
            self.assertNotIn("connect(", trace.read_text())
        self.assertFalse(ran.exists())
        self.assertFalse((self.home / "sessions").exists())


class LogoutTest(TargetsTest):
    def test_another_servers_file_stays_and_is_named(self):
        self.save(0, "tokA")
        self.write(OTHER, '{"token": "tokA"}')
        _, talk = self.expect(0, "logout")
        self.assertEqual(self.all_files(), {OTHER: {"token": "tokA"}})
        self.assertIn("synauth cave logout --server-address other.example.org", talk)
        self.expect(0, "logout", "--server-address", "other.example.org")
        self.assertEqual(self.names(), [])

    def test_another_servers_logout_leaves_the_default_servers_file(self):
        self.save(0, "tokA")
        self.save(0, "tokO", "--server-address", "lab.other.example.org", "--overwrite")
        self.write(DEFAULT, '{"token": "tokO"}')
        self.expect(0, "logout", "--server-address", "lab.other.example.org")
        self.assertEqual(self.all_files(), {DEFAULT: {"token": "tokO"}})

    def test_hosts_of_this_server_by_the_rules_go_too(self):
        self.save(0, "tokA", "--local-server", "minnie.microns-daf.com")
        self.expect(0, "logout")
        self.assertEqual(self.names(), [])

    def test_more_than_sixteen_files(self):
        hosts = [f"h{i}.example.org" for i in range(40)]
        rules = ", ".join(f'{{ match = "{host}"; service = "cave"; auth_server = "global.daf-apis.com"; }}'
                          for host in hosts)
        (self.home / ".config/synauth/synauth.conf").write_text(f"rules = ( {rules} );\n")
        self.save(0, "tokA")
        for host in hosts:
            self.write(f"{host}-cave-secret.json", '{"token": "tokA"}')
        answer, _ = self.expect(0, "logout")
        self.assertEqual(self.names(), [])
        self.assertEqual(answer.count(": deleted\n"), 42)


if __name__ == "__main__":
    unittest.main()
