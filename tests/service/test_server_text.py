"""A server that repeats what it was sent, in one spelling or another: none of it reaches the terminal."""

import unittest
import urllib.parse

from synapse_case import SynapseCase
from synapse_server import make_token

PASSWORD = 'pa\\ss "w0rd"+/&%41 long enough'
LONG = make_token("1", nonce="z" * 300)
SPELLINGS = {
    "plain": lambda text: text,
    "upper case": str.upper,
    "percent": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "form": urllib.parse.quote_plus,
    "escaped": lambda text: text.replace("\\", "\\\\").replace('"', '\\"').replace("/", "\\/"),
    "escaped twice": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
    "cut off": lambda text: text[:-3],
    "from the middle": lambda text: text[4:24],
    "twice": lambda text: text + text,
}


class ServerText(SynapseCase):
    def assert_hidden(self, secret, done):
        shown = done.stdout + done.stderr
        for start in range(0, len(secret) - 12):
            self.assertNotIn(secret[start:start + 12].lower(), shown.lower())
        self.assertIn("[secret]", shown)
        return shown

    def test_password_in_the_reason(self):
        for name, spell in SPELLINGS.items():
            with self.subTest(name):
                reason = f"who is >{spell(PASSWORD)}<?"
                self.server.mode = (403, {"reason": reason})
                done = self.expect(5, "login", "--username", "alice", secret=PASSWORD)
                shown = self.assert_hidden(PASSWORD, done)
                self.assertIn("who is >", shown)
                self.assertNotIn(spell(PASSWORD)[:20], shown)

    def test_token_in_the_reason_at_every_status(self):
        for status in (401, 403, 404, 418):
            self.server.mode = lambda request, status=status: (
                status, {"reason": "no: " + str(request["headers"])})
            self.assert_hidden(LONG, self.run_synapse("whoami", SYNAPSE_AUTH_TOKEN=LONG))

    def test_token_as_the_name_of_the_account(self):
        self.server.mode = lambda request: (200, {"ownerId": "7", "userName": f"x{LONG}"})
        self.assert_hidden(LONG, self.expect(0, "whoami", SYNAPSE_AUTH_TOKEN=LONG))

    def test_short_password_leaves_nothing_of_the_text(self):
        self.server.mode = (403, {"reason": "the password is: x7"})
        done = self.run_synapse("login", "--username", "alice", secret="x7")
        self.assertEqual(done.returncode, 5)
        self.assertNotIn("password is", done.stderr)

    def test_password_that_is_a_word_of_the_answer(self):
        for password in ("password", "user", "no"):
            done = self.run_synapse("login", "--username", "alice", secret=password)
            self.assertEqual(done.returncode, 5)
            self.assertIn("user name or password are wrong", done.stderr)

    def test_code_and_ticket(self):
        """Neither the second factor nor what stands for the first."""
        self.server.mode = lambda request: (401, {"reason": "r", "errorCode": "TWO_FA_REQUIRED"}) \
            if request["path"].endswith("login2") else (403, {"reason": request["body"]})
        done = self.run_synapse("login", "--username", "tess", secret="two factors")
        self.assertNotIn("ticket-", done.stderr)

    def test_text_without_secrets_stays(self):
        self.server.mode = (403, {"reason": "the data access committee says 100% no"})
        done = self.expect(5, "login", "--username", "alice", secret=PASSWORD)
        self.assertIn("the data access committee says 100% no", done.stderr)

    def test_long_text_of_the_secret_many_times_is_read_in_time(self):
        self.server.mode = (403, {"reason": LONG[:11] * 60000})
        self.run_synapse("login", secret=LONG)


if __name__ == "__main__":
    unittest.main()
