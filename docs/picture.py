#!/usr/bin/env python3
"""picture - draws docs/architecture.svg: the way of a URL to a header, and who may include whom.

The second half comes from the table that tests/layers checks. `docs/picture.py` writes the file;
tests/layers fails while it is not what this program would write.
"""
import pathlib
import sys
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "layers"))
import layers  # noqa: E402

WIDTH = 1000
PLAIN, ROOM, OUTSIDE = "#ffffff", "#eef3fb", "#f3f3f3"
LANES = (
    ("the program's process: libsynauth_preload.so", (
        ("enter/", "the program calls", "a function of libcurl"),
        ("bind/", "which libcurl", "the caller means"),
        ("remember/", "what the program", "has set on the handle"),
        ("gate, legacy", "the URL that libcurl", "really fetches now"),
        ("decide/", "may this request", "carry a token?"),
        ("inject/", "the header is on this", "request, then off"))),
    ("the same process: libsynauth.so.1", (
        ("hook_api", "what the hooks", "may ask"),
        ("rules/", "the first rule", "for this origin"),
        ("credential", "the header, kept", "while it is fresh"),
        ("chain", "the sources", "in their order"),
        ("source/", "environment, files,", "sessions"),
        ("helper/", "starts a process for", "what takes its time"))),
    ("a process of its own: synauth-helper, synauth-helper-keyring", (
        ("helper/ (top level)", "login, command,", "keyring, AWS SSM"),)),
)
COLUMNS = ("preload", "lib", "cli", "service", "helper")
VISITS = "A folder sees of another one what VISITS in tests/layers/layers.py lists, and no more."


class Picture:
    def __init__(self):
        self.parts = []

    def text(self, x, y, words, size=12, weight="normal", anchor="middle", colour="#1b1b1b"):
        self.parts.append(f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" '
                          f'text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>')

    def box(self, x, y, width, height, fill):
        self.parts.append(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="4" '
                          f'fill="{fill}" stroke="#5b6b82"/>')

    def arrow(self, x1, y1, x2, y2):
        self.parts.append(f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#1b1b1b" '
                          'marker-end="url(#head)"/>')

    def write(self, height):
        body = "\n".join(self.parts)
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
                'font-family="sans-serif">\n'
                '<title>synauth: the way of a URL to a header, and who may include whom</title>\n'
                '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
                'markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>\n'
                f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>\n{body}\n</svg>\n')


def way(picture, top):
    """The lanes of boxes; returns where they end."""
    width, height, gap = 138, 62, 26
    places = {}
    picture.text(14, top, "The way of a URL to a header", 16, "bold", "start")
    y = top + 14
    for lane, (title, boxes) in enumerate(LANES):
        picture.box(10, y, WIDTH - 20, height + 38, OUTSIDE)
        picture.text(20, y + 18, title, 12, "normal", "start", "#44505f")
        for number, (name, first, second) in enumerate(boxes):
            x = 20 + (number if lane < 2 else 5) * (width + gap)
            places[name] = x + width // 2, y + 28
            picture.box(x, y + 28, width, height, ROOM)
            picture.text(x + width // 2, y + 46, name, 13, "bold")
            picture.text(x + width // 2, y + 64, first)
            picture.text(x + width // 2, y + 80, second)
            if number:
                picture.arrow(x - gap, y + 28 + height // 2, x, y + 28 + height // 2)
        y += height + 56
    bottom = places["decide/"][1] + height
    x = places["hook_api"][0]
    # decide asks the resolver, the resolver asks the helper; each answer comes back the same way.
    turn = bottom + 19
    picture.parts.append(f'<path d="M{places["decide/"][0]} {bottom}V{turn}H{x}" fill="none" '
                         'stroke="#1b1b1b"/>')
    picture.arrow(x, turn, x, places["hook_api"][1])
    x = places["helper/"][0]
    picture.arrow(x, places["helper/"][1] + height, x, places["helper/ (top level)"][1])
    return y


def rooms(picture, top):
    """One stack of rooms for each folder, as the table has them; returns where they end."""
    picture.text(14, top, "Who may include whom: a room knows the rows below it, and none beside it",
                 16, "bold", "start")
    width, height, y = 188, 26, top + 20
    most = max(len(rows) for rows in layers.ROOMS.values())
    floor = y + most * (height + 8)
    for column, folder in enumerate(COLUMNS):
        left = 14 + column * (width + 9)
        for number, row in enumerate(layers.ROOMS[folder]):
            share = width / len(row)
            for place, room in enumerate(row):
                x = round(left + place * share, 1)
                high = floor - (number + 1) * (height + 8)
                picture.box(x, high, round(share - 3, 1), height, ROOM if room != "." else PLAIN)
                name = "(files beside them)" if room == "." else room.split("/")[-1] + "/"
                picture.text(round(x + share / 2, 1), high + 17, name)
        picture.text(left + width // 2, floor + 16, folder + "/", 14, "bold")
    picture.text(14, floor + 40, VISITS, 12, "normal", "start", "#44505f")
    return floor + 56


def draw():
    picture = Picture()
    end = way(picture, 28)
    return picture.write(rooms(picture, end + 20))


if __name__ == "__main__":
    (HERE / "architecture.svg").write_text(draw(), encoding="utf-8")
