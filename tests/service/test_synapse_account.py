"""synauth synapse whoami and logout."""

import json
import os
import pathlib
import socket
import tempfile
import unittest

from synapse_case import SynapseCase, TEMPLATE
from synapse_server import SynapseServer, make_token

PASSWORD = "correct horse"


class WhoamiTest(SynapseCase):
    def test_account_source_scopes(self):
        token = self.server.issue(scopes=["view", "download"])
        done = self.expect(0, "whoami", SYNAPSE_AUTH_TOKEN=token)
        self.assertEqual(done.stdout, "account  alice (3324230)\nsource   SYNAPSE_AUTH_TOKEN\n"
                                      "scopes   view download\n")
        self.assertNotIn(token, done.stdout + done.stderr)

    def test_silent_client_holds_up_nobody(self):
        """Of the stand-in itself: one handshake that never comes, and the server still ends."""
        with tempfile.TemporaryDirectory() as folder:
            server = SynapseServer(pathlib.Path(folder)).__enter__()
            with socket.create_connection(("127.0.0.1", server.port)):
                self.allow(server.host)
                self.write(".synapseConfig", TEMPLATE.format(host=server.host))
                self.expect(0, "whoami", SYNAPSE_AUTH_TOKEN=server.issue(),
                            CURL_CA_BUNDLE=str(server.certificates.ca))
                server.__exit__()  # where it would hang, the test's time limit ends

    def test_connection_that_is_gone_is_no_signal(self):
        self.server.mode = "reset"
        self.refuse(6, "127.0.0.1", "whoami", SYNAPSE_AUTH_TOKEN=self.server.issue(),
                    LD_PRELOAD=os.environ["SYNAUTH_TEST_PLAIN_SEND"])

    def test_warning_is_said_once_by_the_command_and_its_libraries(self):
        """The resolver reads the file for the token, libsynauth_service for the endpoints."""
        self.config.write_text(f"[default]\nauthtoken = {self.server.issue()}\n" + self.template)
        self.config.chmod(0o666)
        done = self.expect(0, "whoami")
        self.assertEqual(done.stderr.count("everybody can write"), 1, done.stderr)

    def test_offline_asks_nobody(self):
        token = make_token("77", scopes=[], expires=4102444800)
        done = self.expect(0, "whoami", "--offline", SYNAPSE_AUTH_TOKEN=token)
        self.assertEqual(done.stdout, "account  number 77\nsource   SYNAPSE_AUTH_TOKEN\n"
                                      "scopes   none\nexpires  2100-01-01 00:00:00 UTC\n")
        self.assertEqual(self.server.requests, [])

    def test_refused_and_absent(self):
        self.refuse(5, "does not know", "whoami", SYNAPSE_AUTH_TOKEN=make_token("1", nonce="y"))
        self.refuse(4, "token", "whoami")
        self.refuse(5, "quotes", "whoami", SYNAPSE_AUTH_TOKEN='"tok"')

    def test_anonymous_is_refused(self):
        account = self.server.account("alice")
        token = self.server.issue()
        for name, owner in (("anonymous", 3324230), ("alice", 273950)):
            account.name, account.owner_id = name, owner
            try:
                self.refuse(5, "anonymous", "whoami", SYNAPSE_AUTH_TOKEN=token)
            finally:
                account.name, account.owner_id = "alice", 3324230

    def test_session_of_login_is_a_source(self):
        self.expect(0, "login", "--username", "alice", secret=PASSWORD)
        done = self.expect(0, "whoami")
        self.assertIn("account  alice (3324230)", done.stdout)
        self.assertIn(str(self.sessions), done.stdout)

    def test_profile_names_its_section(self):
        self.expect(0, "login", "--profile", "lab", secret=self.server.issue())
        done = self.expect(0, "whoami", "--profile", "lab")
        self.assertIn(f"[profile lab] ({self.config}:11), key authtoken", done.stdout)


class LogoutTest(SynapseCase):
    def test_token_goes_file_is_template_again(self):
        self.expect(0, "login", secret=self.server.issue())
        done = self.expect(0, "logout")
        self.assertIn(f"{self.config}, section [authentication]", done.stderr)
        self.assertEqual(self.config.read_text(),
                         self.template.replace("#[authentication]", "[authentication]"))
        done = self.expect(1, "logout")
        self.assertIn("nothing to remove", done.stderr)

    def test_other_profile_kept(self):
        self.expect(0, "login", secret=self.server.issue())
        self.expect(0, "login", "--profile", "lab", secret=self.server.issue("tess"))
        self.expect(0, "logout", "--profile", "lab")
        self.expect(0, "whoami")
        self.refuse(4, "lab", "whoami", "--profile", "lab")

    def test_session_revoked_and_gone(self):
        self.expect(0, "login", "--username", "alice", secret=PASSWORD)
        token = next(json.loads(path.read_text())["token"]
                     for path in self.sessions.glob("*.json"))
        self.server.requests.clear()
        done = self.expect(0, "logout")
        self.assertIn("revoked it", done.stderr)
        sent = self.server.sent("DELETE", "/auth/v1/sessionAccessToken")
        self.assertEqual(sent[0]["headers"]["authorization"], f"Bearer {token}")
        self.assertFalse(any(token in path.read_text() for path in self.sessions.iterdir()))

    def test_service_down_session_gone_all_the_same(self):
        self.expect(0, "login", "--username", "alice", secret=PASSWORD)
        self.server.mode = "down"
        done = self.expect(0, "logout")
        self.assertIn("could not be told", done.stderr)
        self.assertEqual(list(self.sessions.glob("*.json")), [])

    def test_variable_that_is_left_is_named(self):
        done = self.expect(1, "logout", SYNAPSE_AUTH_TOKEN="tokE")
        self.assertIn("SYNAPSE_AUTH_TOKEN is set", done.stderr)


if __name__ == "__main__":
    unittest.main()
