"""synauth cave get-tokens, get-user-information, get-group-users, whoami against a stand-in of the auth
service over TLS; what it refuses, and what it was sent."""

import json
import pathlib
import tempfile
import unittest

from cave_server import ADMIN, BASE64, NO_RIGHT, NO_TERMS, ORDINARY, CaveServer
from cave_test import CaveTest

JSON = "application/json"
CALLS = (("get-tokens",), ("get-user-information", "1"), ("get-group-users", "7"), ("whoami",))


class ServiceTest(CaveTest):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="synauth-cave-server-")
        cls.addClassCleanup(folder.cleanup)
        cls.server = CaveServer(pathlib.Path(folder.name))
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        super().setUp()
        self.environment["CURL_CA_BUNDLE"] = self.server.ca
        self.server.requests()
        self.server.answer()

    def use(self, token):
        self.write(f"{self.server.host}-cave-secret.json", json.dumps({"token": token}))

    def ask(self, status, *arguments):
        answer, talk = self.expect(status, *arguments, "--server-address", self.server.address)
        return json.loads(answer) if status == 0 and "--table" not in arguments else answer or talk

    def test_get_tokens(self):
        for token in (ORDINARY, BASE64):
            self.use(token)
            self.assertEqual([entry["token"] for entry in self.ask(0, "get-tokens")], [token])
            request, = self.server.requests()
            self.assertEqual(request, {"path": "/auth/api/v1/user/token",
                                       "authorization": f"Bearer {token}", "cookie": None})

    def test_get_user_information_ids_joined_by_an_escaped_comma(self):
        self.use(ADMIN)
        self.assertEqual([user["id"] for user in self.ask(0, "get-user-information", "1", "22", "99")],
                         [1, 22])
        self.assertEqual(self.server.requests()[0]["path"], "/auth/api/v1/user?id=1%2C22%2C99")

    def test_get_user_information_no_ids_no_request(self):
        self.assertEqual(self.ask(0, "get-user-information"), [])
        self.assertEqual(self.server.requests(), [])
        self.ask(2, "get-user-information", "bob")
        self.ask(2, "get-user-information", "-1")

    def test_get_group_users_unknown_and_404_are_empty(self):
        self.use(ADMIN)
        self.assertEqual([user["name"] for user in self.ask(0, "get-group-users", "7")], ["Ada", "Bob"])
        self.assertEqual(self.ask(0, "get-group-users", "8"), [])
        self.server.answer((404, b"no such group", (), "text/html"))
        self.assertEqual(self.ask(0, "get-group-users", "9"), [])
        self.assertEqual(self.server.requests()[0]["path"], "/auth/api/v1/group/7/user")
        self.ask(2, "get-group-users")

    def test_whoami_and_table(self):
        self.use(BASE64)
        self.assertEqual(self.ask(0, "whoami")["name"], "Ed\u00e9")
        lines = self.ask(0, "whoami", "--table").splitlines()
        self.assertEqual([line.split() for line in lines],
                         [["id", "name", "admin", "groups"], ["25", "Ed\u00e9", "false", "..."]])
        lines = self.ask(0, "get-tokens", "--table").splitlines()
        self.assertEqual(lines[1].split()[:4], ["5", "25", BASE64, "-"])

    def test_not_admin_403_is_not_a_token_problem(self):
        self.use(ORDINARY)
        for call in CALLS[1:3]:
            self.assertIn("only administrators", self.ask(6, *call))

    def test_403_names_terms_and_rights(self):
        self.use(NO_TERMS)
        self.assertIn("https://sticky.example.org/sticky_auth/api/v1/tos/2/accept", self.ask(6, "whoami"))
        self.use(NO_RIGHT)
        talk = self.ask(6, "whoami")
        self.assertIn('"view"', talk)
        self.assertIn('"setA"', talk)

    def test_unknown_token_401_and_no_token_4(self):
        self.ask(4, "get-tokens")
        self.assertEqual(self.server.requests(), [])
        self.use("ff" * 16)
        for call in CALLS:
            talk = self.ask(5, *call)
            self.assertIn("does not know this token", talk)
            self.assertNotIn("ff" * 16, talk)

    def test_302_to_the_login_page_and_elsewhere_is_not_followed(self):
        self.use(ORDINARY)
        for target, status in (("https://sticky.example.org/sticky_auth/api/v1/authorize?redirect=x", 5),
                               (f"{self.server.address}/auth/api/v1/user/token", 6),
                               ("https://evil.example.org/", 6)):
            self.server.answer((302, b"", [("Location", target)], "text/html"))
            self.ask(status, "get-tokens")
            self.assertEqual(len(self.server.requests()), 1)

    def test_5xx_repeated_three_times(self):
        self.use(ORDINARY)
        self.server.answer(*[(503, b"busy", (), "text/html")] * 3)
        self.assertEqual(len(self.ask(0, "get-tokens")), 1)
        self.assertEqual(len(self.server.requests()), 4)
        self.server.answer(*[(502, b"busy", (), "text/html")] * 5)
        self.assertIn("502", self.ask(6, "get-tokens"))
        self.assertEqual(len(self.server.requests()), 4)

    def test_answers_that_are_none(self):
        self.use(ORDINARY)
        for body in (b"<html>hello</html>", b"", b"[1", b"{}", b"[] x", b'"text"', b"\xff\xfe"):
            self.server.answer((200, body, (), "text/html"))
            self.assertIn("is this the auth server", self.ask(6, "get-tokens"), body)
        self.server.answer((404, b"not found", (), "text/html"))
        self.assertIn("404", self.ask(6, "get-tokens"))

    def test_no_connection_and_untrusted_certificate(self):
        self.use(ORDINARY)
        self.environment["CURL_CA_BUNDLE"] = "/etc/ssl/certs/ca-certificates.crt"
        self.ask(6, "get-tokens")
        self.assertEqual(self.server.requests(), [])
        self.expect(2, "get-tokens", "--server-address", "http://lab.example.org")

    def test_map_names_the_server_of_a_datastack(self):
        self.use(ORDINARY)
        self.write("cave_datastack_to_server_map.json", json.dumps({"minnie": self.server.address}))
        answer, _ = self.expect(0, "whoami", "--datastack", "minnie")
        self.assertEqual(json.loads(answer)["id"], 22)
        _, talk = self.expect(2, "whoami", "--datastack", "other")
        self.assertIn("--server-address", talk)


if __name__ == "__main__":
    unittest.main()
