"""Locales that a test makes for itself: most machines have no other than C and English."""

import subprocess
from pathlib import Path


def make_locale(folder: Path, name):
    """`name` as in tr_TR.UTF-8. Returns the environment in which a program that calls setlocale()
    speaks it."""
    language, _, charset = name.partition(".")
    subprocess.run(["localedef", "--no-archive", "-i", language, "-f", charset, str(folder / name)],
                   check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return {"LC_ALL": name, "LOCPATH": str(folder)}
