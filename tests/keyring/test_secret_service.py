"""What either Python's keyring package or ours stores the other finds; nothing hangs, nothing prompts.

Started by dbus-run-session: the session bus is ours alone, and so is the keyring behind it.
"""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

import jeepney
import jeepney.bus_messages
import jeepney.io.blocking
import secretstorage
from processes import end_after, run_bounded

HELPER = os.environ["SYNAUTH_TEST_KEYRING"]
PROGRAM = os.environ["SYNAUTH_TEST_PROGRAM"]
BUS = os.environ["DBUS_SESSION_BUS_ADDRESS"]
TOKEN_SERVICE, KEY_SERVICE = "SYNAPSE.ORG_CLIENT_AUTH_TOKEN", "SYNAPSE.ORG_CLIENT"
TOKEN = "fake-keyring-token"
URL = "https://repo-prod.prod.sagebase.org/repo/v1/userProfile"
end_after(110)  # a bus that does not answer


class SecretService(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="synauth-keyring-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name).resolve()
        self.runtime = self.home / "run"
        self.runtime.mkdir(mode=0o700)
        self.environment = {
            "HOME": str(self.home), "PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": str(self.runtime),
            "XDG_DATA_HOME": str(self.home / "data"), "DBUS_SESSION_BUS_ADDRESS": BUS,
            "PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring", "LANG": "C.UTF-8",
            "ASAN_OPTIONS": "detect_leaks=0"}
        self.remember("alice")
        self.daemon = None

    def start(self):
        """A keyring with an empty password, unlocked."""
        self.daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
            env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.addCleanup(self.stop)
        self.daemon.stdin.write(b"\n")
        self.daemon.stdin.close()
        bus = secretstorage.dbus_init()
        self.addCleanup(bus.close)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(secretstorage.exceptions.SecretStorageException):
                if secretstorage.check_service_availability(bus):
                    secretstorage.collection.get_collection_by_alias(bus, "default")
                    return
            time.sleep(0.05)
        self.fail("gnome-keyring did not start")

    def stop(self):
        self.daemon.send_signal(signal.SIGCONT)
        self.daemon.kill()
        self.daemon.wait()

    def remember(self, user):
        path = self.home / ".synapseSession"
        path.write_text(json.dumps({"<mostRecent>": user}) + "\n")
        path.chmod(0o600)

    def run_program(self, *arguments, secret="", timeout=60):
        return run_bounded(arguments, timeout, env=self.environment, input=secret, text=True)

    def python(self, code):
        done = self.run_program("/usr/bin/python3", "-c", f"import keyring\n{code}")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def helper(self, verb, service=TOKEN_SERVICE, user="alice", secret=""):
        return self.run_program(HELPER, verb, service, user, secret=secret)

    def explain(self):
        done = self.run_program(PROGRAM, "explain", "--json", "--online", URL)
        return json.loads(done.stdout)

    def keyring_outcome(self, answer):
        return [tried["outcome"] for tried in answer["tried"] if tried["kind"] == "keyring"]

    def test_python_stores_and_we_find(self):
        self.start()
        self.python(f"keyring.set_password({TOKEN_SERVICE!r}, 'alice', {TOKEN!r})")
        self.assertEqual(self.helper("lookup").stdout, f"value\n0\n{TOKEN}")
        answer = self.explain()
        self.assertEqual((answer["decision"], answer["source"]["kind"], answer["source"]["name"]),
                         ("send", "keyring", TOKEN_SERVICE))

    def test_we_store_and_python_finds(self):
        self.start()
        for secret in ("first", TOKEN):  # the second replaces the first
            self.assertEqual(self.helper("store", secret=secret).returncode, 0)
            self.assertEqual(self.python(f"print(keyring.get_password({TOKEN_SERVICE!r}, 'alice'))"),
                             secret + "\n")
        listing = self.python(
            "import secretstorage as s\n"
            "c = s.get_default_collection(s.dbus_init())\n"
            "print([i.get_label() for i in c.get_all_items()])")
        self.assertEqual(listing, f"[\"Password for 'alice' on '{TOKEN_SERVICE}'\"]\n")

    def created(self, store):
        """What `store` asks the keyring to create: label, attributes, content type, replace?

        As it goes over the bus: gnome-keyring gives every item an xdg:schema, Python's too, when
        it reads its own file again, which happens at any time.
        """
        monitor = jeepney.io.blocking.open_dbus_connection(BUS)
        self.addCleanup(monitor.close)
        rule = jeepney.MatchRule(interface="org.freedesktop.Secret.Collection", member="CreateItem")
        reply = monitor.send_and_get_reply(
            jeepney.bus_messages.Monitoring().BecomeMonitor([rule.serialise()]), timeout=60)
        self.assertEqual(reply.header.message_type, jeepney.MessageType.method_return)
        store()
        while True:  # the bus tells a monitor first which names it has lost
            message = monitor.receive(timeout=60)
            if message.header.fields[jeepney.HeaderFields.member] == "CreateItem":
                break
        properties, (_, _, _, content_type), replace = message.body
        values = {name: value for name, (_, value) in properties.items()}
        return values, content_type, replace

    def test_we_store_what_python_stores(self):
        self.start()
        ours = self.created(lambda: self.helper("store", secret=TOKEN))
        theirs = self.created(lambda: self.python(
            f"keyring.set_password({TOKEN_SERVICE!r}, 'alice', {TOKEN!r})"))
        self.assertEqual(ours, ({
            "org.freedesktop.Secret.Item.Label": f"Password for 'alice' on '{TOKEN_SERVICE}'",
            "org.freedesktop.Secret.Item.Attributes": {
                "application": "Python keyring library", "service": TOKEN_SERVICE,
                "username": "alice"}}, "text/plain", True))
        self.assertEqual(ours, theirs)

    def test_python_replaces_what_we_stored(self):
        self.start()
        self.helper("store", secret="ours")
        self.python(f"keyring.set_password({TOKEN_SERVICE!r}, 'alice', {TOKEN!r})")
        self.assertEqual(self.helper("lookup").stdout, f"value\n0\n{TOKEN}")

    def test_clear_both_ways(self):
        self.start()
        self.python(f"keyring.set_password({TOKEN_SERVICE!r}, 'alice', {TOKEN!r})")
        self.assertEqual(self.helper("clear").returncode, 0)
        self.assertEqual(self.python(f"print(keyring.get_password({TOKEN_SERVICE!r}, 'alice'))"),
                         "None\n")
        self.assertEqual(self.helper("clear").returncode, 4)
        self.helper("store", secret=TOKEN)
        self.python(f"keyring.delete_password({TOKEN_SERVICE!r}, 'alice')")
        self.assertTrue(self.helper("lookup").stdout.startswith("absent\n"))

    def test_token_before_key_and_key_signs(self):
        self.start()
        self.python(f"keyring.set_password({KEY_SERVICE!r}, 'alice', 'a2V5')")
        answer = self.explain()
        self.assertEqual((answer["decision"], answer["source"]["name"]), ("send", KEY_SERVICE))
        self.assertIn("signed with the API key of alice", answer["reason"])
        self.python(f"keyring.set_password({TOKEN_SERVICE!r}, 'alice', {TOKEN!r})")
        self.assertEqual(self.explain()["source"]["name"], TOKEN_SERVICE)

    def test_other_user_finds_nothing_and_nobody_asks_nothing(self):
        self.start()
        self.python(f"keyring.set_password({TOKEN_SERVICE!r}, 'alice', {TOKEN!r})")
        self.remember("bob")
        self.assertEqual(self.keyring_outcome(self.explain()),
                         ["the keyring has no such item"] * 2)
        (self.home / ".synapseSession").unlink()
        self.assertEqual(self.keyring_outcome(self.explain()), [])

    def test_locked_keyring_is_passed_over_without_a_prompt(self):
        self.start()
        self.python(f"keyring.set_password({TOKEN_SERVICE!r}, 'alice', {TOKEN!r})")
        self.python("import secretstorage as s\ns.get_default_collection(s.dbus_init()).lock()")
        self.assertIn("is locked", self.helper("lookup").stdout)
        self.assertIn("is locked", self.keyring_outcome(self.explain())[0])

    def test_hanging_daemon_is_given_up_after_three_seconds(self):
        self.start()
        self.daemon.send_signal(signal.SIGSTOP)
        self.assertEqual(self.keyring_outcome(self.explain()), ["no answer within 3 seconds"])

    def test_no_bus_is_no_keyring(self):
        del self.environment["DBUS_SESSION_BUS_ADDRESS"]
        self.assertIn("no session bus", self.keyring_outcome(self.explain())[0])

    def test_plaintext_keyring_of_python_is_not_read(self):
        del self.environment["DBUS_SESSION_BUS_ADDRESS"]
        path = self.home / "data/python_keyring/keyring_pass.cfg"
        path.parent.mkdir(parents=True)
        path.write_text("[SYNAPSE_2EORG_5FCLIENT_5FAUTH_5FTOKEN]\nalice =\n\tZmFrZQ==\n")
        self.assertEqual(self.explain()["decision"], "withhold")

    def test_store_refuses_an_empty_secret(self):
        self.start()
        done = self.helper("store")
        self.assertEqual((done.returncode, done.stdout), (1, ""))


if __name__ == "__main__":
    unittest.main()
