"""synauth explain: the decision with its provenance, and never a token."""

import hashlib
import os
import pty
import unittest

from command_line import CAVE_URL, CommandLineTest, SYNAPSE_URL

MEMBERS = ["schema", "url", "decision", "reason", "rule", "service", "source", "fingerprint",
           "tried", "warnings"]


def fingerprint(token):
    return hashlib.sha256(token.encode()).hexdigest()[:8]


class ExplainJsonTest(CommandLineTest):
    def test_explain_token_in_config_send_with_provenance(self):
        path = self.write(".synapseConfig", "[authentication]\nauthtoken = tokA\n")
        answer = self.explain(0, SYNAPSE_URL)
        self.assertEqual(list(answer), MEMBERS)
        self.assertEqual((answer["schema"], answer["url"], answer["decision"], answer["service"]),
                         (1, SYNAPSE_URL, "send", "synapse"))
        self.assertEqual(set(answer["rule"]), {"match", "file", "line"})
        self.assertEqual(answer["rule"]["match"], "repo-prod.prod.sagebase.org")
        self.assertEqual(set(answer["source"]), {"kind", "name", "path", "line", "key"})
        self.assertEqual(answer["source"]["kind"], "synapse_config")
        self.assertEqual((answer["source"]["path"], answer["source"]["line"]), (str(path), 2))
        self.assertEqual(answer["fingerprint"], fingerprint("tokA"))
        self.assertEqual(answer["tried"][0]["name"], "SYNAPSE_AUTH_TOKEN")
        for tried in answer["tried"]:
            self.assertEqual(set(tried), {"kind", "name", "outcome"})

    def test_explain_variable_send_absent_parts_null(self):
        self.environment["CAVE_TOKEN"] = "tokC"
        answer = self.explain(0, CAVE_URL)
        source = answer["source"]
        self.assertEqual((source["kind"], source["name"]), ("env", "CAVE_TOKEN"))
        self.assertIsNone(source["path"])
        self.assertIsNone(source["line"])

    def test_explain_own_rule_named_with_line(self):
        path = self.configure('// mine\nrules = (\n  { match = "x.example"; service = "cave";\n'
                              '    token_env = "T"; }\n);\n')
        self.environment["T"] = "tokT"
        answer = self.explain(0, "https://x.example/")
        self.assertEqual(answer["rule"], {"match": "x.example", "file": str(path), "line": 3})

    def test_explain_refused_configuration_has_a_file_and_no_line(self):
        path = self.configure("")
        path.chmod(0o602)
        self.assertEqual(self.explain(3, SYNAPSE_URL)["reason"],
                         f"{path}: refused: everybody can write it; chmod go-w")

    def test_explain_no_rule_names_the_mistake_that_may_be_why(self):
        path = self.configure('rulez = ();\nhelper = 3;\n')
        _, talk = self.expect(1, "explain", "https://x.example/")
        self.assertIn(f"{path}:1: unknown key", talk)
        self.assertIn("1 more mistakes", talk)

    def test_explain_tells_when_the_python_client_takes_another_token(self):
        path = self.write(".synapseConfig", "[default]\nauthtoken = tokF\n")
        self.environment.update(SYNAPSE_AUTH_TOKEN="tokE")
        note = self.explain(0, SYNAPSE_URL)["tried"][-1]
        self.assertEqual((note["kind"], note["name"]), ("synapse_config", str(path)))
        self.assertIn("line 2", note["outcome"])
        self.assertIn("Python client", note["outcome"])
        self.assertNotIn("tokF", note["outcome"])
        self.environment.update(SYNAPSE_AUTH_TOKEN="tokF")
        self.assertEqual(self.explain(0, SYNAPSE_URL)["tried"][-1]["kind"], "env")

    def test_explain_no_rule_none(self):
        answer = self.explain(1, "https://a.example/")
        self.assertEqual(answer["decision"], "none")
        for member in ("rule", "service", "source", "fingerprint"):
            self.assertIsNone(answer[member])
        self.assertEqual(answer["tried"], [])
        self.assertTrue(answer["reason"])

    def test_explain_no_token_withhold(self):
        answer = self.explain(4, SYNAPSE_URL)
        self.assertEqual(answer["decision"], "withhold")
        self.assertIsNone(answer["source"])
        self.assertIsNone(answer["fingerprint"])
        self.assertTrue(answer["tried"])

    def test_explain_unusable_withhold_with_source(self):
        self.environment["SYNAPSE_AUTH_TOKEN"] = "tok\nA"
        answer = self.explain(5, SYNAPSE_URL)
        self.assertEqual(answer["decision"], "withhold")
        self.assertEqual(answer["source"]["kind"], "env")
        self.assertIsNone(answer["fingerprint"])

    def test_explain_without_scheme_https(self):
        self.environment["CAVE_TOKEN"] = "tokC"
        answer = self.explain(0, "global.daf-apis.com/info")
        self.assertEqual(answer["url"], "https://global.daf-apis.com/info")
        self.assertEqual(self.explain(0, "global.daf-apis.com:443")["decision"], "send")
        self.assertEqual(self.explain(1, "global.daf-apis.com:8443")["decision"], "none")

    def test_explain_plain_http_none(self):
        self.environment["CAVE_TOKEN"] = "tokC"
        self.assertEqual(self.explain(1, CAVE_URL.replace("https", "http"))["decision"], "none")

    def test_explain_configuration_invalid_3_with_place(self):
        path = self.configure("rules = (\n")
        answer = self.explain(3, SYNAPSE_URL)
        self.assertEqual(answer["decision"], "withhold")
        self.assertIn(str(path), answer["reason"])
        self.assertIsNone(answer["rule"])
        _, talk = self.expect(3, "explain", SYNAPSE_URL)
        self.assertRegex(talk, rf"^synauth: {path}:\d+: ")

    def test_explain_bad_url_2(self):
        for url in ("", "https://", "https://a b/", "gopher://x.example/", "https://[::1/"):
            answer, talk = self.expect(2, "explain", "--json", url)
            self.assertEqual(answer, "", url)
            self.assertTrue(talk.startswith("synauth"), url)

    def test_explain_disabled_withhold(self):
        self.environment.update(SYNAUTH_DISABLE="1", CAVE_TOKEN="tokC")
        answer = self.explain(1, CAVE_URL)
        self.assertEqual(answer["decision"], "withhold")
        self.assertIn("SYNAUTH_DISABLE", answer["reason"])

    def test_explain_option_behind_url(self):
        self.assertTrue(self.expect(1, "explain", "https://a.example", "--json")[0].startswith("{"))

    def test_explain_odd_bytes_valid_json(self):
        folder = self.home / 'odd"\\\t\u009b\udcff'
        folder.mkdir()
        (folder / ".synapseConfig").write_text("[authentication]\nauthtoken = tokA\n")
        self.environment["HOME"] = str(folder)
        answer = self.explain(0, SYNAPSE_URL)
        self.assertEqual(answer["source"]["path"],
                         str(self.home) + '/odd"\\\t\u009b\ufffd/.synapseConfig')


class ExplainTextTest(CommandLineTest):
    def test_explain_text_shows_fingerprint_and_place(self):
        path = self.write(".synapseConfig", "[authentication]\nauthtoken = tokA\n")
        text, talk = self.expect(0, "explain", SYNAPSE_URL)
        self.assertIn(f"Authorization: Bearer [fingerprint {fingerprint('tokA')}]", text)
        self.assertIn(f"{path}:2", text)
        self.assertIn("decision  send\n", text)
        self.assertEqual(talk, "")

    def test_explain_text_no_rule(self):
        text, _ = self.expect(1, "explain", "https://a.example/")
        self.assertIn("decision  none\n", text)
        self.assertNotIn("Bearer", text)

    def test_explain_no_form_shows_token_or_query(self):
        token = "tokVerySecret"
        self.environment["SYNAPSE_AUTH_TOKEN"] = token
        self.environment["CAVE_TOKEN"] = f'"{token}"'
        self.environment["SYNAUTH_LOG"] = "debug"
        for url in (SYNAPSE_URL + "?middle_auth_token=tokInQuery#tokInFragment", CAVE_URL,
                    "https://user:tokOfUser@repo-prod.prod.sagebase.org/"):
            for arguments in ([url], ["--json", url]):
                done = self.run_program("explain", *arguments)
                self.assertNotIn("tok", (done.stdout + done.stderr).replace("token", ""))

    def test_explain_user_in_url_withheld_and_not_shown(self):
        self.environment.update(SYNAPSE_AUTH_TOKEN="tokA")
        for user in ("me:hunter2@", "hunter2@", "a@hunter2@"):
            answer = self.explain(1, SYNAPSE_URL.replace("://", f"://{user}"))
            self.assertEqual((answer["decision"], answer["url"]), ("withhold", SYNAPSE_URL))
            self.assertIn("user information", answer["reason"])
        self.assertEqual(self.explain(1, "https://me:hunter2@x.example/")["decision"], "none")
        self.expect(2, "explain", "https://x.example\\@repo-prod.prod.sagebase.org/")

    def test_explain_text_control_characters_escaped(self):
        folder = self.home / "odd\x1b[31m\u009b"
        folder.mkdir()
        self.environment["HOME"] = str(folder)
        text, _ = self.expect(4, "explain", SYNAPSE_URL)
        self.assertNotIn("\x1b", text)
        self.assertNotIn("\u009b", text)

    def on_terminal(self, **environment):
        self.environment.update({"TERM": "xterm", **environment})
        master, slave = pty.openpty()
        with os.fdopen(slave, "wb") as terminal:
            self.expect(1, "explain", "https://a.example/", stdout=terminal)
        # A terminal is read to its end only by error, so: all of one write.
        text = os.read(master, 65536)
        os.close(master)
        return text

    def test_explain_colour_on_terminal_only(self):
        self.assertIn(b"\x1b[", self.on_terminal())
        self.environment["TERM"] = "xterm"
        self.assertNotIn("\x1b", self.expect(1, "explain", "https://a.example/")[0])

    def test_explain_no_color_obeyed(self):
        self.assertNotIn(b"\x1b", self.on_terminal(NO_COLOR="1"))
        self.assertIn(b"\x1b", self.on_terminal(NO_COLOR=""))
        self.assertNotIn(b"\x1b", self.on_terminal(NO_COLOR="", TERM="dumb"))


if __name__ == "__main__":
    unittest.main()
