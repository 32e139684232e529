"""ini_vs_python - lib/format/ini.h against RawConfigParser() with its defaults. A byte order mark and bytes
that are not UTF-8 are accepted on purpose: Python is not shown the one and given the others as
surrogateescape."""
import configparser
import io

import against_python

SPACES = ["", "", "", " ", "\t", "  ", "   ", "\u00a0", "\u2003", "\x1c", "\x0c", "\x0b", "\u0085"]
KEYS = ["k", "K", "authtoken", "AuthToken", "auth token", "user:name", "\u00e9", "a\u212ab", "akb",
        "x\x00y", "", "#k", "rem k", "[k", "k]"]
VALUES = ["v", "two words", "", "a=b", "a:b", "x # y", "; z", "%(k)s", "\"q\"", "\u20ac", "\x00", "[a]",
          "v\u2028w", "v\x1cw", "\ufeff"]
HEADERS = ["[a]", "[b]", "[A]", "[ a ]", "[DEFAULT]", "[default]", "[]", "[", "[]]", "[a", "[profile x]",
           "[a] # x", "[a] [b]", "[\u00e9]", "[a]=x"]
ENDS = ["\n", "\n", "\n", "\r\n", "\r"]


def option(source):
    pick = source.choice
    return pick(KEYS) + pick(SPACES) + pick(["=", ":", " = ", "", "=="]) + pick(SPACES) + pick(VALUES)


def line(source, serial):
    kind = source.random()
    if kind < 0.15:
        return ""
    if kind < 0.25:
        return source.choice(["# c", "; c = d", "#", ";[a]"])
    if kind < 0.38:
        return f"[s{serial}]" if source.random() < 0.7 else source.choice(HEADERS)
    if kind < 0.85:
        return f"k{serial} = " + source.choice(VALUES) if source.random() < 0.85 else option(source)
    return source.choice(VALUES) if source.random() < 0.2 else " \t "


def generate(source):
    lines = ["[a]"] if source.random() < 0.7 else []
    lines += [line(source, serial) for serial in range(source.randrange(12))]
    text = "".join(
        source.choice(SPACES) + body + source.choice(SPACES) + source.choice(ENDS) for body in lines)
    data = (source.choice(["", "", "", "\ufeff"]) + text).encode()
    if source.random() < 0.1:
        at = source.randrange(len(data) + 1)
        data = data[:at] + bytes([source.choice([0xff, 0xc2, 0xe2, 0x80, 0xa0, 0x0d, 0x00])]) + data[at:]
    return data[:-1] if source.random() < 0.1 else data


class Parser(configparser.RawConfigParser):
    """Python reports a fatal mistake and forgets the lesser ones above it; we report the first."""

    first = None

    def _handle_error(self, exc, fpname, lineno, text):
        self.first = self.first or lineno
        return super()._handle_error(exc, fpname, lineno, text)


def octets(text):
    return text.encode("utf-8", "surrogateescape").hex()


def expect(data):
    parser = Parser()
    stream = io.TextIOWrapper(
        io.BytesIO(data.removeprefix(b"\xef\xbb\xbf")), encoding="utf-8", errors="surrogateescape")
    try:
        parser.read_file(stream)
    except configparser.Error as error:
        return f"error {parser.first or error.lineno}"
    answer = "ok"
    for section in parser.sections():
        if "\0" in section:
            continue
        answer += " [" + octets(section)
        for key in parser.options(section):
            if "\0" not in key:
                answer += f" {octets(key)}={octets(parser.get(section, key))}"
    return answer


against_python.check(generate, expect)
