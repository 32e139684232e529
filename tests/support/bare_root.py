"""A root directory that holds libc, its loader and what the test takes along, nothing else."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path


def run(*arguments, **environment):
    return subprocess.run([str(argument) for argument in arguments], capture_output=True, text=True,
                          timeout=60, check=False, stdin=subprocess.DEVNULL,
                          env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environment})


class BareRoot(unittest.TestCase):
    def setUp(self):
        super().setUp()
        directory = tempfile.TemporaryDirectory(prefix="synauth-root-")
        self.addCleanup(directory.cleanup)
        self.root = Path(directory.name)
        self.root.chmod(0o755)

    def take(self, path, to=None):
        target = self.root / str(to or path).lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)

    def take_program(self, path):
        """With all the libraries that it needs."""
        self.take(path)
        for library in re.findall(r"(/\S+)", run("ldd", path).stdout):
            self.take(library)

    def in_root(self, *arguments, **environment):
        # Root needs no namespace to change its root, and a container may forbid it one.
        prefix = [] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user"]
        return run(*prefix, "chroot", self.root, *arguments, **environment)
