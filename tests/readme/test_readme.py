"""What the README shows: every command is run as it stands there, in its order, by what its install
section has installed; every piece of configuration is read. Local servers stand in for Synapse and
CAVE behind a proxy, and `sudo` for the right to write to /usr/local."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from cave_server import ORDINARY, CaveServer
from connect_proxy import ConnectProxy
from synapse_server import SynapseServer

SOURCE = Path(os.environ["SYNAUTH_TEST_SOURCE"])
SYNAPSE, CAVE, LAB = "repo-prod.prod.sagebase.org", "global.daf-apis.com", "cave.example.org"
# The demo is a test of its own, and this is run by the other.
NOT_RUN = ("./scripts/demo", "./scripts/test")
NO_COMMAND = re.compile(r"rules = |\{ match = |ENTRYPOINT ")
SUDO = """#!/bin/sh
export DESTDIR={root}
case $1 in ldconfig) exec /sbin/ldconfig -n "$DESTDIR/usr/local/lib" ;; esac
exec "$@"
"""


def indented_blocks():
    """(heading, block) for each block of the README that is set as it would be typed."""
    heading, blocks, block = "", [], []
    for line in (SOURCE / "README.md").read_text(encoding="utf-8").splitlines() + [""]:
        if line.startswith("    "):
            block.append(line[4:])
            continue
        if block:
            blocks.append((heading, block))
            block = []
        if line.startswith("#"):
            heading = line.lstrip("# ")
    return blocks


BLOCKS = indented_blocks()
COMMANDS = [(heading, line) for heading, block in BLOCKS if not NO_COMMAND.match(block[0])
            for line in block if line.split("#")[0].strip() not in NOT_RUN]


class ReadmeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="synauth-readme-")))
        cls.start_servers()
        cls.tree, cls.root = cls.stage / "tree", cls.stage / "root"
        shutil.copytree(SOURCE, cls.tree, ignore=shutil.ignore_patterns("build", ".git"))
        (cls.stage / "bin").mkdir()
        sudo = cls.stage / "bin/sudo"
        sudo.write_text(SUDO.format(root=cls.root))
        sudo.chmod(0o700)
        cls.installed = [cls.run_in(cls.tree, line, CMAKE_BUILD_PARALLEL_LEVEL=str(os.cpu_count()))
                         for heading, line in COMMANDS if heading == "Install"]

    @classmethod
    def start_servers(cls):
        for name in ("synapse", "cave"):
            (cls.stage / name).mkdir()
        cls.synapse = cls.enterClassContext(SynapseServer(cls.stage / "synapse", [SYNAPSE]))
        cls.cave = CaveServer(cls.stage / "cave", [CAVE, LAB])
        cls.addClassCleanup(cls.cave.stop)
        cls.proxy = cls.enterClassContext(ConnectProxy({
            f"{SYNAPSE}:443": cls.synapse.port, f"{CAVE}:443": cls.cave.port,
            f"{LAB}:443": cls.cave.port}))
        cls.authorities = cls.stage / "authorities.pem"
        cls.authorities.write_bytes(Path(cls.synapse.certificates.ca).read_bytes()
                                    + Path(cls.cave.ca).read_bytes())

    @classmethod
    def run_in(cls, directory, line, stdin="", **more):
        """One line, as a shell takes it. LD_LIBRARY_PATH is for what ld.so's cache would know."""
        local = cls.root / "usr/local"
        environment = {
            "PATH": f"{cls.stage}/bin:{local}/bin:/usr/bin:/bin", "LD_LIBRARY_PATH": f"{local}/lib",
            "HOME": str(directory), "LANG": "C.UTF-8", "https_proxy": cls.proxy.url,
            "CURL_CA_BUNDLE": str(cls.authorities), **more}
        return subprocess.run(["bash", "-c", line], env=environment, cwd=directory, input=stdin,
                              capture_output=True, text=True, timeout=300, check=False)

    def assert_ok(self, result):
        self.assertEqual(result.returncode, 0, f"{result.args}: {result.stdout}{result.stderr}")

    def new_home(self, has_tokens=True):
        home = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="home-", dir=self.stage)))
        self.token = self.synapse.issue()
        if has_tokens:
            self.write(home / ".synapseConfig", f"[authentication]\nauthtoken = {self.token}\n")
            self.write(home / ".cloudvolume/secrets/cave-secret.json", json.dumps({"token": ORDINARY}))
        return home

    def write(self, path, text):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o600)

    def run_section(self, heading, home, stdin=""):
        """Runs its commands; returns their answers by command without comment."""
        answers = {}
        for line in [line for section, line in COMMANDS if section == heading]:
            result = self.run_in(home, line, stdin)
            self.assert_ok(result)
            answers[line.split("#")[0].strip()] = result.stdout
        self.assertTrue(answers, f"the README has no section '{heading}' with commands")
        return answers

    def test_every_section_with_commands_is_known(self):
        self.assertEqual({heading for heading, _ in COMMANDS},
                         {"What it does", "Install", "Use", "A Synapse token", "A CAVE token",
                          "Configuration"})

    def test_scripts_at_the_top_can_be_started(self):
        shown = [line.split("#")[0].strip() for heading, block in BLOCKS if heading == "synauth"
                 for line in block]
        self.assertEqual(shown, list(NOT_RUN))
        for script in shown:
            self.assertTrue(os.access(SOURCE / script, os.X_OK), script)

    def test_install(self):
        for result in self.installed:
            self.assert_ok(result)
        for name in ("bin/synauth", "lib/libsynauth_preload.so", "lib/libsynauth.so.1"):
            self.assertTrue((self.root / "usr/local" / name).exists(), name)

    def test_what_it_does(self):
        self.assertIn("alice", "".join(self.run_section("What it does", self.new_home()).values()))
        self.assertEqual(self.synapse.requests[-1]["headers"]["authorization"], f"Bearer {self.token}")

    def test_use(self):
        answers = self.run_section("Use", self.new_home())
        self.assertIn(".synapseConfig", answers[f"synauth explain https://{SYNAPSE}/repo/v1/userProfile"])
        self.assertIn("alice", answers[f"synauth run -- curl https://{SYNAPSE}/repo/v1/userProfile"])
        self.assertEqual(answers["synauth synapse request-header"], f"Authorization: Bearer {self.token}\n")
        self.assertEqual(answers["synauth cave request-header"], f"Authorization: Bearer {ORDINARY}\n")

    def test_use_in_a_container(self):
        lines = [block[0] for _, block in BLOCKS if block[0].startswith("ENTRYPOINT ")]
        self.assertEqual(len(lines), 1)
        entry = " ".join(json.loads(lines[0].removeprefix("ENTRYPOINT ")))
        self.assertEqual(self.run_in(self.new_home(), f"{entry} echo started").stdout, "started\n")

    def test_synapse_token(self):
        home = self.new_home(has_tokens=False)
        self.write(home / "token.txt", self.token)
        answers = self.run_section("A Synapse token", home, stdin=self.token)
        self.assertIn("alice", answers["synauth synapse whoami"])
        self.assertEqual((home / ".synapseConfig").read_text().count(self.token), 2)

    def test_cave_token(self):
        home = self.new_home(has_tokens=False)
        self.write(home / "token.txt", ORDINARY)
        answers = self.run_section("A CAVE token", home, stdin=ORDINARY)
        self.assertIn(LAB, answers["synauth cave servers"])
        self.assertIn(LAB, (home / ".config/synauth/synauth.conf").read_text())

    def test_configuration(self):
        home = self.new_home()
        shown = [block for _, block in BLOCKS if block[0].startswith("rules = ")]
        self.assertTrue(shown)
        for block in shown:
            self.write(home / ".config/synauth/synauth.conf", "\n".join(block) + "\n")
            answers = self.run_section("Configuration", home)
            for match in re.findall(r'match = "([^"]*)"', "\n".join(block)):
                self.assertIn(match, answers["synauth config show"])
                self.assertIn(match, answers["synauth status"])

    def test_rules_shown_alone_are_valid(self):
        home = self.new_home()
        shown = [block for _, block in BLOCKS if block[0].startswith("{ match = ")]
        for block in shown:
            rules = "\n".join(block).rstrip(";\n")
            self.write(home / ".config/synauth/synauth.conf", f"rules = ( {rules} );\n")
            self.assert_ok(self.run_in(home, "synauth config check"))
        self.assertTrue(shown)


if __name__ == "__main__":
    unittest.main(verbosity=2)
