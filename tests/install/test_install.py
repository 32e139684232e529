"""cmake --install to a prefix and with DESTDIR, without tests; programs that use what it installed."""

import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from symbol_versions import beyond_the_floor, is_elf

SOURCE = Path(os.environ["SYNAUTH_TEST_SOURCE"])
CONSUMER = SOURCE / "tests/install/consumer"
URL = "https://repo-prod.prod.sagebase.org/repo/v1/userProfile"
TOKEN = "fake-token-of-the-install-test"
EXPECTED = [
    "bin/synauth", "include/synauth.h", "include/synauth_service.h",
    "lib/libsynauth.so", "lib/libsynauth.so.1", "lib/libsynauth.so.{version}",
    "lib/libsynauth_service.so", "lib/libsynauth_service.so.1", "lib/libsynauth_service.so.{version}",
    "lib/libsynauth_preload.so", "lib/pkgconfig/synauth.pc", "lib/pkgconfig/synauth-service.pc",
    "lib/cmake/synauth/synauthConfig.cmake", "lib/cmake/synauth/synauthConfigVersion.cmake",
    "lib/cmake/synauth/synauthTargets.cmake", "lib/cmake/synauth/synauthTargets-{type}.cmake",
    "libexec/synauth/synauth-helper", "libexec/synauth/synauth-helper-keyring",
]
# What distributions build with.
FLAGS = {"CFLAGS": "-g1 -O2 -flto=auto -ffat-lto-objects -fcf-protection",
         "LDFLAGS": "-flto=auto -Wl,-Bsymbolic-functions -Wl,--as-needed"}
LIBC = {"libc.so.6", "libdl.so.2", "libpthread.so.0", "ld-linux-x86-64.so.2",
        "ld-linux-aarch64.so.1"}


def files_below(directory):
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*")
                  if not path.is_dir())


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="synauth-install-")))
        cls.build = cls.directory / "build"
        cls.prefix = cls.directory / "prefix"
        cls.environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8"}
        cls.run_ok("cmake", "-S", SOURCE, "-B", cls.build, "-DBUILD_TESTING=OFF",
                   "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_INSTALL_LIBDIR=lib",
                   f"-DCMAKE_INSTALL_PREFIX={cls.prefix}", **FLAGS)
        cls.run_ok("cmake", "--build", cls.build, "--parallel", str(os.cpu_count()))
        cls.run_ok("cmake", "--install", cls.build)
        cls.moved = cls.directory / "moved"
        cls.run_ok("cmake", "--install", cls.build, "--prefix", cls.moved)
        cls.version = re.search(r"project\(synauth VERSION ([\d.]+)",
                                (SOURCE / "CMakeLists.txt").read_text()).group(1)

    @classmethod
    def run_ok(cls, *command, **more):
        result = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                                check=False, env={**cls.environment, **more})
        if result.returncode != 0:
            raise AssertionError(f"{command}: {result.stdout}{result.stderr}")
        return result.stdout

    def expected(self):
        return sorted([name.format(version=self.version, type="release") for name in EXPECTED]
                      + ["etc/synauth/synauth.conf"])

    def test_prefix_holds_what_it_should_and_nothing_else(self):
        self.assertEqual(files_below(self.prefix), self.expected())

    def test_prefix_of_the_install_command_takes_all(self):
        self.assertEqual(files_below(self.moved), self.expected())

    def test_destdir_stages_for_the_usual_prefix(self):
        """From the same build tree, told another prefix: most of it is not compiled again."""
        stage = self.directory / "stage"
        self.run_ok("cmake", self.build, "-U", "CMAKE_INSTALL_LIBDIR", "-DCMAKE_INSTALL_PREFIX=/usr")
        self.run_ok("cmake", "--build", self.build, "--parallel", str(os.cpu_count()))
        self.run_ok("cmake", "--install", self.build, DESTDIR=str(stage))
        staged = files_below(stage)
        self.assertIn("etc/synauth/synauth.conf", staged)
        self.assertIn("usr/bin/synauth", staged)
        self.assertEqual(len(staged), len(self.expected()))
        self.assertEqual([name for name in staged if not name.startswith(("usr/", "etc/"))], [])
        self.assertNotIn(str(stage), "".join(
            path.read_text() for path in stage.rglob("*") if path.suffix in (".pc", ".cmake")))
        self.assertNotIn("R*PATH", self.run_ok("readelf", "-d", stage / "usr/bin/synauth"))

    def test_nothing_asks_for_a_glibc_newer_than_the_floor(self):
        objects = [path for path in self.prefix.rglob("*") if path.is_file() and is_elf(path)
                   and not path.is_symlink()]
        self.assertEqual(len(objects), 6, objects)
        self.assertEqual({path.name: beyond_the_floor(path) for path in objects},
                         {path.name: [] for path in objects})

    def test_preload_library_needs_libc_only(self):
        dynamic = self.run_ok("readelf", "-d", self.prefix / "lib/libsynauth_preload.so")
        needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic))
        self.assertLessEqual(needed, LIBC)
        self.assertNotRegex(dynamic, r"\((RPATH|RUNPATH)\)")

    def test_installed_command_answers(self):
        program = self.prefix / "bin/synauth"
        self.assertEqual(self.run_ok(program, "--version"), f"synauth {self.version}\n")
        explained = self.run_ok(program, "explain", URL, SYNAPSE_AUTH_TOKEN=TOKEN)
        self.assertIn("SYNAPSE_AUTH_TOKEN", explained)
        self.assertNotIn(TOKEN, explained)

    def test_installed_site_configuration_is_read_and_valid(self):
        program = self.prefix / "bin/synauth"
        site = str(self.prefix / "etc/synauth/synauth.conf")
        self.assertIn(site, self.run_ok(program, "config", "path"))
        self.run_ok(program, "config", "check")
        self.assertIn("minnie.microns-daf.com", self.run_ok(program, "status"))

    def test_installed_command_finds_the_installed_library(self):
        maps = self.run_ok(self.prefix / "bin/synauth", "run", "--", "cat", "/proc/self/maps")
        self.assertIn(str(self.prefix / "lib/libsynauth_preload.so"), maps)

    def test_program_built_by_cmake_package(self):
        build = self.directory / "consumer"
        self.run_ok("cmake", "-S", CONSUMER, "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}")
        self.run_ok("cmake", "--build", build)
        self.assertEqual(self.run_ok(build / "consumer", URL, SYNAPSE_AUTH_TOKEN=TOKEN),
                         f"Authorization: Bearer {TOKEN}\n")

    def test_program_built_by_pkg_config(self):
        flags = shlex.split(self.run_ok("pkg-config", "--cflags", "--libs", "synauth",
                                        PKG_CONFIG_PATH=str(self.prefix / "lib/pkgconfig")))
        program = self.directory / "by-pkg-config"
        self.run_ok(shutil.which("cc"), CONSUMER / "consumer.c", "-o", program, *flags)
        self.assertEqual(self.run_ok(program, URL, SYNAPSE_AUTH_TOKEN=TOKEN,
                                     LD_LIBRARY_PATH=str(self.prefix / "lib")),
                         f"Authorization: Bearer {TOKEN}\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
