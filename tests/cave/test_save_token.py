"""synauth cave save-token, get-token, logout, servers: which files, and what is in them afterwards."""

import json
import os
import unittest

from cave_test import CaveTest

GLOBAL = "global.daf-apis.com-cave-secret.json"
GENERIC = "cave-secret.json"


class SaveTokenTest(CaveTest):
    def test_clean_account_both_files_0600_and_0700(self):
        answer, _ = self.save(0, "abc\n")
        self.assertEqual(self.names(), [GENERIC, GLOBAL])
        for name in self.names():
            self.assertEqual((self.secrets / name).read_bytes(), b'{"token": "abc"}')
            self.assertEqual((self.secrets / name).stat().st_mode & 0o7777, 0o600)
        for folder in (self.secrets, self.secrets.parent):
            self.assertEqual(folder.stat().st_mode & 0o7777, 0o700)
        self.assertIn("global.daf-apis.com\n", answer.split("now carry this token:")[1])

    def test_existing_key_refused_even_when_equal(self):
        self.save(0, "abc")
        for token in ("abc", "new"):
            _, talk = self.save(1, token)
            self.assertIn('Key "token" already exists in token file', talk)
            self.assertIn(str(self.secrets / GLOBAL), talk)
        self.assertEqual(self.read(GENERIC), {"token": "abc"})

    def test_token_as_an_argument_refused_and_not_repeated(self):
        for arguments in (["save-token", "s3cr-et"], ["setup-token", "s3cr-et"],
                          ["save-token", "-ts3cr-et"], ["save-token", "--token=s3cr-et"]):
            answer, talk = self.expect(2, "cave", *arguments)
            self.assertNotIn("s3cr-et", answer + talk)
        self.assertEqual(self.names(), [])

    def test_refusal_of_one_changes_none(self):
        self.write(GENERIC, '{"token": "old"}')
        self.save(1, "new")
        self.assertEqual(self.names(), [GENERIC])

    def test_overwrite_equal_value_leaves_every_byte(self):
        text = '{ "token" :\n\t"abc" }\n'
        path = self.write(GLOBAL, text)
        inode = path.stat().st_ino
        answer, _ = self.save(0, "abc", "--overwrite")
        self.assertIn("had this token already", answer)
        self.assertEqual((path.read_text(), path.stat().st_ino), (text, inode))

    def test_server_file_present_both_are_written_as_the_first_time(self):
        self.write(GLOBAL, '{"token": "old"}')
        self.save(0, "new", "--token-key", "lab")
        self.assertEqual(self.names(), [GENERIC, GLOBAL])
        self.assertEqual(self.read(GLOBAL), {"token": "old", "lab": "new"})
        self.assertEqual(self.read(GENERIC), {"lab": "new"})

    def test_other_members_kept_to_the_letter(self):
        text = '\ufeff{\n  "big": 123456789012345678901234567890, "f": 1.0,\n  "e": "\\u00e9\u00e9", "x": 1e400,\n' \
               '  "token": "first", "token" : "last" , "n": {"token": [1 , 2]}\n}\n'
        self.write(GENERIC, text)
        self.save(0, "new", "--overwrite", "--no-write-to-server-file")
        self.assertEqual((self.secrets / GENERIC).read_text(), text.replace('"last"', '"new"'))
        self.save(0, "tokK", "--token-key", "K\u00e9y", "--no-write-to-server-file")
        self.assertTrue((self.secrets / GENERIC).read_text().endswith(
            '"n": {"token": [1 , 2]}, "K\\u00e9y": "tokK"\n}\n'))

    def test_other_servers_and_addresses(self):
        for address in ("https://Lab.Example/auth/", "LAB.example:443"):
            self.save(0, "abc", "--server-address", address, "--overwrite")
        self.save(0, "def", "--server-address", "https://lab.example:8443", "--overwrite")
        self.assertEqual(self.names(), ["lab.example-cave-secret.json",
                                        "lab.example:8443-cave-secret.json"])
        self.assertEqual(self.read("lab.example-cave-secret.json"), {"token": "abc"})
        self.assertEqual(self.expect(0, "get-token", "--server-address", "lab.example:8443")[0], "def\n")

    def test_names_that_nobody_would_find_are_refused(self):
        for address in ("x.org.", ".", "..", "a..b", "https://.x.org"):
            _, talk = self.save(2, "abc", "--server-address", address)
            self.assertIn("dot", talk)
            self.save(2, "abc", "--local-server", address)
            self.expect(2, "get-new-token", "--server-address", address)
        self.assertEqual(self.names(), [])

    def test_local_server_is_forced_and_can_be_left_out(self):
        self.write("local.example-cave-secret.json", '{"token": "stale"}')
        self.save(0, "abc", "--local-server", "https://local.example")
        self.assertEqual(self.read("local.example-cave-secret.json"), {"token": "abc"})
        self.save(0, "def", "--overwrite", "--local-server", "https://local.example", "--no-local-server")
        self.assertEqual(self.read("local.example-cave-secret.json"), {"token": "abc"})
        self.save(0, "tokK", "--token-key", "lab", "--local-server", "local.example")
        self.assertEqual(self.read("local.example-cave-secret.json"), {"token": "abc", "lab": "tokK"})

    def test_token_file_tilde_relative_and_missing_directories(self):
        self.save(0, "abc", "--token-file", "~/sub/dir/x.json", "--no-write-to-server-file")
        self.save(0, "def", "--token-file", "y.json", "--no-write-to-server-file")
        self.assertEqual(json.loads((self.home / "sub/dir/x.json").read_text()), {"token": "abc"})
        self.assertEqual(json.loads((self.home / "y.json").read_text()), {"token": "def"})
        self.assertEqual(self.names(), [])
        self.assertEqual(self.expect(0, "get-token", "--token-file", "y.json")[0], "def\n")

    def test_equal_paths_are_one(self):
        self.secrets.mkdir(parents=True, mode=0o700)
        os.symlink(GLOBAL, self.secrets / "alias.json")
        self.save(0, "abc", "--token-file", self.secrets / "alias.json")
        self.assertEqual(self.read(GLOBAL), {"token": "abc"})

    def test_links_are_followed(self):
        (self.home / "real").mkdir()
        self.secrets.mkdir(parents=True, mode=0o700)
        os.symlink("../../real/r.json", self.secrets / GENERIC)
        self.save(0, "abc", "--no-write-to-server-file")
        self.assertTrue((self.secrets / GENERIC).is_symlink())
        self.assertEqual(json.loads((self.home / "real/r.json").read_text()), {"token": "abc"})
        self.save(0, "def", "--no-write-to-server-file", "--overwrite")
        self.assertTrue((self.secrets / GENERIC).is_symlink())
        self.assertEqual(self.read(GENERIC), {"token": "def"})

    def test_broken_array_text_and_empty_files_untouched(self):
        for text in ('{"token": "a"', '["token"]', '"token"', "plain text\n", "", '{"a": NaN}',
                     b'{"a": "\xff"}', "{} x"):
            path = self.write(GENERIC, text)
            before = path.read_bytes()
            _, talk = self.save(5, "new", "--overwrite")
            self.assertIn(str(path), talk)
            self.assertEqual(path.read_bytes(), before)
            self.assertEqual(self.names(), [GENERIC], text)

    def test_existing_stricter_mode_kept_wider_narrowed(self):
        path = self.write(GENERIC, "{}", 0o400)
        self.save(0, "tokA", "--no-write-to-server-file")
        self.assertEqual(path.stat().st_mode & 0o7777, 0o400)
        path.chmod(0o644)
        self.save(0, "tokB", "--no-write-to-server-file", "--overwrite")
        self.assertEqual(path.stat().st_mode & 0o7777, 0o600)

    def test_unusable_and_empty_tokens_not_saved(self):
        for token, status in (("two words", 5), ("Bearer abc", 5), ("<authtoken>", 5), ("a" * 9000, 5)):
            self.save(status, token)
        for nothing in ("", "\n"):
            self.assertEqual(self.run_cave("save-token", token=nothing).returncode, 1)
        self.assertEqual(self.names(), [])

    def test_directory_under_the_name_is_an_error(self):
        (self.secrets / GENERIC).mkdir(parents=True)
        _, talk = self.save(5, "abc")
        self.assertIn("directory", talk)
        self.assertEqual(self.names(), [GENERIC])

    def test_token_as_argument_refused(self):
        self.expect(2, "save-token", "abc")
        self.expect(2, "save-token", "--token=abc")

    def test_logout_removes_only_this_token(self):
        path = self.home / ".config/synauth/synauth.conf"
        path.parent.mkdir(mode=0o700, parents=True)
        path.write_text('rules = ( { match = "local.example"; service = "cave";'
                        ' auth_server = "global.daf-apis.com"; } );\n')
        path.chmod(0o600)
        self.save(0, "abc", "--local-server", "local.example")
        self.write("other-cave-secret.json", '{"token": "other"}')
        self.save(0, "tokK", "--token-key", "lab", "--token-file", self.secrets / GENERIC)
        answer, _ = self.expect(0, "logout")
        self.assertIn("local.example-cave-secret.json: deleted", answer)
        self.assertEqual(self.names(), [GENERIC, "other-cave-secret.json"])
        self.assertEqual(self.read(GENERIC), {"lab": "tokK"})
        self.expect(4, "logout")

    def test_servers_lists_keys_and_modes_never_values(self):
        self.write(GENERIC, '{"token": "s3cret", "lab": "s3cret2"}', 0o644)
        self.write("lab.example:8443-cave-secret.json", '{"token": ')
        answer, _ = self.expect(0, "servers")
        self.assertRegex(answer, r"\(any\) +0644  \S+/cave-secret.json  token,lab\n")
        self.assertRegex(answer, r"lab.example:8443 +0600  \S+  unusable: ")
        self.assertNotIn("s3cret", answer)

    def test_cloud_volume_dir_replaces_home(self):
        self.environment["CLOUD_VOLUME_DIR"] = str(self.home / "cv")
        self.save(0, "abc")
        self.assertEqual(sorted(p.name for p in (self.home / "cv/secrets").iterdir()), [GENERIC, GLOBAL])
        self.environment["CLOUD_VOLUME_DIR"] = "relative"
        self.save(5, "abc")

    def test_python_written_files_are_read_back(self):
        for key in ("token", "caf\u00e9", 'q"\\'):
            self.write(GENERIC, json.dumps({"other": 1, key: "tok/en+="}))
            self.assertEqual(self.expect(0, "get-token", "--token-key", key)[0], "tok/en+=\n")


class ReachTest(CaveTest):
    CONFIG = ".config/synauth/synauth.conf"

    def configure(self, text):
        path = self.home / self.CONFIG
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o600)
        return path

    def test_no_rule_prints_the_one_that_would(self):
        answer, _ = self.save(0, "abc", "--server-address", "lab.example", "--token-key", "k1")
        rule = answer.split("rules = ( ")[1].split(" );")[0]
        self.assertFalse((self.home / self.CONFIG).exists())
        self.configure(f"rules = ( {rule} );\n")
        answer, _ = self.save(0, "abc", "--server-address", "lab.example", "--token-key", "k1",
                              "--overwrite")
        self.assertIn("now carry this token:\n  lab.example\n", answer)

    def test_add_rule_keeps_every_byte(self):
        rule = '{ match = "lab.example"; service = "cave"; auth_server = "lab.example"; }'
        other = '{ match = "a.example"; service = "cave"; }'
        files = {
            "": f"rules = (\n  {rule}\n);\n",
            "// c ) rules = (\n": f"// c ) rules = (\nrules = (\n  {rule}\n);\n",
            "helper = true;": f"helper = true;\nrules = (\n  {rule}\n);\n",
            f"rules = (\n  {other} // last )\n);\nhelper = true;":
                f"rules = (\n  {other},\n  {rule} // last )\n);\nhelper = true;",
            "rules = ( );": f"rules = (\n  {rule} );",
            f"/* rules = ( */ rules: ({other}) # )": f"/* rules = ( */ rules: ({other},\n  {rule}) # )",
        }
        for before, after in files.items():
            path = self.configure(before)
            self.save(0, "tokA", "--server-address", "lab.example", "--add-rule", "--overwrite")
            self.assertEqual(path.read_text(), after)
            self.assertEqual(path.stat().st_mode & 0o7777, 0o600)

    def test_add_rule_with_local_server_reaches_both(self):
        answer, _ = self.save(0, "abc", "--server-address", "lab.example", "--local-server",
                              "https://local.lab.example", "--add-rule")
        self.assertIn("lab.example\n", answer)
        done = self.run_cave("request-header", "--server-address", "local.lab.example")
        self.assertEqual(done.stdout, "Authorization: Bearer abc\n")

    def test_add_rule_refuses_a_broken_configuration(self):
        path = self.configure("rules = ( { match = ;\n")
        self.save(3, "abc", "--server-address", "lab.example", "--add-rule")
        self.assertEqual(path.read_text(), "rules = ( { match = ;\n")
        self.assertEqual([p.name for p in path.parent.iterdir()], ["synauth.conf"])

    def test_add_rule_with_rules_in_an_included_file_changes_nothing(self):
        path = self.configure('@include "more.conf"\n')
        more = path.parent / "more.conf"
        more.write_text('rules = ( { match = "a.example"; service = "cave"; } );\n')
        more.chmod(0o600)
        self.save(3, "abc", "--server-address", "lab.example", "--add-rule")
        self.assertEqual(path.read_text(), '@include "more.conf"\n')


if __name__ == "__main__":
    unittest.main()
