"""Running what may loop, eat memory or fill the disk."""

import os
import resource
import signal
import subprocess
import time

MEMORY = 8 << 30
FILE = 1 << 30


class Done:
    """How a program ended."""

    def __init__(self, passed, output, seconds):
        self.passed, self.output, self.seconds = passed, output, seconds


def limits(cpu_seconds):
    """Set in the child, before the program begins."""
    def set_limits():
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if cpu_seconds is not None:
            resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            resource.setrlimit(resource.RLIMIT_FSIZE, (FILE, FILE))
    return set_limits


def run_bounded(command, seconds, cpu_seconds=None, env=None, cwd=None):
    """Runs a program in a session of its own, which ends with it, and says how that went."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               env=env, cwd=cwd, start_new_session=True, preexec_fn=limits(cpu_seconds))
    try:
        output, _ = process.communicate(timeout=seconds)
        passed = process.returncode == 0
    except subprocess.TimeoutExpired:
        output, passed = b"", False
    finally:
        end_session(process)
    return Done(passed, output.decode(errors="replace"), time.monotonic() - begin)


def end_session(process):
    """Ends what the program has left behind, too."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    process.stdout.close()
