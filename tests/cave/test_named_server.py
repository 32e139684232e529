"""The datastack's own server as the auth server names it: a claim, which takes nobody's token away and
is not made silently."""

import json
import pathlib
import tempfile
import unittest

import test_setup
from cave_server import ADMIN, ORDINARY, CaveServer
from cave_test import CaveTest

GLOBAL = "global.daf-apis.com-cave-secret.json"


class NamedServer(CaveTest):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="synauth-cave-server-")
        cls.addClassCleanup(folder.cleanup)
        cls.server = CaveServer(pathlib.Path(folder.name))
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        super().setUp()
        self.environment["CURL_CA_BUNDLE"] = self.server.ca
        self.own = f"{self.server.host}-cave-secret.json"
        self.write("cave_datastack_to_server_map.json", json.dumps({"minnie": self.server.address}))

    def log_in(self, status, named, *options, verb="login", token=ORDINARY):
        answers = [{"id": 22}, {"local_server": named}]
        if verb == "save-token" or "--no-check" in options:
            del answers[0]
        if "--local-server" in options or "--no-local-server" in options:
            del answers[1:]
        self.server.answer(*[(200, answer, (), "application/json") for answer in answers])
        return self.expect(status, verb, "--datastack", "minnie", *options, token=token)

    def rule(self, text):
        path = self.home / ".config/synauth/synauth.conf"
        path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        path.write_text(f"rules = ( {{ {text} }} );\n")
        path.chmod(0o600)

    def test_another_servers_token_stays(self):
        for verb in ("login", "setup-token", "save-token"):
            before = self.write(GLOBAL, '{"token": "precious", "x": 1}').read_text()
            _, talk = self.log_in(1, "https://global.daf-apis.com", verb=verb)
            self.assertIn("--overwrite", talk)
            self.assertIn(GLOBAL, talk)
            self.assertEqual((self.secrets / GLOBAL).read_text(), before)
            self.assertNotIn(self.own, self.names())  # all or none

    def test_overwrite_replaces_it_and_the_same_token_needs_none(self):
        self.write(GLOBAL, '{"token": "precious"}')
        self.log_in(0, "https://global.daf-apis.com", "--overwrite")
        self.assertEqual(self.read(GLOBAL), {"token": ORDINARY})
        (self.secrets / self.own).unlink()
        answer, _ = self.log_in(0, "https://global.daf-apis.com")
        self.assertIn(f"{GLOBAL}: had this token already", answer)
        self.assertEqual(self.read(self.own), {"token": ORDINARY})

    def test_yes_is_for_the_file_that_was_named(self):
        for answers, token in (("y\nn\n", "precious"), ("y\ny\n", ORDINARY)):
            self.write(self.own, '{"token": "old"}')
            self.write(GLOBAL, '{"token": "precious"}')
            self.server.answer(*[(200, answer, (), "application/json") for answer in (
                {"id": 22}, {"local_server": "global.daf-apis.com"})])
            _, shown = test_setup.SetupTest.on_terminal(
                self, f"{ORDINARY}\n", "setup-token", "--no-open", "--datastack", "minnie",
                then=answers)
            self.assertEqual(shown.count("[y/N]"), 2, shown)
            self.assertEqual(self.read(GLOBAL), {"token": token})
            self.assertEqual(self.read(self.own), {"token": "old" if token == "precious" else token})

    def test_what_is_typed_is_forced(self):
        self.write(GLOBAL, '{"token": "precious"}')
        self.log_in(0, None, "--local-server", "https://global.daf-apis.com")
        self.assertEqual(self.read(GLOBAL), {"token": ORDINARY})

    def test_host_without_a_rule_of_this_auth_server_is_said(self):
        for named in ("https://tenant.example.org", "minnie.microns-daf.com"):
            _, talk = self.log_in(0, named, "--overwrite")
            self.assertIn(named.rsplit("/", 1)[-1] + " is the server of the datastack minnie", talk)
        self.rule('match = "tenant.example.org"; service = "cave";')
        self.assertIn("another auth server",
                      self.log_in(0, "https://tenant.example.org", "--overwrite")[1])
        self.rule('match = "tenant.example.org"; service = "synapse";')
        self.assertIn("another auth server",
                      self.log_in(0, "https://tenant.example.org", "--overwrite")[1])

    def test_host_of_a_rule_of_this_auth_server_is_not(self):
        self.rule(f'match = "*.example.org"; service = "cave"; auth_server = "{self.server.host}";')
        self.assertNotIn("says that", self.log_in(0, "https://tenant.example.org")[1])
        self.assertEqual(self.read("tenant.example.org-cave-secret.json"), {"token": ORDINARY})

    def test_names_that_are_no_https_server(self):
        for named in ("http://tenant.example.org", "HTTPS+x://t.example.org", "https://u:p@t.example.org",
                      "../../x", "https://", "", "a b", "https://t.example.org\\@evil.example.org"):
            self.assertIn("nothing saved", self.log_in(1, named)[1], named)
            self.assertEqual(self.names(), ["cave_datastack_to_server_map.json"])

    def test_add_rule_names_the_host_before(self):
        answer, talk = self.log_in(0, "https://tenant.example.org", "--add-rule", token=ADMIN)
        self.assertIn("tenant.example.org", talk)
        self.assertIn("Rule added", answer)


if __name__ == "__main__":
    unittest.main()
