"""An unchanged curl under the preload library, and a `.synapseConfig` with user name and password."""

import os
import pathlib
import resource
import subprocess
import tempfile
import unittest

from client_test import preload_value, write_file
from synapse_server import SynapseServer

PASSWORD = "correct horse"


class LoginCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="synauth-login-")
        cls.addClassCleanup(folder.cleanup)
        cls.server = SynapseServer(pathlib.Path(folder.name))
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__, None, None, None)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="synauth-home-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name).resolve()
        self.sessions = self.home / "sessions"
        self.server.mode, self.server.lifetime, self.server.logins = None, 86400, 0
        self.server.requests.clear()
        self.server.released.clear()
        self.addCleanup(self.server.released.set)
        self.write_config()
        write_file(self.home / "synauth.conf",
                   f'rules = ({{ match = "{self.server.host}"; service = "synapse"; }});\n')
        self.url = f"https://{self.server.host}/repo/v1/userProfile"

    def write_config(self, user="alice", password=PASSWORD):
        return write_file(self.home / ".synapseConfig",
                          f"[authentication]\nusername = {user}\npassword = {password}\n"
                          f"[endpoints]\nauthEndpoint = https://{self.server.host}/auth/v1\n"
                          f"repoEndpoint = https://{self.server.host}/repo/v1\n")

    def environment(self, **more):
        values = {"PATH": os.environ["PATH"], "HOME": str(self.home),
                  "SYNAUTH_CONFIG": str(self.home / "synauth.conf"),
                  "CURL_CA_BUNDLE": str(self.server.certificates.ca),
                  "SYNAUTH_SESSION_DIR": str(self.sessions), "LD_PRELOAD": preload_value(),
                  "ASAN_OPTIONS": "detect_leaks=0", **more}
        return {name: value for name, value in values.items() if value is not None}

    def curl(self, count=1, options=(), limit=None, **environment):
        done = subprocess.run(["curl", "-q", "-sS", *options, *[self.url] * count],
                              capture_output=True, env=self.environment(**environment), text=True,
                              preexec_fn=limit and (lambda: resource.setrlimit(*limit)), timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn(PASSWORD, done.stderr + done.stdout)
        return done

    def logins(self):
        return len(self.server.sent("POST", "/auth/v1/login2"))

    def file(self):
        (path,) = self.sessions.glob("*.json")
        return path

    def assert_alice(self, done):
        self.assertIn('"userName": "alice"', done.stdout)
