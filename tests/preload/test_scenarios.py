"""Small C programs under the library: ways to use libcurl that no tool of the system uses."""

import os
import sys
import unittest

from client_test import (BEARER_A, BEARER_C, CAVE_TOKEN, LEGACY, RUNNER, SANITIZE,
                         WITHOUT_TLS_CONTEXT, ClientTest, write_file)

FOLDER = os.path.join(os.environ.get("SYNAUTH_TEST_BUILD", ""), "bin")
HTTP_RULE = '{{ match = "http://synapse.test:{http}"; service = "cave"; token_env = "DEV_TOKEN"; }}'


class Programs(ClientTest):
    def run_client(self, name, *arguments, environment=None):
        result = self.run_program(
            [os.path.join(FOLDER, name), self.server.ca,
             *(self.server.url(target) for target in ("A", "B", "C", "Ah")), *arguments],
            environment)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result


class Scenarios(Programs):
    def check(self, scenario, *expected, quiet=True):
        result = self.run_client("client_scenarios", scenario)
        if quiet:
            self.assertEqual(result.stderr, "")
        self.assert_sent(expected)

    def test_url_object_decides_at_each_transfer(self):
        if LEGACY:
            self.check("url_object", ("A", BEARER_A), *[(target, None) for target in "BABC"])
            return
        self.check("url_object", ("A", BEARER_A), ("B", None), ("A", BEARER_A), ("B", None),
                   ("C", BEARER_C))

    def test_url_object_of_a_multi_is_believed_where_libcurl_reports_its_url(self):
        result = self.run_client("client_scenarios", "url_object_in_multi")
        self.assertEqual(result.stderr, "")
        reported = int(result.stdout) >= 0x080c00  # before 8.12 a used handle shows an old URL
        self.assert_sent([("A", None if LEGACY else BEARER_A), ("B", None),
                          ("C", BEARER_C if reported else None)])

    def test_method_for_the_first_request_only_is_not_believed_behind_a_redirect(self):
        self.check("first_method", ("B", None), ("A", None))

    def test_every_hop_of_every_way_to_follow_redirects(self):
        ways = [line.split() for line in self.run_client("client_scenarios",
                                                         "follow_modes").stdout.splitlines()]
        records = self.server.requests()
        self.assertEqual((len(ways), len(records)), (4 * 3 * 2 * 5 * 3, 2 * len(ways)))
        for (way, method), first, second in zip(ways, records[::2], records[1::2]):
            origins = [self.target_of(record) for record in (first, second)]
            untold = way != "0" and method != "-"  # not CURLFOLLOW_ALL, now or before
            arrives = not LEGACY and second["method"] in ("GET", "HEAD") and not untold
            with self.subTest(way=way, method=method, origins=origins, status=first["status"],
                              wire=[first["method"], second["method"]]):
                self.assertEqual(first["authorization"], BEARER_A if origins[0] == "A" else "")
                self.assertEqual(second["authorization"], BEARER_A if origins == ["A", "A"] or
                                 (origins == ["B", "A"] and arrives) else "")

    if not LEGACY:  # it knows no such callback
        def test_own_callback_before_the_request_is_kept(self):
            self.check("own_prereq", *[("A", BEARER_A)] * 3)

    def test_own_list_is_read_at_each_request(self):
        result = self.run_client("client_scenarios", "own_list")
        self.assertEqual(result.stderr, "")
        records = self.server.requests()
        self.assertEqual([record["case"] for record in records], ["", "grown", "", "", ""])
        self.assert_sent([("A", BEARER_A)] * 3 + [("A", "Bearer mine"), ("A", BEARER_A)], records)

    def test_kept_handle_is_decided_anew_whatever_changes(self):
        of_environment = ("A", "Bearer of-the-environment")
        self.check("kept_handle", *[("A", BEARER_A)] * 2, of_environment, ("A", "Bearer mine"),
                   of_environment, ("A", BEARER_A), ("A", None), ("A", BEARER_A),
                   ("A", "Bearer own"), quiet=False)

    def test_handle_serves_multi_and_easy_in_turn(self):
        self.check("multi_then_easy", ("A", BEARER_A), ("B", None), ("C", BEARER_C))

    def test_options_set_when_the_handle_is_in_its_multi_already(self):
        self.check("options_after_add", ("A", BEARER_A), ("B", None), ("A", None),
                   ("A", "Basic bWU6bWluZQ=="), quiet=False)

    def test_url_that_is_set_when_the_handle_is_in_its_multi_already(self):
        self.check("url_after_add", ("A", BEARER_A), ("B", None), ("A", None), ("C", BEARER_C),
                   ("A", None), ("A", BEARER_A), quiet=False)

    def test_request_that_is_made_of_a_handle_in_its_multi(self):
        self.check("request_after_add", ("A", None if LEGACY else BEARER_A),
                   ("C", None if LEGACY else BEARER_C))

    def test_verification_that_comes_too_late_gets_none(self):
        connections = self.run_client("client_scenarios", "verified_late").stdout.split()
        self.assertEqual(len(connections), 2)
        self.assert_sent([("A", token) for connection in connections
                          for token in (None, BEARER_A if connection == "new" else None, BEARER_A)])

    def test_handles_and_multis_that_end_in_odd_order(self):
        self.assertEqual(self.run_client("client_scenarios", "odd_ends").stderr, "")
        records = self.server.requests()  # of A those that were under way in time
        self.assert_sent([("B", None)] * 2, [record for record in records
                                             if self.target_of(record) != "A"])

    def test_options_set_when_the_handle_is_in_a_multi_already(self):
        self.check("set_when_added", ("B", None), ("A", None), quiet=False)

    def test_copy_made_during_a_transfer(self):
        self.check("copy_in_the_middle", ("A", BEARER_A), ("B", None))

    def test_own_tls_context_gets_none(self):
        """A flavour that knows none refuses the option."""
        first = ("A", BEARER_A if WITHOUT_TLS_CONTEXT else None)
        fresh = ("A", None if LEGACY and not WITHOUT_TLS_CONTEXT else BEARER_A)
        self.check("own_tls_context", first, first, fresh, quiet=False)

    def test_own_tls_context_of_another_handle_gets_none_either(self):
        first = ("A", BEARER_A if WITHOUT_TLS_CONTEXT else None)
        fresh = ("A", None if LEGACY and not WITHOUT_TLS_CONTEXT else BEARER_A)
        self.check("tls_context_of_another", first, first, fresh, fresh, quiet=False)

    def test_transfer_goes_on_when_the_handle_is_refused_elsewhere(self):
        later = None if LEGACY else BEARER_A  # the end of that transfer was not heard of
        self.check("refused_in_multi", ("A", BEARER_A), ("A", later))

    def test_first_transfer_on_a_small_stack(self):
        self.check("small_stack", ("A", BEARER_A))

    if "address" not in SANITIZE:  # it takes what a cancelled thread leaves on its stack for wrong
        def test_thread_cancelled_in_the_first_transfer_holds_nobody_up(self):
            self.check("cancelled_thread", ("A", BEARER_A))

    def test_options_of_every_type_arrive(self):
        self.run_client("client_scenarios", "option_types")
        self.assertEqual(self.server.requests()[0]["authorization"], BEARER_A)


class Threads(Programs):
    def test_eight_threads_mix_all_kinds_of_use(self):
        # Steps of each thread; by hand, SYNAUTH_TEST_MIX=5000.
        steps = os.environ.get("SYNAUTH_TEST_MIX", "20" if SANITIZE or RUNNER else "50")
        result = self.run_client("client_mix", BEARER_A, BEARER_C, steps)
        self.assertEqual(result.stderr, "")
        self.assertGreater(int(result.stdout.split()[0]), 8 * int(steps))
        print(result.stdout, file=sys.stderr)

    def test_eight_threads_get_their_own_token(self):
        self.assertEqual(self.run_client("client_threads", BEARER_A, BEARER_C).stderr, "")


class Forks(Programs):
    """Not under a sanitizer: AddressSanitizer's allocator alone blocks such a child."""

    def test_children_forked_amid_transfers_work(self):
        rules = self.configuration.read_text().replace(
            "rules = (", f"rules = ({HTTP_RULE.format(http=self.server.http)},")
        write_file(self.configuration, rules)
        environment = self.environment(DEV_TOKEN=CAVE_TOKEN)
        over_http = "" if LEGACY else BEARER_C  # where the connection goes is known too late
        self.run_client("client_threads", BEARER_A, BEARER_C, over_http, environment=environment)


if __name__ == "__main__":
    unittest.main(verbosity=2)
