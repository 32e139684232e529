"""json_vs_python - lib/format/json_secret.c against Python's json. On purpose otherwise: a byte order mark is
accepted; NaN and Infinity are errors; so are values that cannot be a token (NUL, half a surrogate
pair). Nesting stays far from Python's own limit; the unit test has ours."""
import json

import against_python
from json_texts import generate, refuse


def expect(data):
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    try:
        root = json.loads(data.decode("utf-8"), parse_constant=refuse)
    except ValueError:
        return "bad"
    if not isinstance(root, dict):
        return "bad"
    found = root.get("token")
    if found is None:
        return "absent"
    if not isinstance(found, str) or any(c == "\0" or "\ud800" <= c <= "\udfff" for c in found):
        return "bad"
    return "found " + found.encode().hex()


against_python.check(generate, expect)
