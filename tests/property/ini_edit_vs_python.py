"""ini_edit_vs_python - a token set by lib/format/ini_edit.c, read back by RawConfigParser: the token is
there, every other value is as before, and no line is lost but those that held the token."""
import configparser
import os
import random
import re
import struct
import subprocess
import sys

COUNT = 10_000
LINES = ["[authentication]", "[authentication]", "#[authentication]", "# [authentication]", "[default]",
         "[profile lab]", "[DEFAULT]", "[endpoints]", "# [other]", "",
         "authtoken = old", "AuthToken: old", "authtoken =", "#authtoken = <authtoken>",
         "# authtoken = ", "; authtoken: t", "# authtoken: is made on the web", "username = alice",
         "#username = <username>", "  deeper", "\tdeeper = x", "x = y", "repoEndpoint = https://h/",
         "# comment", "  # indented comment", "  username = u", "    authtoken = deep"]
TOKEN_LINE = re.compile(r"^[ \t]*([#;][ \t]*)?authtoken[ \t]*[=:]|^[#;][ \t]*\[authentication\][ \t]*$",
                        re.IGNORECASE)


def generate(source):
    lines = [source.choice(["[authentication]", "[default]", "# top"])]
    lines += [source.choice(LINES) for _ in range(source.randrange(12))]
    end = source.choice(["\n", "\n", "\r\n"])
    text = end.join(lines) + source.choice([end, end, ""])
    return text


def read(text):
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text.replace("\r\n", "\n"))
    except configparser.Error:
        return None
    return {section: dict(parser.items(section)) for section in parser.sections()}


def without_token(values):
    kept = {section: dict(keys) for section, keys in values.items()}
    kept.get("authentication", {}).pop("authtoken", None)
    return kept


def is_subsequence(wanted, lines):
    rest = iter(lines)
    return all(line in rest for line in wanted)


def kept_lines(text):
    """What must be found again: all lines but the token's own, and what continues it."""
    kept, in_token = [], False
    for line in re.split(r"\r?\n", text):
        if TOKEN_LINE.match(line):
            in_token = True
        elif line.lstrip(" \t")[:1] in ("#", ";"):
            kept.append(line)
        elif in_token and (not line.strip() or line[0] in " \t"):
            continue
        else:
            in_token = False
            kept.append(line)
    return kept


def mistake(text, answer):
    before = read(text)
    if before is None:
        return None if answer == "error" else "edited what Python cannot read"
    if answer == "error":
        return "refused"
    edited = bytes.fromhex(answer).decode()
    after = read(edited)
    if after is None:
        return "made it unreadable"
    if after.get("authentication", {}).get("authtoken") != "TOKEN":
        return "the token is not there"
    expected = without_token(before)
    expected.setdefault("authentication", {key: value for key, value in
                                           without_token(after)["authentication"].items()
                                           if "authentication" not in before})
    if without_token(after) != expected:
        return "changed another value"
    if ("\r\n" in text) and re.search(r"[^\r]\n", edited):
        return "mixed line ends"
    if not is_subsequence(kept_lines(text), re.split(r"\r?\n", edited)):
        return "lost a line"
    return None


def main():
    seed = int(os.environ.get("SYNAUTH_TEST_SEED", "20240607"))
    print(f"{COUNT} inputs, SYNAUTH_TEST_SEED={seed}")
    source = random.Random(seed)
    inputs = [generate(source) for _ in range(COUNT)]
    frames = b"".join(struct.pack("<I", len(text.encode())) + text.encode() for text in inputs)
    run = subprocess.run([sys.argv[1]], input=frames, stdout=subprocess.PIPE, check=True)
    answers = run.stdout.decode("ascii").splitlines()
    if len(answers) != COUNT:
        sys.exit(f"{len(answers)} answers to {COUNT} inputs")
    wrong, edited = {}, 0
    for text, answer in zip(inputs, answers):
        edited += answer != "error"
        problem = mistake(text, answer)
        if problem:
            wrong.setdefault(problem, []).append((text, answer))
    for problem, cases in wrong.items():
        text, answer = min(cases, key=lambda case: len(case[0]))
        shown = answer if answer == "error" else bytes.fromhex(answer)
        print(f"{problem}: {len(cases)} times, as in\n  {text!r}\n  {shown!r}")
    print(f"{edited} edited")
    # A generator that makes only broken files tests nothing.
    sys.exit(1 if wrong or edited < COUNT // 10 else 0)


main()
