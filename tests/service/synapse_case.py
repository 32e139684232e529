"""A Synapse of its own for a class of tests, and the command run against it in an empty home."""

import os
import pathlib
import pty
import select
import signal
import subprocess
import tempfile
import time
import unittest

from processes import end_after, run_bounded
from synapse_server import SynapseServer

PROGRAM = os.environ["SYNAUTH_TEST_PROGRAM"]
PRELOAD = os.environ["SYNAUTH_TEST_PRELOAD"]
API_CLIENT = os.environ["SYNAUTH_TEST_SYNAPSE_CLIENT"]
TEMPLATE = """# Synapse configuration
#[authentication]
#username = <username>
#authtoken = <authtoken>

[endpoints]
repoEndpoint = https://{host}/repo/v1
authEndpoint = https://{host}/auth/v1/
"""
end_after(280)  # CTest would not tell where


class SynapseCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="synauth-synapse-")
        cls.addClassCleanup(folder.cleanup)
        cls.server = cls._enter(SynapseServer(pathlib.Path(folder.name)))

    @classmethod
    def _enter(cls, manager):
        cls.addClassCleanup(manager.__exit__, None, None, None)
        return manager.__enter__()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="synauth-home-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name).resolve()
        self.sessions = self.home / "sessions"
        self.sessions.mkdir(mode=0o700)
        self.server.mode = None
        self.server.requests.clear()
        self.template = TEMPLATE.format(host=self.server.host)
        self.config = self.write(".synapseConfig", self.template)
        self.allow(self.server.host)
        self.program = PROGRAM
        self.environment = {"HOME": str(self.home), "PATH": "/usr/bin:/bin",
                            "CURL_CA_BUNDLE": str(self.server.certificates.ca),
                            "SYNAUTH_SESSION_DIR": str(self.sessions)}
        if "address" in os.environ.get("SYNAUTH_TEST_SANITIZE", ""):
            self.environment["ASAN_OPTIONS"] = "verify_asan_link_order=0:detect_leaks=1"

    def write(self, name, text, mode=0o600):
        path = self.home / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    def allow(self, host):
        self.write(".config/synauth/synauth.conf",
                   f'rules = ( {{ match = "{host}"; service = "synapse"; }} );\n')

    def run_synapse(self, *arguments, secret=None, **environment):
        """In a session of its own: there is no terminal to ask on."""
        return run_bounded([self.program, "synapse", *arguments], 60, input=secret, text=True,
                           env={**self.environment, **environment})

    def expect(self, status, *arguments, secret=None, **environment):
        done = self.run_synapse(*arguments, secret=secret, **environment)
        self.assertEqual(done.returncode, status, f"{arguments}: {done.stdout} {done.stderr}")
        if secret:
            self.assertNotIn(secret.strip(), done.stdout + done.stderr)
        return done

    def refuse(self, status, part, *arguments, secret=None, **environment):
        """Fails with a line that says why, and leaves the file alone."""
        before = self.config.read_bytes()
        done = self.expect(status, *arguments, secret=secret, **environment)
        self.assertIn(part, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(self.config.read_bytes(), before)
        return done

    def call_api(self, *arguments):
        process = subprocess.Popen([API_CLIENT, *arguments], env=self.environment, text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.addCleanup(process.kill)
        return process

    def paths(self):
        return [(request["method"], request["path"]) for request in self.server.requests]


class Terminal:
    """The command on a terminal of its own; what it shows is collected."""

    def __init__(self, case, *arguments):
        self.shown = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(case.program, [case.program, "synapse", *arguments], case.environment)

    def wait_for(self, text, seconds=60):
        end = time.monotonic() + seconds
        while text not in self.shown:
            if time.monotonic() > end:
                raise AssertionError(f"no {text!r} in {self.shown!r}")
            self._read(0.1)

    def _read(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 4096)
        except OSError:
            return False
        self.shown += data.decode()
        return bool(data)

    def type(self, text):
        os.write(self.fd, text.encode())

    def finish(self):
        end = time.monotonic() + 60
        while self._read(0.1) and time.monotonic() < end:
            pass
        if time.monotonic() >= end:
            os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        return status
