"""One build for every glibc since 2.17: nothing of ours asks for a newer symbol."""

import sys
import unittest
from pathlib import Path

from client_test import BUILD
from symbol_versions import beyond_the_floor, wanted_versions

PRODUCTS = ("lib/libsynauth_preload.so", "lib/libsynauth.so.1", "lib/libsynauth_service.so.1",
            "bin/synauth", "bin/synauth-helper")


class Floor(unittest.TestCase):
    def test_of_this_system_asks_for_more(self):
        """What is measured with: the interpreter that runs this needs the system's own glibc."""
        self.assertTrue(beyond_the_floor(sys.executable))

    def test_is_not_passed_by_what_we_install(self):
        for name in PRODUCTS:
            with self.subTest(name=name):
                path = Path(BUILD) / name
                self.assertTrue(wanted_versions(path))
                self.assertEqual(beyond_the_floor(path), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
