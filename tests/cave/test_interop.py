"""What synauth saves, CAVE's own clients find by their documented look-up orders; what they write,
synauth finds. The orders are written down here as they are documented, not taken from our code."""

import json
import os
import unittest

from cave_test import CaveTest

GLOBAL = "global.daf-apis.com"


def caveclient(secrets, server, key="token"):
    """CAVEclient: the server's file if it exists, else the generic one; then the deprecated one."""
    path = secrets / f"{server}-cave-secret.json"
    if not os.path.isfile(path):
        path = secrets / "cave-secret.json"
    for candidate in (path, secrets / "chunkedgraph-secret.json"):
        if os.path.isfile(candidate):
            with open(candidate, encoding="utf-8") as file:
                token = json.load(file).get(key)
            if token is not None:
                return token
    return None


def cloud_volume(secrets, server):
    """cloud-volume: the first file that exists decides, and the key is always `token`."""
    for name in (f"{server}-cave-secret.json", "cave-secret.json", "chunkedgraph-secret.json"):
        if os.path.exists(secrets / name):
            with open(secrets / name, encoding="utf-8") as file:
                return json.load(file).get("token")
    return None


def caveclient_saves(secrets, names, key, token):
    """In CAVEclient's format: the whole object on one line, no line end."""
    for name in names:
        path = secrets / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = json.loads(path.read_text()) if path.exists() else {}
        content[key] = token
        with open(path, "w", encoding="utf-8") as file:
            json.dump(content, file)


class InteropTest(CaveTest):
    def ours(self, server, key="token"):
        done = self.run_cave("request-header", "--server-address", server, "--token-key", key)
        return done.stdout.removeprefix("Authorization: Bearer ").strip() or None

    def assert_all_find(self, server, token, key="token"):
        self.assertEqual(self.ours(server, key), token)
        self.assertEqual(caveclient(self.secrets, server, key), token)
        if key == "token":
            self.assertEqual(cloud_volume(self.secrets, server), token)

    def test_saved_by_us(self):
        self.save(0, "tokA")
        self.assert_all_find(GLOBAL, "tokA")
        self.assert_all_find("unknown.example", "tokA")
        self.save(0, "tokB", "--server-address", "lab.example:8443", "--overwrite",
                  "--local-server", "https://local.example")
        for server in ("lab.example:8443", "local.example"):
            self.assert_all_find(server, "tokB")
        self.assert_all_find(GLOBAL, "tokA")
        self.save(0, "tokK", "--token-key", "fanc_production")
        self.assert_all_find(GLOBAL, "tokK", "fanc_production")

    def test_saved_by_caveclient(self):
        caveclient_saves(self.secrets, (f"{GLOBAL}-cave-secret.json", "cave-secret.json"), "token", "tokC")
        self.assert_all_find(GLOBAL, "tokC")
        caveclient_saves(self.secrets, ("lab.example-cave-secret.json",), "\u00fcber", "tokU")
        self.assert_all_find("lab.example", "tokU", "\u00fcber")
        caveclient_saves(self.secrets, ("chunkedgraph-secret.json",), "old", "tokO")
        self.assert_all_find(GLOBAL, "tokO", "old")

    def test_in_turns(self):
        caveclient_saves(self.secrets, ("cave-secret.json",), "token", "tokC")
        self.save(0, "tokS", "--token-key", "ours", "--no-write-to-server-file")
        caveclient_saves(self.secrets, ("cave-secret.json",), "theirs", "tokT")
        self.save(0, "tokN", "--overwrite", "--no-write-to-server-file")
        self.assertEqual(self.read("cave-secret.json"), {"token": "tokN", "ours": "tokS", "theirs": "tokT"})
        self.assert_all_find(GLOBAL, "tokN")


if __name__ == "__main__":
    unittest.main()
