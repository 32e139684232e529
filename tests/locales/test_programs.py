"""Programs that take the locale of their environment, where `I` is no capital `i`: the curl tables
once more, with names in capitals wherever case does not matter, and git."""

import functools
import re
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.append(str(Path(__file__).parent.parent / "clients"))
import test_curl
import test_curl_ways
from client_test import BEARER_A, BEARER_C, LEGACY, ClientTest, write_file
from locales import make_locale
from raw_server import RawServer

LOCALE = "tr_TR.UTF-8"
ORIGIN = re.compile(r"https?://(?:[^/@]*@)?[^/?#@]*")


def capital_header(line):
    """`Name: value` and `Name;` as `NAME: value` and `NAME;`."""
    name = re.match(r"[^:;]*", line)[0]
    return name.upper() + line[len(name):]


def capital_origin(url):
    """Scheme and host; what stands before an @ is the user's."""
    user, at, rest = ORIGIN.match(url)[0].rpartition("@")
    return user + at + rest.upper() + url[ORIGIN.match(url).end():]


def capital_arguments(arguments):
    """curl's, where they are header lines and URLs."""
    arguments = [str(argument) for argument in arguments]
    return [capital_header(argument) if before == "-H" else
            capital_origin(argument) if ORIGIN.match(argument) else argument
            for before, argument in zip(["", *arguments], arguments)]


def write_capitals(path, text, mode=0o600):
    """Files of ours and of curl's with the names in capitals."""
    if path.name == "netrc":
        text = re.sub(r"\b(machine|default|login|password|\S+\.test)\b",
                      lambda match: match[0].upper(), text)
    elif path.name == ".synapseConfig":
        text = text.replace("authtoken", "AUTHTOKEN")
    elif path.name == "synauth.conf":
        text = re.sub(r'(?<=")(https?://)?[a-z*]+\.test', lambda match: match[0].upper(), text)
    return write_file(path, text, mode)


@functools.cache
def the_locale():
    folder = tempfile.TemporaryDirectory(prefix="synauth-locales-")
    unittest.addModuleCleanup(folder.cleanup)
    return make_locale(Path(folder.name), LOCALE)


class Capitals(ClientTest):
    """What a table of tests runs in: the locale, and a curl whose arguments are in capitals."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.locale = the_locale()

    def setUp(self):
        for place in ("test_curl.write_file", "test_curl_ways.write_file", "client_test.write_file"):
            self.enterContext(mock.patch(place, write_capitals))
        super().setUp()

    def environment(self, preload=True, **more):
        return super().environment(preload, **{**self.locale, **more})

    def run_program(self, arguments, environment=None, **options):
        if "curl" in arguments:
            arguments = capital_arguments(arguments)
        return super().run_program(arguments, environment, **options)


class WhichToken(Capitals, test_curl.WhichToken):
    pass


class ProgramsOwnCredentials(Capitals, test_curl.ProgramsOwnCredentials):
    pass


class Redirects(Capitals, test_curl.Redirects):
    def test_capital_cave_path_that_makes_tokens_gets_none_after_a_redirect(self):
        for path in ("/AUTH/x", "/STICKY_AUTH/x", "/x/../STICKY_AUTH/y"):
            with self.subTest(path=path):
                self.assert_redirected("C", path, None)
        self.assert_redirected("C", "/INFO/STICKY_AUTH/x", None if LEGACY else BEARER_C)


class Verification(Capitals, test_curl.Verification):
    pass


class PlainHttp(Capitals, test_curl.PlainHttp):
    pass


class BytesOnTheWire(Capitals, test_curl.BytesOnTheWire):
    def fetch(self, *options, preload=True):
        """The lines with their names as the table has them: `Name`."""
        lines = super().fetch(*options, preload=preload)
        names = (re.match(r"[^:]*", line)[0] for line in lines)
        return [name.title() + line[len(name):].replace("SYNAPSE.TEST", "synapse.test")
                for name, line in zip(names, lines)]


class WhatTheProgramSees(Capitals, test_curl.WhatTheProgramSees):
    pass


class AnswersOfTheServer(Capitals, test_curl.AnswersOfTheServer):
    pass


if not LEGACY:  # whose curl knows few of these ways
    class CurlWays(Capitals, test_curl_ways.CurlWays):
        pass


class Git(Capitals):
    def setUp(self):
        super().setUp()
        self.raw = self.enterContext(RawServer(self.server.certificates))
        write_capitals(self.configuration, f'rules = ({{ match = "localhost:{self.raw.port}"; '
                       'service = "synapse"; });')

    def authorizations(self, *options):
        """The Authorization lines of git's first request; the server is none of git's."""
        self.run_program(["git", "-c", f"http.sslCAInfo={self.server.ca}", *options, "ls-remote",
                          f"https://localhost:{self.raw.port}/repo.git"])
        lines = self.raw.requests()[0].decode().split("\r\n")
        return [line for line in lines if line.upper().startswith("AUTHORIZATION")]

    def test_header_in_capitals_is_the_only_one(self):
        for line in ("AUTHORIZATION: basic x", "AUTHORIZATION : basic x", "authorization: basic x"):
            self.assertEqual(self.authorizations("-c", f"http.extraHeader={line}"), [line])

    def test_without_one_the_token_is_sent(self):
        self.assertEqual(self.authorizations(), [f"Authorization: {BEARER_A}"])


class Locale(Capitals):
    def test_programs_are_in_the_locale(self):
        """Else nothing here would show anything."""
        result = self.run_program(["env", "printf", "%.1f", "0,5"])
        self.assertEqual((result.stdout, result.stderr), ("0,5", ""))


if __name__ == "__main__":
    unittest.main(verbosity=2)
