"""synauth synapse|cave request-header: the header on stdout, or one line that says why not."""

import subprocess
import unittest

from command_line import CommandLineTest

SYNAPSE = ("synapse", "request-header")
CAVE = ("cave", "request-header")
CONFIG = """[default]
username = alice
authtoken = tokA
[profile lab]
username = bob
authtoken = tokB
"""


class RequestHeaderTest(CommandLineTest):
    def expect_token(self, token, *arguments, **options):
        answer, _ = self.expect(0, *arguments, **options)
        self.assertEqual(answer, f"Authorization: Bearer {token}\n")

    def expect_none(self, status, *arguments):
        answer, talk = self.expect(status, *arguments)
        self.assertEqual(answer, "")
        self.assertTrue(talk.startswith("synauth: "), talk)
        self.assertEqual(talk.count("\n"), 1)
        return talk

    def test_synapse_profile_username_config_path_only_that_file(self):
        self.write(".synapseConfig", CONFIG)
        self.write("other.conf", "[authentication]\nauthtoken = tokO\n")
        self.environment["SYNAPSE_AUTH_TOKEN"] = "tokE"
        self.expect_token("tokE", *SYNAPSE)
        self.expect_token("tokB", *SYNAPSE, "--profile", "lab")
        self.expect_token("tokA", *SYNAPSE, "--username=alice")
        self.expect_token("tokO", *SYNAPSE, "--config-path", self.home / "other.conf")
        self.expect_none(4, *SYNAPSE, "--username", "carol")
        self.assertIn("nowhere", self.expect_none(5, *SYNAPSE, "--profile", "nowhere"))

    def test_synapse_config_path_relative_to_working_directory(self):
        self.write("here/other.conf", "[authentication]\nauthtoken = tokO\n")
        self.expect_token("tokO", *SYNAPSE, "--config-path", "other.conf", cwd=self.home / "here")
        self.expect_token("tokO", *SYNAPSE, "--config-path", "~/here/other.conf", cwd="/")

    def test_cave_token_key_and_file(self):
        self.write(".cloudvolume/secrets/cave-secret.json", '{"token": "tokT", "lab": "tokL"}')
        self.write("here/my.json", '{"token": "tokM", "lab": "tokN"}')
        self.expect_token("tokT", *CAVE)
        self.expect_token("tokL", *CAVE, "--token-key", "lab")
        self.expect_token("tokM", *CAVE, "--token-file", "my.json", cwd=self.home / "here")
        self.expect_token("tokN", *CAVE, "--token-file", "~/here/my.json", "--token-key=lab",
                          cwd="/")
        self.expect_none(4, *CAVE, "--token-key", "absent")
        self.expect_none(4, *CAVE, "--token-file", self.home / "absent.json")

    def test_cave_server_address_chooses_file(self):
        secrets = ".cloudvolume/secrets/"
        self.write(secrets + "lab.example-cave-secret.json", '{"token": "tokL"}')
        self.write(secrets + "lab.example:8080-cave-secret.json", '{"token": "tokP"}')
        self.environment["CAVE_TOKEN"] = "tokE"
        self.expect_token("tokE", *CAVE)
        for address in ("lab.example", "https://lab.example", "https://LAB.example/auth/",
                        "https://lab.example:443"):
            self.expect_token("tokL", *CAVE, "--server-address", address)
        self.expect_token("tokP", *CAVE, "--server-address", "lab.example:8080")

    def test_cave_server_address_bad_usage(self):
        for address in ("https://", "https://user@lab.example", "a b"):
            self.expect_none(2, *CAVE, "--server-address", address)

    def test_header_no_token_4_unusable_5(self):
        self.expect_none(4, *SYNAPSE)
        self.expect_none(4, *CAVE)
        self.environment.update(SYNAPSE_AUTH_TOKEN="Bearer tokS", CAVE_TOKEN="tok C")
        for command in (SYNAPSE, CAVE):
            self.assertNotIn("tok", self.expect_none(5, *command).replace("token", ""))

    def test_header_unreadable_file_5_names_line(self):
        path = self.write(".synapseConfig", "[authentication]\ngarbage\n")
        self.assertIn(f"{path}:2", self.expect_none(5, *SYNAPSE))

    def test_header_password_without_helper_5(self):
        self.configure("helper = false;\n")
        self.write(".synapseConfig", "[authentication]\nusername = alice\npassword = secretpw\n")
        talk = self.expect_none(5, *SYNAPSE)
        self.assertIn("helper = false", talk)
        self.assertNotIn("secretpw", talk)

    def test_header_full_disk_or_closed_stdout_1(self):
        self.environment.update(SYNAPSE_AUTH_TOKEN="tokS")
        with open("/dev/full", "wb") as full:
            _, talk = self.expect(1, *SYNAPSE, stdout=full)
        self.assertIn("cannot write to standard output", talk)
        done = subprocess.run(["/bin/sh", "-c", 'exec "$@" >&-', "sh", self.program, *SYNAPSE],
                              env=self.environment, stderr=subprocess.PIPE, timeout=60, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertNotIn(b"tokS", done.stderr)


if __name__ == "__main__":
    unittest.main()
