"""A release as its user meets it: what is installed there, and the command, by its own curl."""

import re
import sys
import unittest

from client_test import BEARER_A, PROGRAM, RUNNER, ClientTest, write_file

# The first release of libcurl and of glibc that will do for the name of the root.
KNOWN = {"bullseye": ((7, 74), (2, 31)), "bookworm": ((7, 88), (2, 36)),
         "trixie": ((8, 14), (2, 41)), "sid": ((8, 22), (2, 42))}
RELEASE = sys.argv.pop(1)


def version_in(text, before):
    return tuple(map(int, re.search(before + r"(\d+)\.(\d+)", text).groups()))


class Release(ClientTest):
    def inside(self, *arguments, **environment):
        return self.run_program(arguments, self.environment(preload=False, **environment))

    def test_is_the_one_that_it_is_called(self):
        libcurl, glibc = KNOWN[RELEASE]
        check = self.assertGreaterEqual if RELEASE == "sid" else self.assertEqual
        check(version_in(self.inside("curl", "--version").stdout, "libcurl/"), libcurl)
        check(version_in(self.inside("getconf", "GNU_LIBC_VERSION").stdout, "glibc "), glibc)

    def test_has_its_own_flavours_of_libcurl(self):
        self.assertIn("OpenSSL", self.inside("curl", "--version").stdout)
        loaded = self.inside("/usr/lib/git-core/git-remote-https", LD_TRACE_LOADED_OBJECTS="1")
        self.assertIn("libcurl-gnutls.so.4", loaded.stdout)

    def test_command_and_libraries_are_bound_to_the_last_symbol(self):
        for command in ([PROGRAM, "--version"], [PROGRAM, "status"], ["true"]):
            result = self.run_program(command, self.environment(LD_BIND_NOW="1"))
            self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_bare_name_in_the_environment_is_enough(self):
        """As the README has it: the loader's cache knows the folder."""
        self.assert_ok(self.curl(self.server.url("A"),
                                 environment=self.environment(LD_PRELOAD="libsynauth_preload.so")))
        self.assert_sent([("A", BEARER_A)])

    def test_run_brings_the_token(self):
        result = self.inside(PROGRAM, "run", "--strict", "--", "curl", "-q", "-sS", "--connect-to",
                             "::127.0.0.1:", self.server.url("A"), self.server.url("B"))
        self.assert_ok(result)
        self.assert_sent([("A", BEARER_A), ("B", None)])

    def test_explain_says_what_will_be_sent(self):
        for target, decision in (("A", "decision  send"), ("B", "decision  none")):
            self.assertIn(decision, self.inside(PROGRAM, "explain", self.server.url(target)).stdout)

    def test_doctor_finds_nothing_missing(self):
        result = self.inside(PROGRAM, "doctor")
        self.assertNotRegex(result.stdout + result.stderr, r"cannot be loaded|is missing")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_helper_runs_a_command_for_the_token(self):
        write_file(self.configuration, 'rules = ({ match = "synapse.test:*"; service = "synapse"; '
                   'token_command = ["/bin/echo", "of-the-command"]; });')
        self.assert_ok(self.curl(self.server.url("A")))
        self.assert_sent([("A", "Bearer of-the-command")])

    def test_service_library_asks_a_server(self):
        """It is loaded with the libcurl of this release; nobody listens there."""
        result = self.inside(PROGRAM, "cave", "whoami", "--server-address", "localhost:1")
        self.assertRegex(result.stderr, r"localhost: .*connect to")


if __name__ == "__main__":
    unittest.main(verbosity=2)
