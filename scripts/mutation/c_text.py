"""C source as tokens: enough of C to find conditions, statements and constants in tidy code.

No macro is expanded and preprocessor lines are left out: what is no C afterwards the compiler refuses.
"""

import re

TOKEN = re.compile(r"""
    (?P<skip>\s+|//[^\n]*|/\*.*?\*/|^[ \t]*\#(?:[^\n\\]|\\.)*)
  | (?P<string>(?:u8|[LuU])?"(?:[^"\\\n]|\\.)*")
  | (?P<char>[LuU]?'(?:[^'\\\n]|\\.)+')
  | (?P<number>\.?[0-9](?:[eEpP][+-]|[0-9A-Za-z_.])*)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<mark>\.\.\.|<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)
""", re.VERBOSE | re.DOTALL | re.MULTILINE)

OPEN = {"(": ")", "[": "]", "{": "}"}
TYPE_WORDS = frozenset("""static const volatile extern register inline unsigned signed struct union enum void char
    short int long float double bool _Atomic _Thread_local _Noreturn _Static_assert static_assert typedef""".split())
JUMPS = frozenset(["return", "break", "continue", "goto"])
HEADS = frozenset(["if", "while", "for", "switch"])
COMPARE = frozenset(["<", "<=", ">", ">=", "==", "!="])
ASSIGN = frozenset(["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="])


class Token:
    """One word of the source and where it stands."""

    __slots__ = ("kind", "text", "start", "end", "mate", "body")

    def __init__(self, kind, text, start):
        self.kind, self.text, self.start, self.end = kind, text, start, start + len(text)
        self.mate = None  # index of the bracket that this one belongs to
        self.body = False  # inside a function

    def __repr__(self):
        return self.text


def tokens_of(text):
    """The tokens, each bracket with its mate, each token of a function's body marked."""
    tokens = [Token(match.lastgroup, match.group(), match.start())
              for match in TOKEN.finditer(text) if match.lastgroup != "skip"]
    open_brackets = []
    for index, token in enumerate(tokens):
        if token.kind != "mark":
            continue
        if token.text in OPEN:
            open_brackets.append(index)
        elif token.text in OPEN.values() and open_brackets:
            token.mate = open_brackets.pop()
            tokens[token.mate].mate = index
    mark_bodies(tokens)
    return tokens


def mark_bodies(tokens):
    """A brace at the outermost level that follows a parenthesis opens a function."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.text == "{" and token.mate is not None:
            function = index > 0 and tokens[index - 1].text == ")"
            for inner in tokens[index:token.mate + 1]:
                inner.body = function
            index = token.mate
        index += 1


def enumerators(text):
    """The neighbour of each name of each enum in a source or header."""
    neighbours = {}
    tokens = tokens_of(text)
    for index, token in enumerate(tokens):
        if token.text != "enum":
            continue
        brace = next((at for at in range(index + 1, min(index + 3, len(tokens))) if tokens[at].text == "{"), None)
        if brace is None or tokens[brace].mate is None:
            continue
        names = [tokens[at].text for at in range(brace + 1, tokens[brace].mate)
                 if tokens[at].kind == "name" and tokens[at - 1].text in ("{", ",")]
        if len(names) > 1:
            neighbours.update(zip(names, names[1:] + [names[-2]]))
    return neighbours
