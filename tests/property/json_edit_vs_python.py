"""json_edit_vs_python - lib/format/json_edit.c against Python's json: the same texts are accepted; Python reads
the new value back, the other members as they were and in their order; not a byte outside the member
changes; and what is removed is gone. The texts are those of json_vs_python."""
import json

import against_python
import json_texts

KEY, VALUE = "token", 'new"\\value'
QUOTED = json.dumps(VALUE).encode()


def read(data):
    """The members in order, duplicates included, or None for what is no object."""
    try:
        root = json.loads(data.removeprefix(b"\xef\xbb\xbf").decode("utf-8"),
                          parse_constant=json_texts.refuse, object_pairs_hook=Pairs)
    except ValueError:
        return None
    return root if isinstance(root, Pairs) else None


class Pairs(list):
    """An object: its members in order."""


def problem_of_edit(before, after, old, new):
    expected = list(before)
    places = [at for at, (key, _) in enumerate(expected) if key == KEY]
    if places:
        expected[places[-1]] = (KEY, VALUE)
    else:
        expected.append((KEY, VALUE))
    if after is None or list(after) != expected:
        return "python reads something else"
    at = new.rfind(QUOTED) if not places else None
    if places:
        head = 0
        while head < min(len(old), len(new)) and old[head] == new[head]:
            head += 1
        tail = 0
        while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        # The changed part lies inside of the quoted value, give or take equal bytes at its ends.
        if len(new) - head - tail > len(QUOTED):
            return "bytes outside the value changed"
        return None
    end = at + len(QUOTED)
    rest = old[len(old) - (len(new) - end):]
    if new[end:] != rest or not new.startswith(old[:len(old) - len(rest)].rstrip(b" \t\r\n")):
        return "bytes outside the new member changed"
    return None


def judge(text, answer):
    before = read(text)
    words = answer.split()
    if before is None:
        return None if words == ["bad"] else "should be bad"
    if words[0] != "ok" or len(words) != 3:
        return "should be ok"
    new, removed = bytes.fromhex(words[1]), bytes.fromhex(words[2])
    left = read(removed)
    if left is None or list(left) != [pair for pair in before if pair[0] != KEY]:
        return "removal"
    return problem_of_edit(before, read(new), text, new)


against_python.check_with(json_texts.generate, judge)
