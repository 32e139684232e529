"""Runs every case of tests/data/*.json through the command line, in two ways: by
`request-header` with the arguments of the case, and by `explain --json` with the rule that says
the same."""

import argparse
import base64
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse

CASE_FIELDS = {"id", "upstream", "args", "env", "files", "expect"}
EXPECT_FIELDS = {"outcome", "source", "token"}
EXIT_STATUS = {"token": 0, "none": 4, "unusable": 5, "login": 5, "sign": 5}
# What the reason names when the section asks for more than a token: no service answers here, and
# the only key among the cases is none.
WORDS = {"login": 'key "password"', "sign": 'key "apikey"'}
# Nobody listens there: a login fails at once, without leaving the machine.
NO_NETWORK = {"https_proxy": "http://127.0.0.1:1"}

SERVICES = {
    "synapse": {
        "url": "https://repo-prod.prod.sagebase.org/repo/v1/userProfile",
        "rule_keys": {"profile": "profile", "username": "username", "config_path": "config_file"},
    },
    "cave": {
        "url": "https://global.daf-apis.com/info/api/v2/datastacks",
        "rule_keys": {"token_key": "token_key", "token_file": "token_file",
                      "server_address": "auth_server"},
    },
}


class Mismatch(Exception):
    """What was seen is not what the case expects."""


def require(condition, text):
    if not condition:
        raise Mismatch(text)


def only_known(known, given, what):
    unknown = set(given) - set(known)
    require(not unknown, f"unknown {what}: {', '.join(sorted(unknown))}")


def substitute(text, home):
    return text.replace("@HOME@", str(home))


def make_file(home, name, content):
    require(name.startswith("~/"), f"unknown form of a file name: {name}")
    path = home / name[2:]
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if isinstance(content, str):
        path.write_bytes(substitute(content, home).encode())
    elif content == {"dir": True}:
        path.mkdir()
    elif set(content) == {"symlink"}:
        path.symlink_to(substitute(content["symlink"], home))
    elif set(content) == {"base64"}:
        path.write_bytes(base64.b64decode(content["base64"], validate=True))
    else:
        raise Mismatch(f"unknown form of a file: {content}")


def run(program, arguments, environment, directory):
    return subprocess.run([program, *arguments], env=environment, cwd=directory, timeout=30,
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Case:
    """One case in its own home directory."""

    def __init__(self, program, service, case, home):
        only_known(CASE_FIELDS, case, "field")
        only_known(EXPECT_FIELDS, case["expect"], "expectation")
        only_known(EXIT_STATUS, [case["expect"]["outcome"]], "outcome")
        only_known(SERVICES[service]["rule_keys"], case["args"], "argument")
        self.program, self.service, self.home = program, service, home
        self.expect = case["expect"]
        self.arguments = {key: substitute(value, home) for key, value in case["args"].items()}
        self.environment = {key: substitute(value, home) for key, value in case["env"].items()}
        self.environment.update(NO_NETWORK, HOME=str(home))
        for name, content in case["files"].items():
            make_file(home, name, content)

    def check_status(self, completed):
        outcome = self.expect["outcome"]
        talk = completed.stderr.decode(errors="replace")
        require(completed.returncode == EXIT_STATUS[outcome],
                f"exit status {completed.returncode} for {outcome}: {talk.strip()}")
        return talk

    def check_request_header(self):
        options = [f"--{key.replace('_', '-')}={value}" for key, value in self.arguments.items()]
        completed = run(self.program, [self.service, "request-header", *options],
                        self.environment, self.home)
        talk = self.check_status(completed)
        if self.expect["outcome"] == "token":
            header = f"Authorization: Bearer {self.expect['token']}\n".encode()
            require(completed.stdout == header, f"printed {completed.stdout!r}")
            return
        require(completed.stdout == b"", f"printed {completed.stdout!r}")
        require(talk.count("\n") == 1 and talk.startswith("synauth: "), f"said {talk!r}")
        self.check_reason(talk)

    def check_reason(self, reason):
        require(WORDS.get(self.expect["outcome"], "") in reason, f"said {reason!r}")

    def rule(self):
        """The URL to ask about and, when the case has arguments, the rule that means the same."""
        url = SERVICES[self.service]["url"]
        if not self.arguments:
            return url, None
        address = self.arguments.get("server_address", url)
        host = urllib.parse.urlsplit(address if "://" in address else f"https://{address}").netloc
        settings = {"match": host, "service": self.service}
        for key, value in self.arguments.items():
            settings[SERVICES[self.service]["rule_keys"][key]] = value
        if "auth_server" in settings:
            settings["auth_server"] = host
        members = " ".join(f"{key} = {quoted(value)};" for key, value in settings.items())
        return f"https://{host}/", f"rules = ( {{ {members} }} );\n"

    def check_explain(self):
        environment = dict(self.environment)
        url, rule = self.rule()
        if rule:
            path = self.home / "rule.conf"
            path.write_text(rule, encoding="utf-8")
            path.chmod(0o600)
            environment["SYNAUTH_CONFIG"] = str(path)
        completed = run(self.program, ["explain", "--json", url], environment, self.home)
        self.check_status(completed)
        answer = json.loads(completed.stdout)
        outcome, token = self.expect["outcome"], self.expect["token"]
        require(answer["decision"] == ("send" if outcome == "token" else "withhold"),
                f"decision {answer['decision']}")
        kind = answer["source"]["kind"] if answer["source"] else None
        require(kind == self.expect["source"], f"source {kind}, not {self.expect['source']}")
        fingerprint = hashlib.sha256(token.encode()).hexdigest()[:8] if token else None
        require(answer["fingerprint"] == fingerprint, f"fingerprint {answer['fingerprint']}")
        self.check_reason(answer["reason"])


def run_case(program, service, case):
    """Returns what is wrong, one line for each way."""
    failures = []
    for way in (Case.check_request_header, Case.check_explain):
        with tempfile.TemporaryDirectory(prefix="synauth-vectors-") as home:
            try:
                way(Case(program, service, case, pathlib.Path(home)))
            except (Mismatch, KeyError, ValueError, TypeError, subprocess.TimeoutExpired) as error:
                failures.append(f"{service} {case.get('id')} {way.__name__}: {error!r}")
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="the synauth command")
    parser.add_argument("vectors", nargs="+", type=pathlib.Path,
                        help="files named after their service: synapse.json, cave.json")
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    failures, count = [], 0
    for path in arguments.vectors:
        cases = json.loads(path.read_text(encoding="utf-8"))
        for case in cases:
            failures += run_case(program, path.stem, case)
        count += len(cases)
        print(f"{path.stem}: {len(cases)} cases, each in two ways")
    print("\n".join(failures))
    print(f"{count} cases, {len(failures)} mismatches")
    return 1 if failures or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
