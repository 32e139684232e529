"""A password that did not get in is tried once for each state of the file, by however many programs
and whatever the service said: Synapse locks an account after a few."""

import concurrent.futures
import os
import shutil
import subprocess
import time
import unittest

from client_test import PORT, PROGRAM, synauth_lines
from login_case import LoginCase

PROGRAMS = 40
LOCKED = "You are locked out from making any additional login attempts for 65000 milliseconds"
ANSWERS = {401: {"reason": "The provided username/password combination is incorrect"},
           403: {"reason": "no"}, 423: {"reason": LOCKED}, 429: {"reason": "slow down"},
           500: {}, 503: {"reason": "down"}, 302: {}, 200: {}, 201: {"accessToken": None}}


class Attempts(LoginCase):
    def many(self, count=PROGRAMS):
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            return list(pool.map(lambda _: self.curl(), range(count)))

    def begin_again(self):
        self.server.mode = None
        self.server.requests.clear()
        shutil.rmtree(self.sessions, ignore_errors=True)

    def test_every_answer_but_success_is_remembered(self):
        for status, body in ANSWERS.items():
            with self.subTest(status):
                self.begin_again()
                self.server.mode = (status, body)
                count = PROGRAMS if status == 423 else 8
                lines = [line for done in self.many(count) for line in synauth_lines(done)
                         if 'key "password"' in line]
                self.assertEqual((self.logins(), len(lines)), (1, count))
                for line in lines:
                    self.assertIn("https://www.synapse.org/PersonalAccessTokens:0", line)
                later = [line for line in lines if "none until the file changes" in line]
                self.assertEqual(len(later), count - 1)  # all but the one that tried

    def test_answer_that_is_cut_off_is_remembered(self):
        self.server.mode = "truncated"
        self.many(10)
        self.assertEqual(self.logins(), 1)

    def wait_for_login(self):
        end = time.monotonic() + 60
        while not self.logins() and time.monotonic() < end:
            time.sleep(0.01)
        self.assertEqual(self.logins(), 1)

    def test_who_was_killed_meanwhile_has_tried(self):
        self.server.mode = "held"
        with subprocess.Popen(["curl", "-q", "-s", self.url], env=self.environment(),
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as first:
            self.wait_for_login()
            first.kill()
        self.server.mode = None
        for done in self.many(10):
            self.assertIn("cut off before the answer came", done.stderr)
        self.assertEqual(self.logins(), 1)

    def test_another_password_is_tried_at_once_and_once(self):
        for password in ("wrong", "also wrong", "wrong as well"):
            self.write_config(password=password)
            self.many(5)
        self.assertEqual(self.logins(), 3)
        self.write_config()
        self.assert_alice(self.curl())
        self.assertEqual(self.logins(), 4)

    def test_two_files_do_not_take_turns(self):
        other = self.home / "other"
        self.write_config(password="wrong")
        shutil.copy(self.home / ".synapseConfig", other)
        text = (self.home / "synauth.conf").read_text()
        (self.home / "other.conf").write_text(
            text.replace('"synapse";', f'"synapse"; config_file = "{other}";'))
        (self.home / "other.conf").chmod(0o600)
        for _ in range(3):
            self.curl()
            self.curl(SYNAUTH_CONFIG=str(self.home / "other.conf"))
        self.assertEqual(self.logins(), 1)  # the same password, within five minutes
        other.write_text(other.read_text().replace("wrong", "also wrong"))
        for _ in range(3):
            self.curl()
            self.curl(SYNAUTH_CONFIG=str(self.home / "other.conf"))
        self.assertEqual(self.logins(), 2)

    def test_all_profiles_of_a_user_together(self):
        self.server.mode = (423, {"reason": LOCKED})
        with open(self.home / ".synapseConfig", "a", encoding="utf-8") as config:
            for i in range(4):
                config.write(f"[profile p{i}]\nusername = alice\npassword = correct horse\n")
        for i in range(4):
            self.curl(SYNAPSE_PROFILE=f"p{i}")
        self.assertEqual(self.logins(), 1)

    def age_notes(self, seconds):
        (lock,) = self.sessions.glob("*.lock")
        lines = [line.split(" ", 1) for line in lock.read_text().splitlines()]
        lock.write_text("".join(f"{int(when) - seconds} {rest}\n" for when, rest in lines))

    def test_later_the_unchanged_file_is_not_tried_again_but_a_touched_one_is(self):
        self.server.mode = (423, {"reason": LOCKED})
        self.curl()
        self.age_notes(100_000)
        self.curl()
        self.assertEqual(self.logins(), 1)
        self.server.mode = None
        os.utime(self.home / ".synapseConfig")
        self.assert_alice(self.curl())
        self.assertEqual(self.logins(), 2)

    def test_in_one_process_without_a_session_directory(self):
        self.server.mode = (503, {})
        self.curl(5, SYNAUTH_SESSION_DIR=None)
        self.assertEqual(self.logins(), 1)

    def test_login_by_hand_may_and_its_success_clears_the_way(self):
        self.write_config(password="wrong")
        self.curl()
        self.write_config()
        done = subprocess.run([PROGRAM, "synapse", "login", "--username", "alice"],
                              env=self.environment(LD_PRELOAD=None), input="correct horse",
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        (lock,) = [path for path in self.sessions.glob("*.lock") if path.stat().st_size == 0]
        self.assertTrue(lock)
        self.assert_alice(self.curl())
        self.assertEqual(self.logins(), 2)

    def test_password_that_was_not_sent_was_not_tried(self):
        """Nobody there, or nobody to be trusted: a laptop without a network may try again."""
        self.curl(CURL_CA_BUNDLE="/etc/ssl/certs/ca-certificates.crt",
                  options=["--cacert", str(self.server.certificates.ca)])
        self.assertEqual(self.logins(), 0)
        self.assert_alice(self.curl())

    if PORT != "musl":  # with its library preloaded, the system's bash does not start
        def test_where_it_cannot_be_remembered_it_is_not_tried(self):
            done = subprocess.run(["bash", "-c", f"ulimit -f 0; exec curl -q -sS {self.url}"],
                                  env=self.environment(), capture_output=True, text=True, timeout=60,
                                  check=False)
            self.assertEqual((done.returncode, self.logins()), (0, 0), done.stderr)
            self.assertIn("is not tried", done.stderr)

    def test_the_note_and_the_line_hold_nothing_of_the_password_that_the_server_repeats(self):
        self.write_config(password="wr0ng-passw0rd")
        self.server.mode = lambda request: (403, {"reason": f"bad: {request['body']}"})
        done = self.curl(SYNAUTH_LOG="debug")
        (lock,) = self.sessions.glob("*.lock")
        self.assertIn("[secret]", lock.read_text())
        for text in (lock.read_text(), done.stderr):
            self.assertNotIn("wr0ng", text)

    def test_the_note_holds_no_password_and_no_line_of_the_server(self):
        self.write_config(password="wr0ng-passw0rd")
        self.server.mode = (403, {"reason": "one\n99999999999 - two\x1b[31m"})
        self.curl()
        (lock,) = self.sessions.glob("*.lock")
        text = lock.read_text()
        self.assertEqual(len(text.splitlines()), 1, text)
        self.assertNotIn("wr0ng", text)
        self.assertNotIn("\x1b", text)
        self.assertEqual(lock.stat().st_mode & 0o777, 0o600)


if __name__ == "__main__":
    unittest.main()
