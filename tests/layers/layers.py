"""layers - who may include whom. The table is ROOMS and VISITS; docs/architecture.md draws it."""
import os
import re

# Folder of the tree: its rooms from the bottom up, "." being the folder itself. A room includes what
# lies in rows below its own and in itself; rooms of one row do not know each other.
ROOMS = {
    "lib": (("include", "floor"),
            ("base",),
            ("foreign", "file", "loader"),
            ("rules", "format", "helper"),
            ("config",),
            ("source",),
            ("source/synapse", "source/cave"),
            (".",),
            ("cave_client",)),
    "preload": (("ground",), ("bind",), ("remember",), ("decide", "inject"), (".",), ("enter",)),
    "cli": (("talk",), ("run", "synapse", "cave"), ("doctor",), (".",)),
    "service": (("include",), (".",)),
    "helper": ((".",),),
}

# What a folder may include of another one: rooms ("base/") and single headers.
VISITS = {
    "lib": {},
    "preload": {"lib": ("base/", "loader/", "file/code_trust.h", "rules/origin.h", "hook_api.h",
                        "identity.h")},
    "service": {"lib": ("include/", "base/", "file/", "format/", "rules/servers.h",
                        "cave_client/server_address.h", "source/token.h", "source/token_service.h",
                        "source/synapse/attempts.h", "source/synapse/session.h")},
    "helper": {"lib": ("base/",), "service": ("include/",)},
    "cli": {"lib": ("include/", "base/", "file/", "format/", "loader/", "identity.h",
                    "rules/server_host.h", "rules/servers.h", "source/cave/secrets_directory.h",
                    "source/synapse/session_directory.h", "source/token_service.h"),
            "service": ("include/",), "helper": ("memory.h",)},
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.MULTILINE)
STRUCT = re.compile(r"^struct (\w+) \{", re.MULTILINE)


def level(folder, room):
    """The row of a room, counted from below; None for one that is in no table."""
    for index, row in enumerate(ROOMS[folder]):
        if room in row:
            return index
    return None


def sources(top, folder):
    """Every source and header, as a path below the folder."""
    base = os.path.join(top, folder)
    for directory, _, names in os.walk(base):
        for name in sorted(names):
            if name.endswith((".c", ".h", ".def")):
                yield os.path.relpath(os.path.join(directory, name), base)


def room_of(path):
    return os.path.dirname(path) or "."


def find(top, folder, path, name):
    """The folder and path of the file that `#include "name"` means in folder/path, or None."""
    beside = os.path.normpath(os.path.join(os.path.dirname(path), name))
    if os.path.isfile(os.path.join(top, folder, beside)):
        return folder, beside
    for other in [folder, *VISITS[folder]]:
        for place in (name, os.path.join("include", name)):
            if os.path.isfile(os.path.join(top, other, place)):
                return other, place
    return None


def judge(top, folder, path, name):
    """What is wrong with one include, or None."""
    found = find(top, folder, path, name)
    if not found:
        return "is in no folder that this one may know"
    other, target = found
    if other != folder:
        allowed = VISITS[folder][other]
        if target in allowed or any(room_of(target) + "/" == entry for entry in allowed):
            return None
        return f"{other}/{target} is not open to {folder}/"
    mine, its = level(folder, room_of(path)), level(folder, room_of(target))
    if mine is None or its is None:
        return None  # said once for the room
    if room_of(path) == room_of(target) or its < mine:
        return None
    return f"{folder}/{room_of(target)} does not lie below {folder}/{room_of(path)}"


def uses(top, folder):
    """Which noun of a folder (x for x.c and x.h) includes which."""
    graph = {}
    for path in sources(top, folder):
        noun = os.path.splitext(path)[0]
        graph.setdefault(noun, set())
        with open(os.path.join(top, folder, path), encoding="utf-8") as file:
            found = [find(top, folder, path, name) for name in INCLUDE.findall(file.read())]
        graph[noun] |= {os.path.splitext(target)[0] for other, target in filter(None, found)
                        if other == folder} - {noun}
    return graph


def circles(top, folder):
    """The nouns of a folder that include each other, once round, after all others are taken off."""
    graph = uses(top, folder)
    while True:
        used = set().union(*graph.values()) if graph else set()
        ends = {noun for noun, below in graph.items() if not below & set(graph) or noun not in used}
        if not ends:
            return sorted(graph)
        graph = {noun: below for noun, below in graph.items() if noun not in ends}


def struct_places(top):
    """Where each struct is defined: a name has one meaning in all folders."""
    places = {}
    for folder in ROOMS:
        for path in sources(top, folder):
            with open(os.path.join(top, folder, path), encoding="utf-8") as file:
                for name in STRUCT.findall(file.read()):
                    places.setdefault(name, []).append(f"{folder}/{path}")
    return places


def offences(top):
    """A line for each include up or sideways, room in no table, circle, and struct of two meanings."""
    found = []
    for folder in ROOMS:
        unknown = set()
        for path in sources(top, folder):
            if level(folder, room_of(path)) is None:
                unknown.add(room_of(path))
            with open(os.path.join(top, folder, path), encoding="utf-8") as file:
                text = file.read()
            for match in INCLUDE.finditer(text):
                wrong = judge(top, folder, path, match.group(1))
                if wrong:
                    line = text.count("\n", 0, match.start()) + 1
                    found.append(f'{folder}/{path}:{line}: "{match.group(1)}": {wrong}')
        found += [f"{folder}/{room}/: is in no table of tests/layers/layers.py"
                  for room in sorted(unknown)]
        circle = circles(top, folder)
        if circle:
            found.append(f"{folder}/: include each other: {', '.join(circle)}")
    found += [f"struct {name} means {len(places)} things: {', '.join(places)}"
              for name, places in sorted(struct_places(top).items()) if len(places) > 1]
    return found
