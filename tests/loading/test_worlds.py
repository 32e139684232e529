"""Small worlds of a program, plugins and libcurls: behind each hook stands what the loader chose.

Each libcurl says of which file it is (worlds/curl.c). A world is run without the library, with it and
with it switched off; every call must go to the same file each time. SYNAUTH_WORLDS is the number of
worlds, SYNAUTH_WORLDS_SEED the first seed; a seed makes one world.
"""

import os
import random
import shlex
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "worlds"))
import parts  # noqa: E402

FOLDER = os.path.join(os.environ.get("SYNAUTH_TEST_BUILD", ""), "tests/loading/worlds")
RUNNER = shlex.split(os.environ.get("SYNAUTH_TEST_RUNNER", ""))
PRELOAD = os.environ.get("SYNAUTH_TEST_PRELOAD", "")
COUNT = int(os.environ.get("SYNAUTH_WORLDS", "250"))
FIRST_SEED = int(os.environ.get("SYNAUTH_WORLDS_SEED", random.SystemRandom().randrange(10 ** 9)))
# musl does not say who was opened with RTLD_GLOBAL; what is certain there is in the other tests.
MUSL = os.environ.get("SYNAUTH_TEST_PORT") == "musl"
SECONDS_MAX = 60  # a program that hangs
OURS = "ours"
PRELOADS = [[OURS]] * 6 + [[OURS, "libpart.so"], [OURS, "libcurl-other.so"]]
if not MUSL:
    PRELOADS += [[OURS, "interposer.so"], ["interposer.so", OURS]]


class World:
    """A program, what is preloaded (OURS: there we are) and what the program does (worlds/host.c)."""

    def __init__(self, host, steps, preload=(OURS,)):
        self.host = host
        self.steps = [f"{FOLDER}/{step}" if step.endswith(".so") else step for step in steps]
        self.preload = preload

    def run(self, ours=None, **environment):
        preload = [ours if name == OURS else f"{FOLDER}/{name}" for name in self.preload
                   if ours or name != OURS]
        if preload:
            environment["LD_PRELOAD"] = ":".join(preload)
        return subprocess.run([*RUNNER, f"{FOLDER}/{self.host}", *self.steps], text=True, check=False,
                              capture_output=True, env={"HOME": "/nonexistent", **environment},
                              timeout=SECONDS_MAX)

    def __str__(self):
        steps = " ".join(step.removeprefix(FOLDER + "/") for step in self.steps)
        return f"{self.host} [{' '.join(self.preload)}] {steps}"


class Chance:
    """The world that a seed makes."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.opened = 0
        self.silent = set()  # opened, and has called nothing
        self.libraries = set()
        self.brought = set()  # libcurls that came in for a plugin alone
        self.steps = []

    def world(self):
        host = self.random.choice([*parts.HOSTS, "host-copy"])
        preload = self.random.choice(PRELOADS)
        for _ in range(self.random.randint(2, 5)):
            self.open_something()
            self.do_something()
        for number in range(self.opened):
            self.steps += ["end", str(number)]
        return World(host, self.steps, preload)

    def flags(self, name):
        """RTLD_DEEPBIND is taken from plugins that need a libcurl: what they bind late, or have a copy
        of, may then be another's."""
        flags = self.random.choice(["", "", "" if MUSL else "g"]) + self.random.choice(["", "", "", "k"])
        if "part" not in name and self.random.random() < 0.25:
            return flags + "dn"
        return flags + self.random.choice("nl")

    def without_late_global(self, name, flags):
        """Nothing tells that a libcurl which is there for all now was not when it was bound itself."""
        libraries = parts.libraries_of(name)
        if libraries & self.brought:
            return flags.replace("g", "")
        if "g" not in flags:
            self.brought |= libraries
        return flags

    def open_something(self):
        name = self.random.choice(parts.plugins(FOLDER) + list(parts.LIBRARIES) * 3)
        self.steps += ["open", name, self.without_late_global(name, self.flags(name))]
        self.silent.add(self.opened)
        if name in parts.LIBRARIES:
            self.libraries.add(self.opened)
        self.opened += 1
        if self.random.random() < 0.7:
            self.begin(self.opened - 1)

    def begin(self, number):
        """A libcurl has no such function: what it calls is called later."""
        self.steps += ["begin", str(number)]
        if number not in self.libraries:
            self.silent.discard(number)

    def close(self, number):
        """Not under a plugin that has called nothing: the loader may keep it for that one's sake,
        bound when it was opened, and without that binding it would not."""
        if all(silent <= number for silent in self.silent):
            self.steps += ["close", str(number)]

    def do_something(self):
        number = self.random.randrange(self.opened)
        action = self.random.choices(
            ["begin", "close", ["own-begin", "own-end"], ["look", str(number)], ["look-default"],
             ["look-next"], ["look-self"], []], [6, 3, 4, 3, 1, 1, 1, 3])[0]
        if action == "begin":
            self.begin(number)
            self.steps += ["end", str(number)]
        elif action == "close":
            self.close(number)
        else:
            self.steps += action


class Worlds(unittest.TestCase):
    maxDiff = None

    def compare(self, world, bare):
        for switched_off in ("0", "1"):
            with self.subTest(SYNAUTH_DISABLE=switched_off, world=str(world)):
                ours = world.run(PRELOAD, SYNAUTH_DISABLE=switched_off)
                self.assertEqual((ours.returncode, ours.stderr), (0, ""))
                self.assertEqual(ours.stdout, bare.stdout)

    def assert_goes_to(self, library, host, *steps, plugin=0):
        """All calls of the plugin's second half, and all of it as without us."""
        world = World(host, [*steps, "begin", str(plugin), "end", str(plugin)])
        bare = world.run()
        self.assertEqual(bare.returncode, 0, bare.stderr)
        calls = bare.stdout.split("\nend ")[-1].splitlines()[1:]
        self.assertGreater(len(calls), 10)
        self.assertEqual({line.split(" in ")[1] for line in calls}, {library})
        self.compare(world, bare)

    def test_programs_libcurl_comes_before_the_plugins_own(self):
        for host in ("host-plain", "host-plain-now"):
            for linked in ("other", "nameless", "openssl", "gnutls"):
                for binding in ("lazy", "now", "noplt"):
                    for flags in ("n", "l", "g", "nk"):
                        self.assert_goes_to("libcurl-plain.so", host, "open",
                                            f"plugin-{linked}-{binding}.so", flags)

    def test_programs_libcurl_comes_before_a_copy_in_the_plugin(self):
        for binding in ("lazy", "now", "noplt"):
            self.assert_goes_to("libcurl-plain.so", "host-plain", "open",
                                f"plugin-copy-{binding}.so", "n")

    def test_libcurl_opened_for_all_comes_before_the_plugins_own(self):
        for linked in ("plain", "openssl", "gnutls", "none"):
            for binding in ("lazy", "now", "noplt"):
                self.assert_goes_to("libcurl-other.so", "host", "open", "libcurl-other.so", "ng",
                                    "open", f"plugin-{linked}-{binding}.so", "n", plugin=1)

    def test_versions_keep_flavours_apart(self):
        for binding in ("lazy", "now", "noplt"):
            for host, linked in (("host-openssl", "gnutls"), ("host-gnutls-now", "openssl")):
                self.assert_goes_to(f"libcurl-{linked}.so", host, "open",
                                    f"plugin-{linked}-{binding}.so", "n")

    def test_interposers_before_and_behind_us_are_passed_once(self):
        for preload in ((OURS, "interposer.so"), ("interposer.so", OURS)):
            for host in ("host-plain", "host-openssl", "host-two", "host-copy"):
                world = World(host, ["own-begin", "own-end"], preload)
                self.compare(world, world.run())

    def test_flag_that_tells_libcurls_apart_stays(self):
        """RTLD_DEEPBIND, where no version would."""
        for host, linked in (("host-openssl", "openssl2"), ("host-plain", "gnutls"),
                             ("host-openssl", "other")):
            for binding in ("lazy", "now", "noplt"):
                self.assert_goes_to(f"libcurl-{linked}.so", host, "open",
                                    f"plugin-{linked}-{binding}.so", "dn")

    def test_look_ups_find_what_is_there(self):
        """For all the ways of dlsym, nothing included: the same answer, and the same of dlerror."""
        for host in (*parts.HOSTS, "host-copy"):
            for opened in ([], ["open", "libcurl-other.so", "n"], ["open", "libcurl-other.so", "ng"]):
                for preload in ((OURS,), ("interposer.so", OURS), (OURS, "libcurl-gnutls.so")):
                    world = World(host, [*opened, "look-default", "look-next", "look-self"], preload)
                    self.compare(world, world.run())

    def test_what_was_bound_stays_bound(self):
        """A libcurl opened for all comes too late for a plugin that was bound when it was opened,
        whether we had seen a call of it or not."""
        for binding in ("now", "lazy", "noplt"):
            for before in ([], ["begin", "0", "end", "0"]):
                for opened in ("libcurl-plain.so", "plugin-plain-lazy.so"):
                    self.assert_goes_to("libcurl-other.so", "host", "open",
                                        f"plugin-other-{binding}.so", "n", *before,
                                        "open", opened, "ng")

    def test_libcurl_stays_while_a_caller_is_bound_to_it(self):
        """By hooked functions alone: the loader does not know of it."""
        for opened in ("libcurl-other.so", "libcurl-openssl.so", "plugin-copy-lazy.so"):
            for flags in ("n", "g"):
                world = World("host", ["open", opened, "ng", "open", "bare.so", flags, "begin", "1",
                                       "close", "0", "end", "1"])
                bare = world.run()
                self.assertEqual(bare.returncode, 0, bare.stderr)
                self.assertEqual(bare.stdout.count(f" in {opened}"), 4)
                self.compare(world, bare)

    def test_constructors_are_served_before_ours_has_run(self):
        """Of a library of the program, of one that is opened; with -z initfirst before all others."""
        for library in ("early.so", "early-first.so"):
            for world in (World("host-" + library.removesuffix(".so"), []),
                          World("host", ["open", library, "n"])):
                bare = world.run()
                self.assertEqual(bare.returncode, 0, bare.stderr)
                self.assertGreater(bare.stdout.count(" in libcurl-openssl.so"), 10)
                self.compare(world, bare)

    def test_what_is_bound_late_sees_what_was_opened_since(self):
        self.assert_goes_to("libcurl-plain.so", "host", "open", "plugin-other-lazy.so", "l",
                            "open", "libcurl-plain.so", "ng")

    def test_calls_go_where_the_loader_would_send_them(self):
        print(f"seeds {FIRST_SEED} to {FIRST_SEED + COUNT - 1}")
        told = calls = 0
        for seed in range(FIRST_SEED, FIRST_SEED + COUNT):
            world = Chance(seed).world()
            bare = world.run()
            # A symbol that nobody has, or a program that gives one libcurl's handle to another:
            # such a world cannot be.
            if bare.returncode != 0 or "foreign" in bare.stdout:
                continue
            told += 1
            calls += bare.stdout.count(" in ")
            with self.subTest(seed=seed):
                self.compare(world, bare)
        print(f"{told} worlds, {calls} calls")
        self.assertGreater(told, COUNT // 2)
        self.assertGreater(calls, COUNT * 5)


if __name__ == "__main__":
    unittest.main(verbosity=2)
