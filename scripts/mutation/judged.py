"""The list of mutants that no test can see, each with the reason why.

A line as scripts/mutate prints it (with or without the number of the line), then the reason, indented:

    lib/rules/rules.c: boundary: while (i < count) -> while (i <= count)
        the entry behind the last one ends the loop by itself
"""

import re

from mutation.tree import Failure

ENTRY = re.compile(r"(?P<path>[^\s:]+\.[ch])(?::\d+)?: (?P<rest>\w+: .+ -> .*)\Z")


def read(path):
    """{name of a mutant: reason}"""
    judged = {}
    name = None
    for number, line in enumerate(path.read_text().splitlines(), 1) if path.exists() else []:
        if not line.strip() or line.startswith("#"):
            continue
        match = ENTRY.match(line)
        if match:
            name = f"{match['path']}: {match['rest']}"
            if judged.setdefault(name, "") != "":
                raise Failure(f"{path}:{number}: the mutant is listed above")
        elif line[0] in " \t" and name:
            judged[name] = f"{judged[name]} {line.strip()}".strip()
        else:
            raise Failure(f"{path}:{number}: neither a mutant nor the reason of one")
    for name, reason in judged.items():
        if not reason:
            raise Failure(f"{path}: no reason why this mutant is equal: {name}")
    return judged
