"""The stage for tests through real programs: a server, a home with two fake tokens, an environment.

Targets: A and C are configured (Synapse and CAVE), B is not; A2 is A on another port, Ah is A over
plain HTTP.
"""

import os
import re
import shlex
import subprocess
import tempfile
import unittest
from pathlib import Path

from web_server import WebServer

PRELOAD = os.environ.get("SYNAUTH_TEST_PRELOAD", "")
PROGRAM = os.environ.get("SYNAUTH_TEST_PROGRAM", "")
SANITIZE = os.environ.get("SYNAUTH_TEST_SANITIZE", "")
RUNTIME = os.environ.get("SYNAUTH_TEST_RUNTIME", "")
BUILD = os.environ.get("SYNAUTH_TEST_BUILD", "")
# A port (tests/ports) has a curl of its own, and perhaps a command that runs what was built for it.
CURL = shlex.split(os.environ.get("SYNAUTH_TEST_CURL", "curl"))
RUNNER = shlex.split(os.environ.get("SYNAUTH_TEST_RUNNER", ""))
PORT = os.environ.get("SYNAUTH_TEST_PORT", "")
PATIENCE = 600 if RUNNER else 60  # seconds for what should be over long before, and may be emulated
# Another release (tests/releases) has every program; the runner changes into its root.
ROOT = os.environ.get("SYNAUTH_TEST_ROOT", "")


def _version_of_libcurl():
    text = subprocess.run(CURL + ["--version"], check=True, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL).stdout
    return tuple(map(int, re.search(r"libcurl/(\d+)\.(\d+)", text).groups()))


# Before 7.80 a request is not decided each time: less is sent (preload/legacy.c).
LEGACY = bool(ROOT) and _version_of_libcurl() < (7, 80)
# Test programs are linked to a flavour that knows no CURLOPT_SSL_CTX_FUNCTION.
WITHOUT_TLS_CONTEXT = os.environ.get("SYNAUTH_TEST_TLS", "") == "gnutls"

SYNAPSE_TOKEN = "fake-synapse-token-of-the-tests"
CAVE_TOKEN = "fake-cave-token-of-the-tests"
BEARER_A = f"Bearer {SYNAPSE_TOKEN}"
BEARER_C = f"Bearer {CAVE_TOKEN}"
TOKENS = {"A": SYNAPSE_TOKEN, "C": CAVE_TOKEN}

TARGETS = {
    "A": ("https", "synapse.test", "https"),
    "A2": ("https", "synapse.test", "https_other"),
    "Ah": ("http", "synapse.test", "http"),
    "B": ("https", "other.test", "https"),
    "C": ("https", "cave.test", "https"),
}
HOSTS = ["localhost", "synapse.test", "other.test", "cave.test"]

CONFIGURATION = """\
rules = (
  {{ match = [ "synapse.test:{https}", "localhost:{https}" ]; service = "synapse"; }},
  {{ match = "cave.test:{https}"; service = "cave"; }}
);
"""


def preload_value(library=PRELOAD):
    """LD_PRELOAD for `library`; a sanitizer's runtime must come first."""
    return f"{RUNTIME}:{library}" if RUNTIME else library


def command_of(arguments):
    """How this machine runs it: the system's own programs just so, others by their runner."""
    arguments = [str(argument) for argument in arguments]
    if arguments[0] == "curl":
        return CURL + arguments[1:]
    inside = (arguments[0].startswith(ROOT) or "/" not in arguments[0]) if ROOT else \
        BUILD and arguments[0].startswith(BUILD)
    return (RUNNER if inside else []) + arguments


def write_file(path: Path, text, mode=0o600):
    """Fresh folders on the way are private, as a user's would be."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


class ClientTest(unittest.TestCase):
    """One server for the class; one home, with both tokens and the rules, for each test."""

    targets = TARGETS
    server_class = WebServer
    patience = PATIENCE

    @classmethod
    def setUpClass(cls):
        cls._server_directory = tempfile.TemporaryDirectory(prefix="synauth-server-")
        cls.addClassCleanup(cls._server_directory.cleanup)
        cls.server = cls.enterClassContext(
            cls.server_class(Path(cls._server_directory.name), HOSTS, cls.targets))

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="synauth-home-")
        self.addCleanup(directory.cleanup)
        self.home = Path(directory.name)
        self.synapse_config = write_file(self.home / ".synapseConfig",
                                         f"[authentication]\nauthtoken = {SYNAPSE_TOKEN}\n")
        self.cave_secret = write_file(self.home / ".cloudvolume/secrets/cave-secret.json",
                                      f'{{"token": "{CAVE_TOKEN}"}}\n')
        self.configuration = write_file(self.home / "synauth.conf",
                                        CONFIGURATION.format(https=self.server.https))
        self.server.requests()

    def environment(self, preload=True, **more):
        """What the program runs with, and nothing of ours. A value of None removes a name."""
        values = {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(self.home),
            "SYNAUTH_CONFIG": str(self.configuration), "CURL_CA_BUNDLE": self.server.ca,
            # Programs free little before they end; what the library leaks, valgrind tells.
            "ASAN_OPTIONS": "detect_leaks=0",
            "TSAN_OPTIONS": os.environ.get("TSAN_OPTIONS", ""),
        }
        if preload:
            values["LD_PRELOAD"] = preload_value()
        values.update(more)
        return {name: value for name, value in values.items() if value is not None}

    def run_program(self, arguments, environment=None, **options):
        """Runs it in the home; whatever it says on standard error, it is no token."""
        result = subprocess.run(command_of(arguments), env=environment or self.environment(),
                                capture_output=True, text=True, timeout=self.patience, check=False,
                                cwd=self.home, stdin=subprocess.DEVNULL, **options)
        for token in TOKENS.values():
            self.assertNotIn(token, result.stderr)
        return result

    def curl(self, *arguments, environment=None):
        """curl -q with the tests' authority and every name on loopback."""
        return self.run_program(
            ["curl", "-q", "-sS", "--cacert", self.server.ca, "--connect-to", "::127.0.0.1:",
             *arguments], environment)

    def assert_sent(self, expected, records=None):
        """`expected`: (target, Authorization value or None) for each request, in order."""
        records = self.server.requests() if records is None else records
        got = [(self.target_of(record), record["authorization"] or None) for record in records]
        self.assertEqual(got, list(expected))

    def target_of(self, record):
        prefix = f'{record["scheme"]}://{record["host"]}:{record["port"]}'
        return next((name for name in self.targets if self.server.origin(name) == prefix), prefix)

    def assert_ok(self, result):
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(synauth_lines(result), [])


def synauth_lines(result):
    """What the library said on standard error."""
    return [line for line in result.stderr.splitlines() if line.startswith("synauth:")]
