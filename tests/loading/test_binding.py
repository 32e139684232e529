"""Every way that code can be bound to a libcurl, and what the loader's own functions must not lose."""

import os
import sysconfig
import unittest

from client_test import BEARER_A, PRELOAD, preload_value
from reach import ReachTest

FOLDER = os.path.join(os.environ.get("SYNAUTH_TEST_BUILD", ""), "tests/loading")
UNOPTIMISED = os.path.join(FOLDER, "O0/libsynauth_preload.so")
LIBRARIES = {"optimised": {}, "unoptimised": {
    "LD_PRELOAD": preload_value(UNOPTIMISED), "LD_LIBRARY_PATH": os.path.dirname(PRELOAD)}}
FLAVOURS = ["plugin_openssl.so", "plugin_gnutls.so", "plugin_nss.so"]
if os.environ.get("SYNAUTH_TEST_PORT"):
    FLAVOURS.pop()  # NSS looks for its own parts in a folder of the system; slow in an emulator


def program(name):
    return os.path.join(FOLDER, name)


class Binding(ReachTest):
    def urls(self):
        return [self.server.ca, *self.ways()]

    def with_and_without(self, arguments, expected_output=None, **more):
        """The program says the same without us and with us, as built for use and unoptimised."""
        bare = self.run_program(arguments, self.environment(preload=False))
        self.assertEqual(bare.returncode, 0, bare.stderr)
        self.server.requests()
        for variant, environment in LIBRARIES.items():
            with self.subTest(variant=variant):
                ours = self.run_program(arguments, self.environment(**{**environment, **more}))
                self.assertEqual((ours.returncode, ours.stderr), (0, ""))
                self.assertEqual(ours.stdout, expected_output or bare.stdout)
                yield


class Linkage(Binding):
    def test_each_kind_of_linkage_carries_the_token(self):
        for kind in ("now", "lazy", "no_plt", "address", "fixed_place"):
            with self.subTest(kind=kind):
                result = self.run_both([program(f"linkage_{kind}"), *self.urls()])
                self.assertEqual(result.stdout, "0\n" * 5)
                self.assert_ways(2)

    def test_bound_at_once_and_lazily_by_the_environment(self):
        for kind in ("now", "lazy"):
            self.run_both([program(f"linkage_{kind}"), *self.urls()], LD_BIND_NOW="1")
            self.assert_ways(2)


class OtherPreloads(Binding):
    def test_allocator_and_clock_of_others_work_beside_us(self):
        """Both look functions up before anything of the program has started."""
        folder = "/usr/lib/" + sysconfig.get_config_var("MULTIARCH")
        for other in (f"{folder}/libjemalloc.so.2", f"{folder}/faketime/libfaketime.so.1"):
            self.assertTrue(os.path.exists(other), other)
            for order in (f"{PRELOAD}:{other}", f"{other}:{PRELOAD}"):
                with self.subTest(order=order):
                    result = self.run_program([program("linkage_now"), *self.urls()],
                                              self.environment(LD_PRELOAD=order))
                    self.assertEqual((result.returncode, result.stdout, result.stderr),
                                     (0, "0\n" * 5, ""))
                    self.assert_ways(2)

    def test_program_with_a_sanitizer_inside_carries_the_token(self):
        """Its runtime starts before all else, by dlsym, when hardly any function works."""
        for sanitizer in ("address", "thread"):
            for preload in (PRELOAD, UNOPTIMISED):
                result = self.run_program(
                    [program(f"linkage_{sanitizer}_sanitizer"), *self.urls()],
                    self.environment(LD_PRELOAD=preload, ASAN_OPTIONS="detect_leaks=0:"
                                     "verify_asan_link_order=0",
                                     LD_LIBRARY_PATH=os.path.dirname(PRELOAD)))
                self.assertEqual((result.returncode, result.stderr), (0, ""))
                self.assert_ways(2)


class Plugins(Binding):
    def test_three_flavours_in_one_process_carry_the_token(self):
        # whose 1: the flag is gone for these plugins, and the program's `whose` is found
        for flags, expected in (("local", None), ("deepbind", ("whose 1 default -1\n" + "0\n" * 5) * 3)):
            for plugins in (FLAVOURS, FLAVOURS[::-1]):
                for _ in self.with_and_without([program("host"), flags, ",".join(plugins),
                                                *self.urls()], expected):
                    self.assert_ways(3)

    def test_plugin_bound_deeply_carries_the_token(self):
        for plugin in FLAVOURS:
            # whose 1: the flag is gone for this plugin, and what it was for with it
            expected = "whose 1 default -1\n" + "0\n" * 5
            for _ in self.with_and_without([program("host"), "deepbind", plugin, *self.urls()],
                                           expected):
                self.assert_ways()

    def test_plugin_bound_deeply_by_its_path_carries_the_token(self):
        for plugin in FLAVOURS:
            path = program("plugins/" + plugin)
            result = self.run_program([program("host"), "deepbind", path, *self.urls()])
            self.assert_ok(result)
            self.assert_ways()

    def test_plugin_whose_dependency_uses_libcurl_carries_the_token(self):
        for flags in ("local", "deepbind"):
            result = self.run_program([program("host"), flags, "outer_plugin.so", *self.urls()])
            self.assert_ok(result)
            self.assert_ways()

    def test_plugin_beside_the_programs_libcurl_carries_the_token(self):
        """The loader binds it to the program's, although it brings one of its own."""
        for _ in self.with_and_without([program("host_linked"), "local", "plugin_own.so",
                                        *self.urls()]):
            self.assert_ways()

    def test_flavours_without_versions_stay_apart(self):
        """The stand-in for libcurl has none: in one scope, GnuTLS's libcurl would call into it."""
        for plugins in (FLAVOURS[:2], FLAVOURS[1::-1]):  # the second keeps its flag
            result = self.run_program(
                [program("host"), "deepbind", ",".join(plugins), *self.urls()],
                self.environment(LD_LIBRARY_PATH=program("native")))
            self.assertEqual(result.returncode, 0, result.stderr)
            found = "".join(line[6] for line in result.stdout.splitlines()
                            if line.startswith("whose"))
            self.assertEqual(found, "12")

    def test_other_plugins_stay_bound_deeply(self):
        for flags, whose in (("local", 1), ("global", 1), ("deepbind", 2)):
            for _ in self.with_and_without([program("host"), flags, "plain_plugin.so"],
                                           f"whose {whose} default 1\n"):
                pass

    def test_switched_off_the_flag_stays(self):
        result = self.run_program([program("host"), "deepbind", "plugin_gnutls.so"],
                                  self.environment(SYNAUTH_DISABLE="1"))
        self.assertEqual(result.stdout, "whose 2 default -1\n")


class LookUps(Binding):
    def test_next_definition_is_the_callers_next(self):
        for _ in self.with_and_without([program("next_program")], "11\n"):
            pass

    def test_library_closed_and_opened_again_carries_the_token(self):
        flavours = ["libcurl.so.4", "libcurl-gnutls.so.4"]
        for url, hops in self.routes()[-2:]:
            result = self.run_both([program("reopen"), self.server.ca, url, *flavours])
            self.assertEqual(result.stdout, "0\n" * 24)
            self.assertEqual(self.sent(), hops * 24)

    def test_interposers_behind_us_are_still_asked(self):
        for order in ([PRELOAD, program("other_interposer.so")],
                      [program("other_interposer.so"), PRELOAD]):
            result = self.run_program(
                [program("reopen"), self.server.ca, self.local(), "libcurl.so.4"],
                self.environment(LD_PRELOAD=":".join(order)))
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(result.stderr, "other: dlopen\nother: dlsym\n" * 12)

    def test_second_copy_leaves_the_work_to_the_first(self):
        environment = self.environment(LD_PRELOAD=f"{PRELOAD}:{UNOPTIMISED}")
        result = self.run_program([program("reopen"), self.server.ca, self.local(), "libcurl.so.4"],
                                  environment)
        self.assert_ok(result)
        self.assertEqual(self.authorizations(), [("https", BEARER_A)] * 12)


if __name__ == "__main__":
    unittest.main(verbosity=2)
