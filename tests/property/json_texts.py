"""json_texts - JSON texts: valid, nearly valid, broken."""

KEYS = ['"token"', '"token"', '"Token"', '"a"', '"\\u0074oken"', '"token\\u0000"', '""', '"\u00e9"',
        '"tok\\ud800"', "token", "'token'", '"toke"', '"tokens"', '"b"', '"c"']
STRINGS = ['"abc"', '""', '"\\u00eFx"', '"a\\u0062c"', '"\\ud83d\\ude00"',
           '"\\/\\b\\f\\n\\r\\t\\\\\\""', '"\u00e9\U0001f600"', '"\x7f"', '"\\uD83D\\uDE00"', '"\u2028"',
           '"\\ud83d"', '"\\ude00\\ud83d"', '"x\\u0000y"', '"tab\there"', '"bad\\x"', '"\\u12g4"',
           '"\\ud83d\\u0041"', '"\\ud83d\\n"', '"open']
NUMBERS = ["0", "-0", "12", "1.5", "-1.5e3", "1E+9", "1e999", "123456789012345678901234567890", "01", "1.",
           ".5", "+1", "-", "1e", "0x1", "1.0e-2", "--1", "1_0"]
WORDS = ["null", "true", "false", "nul", "NaN", "Infinity", "-Infinity", "None", "True", ""]
BLANKS = ["", "", "", " ", "\n", "\t", "\r\n", "  ", "\r"]
NOISE = [",", ":", "{", "}", "[", "]", '"', "\\", "\x00", "\x1f", "\ufeff", " ", "\u00a0", "x", "1", "\n", "\x0c"]


def mostly(source, good, all_of, share=0.05):
    """Now and then anything, else one of the first `good`, which are valid."""
    return source.choice(all_of) if source.random() < share else source.choice(all_of[:good])


def blank(source):
    return source.choice(BLANKS)


def value(source, depth):
    kind = source.random()
    if kind < 0.5:
        return mostly(source, 10, STRINGS)
    if kind < 0.62:
        return mostly(source, 8, NUMBERS, 0.15)
    if kind < 0.75:
        return mostly(source, 3, WORDS)
    if depth > 4:
        return "[" * 50 + "]" * 50
    return group(source, depth, source.random() < 0.5)


def group(source, depth, is_object):
    items = []
    for _ in range(source.choice([0, 1, 1, 2, 3, 4])):
        item = blank(source) + value(source, depth + 1) + blank(source)
        if is_object:
            item = blank(source) + mostly(source, 9, KEYS) + blank(source) + ":" + item
        items.append(item)
    body = ",".join(items) if items else blank(source)
    if source.random() < 0.01:
        body += ","
    return "{" + body + "}" if is_object else "[" + body + "]"


def generate(source):
    root = group(source, 0, True) if source.random() < 0.95 else value(source, 0)
    text = source.choice(["", "", "", "\ufeff"]) + blank(source) + root + blank(source)
    data = text.encode()
    if source.random() < 0.12:
        at = source.randrange(len(data) + 1)
        data = data[:at] + source.choice(NOISE).encode() + data[at:]
    if source.random() < 0.04:
        data = data[:source.randrange(len(data) + 1)]
    if source.random() < 0.04:
        at = source.randrange(len(data) + 1)
        data = data[:at] + source.choice([b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xe2\x82", b"\xf5"]) + data[at:]
    return data


def refuse(word):
    raise ValueError(word)
