"""synauth status: one line per rule with the state of its token."""

import json
import unittest

from command_line import CommandLineTest

RULES = """inherit = false;
rules = (
  { match = "ready.example"; service = "cave"; token_env = "GOOD"; },
  { match = "*.below.example"; service = "cave"; token_env = "GOOD"; },
  { match = "any.example:*"; service = "cave"; token_env = "GOOD"; },
  { match = "http://localhost:5000"; service = "cave"; token_env = "GOOD"; },
  { match = "missing.example"; service = "synapse"; token_env = "NONE"; },
  { match = "unusable.example"; service = "synapse"; token_env = "BAD"; },
  { match = "ready.example"; service = "synapse"; token_env = "BAD"; }
);
"""
STATES = ["ready", "ready", "ready", "ready", "no token", "unusable", "shadowed"]


class StatusTest(CommandLineTest):
    def setUp(self):
        super().setUp()
        self.environment.update(GOOD="tokGood", BAD="tok bad")

    def test_status_json_state_of_each_rule(self):
        path = self.configure(RULES)
        text, talk = self.expect(0, "status", "--json")
        answer = json.loads(text)
        self.assertEqual([rule["state"] for rule in answer["rules"]], STATES)
        first = answer["rules"][0]
        self.assertEqual((first["match"], first["file"], first["line"], first["service"]),
                         ("ready.example", str(path), 3, "cave"))
        self.assertEqual((first["source"]["kind"], first["source"]["name"]), ("env", "GOOD"))
        self.assertIsNone(answer["rules"][-1]["source"])
        self.assertNotIn("tok", (text + talk).replace("token", "").replace("no tok", ""))

    def test_status_text_one_line_per_rule(self):
        self.configure(RULES)
        text, _ = self.expect(0, "status")
        lines = text.splitlines()
        self.assertEqual(len(lines), len(STATES))
        for line, state in zip(lines, STATES):
            self.assertIn(f"  {state}", line)

    def test_status_without_files_built_in_rules(self):
        self.environment["CAVE_TOKEN"] = "tokC"
        rules = json.loads(self.expect(0, "status", "--json")[0])["rules"]
        states = {rule["match"]: rule["state"] for rule in rules}
        self.assertEqual(states["repo-prod.prod.sagebase.org"], "no token")
        self.assertEqual(states["global.daf-apis.com"], "ready")

    def test_status_rule_with_mistake_invalid_3(self):
        self.configure('rules = ( { match = "a.example"; service = "cave"; tokn_env = "X"; } );\n')
        text, talk = self.expect(3, "status", "--json")
        self.assertEqual(json.loads(text)["rules"][0]["state"], "invalid")
        self.assertIn("tokn_env", talk)


if __name__ == "__main__":
    unittest.main()
