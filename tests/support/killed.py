"""A program that strace kills at each of its system calls in turn, or whose calls it lets fail."""

import collections
import os
import pathlib
import re
import subprocess
import tempfile

# The memory checker of a sanitizer traces the process itself.
QUIET = {"ASAN_OPTIONS": "detect_leaks=0"}


def traced(command, *options, environment, **more):
    """Runs it under strace; (its exit status, negative for a signal; the lines of its calls)."""
    with tempfile.NamedTemporaryFile("r", prefix="synauth-trace-") as trace:
        done = subprocess.run(["strace", "-f", "-qq", "-o", trace.name, *options, *command],
                              env=environment | QUIET, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, encoding="utf-8", timeout=120, check=False, **more)
        return done, trace.read().splitlines()


def system_calls(command, **options):
    """How often it makes which call."""
    done, lines = traced(command, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.returncode} {done.stderr}")
    names = (re.match(r"\d+ +(\w+)\(", line) for line in lines)
    return collections.Counter(name[1] for name in names if name)


def kill_at_each(command, begin, **options):
    """Yields (call, number) after it was killed there; `begin` is called before each run."""
    begin()
    calls = system_calls(command, **options)
    for name, count in calls.items():
        for number in range(1, count + 1):
            if (name, number) == ("execve", 1):
                continue  # not the program's own yet
            begin()
            traced(command, "-e", f"inject={name}:signal=KILL:when={number}", **options)
            yield name, number


def has_nameless_files(folder):
    """Whether the file system knows O_TMPFILE."""
    try:
        os.close(os.open(pathlib.Path(folder), os.O_WRONLY | os.O_TMPFILE, 0o600))
    except OSError:
        return False
    return True
