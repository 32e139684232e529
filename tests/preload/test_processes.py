"""A process that goes on for long: its descriptors, its rights and its root change, its token is rotated."""

import os
import pathlib
import shutil
import subprocess
import time
import unittest

from client_test import (BEARER_A, BEARER_C, PATIENCE, SYNAPSE_TOKEN, ClientTest, command_of, synauth_lines,
                         write_file)

PROGRAM = os.path.join(os.environ.get("SYNAUTH_TEST_BUILD", ""), "bin/client_commands")


class Client:
    """The program at work; `stderr` is what it said there by its end."""

    def __init__(self, test, **environment):
        self.connections = 0
        self._errors = open(test.home / "stderr", "w+", encoding="utf-8")
        self._process = subprocess.Popen(
            command_of([PROGRAM, test.server.ca]), env=test.environment(**environment), text=True,
            cwd=test.home, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors)
        test.addCleanup(self.end)

    def tell(self, *words):
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        self.connections += answer.endswith(" new")
        return answer.removesuffix(" new")

    def end(self):
        if self._process.poll() is None:
            self._process.stdin.close()
            self._process.wait(PATIENCE)
            self._process.stdout.close()
        self._errors.seek(0)
        self.stderr = self._errors.read()
        return self._process.returncode


def fetch_until(test, client, url, value, before):
    """Requests until one carries `value`; those on the way carry `before`."""
    deadline = time.monotonic() + PATIENCE
    while True:
        test.assertEqual(client.tell("get", url), "0 200")
        got = test.server.requests()[-1]["authorization"]
        if got == value:
            return
        test.assertEqual(got, before)
        test.assertLess(time.monotonic(), deadline, f"no request carries {value!r}")
        time.sleep(0.05)


class Processes(ClientTest):
    def setUp(self):
        super().setUp()
        self.ok = self.server.url("A", "/case")
        self.refusing = self.server.url("A", "/case/status-401")

    def sent(self):
        return [record["authorization"] for record in self.server.requests()]

    def assert_quiet_end(self, client):
        self.assertEqual(client.end(), 0, client.stderr)
        self.assertEqual(synauth_lines(client), [])

    def test_children_by_spawn_and_vfork_get_the_token(self):
        client = Client(self)
        self.assertEqual(client.tell("get", self.ok), "0 200")
        for how in ("spawn", "vfork"):
            self.assertEqual(client.tell(how, shutil.which("curl"), self.ok), "0")
        self.assertEqual(client.tell("get", self.ok), "0 200")
        self.assertEqual(self.sent(), [BEARER_A] * 4)
        self.assert_quiet_end(client)

    def test_daemon_without_descriptors_whose_connection_becomes_its_stderr(self):
        client = Client(self)
        client.tell("close")
        # The answer brings a hint, which must not go to descriptor 2: that is the connection now.
        self.assertEqual([client.tell("get", self.refusing) for _ in range(3)], ["0 401"] * 3)
        self.assertEqual(client.tell("get", self.ok), "0 200")
        self.assertEqual(self.sent(), [BEARER_A] * 4)
        self.assertEqual(client.connections, 1, "the connection was disturbed")
        self.assert_quiet_end(client)

    def test_file_that_the_program_opened_as_descriptor_2_for_itself(self):
        client = Client(self)
        stranger = self.home / "data"
        client.tell("close")
        client.tell("open", stranger, "private")
        self.assertEqual(client.tell("get", self.refusing), "0 401")
        self.assertEqual(stranger.read_text(), "")
        self.assert_quiet_end(client)

    def test_file_that_became_standard_error_gets_messages(self):
        client = Client(self)
        log = self.home / "log"
        client.tell("close")
        client.tell("open", log)
        self.assertEqual([client.tell("get", self.refusing) for _ in range(2)], ["0 401"] * 2)
        lines = log.read_text().splitlines()
        self.assertEqual(len(lines), 1, lines)
        self.assertTrue(lines[0].startswith("synauth: "), lines)

    def check_lost(self, client, *command):
        """What the process can no longer read, it no longer sends; its requests go on."""
        self.assertEqual(client.tell("get", self.ok), "0 200")
        self.assertEqual(self.sent(), [BEARER_A])
        self.assertEqual(client.tell(*command), "done")
        fetch_until(self, client, self.ok, "", before=BEARER_A)
        self.assertEqual(client.end(), 0, client.stderr)
        self.assertEqual(len(synauth_lines(client)), 1, client.stderr)

    def test_other_root_without_the_token_file(self):
        empty = self.home / "empty"
        empty.mkdir()
        self.check_lost(Client(self), "root", empty)

    def test_rights_that_do_not_reach_the_token_file(self):
        self.check_lost(Client(self), "drop", self.synapse_config)

    def test_token_of_the_environment_outlives_root_and_rights(self):
        empty = self.home / "empty"
        empty.mkdir()
        client = Client(self, SYNAPSE_AUTH_TOKEN=SYNAPSE_TOKEN)
        other = self.server.url("C", "/case")
        for url in (self.ok, other):
            client.tell("get", url)
        self.assertEqual(self.sent(), [BEARER_A, BEARER_C])
        client.tell("root", empty)
        fetch_until(self, client, other, "", before=BEARER_C)  # by now the program has looked
        self.assertEqual(client.tell("get", self.ok), "0 200")
        self.assertEqual(self.sent(), [BEARER_A])
        self.assertEqual(client.end(), 0, client.stderr)

    def wait_for_line(self, client, text):
        """Requests until the program has said it; each of them carries the token."""
        deadline = time.monotonic() + PATIENCE
        while text not in (self.home / "stderr").read_text(encoding="utf-8"):
            self.assertEqual(client.tell("get", self.ok), "0 200")
            self.assertEqual(self.sent(), [BEARER_A])
            self.assertLess(time.monotonic(), deadline, f"never said: {text}")
            time.sleep(0.05)

    def test_file_that_cannot_be_looked_at_for_a_while(self):
        """A ticket that ran out, in a job of three days: what was read stays in use. Nothing is closed to
        root, who becomes the file's owner before it is read; by then the library is loaded."""
        client = Client(self)
        if os.geteuid() == 0:
            self.assertEqual(client.tell("get", self.server.url("C", "/case")), "0 200")
            os.chown(self.synapse_config, 65534, 65534)
            for folder in (self.home, pathlib.Path(self.server.ca).parent):
                folder.chmod(0o755)
            self.assertEqual(client.tell("drop", "none"), "done")
        self.server.requests()
        self.assertEqual(client.tell("get", self.ok), "0 200")
        self.assertEqual(self.sent(), [BEARER_A])
        self.synapse_config.chmod(0)
        self.wait_for_line(client, "the token read from it stays in use")
        renewed = write_file(self.home / "renewed", "[authentication]\nauthtoken = renewed-token\n")
        shutil.chown(renewed, self.synapse_config.stat().st_uid)
        renewed.rename(self.synapse_config)
        fetch_until(self, client, self.ok, "Bearer renewed-token", before=BEARER_A)
        self.assertEqual(client.end(), 0, client.stderr)
        (line,) = synauth_lines(client)
        self.assertIn("permission denied", line)


class Rotation(ClientTest):
    def setUp(self):
        super().setUp()
        self.ok = self.server.url("A", "/case")
        self.refusing = self.server.url("A", "/case/status-401")
        # As a mounted Kubernetes secret: token -> ..data/token, ..data -> ..1
        self.mount = self.home / "secret"
        self.mount.mkdir()
        self.put_version("..1", "first-token-of-the-rotation")
        (self.mount / "token").symlink_to("..data/token")

    def put_version(self, name, token):
        write_file(self.mount / name / "token", token + "\n")
        (self.mount / "..new").symlink_to(name)
        (self.mount / "..new").rename(self.mount / "..data")

    def client(self):
        return Client(self, SYNAPSE_AUTH_TOKEN_FILE=str(self.mount / "token"))

    def check_rotation(self, rotate):
        client = self.client()
        first, second = (f"Bearer {which}-token-of-the-rotation" for which in ("first", "second"))
        self.assertEqual(client.tell("get", self.ok), "0 200")
        self.assertEqual([record["authorization"] for record in self.server.requests()], [first])
        rotate()
        fetch_until(self, client, self.ok, second, before=first)
        self.assertEqual(client.end(), 0)
        self.assertEqual(synauth_lines(client), [])

    def test_link_swap_of_a_mounted_secret(self):
        self.check_rotation(lambda: self.put_version("..2", "second-token-of-the-rotation"))

    def test_file_replaced_by_rename(self):
        def rotate():
            write_file(self.mount / "new", "second-token-of-the-rotation\n").rename(
                self.mount / "..1/token")
        self.check_rotation(rotate)

    def test_refused_token_is_read_again_at_once_and_hinted_at_once_only(self):
        client = self.client()
        self.assertEqual(client.tell("get", self.ok), "0 200")
        self.put_version("..2", "second-token-of-the-rotation")
        self.assertEqual(client.tell("get", self.refusing), "0 401")
        self.assertEqual(client.tell("get", self.refusing), "0 401")
        self.assertEqual(client.tell("get", self.ok), "0 200")
        self.assertEqual([record["authorization"] for record in self.server.requests()],
                         ["Bearer first-token-of-the-rotation"] * 2
                         + ["Bearer second-token-of-the-rotation"] * 2)
        self.assertEqual(client.end(), 0)
        self.assertEqual(len(synauth_lines(client)), 1, client.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
