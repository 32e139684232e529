"""Plays random sequences with and without the library and judges both: the requests by the model, what the
program sees by comparison. See scripts/model.
"""

import argparse
import collections
import itertools
import os
import random
import re
import shlex
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import client_test
import generate
import model
import options
import shrink
from world import STEP, ModelServer, World

BATCH = 50
SECONDS_MAX = 300  # a player that hangs
MISSING = "must carry"  # the reason of a token that is not there
STEADY_TRIES = 8   # what differs between two runs of the same kind is not ours
SILENT_SHARE_MAX = 0.1
PLAYER = os.environ.get("SYNAUTH_MODEL_PLAYER") or client_test.BUILD + "/bin/model_player"
PLACE = re.compile(r"\{([^{}@]*@)?([A-Z][a-z0-9]*)(\.port)?\}")
OURS = re.compile(r"[Aa]uthorization: Bearer \[synauth\]\\0d\\0a")
DATE = re.compile(r"[Dd]ate: [^\\]*GMT")
DIFFERENT_TIMES = re.compile(r"Signature=[0-9a-f]{64}|X-Amz-Date:[^\\]*|x-amz-date[^\\]*|stream \d+")
MARK = re.compile(r"\b[bw](?=\d+\.\d+)")
UNSTEADY = [re.compile(pattern) for pattern in (
    r"^h\d says .*(Trying|Connected to|Established|Connection #|left intact|Re-using|Using Stream|TLS|SSL|ALPN|"
    r"completely|bytes data|Closing|Hostname|Expire|pipe|Found bundle|multipl|DNS|port \d|\[authorization).*$",)]


def expanded(call, world):
    def place(match):
        user, target, port = match.groups()
        return str(world.origin(target)[2]) if port else world.url(target, user=user or "")
    return tuple(PLACE.sub(place, word) for word in call)


class Played:
    """What one run of a sequence showed."""

    def __init__(self, lines, requests):
        self.lines, self.requests = lines, requests

    def seen(self):
        """Each handle's own lines in order: which handle comes first is a matter of speed."""
        seen = collections.defaultdict(list)
        for line in self.lines:
            line = DIFFERENT_TIMES.sub("", DATE.sub("date: ", MARK.sub("", OURS.sub("", line))))
            if not any(pattern.search(line) for pattern in UNSTEADY):
                seen[line[:2] if re.match(r"h\d ", line) else ""].append(line)
        return {handle: sorted(lines) if handle == "" else lines for handle, lines in seen.items()}


class Stage:
    def __init__(self, server, folder):
        self.server = server
        self.home = folder
        self.environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(folder),
                            "SYNAUTH_CONFIG": str(folder / "synauth.conf"), "SYNAUTH_LOG": "off",
                            "ASAN_OPTIONS": "detect_leaks=0"}
        self.libcurl = client_test._version_of_libcurl()
        self.world = World(server, folder, self.libcurl)
        self.numbers = itertools.count(1)  # a request may be logged when its sequence is over

    def run_player(self, mark, text, preload):
        environment = dict(self.environment)
        if preload:
            environment["LD_PRELOAD"] = client_test.preload_value()
        command = client_test.command_of([PLAYER, mark, self.home, *self.server.addresses()])
        try:
            result = subprocess.run(command, input=text, env=environment, capture_output=True, text=True, cwd=self.home,
                                    errors="replace", timeout=SECONDS_MAX, check=False)
            return result.returncode, result.stdout, result.stderr
        except subprocess.TimeoutExpired:
            return "timeout", "", ""

    def run_players(self, mark, ours, sequences):
        """Most in one process. A connection that is not as verified as others may be used again by any
        handle of its process: a sequence that makes one has a process of its own."""
        alone = [own for own, number in ours.items() if model.replayed(sequences[number]).context]
        groups = [[own for own in ours if own not in alone], *([own] for own in alone)]
        results = [self.run_player(mark, "".join(options.script(own, sequences[ours[own]]) for own in group), mark == "w")
                   for group in groups if group]
        status = next((result[0] for result in results if result[0] != 0), 0)
        return status, "".join(result[1] for result in results), "".join(result[2] for result in results)

    def play(self, sequences):
        """{number: calls} -> (status, {number: Played}, stderr) without and with the library."""
        ours = {str(next(self.numbers)): number for number in sequences}
        with ThreadPoolExecutor(2) as pool:
            runs = [pool.submit(self.run_players, mark, ours, sequences) for mark in "bw"]
            results = [run.result() for run in runs]
        requests = collections.defaultdict(list)
        for record in self.server.requests():
            agent = re.fullmatch(r"([bw])(\d+)\.(\d+)", record["agent"])
            key = agent.groups() if agent and agent[2] in ours else ("?", "", "")
            requests[key].append(self.world.request(record))
        return [self.sorted(mark, result, requests, ours) for mark, result in zip("bw", results)]

    def sorted(self, mark, result, requests, ours):
        status, output, errors = result
        lines, current = {}, None
        for line in output.splitlines():
            if line.startswith("sequence "):
                current = lines.setdefault(line[9:], [])
            elif current is not None:
                current.append(line)
        played = {}
        for own, number in ours.items():
            of_transfers = {key[2]: sorted(value, key=steps_left, reverse=True) for key, value in requests.items() if key[:2] == (mark, own)}
            played[number] = Played(lines.get(own, []), of_transfers)
        nameless = requests.get(("?", "", ""), [])
        return status, played, errors, nameless


class Judge:
    def __init__(self, stage):
        self.stage, self.world = stage, stage.world
        self.verdicts = collections.Counter()
        self.reasons = collections.Counter()

    def faults(self, calls, with_us):
        """What is wrong with the requests of a sequence: texts, the worst first."""
        found = []
        transfers = model.transfers(calls)
        for number, requests in with_us.requests.items():
            transfer = transfers.get(number)
            for at, request in enumerate(requests):
                found += self.request_faults(number, transfer, request, requests[:at])
        return found

    def request_faults(self, number, transfer, request, earlier):
        where = f"transfer {number}, {request.method} {request.origin[0]}://{request.origin[1]}:{request.origin[2]}{request.raw_path}"
        header = request.authorization or None
        if transfer is None:
            return [f"{where}: a token in a transfer that the model does not know"] if self.is_token(header) else []
        kind, right, why = model.verdict(transfer, request, earlier, self.world)
        self.verdicts[kind] += 1
        self.reasons[f"{kind}: {why}"] += 1
        if self.is_token(header):
            if kind == model.MUST_NOT:
                return [f"{where}: carries {header}, but {kind} a token ({why})"]
            return [] if header == right else [f"{where}: carries {header} instead of {right} ({why})"]
        if kind == model.MUST:
            return [f"{where}: {kind} a token ({why}) and has {header}"]
        placeholder = self.world.placeholder and f"Bearer {self.world.placeholder}"
        if placeholder and header == placeholder:
            return [f"{where}: the placeholder is sent (5.10)"]
        return []

    def own(self, request):
        """The program's own credentials. AWS signs the time, too; the placeholder may be replaced (5.10)."""
        text = request.authorization
        if self.is_token(text) or (self.world.placeholder and text == f"Bearer {self.world.placeholder}"):
            return ""
        return text.split("Signature=")[0] if text.startswith("AWS4") else text

    def is_for(self, request):
        """Is it the token of that host? Of a request without a name (7.74 forgets it) no more can be said."""
        rule = self.world.rule_for(request.origin)
        return rule is not None and request.authorization == rule.header

    def is_token(self, header):
        return any(token in (header or "") for token in self.world.tokens())

    def differences(self, bare, with_us):
        """What differs of the requests (but for our token) and of what the program sees (5.5)."""
        shape = [{number: [(request.origin, request.method, request.raw_path, request.query, request.cookie,
                            request.protocol, request.others, self.own(request)) for request in requests]
                  for number, requests in played.requests.items()} for played in (bare, with_us)]
        if shape[0] != shape[1]:
            return [f"the requests differ: {first_difference(*shape)}"]
        seen = bare.seen(), with_us.seen()
        return [f"the program sees: {first_difference(*seen)}"] if seen[0] != seen[1] else []


def steps_left(request):
    """The order of a transfer's requests: nginx logs one whose body it still discards behind the next."""
    target = STEP.search(request.raw_path)
    return request.raw_path[target.end():].count("/") + bool(request.raw_path[target.end():]) if target else -1


def first_difference(without, with_us):
    for key in sorted(set(without) | set(with_us)):
        first, second = without.get(key, []), with_us.get(key, [])
        for at in range(max(len(first), len(second))):
            pair = [values[at] if at < len(values) else "nothing" for values in (first, second)]
            if pair[0] != pair[1]:
                return f"[{key}] without: {pair[0]}  with: {pair[1]}"
    return "nothing"


class Run:
    def __init__(self, stage, arguments):
        self.stage, self.arguments = stage, arguments
        self.judge = Judge(stage)
        self.requests = self.unsteady = self.invalid = 0

    def calls_of(self, seed):
        return [expanded(call, self.stage.world) for call in generate.sequence(seed, self.stage.libcurl)]

    def trouble(self, calls):
        """Why this one sequence fails, or None. A difference must be there each time."""
        reasons, was_missing = [], False
        bares, withs = [], []
        for _ in range(STEADY_TRIES):
            (status, played, _, _), (status_with, played_with, errors, nameless) = self.stage.play({0: calls})
            if status != 0:
                return None  # such a program fails without us
            if status_with != 0:
                return f"the program ends with {status_with}: {errors[-3000:]}"
            reasons = self.judge.faults(calls, played_with[0]) + self.leaks(played_with, nameless)
            if reasons and (MISSING not in reasons[0] or len(bares) + 1 == STEADY_TRIES):
                return reasons[0]
            if was_missing and not reasons:
                return None
            was_missing = bool(reasons)
            bares.append(played[0])
            withs.append(played_with[0])
            if not reasons and not self.judge.differences(played[0], played_with[0]):
                return None
        for bare in bares:
            for with_us in withs:
                if not self.judge.differences(bare, with_us):
                    return None
        if any(self.judge.differences(bares[0], bare) for bare in bares):
            return None  # it differs from itself
        return self.judge.differences(bares[-1], withs[-1])[0]

    def leaks(self, played, nameless):
        found = [f"the program sees a token: {line}" for one in played.values() for line in one.lines
                 if self.judge.is_token(line)]
        return found + [f"a token on a request without a name: {request}" for request in nameless
                        if self.judge.is_token(request.authorization) and not self.judge.is_for(request)]

    def batch(self, seeds):
        """Seeds of sequences that look wrong."""
        sequences = {seed: self.calls_of(seed) for seed in seeds}
        (status, bare, _, _), (status_with, with_us, errors, nameless) = self.stage.play(sequences)
        if status != 0 or status_with != 0:
            return self.halves(seeds, status, status_with, errors)
        leaks = self.leaks(with_us, nameless)
        suspects = list(seeds) if leaks else []
        for seed, calls in sequences.items():
            self.requests += sum(map(len, with_us[seed].requests.values()))
            reasons = self.judge.faults(calls, with_us[seed]) or \
                self.judge.differences(bare[seed], with_us[seed])
            if reasons or leaks:
                suspects.append(seed)
            if self.arguments.unsteady and (reasons or leaks):
                print(f"at first, seed {seed}: {(reasons + leaks)[0]}")
        return suspects

    def halves(self, seeds, *status):
        if len(seeds) == 1:
            self.invalid += status[0] != 0
            return list(seeds) if status[0] == 0 else []
        middle = len(seeds) // 2
        return self.batch(seeds[:middle]) + self.batch(seeds[middle:])

    def all(self, first, count):
        failures = []
        for start in range(first, first + count, BATCH):
            for seed in self.batch(range(start, min(start + BATCH, first + count))):
                reason = self.trouble(self.calls_of(seed))
                if reason:
                    failures.append(seed)
                    self.report(seed, reason)
                else:
                    self.unsteady += 1
                if len(failures) >= self.arguments.failures:
                    return failures
        return failures

    def silent(self):
        """Sequences that have shown nothing."""
        return self.unsteady + self.invalid

    @staticmethod
    def silent_max(count):
        return max(2, count * SILENT_SHARE_MAX)

    def summary(self, failures):
        libcurl = ".".join(map(str, self.stage.libcurl))
        verdicts = ", ".join(f"{count} {kind}" for kind, count in sorted(self.judge.verdicts.items()))
        return (f"libcurl {libcurl}: seed {self.arguments.seed}, {self.arguments.count} sequences, {self.requests} requests "
                f"({verdicts}); {self.unsteady} differ from run to run, {self.invalid} fail without us; "
                f"{len(failures)} failures")

    def report(self, seed, reason):
        print(f"\nseed {seed}: {reason}", flush=True)
        calls = self.calls_of(seed)
        if not self.arguments.no_shrink:
            kind = shrink.kind_of(reason)
            calls = shrink.fewest(calls, lambda fewer: shrink.kind_of(self.trouble(fewer)) == kind)
            print(self.trouble(calls))
        self.stage.environment["SYNAUTH_LOG"] = "debug"
        print(self.stage.run_player("w", options.script(0, calls), True)[2])
        self.stage.environment["SYNAUTH_LOG"] = "off"
        self.stage.server.requests()
        print(shrink.program(calls), flush=True)


def arguments_of(words):
    parser = argparse.ArgumentParser(prog="scripts/model", description=__doc__)
    parser.add_argument("seed", nargs="?", type=int, help="of the first sequence (default: of the day)")
    parser.add_argument("count", nargs="?", type=int, default=200, help="how many sequences")
    parser.add_argument("--failures", type=int, default=1, help="stop after so many")
    parser.add_argument("--no-shrink", action="store_true")
    parser.add_argument("--unsteady", action="store_true", help="what differs at the first attempt")
    parser.add_argument("--reasons", action="store_true", help="how often each sentence decided")
    return parser.parse_args(words)


def main():
    arguments = arguments_of(sys.argv[1:])
    if arguments.seed is None:
        arguments.seed = random.SystemRandom().randrange(10 ** 9)
    print(f"seed {arguments.seed}, {arguments.count} sequences", flush=True)
    with tempfile.TemporaryDirectory(prefix="synauth-model-") as folder:
        os.chmod(folder, 0o700)
        certificates = Path(folder) / "server"
        home = Path(folder) / "home"
        certificates.mkdir()
        home.mkdir(mode=0o700)
        with ModelServer(certificates) as server:
            run = Run(Stage(server, home), arguments)
            failures = run.all(arguments.seed, arguments.count)
    print(run.summary(failures))
    if arguments.reasons:
        for reason, count in run.judge.reasons.most_common():
            print(f"{count:8} {reason}")
    if run.silent() > run.silent_max(arguments.count):
        print("too many sequences that show nothing")
        return 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
