"""Running programs so that neither they nor what they start can hold up a test for ever."""

import faulthandler
import os
import signal
import subprocess


def run_bounded(arguments, timeout, **options):
    """subprocess.run in a session of its own: the time being up ends all of it.

    Killing the program alone would leave what it has started with the pipes that are read here.
    """
    secret = options.pop("input", None)
    options.setdefault("stdin", subprocess.DEVNULL if secret is None else subprocess.PIPE)
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          start_new_session=True, **options) as process:
        try:
            answer, talk = process.communicate(secret, timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
    return subprocess.CompletedProcess(process.args, process.returncode, answer, talk)


def end_after(seconds):
    """Whatever blocks then: the test program says where, and ends."""
    faulthandler.dump_traceback_later(seconds, exit=True)
