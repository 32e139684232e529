"""The mutants of one C source.

    negate     a condition, an operand of && or ||, a returned truth value; == and !=
    logic      && and ||
    drop       a call, an assignment, a jump (return, break, continue, goto)
    boundary   < and <=, > and >=, + and -, a number by one
    constant   true and false, 0 and 1, the neighbour in the enum, another character
    text       another last letter of a string
    message    the same of a string with a blank in it: what people read, not what decides; only when asked for
"""

import re

from mutation import c_text

OPERATORS = ("negate", "logic", "drop", "boundary", "constant", "text", "message")
USUAL = OPERATORS[:-1]
BOUNDARY = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
NUMBER = re.compile(r"(0[xX][0-9a-fA-F]+|[0-9]+)([uUlL]*)\Z")
LETTER = re.compile(r"%[-+ #0-9.*]*(?:hh|h|ll|l|z|j)?[a-zA-Z%]|\\(?:x[0-9a-fA-F]+|[0-7]{1,3}|.)|.", re.DOTALL)


class Mutant:
    """One change of one source."""

    def __init__(self, path, source, operator, start, end, text):
        self.path, self.operator = path, operator
        old = source[start:end]
        self.source = source[:start] + text + "\n" * (old.count("\n") - text.count("\n")) + source[end:]
        self.line = source.count("\n", 0, start) + 1
        self.start = start
        first = source.rfind("\n", 0, start) + 1
        last = (source + "\n").find("\n", end)
        self.before = " ".join(source[first:last].split())
        self.after = " ".join((source[first:start] + text + source[end:last]).split())

    @property
    def name(self):
        """How a list of mutants calls it: without the number of the line, which changes daily."""
        return f"{self.path}: {self.operator}: {self.before} -> {self.after}"

    def __str__(self):
        return f"{self.path}:{self.line}: {self.operator}: {self.before} -> {self.after}"


class Source:
    """A source on its way to mutants."""

    def __init__(self, path, text, neighbours):
        self.path, self.text, self.neighbours = path, text, neighbours
        self.tokens = c_text.tokens_of(text)
        self.mutants = []
        self.quiet = self.left_out()

    def left_out(self):
        """Tokens that are no code: types' own bodies, assertions at compile time, sizes of arrays."""
        quiet = set()
        for index, token in enumerate(self.tokens):
            after = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
            if token.text in ("_Static_assert", "static_assert", "__attribute__", "__asm__", "asm"):
                quiet.update(range(index, (after.mate or index) + 1))
            elif token.text in ("struct", "union", "enum"):
                brace = next((at for at in (index + 1, index + 2)
                              if at < len(self.tokens) and self.tokens[at].text == "{"), None)
                if brace and self.tokens[brace].mate:
                    quiet.update(range(index, self.tokens[brace].mate + 1))
            elif token.text == "[" and token.mate and self.declares(index - 1):
                quiet.update(range(index, token.mate + 1))
        return quiet

    def declares(self, index):
        """Whether the name at `index` is being declared: a type stands before it."""
        at = index - 1
        while at > 0 and self.tokens[at].text == "*":
            at -= 1
        before = self.tokens[at]
        return (self.tokens[index].kind == "name" and before.kind == "name"
                and before.text not in c_text.JUMPS and before.text not in ("else", "do", "sizeof", "case"))

    def add(self, operator, first, last, text):
        """Puts `text` in the place of the tokens first to last."""
        self.mutants.append(Mutant(self.path, self.text, operator, self.tokens[first].start,
                                   self.tokens[last].end, text))

    def words(self, first, last):
        return self.text[self.tokens[first].start:self.tokens[last].end]

    def negate(self, first, last):
        self.add("negate", first, last, f"!({self.words(first, last)})")

    def level(self, first, last):
        """The indices first to last without what stands in brackets."""
        index = first
        while index <= last:
            yield index
            mate = self.tokens[index].mate
            index = mate + 1 if mate is not None and mate > index else index + 1

    def condition(self, first, last):
        """Negates it, and each operand that has no mutant of its own."""
        if first > last:
            return
        self.negate(first, last)
        self.operands(first, last)

    def operands(self, first, last):
        if any(self.tokens[index].text in ("?", ",", "=") for index in self.level(first, last)):
            return
        cuts = [index for index in self.level(first, last) if self.tokens[index].text in ("&&", "||")]
        if not cuts:
            return
        for begin, end in zip([first] + [cut + 1 for cut in cuts], [cut - 1 for cut in cuts] + [last]):
            if self.tokens[begin].text == "(" and self.tokens[begin].mate == end:
                self.negate(begin, end)
                self.operands(begin + 1, end - 1)
            elif not any(self.tokens[index].text in ("==", "!=") for index in self.level(begin, end)):
                self.negate(begin, end)

    def heads(self):
        """if (...), while (...), for (;...;)"""
        for index, token in enumerate(self.tokens[:-1]):
            bracket = self.tokens[index + 1]
            if not token.body or bracket.text != "(" or bracket.mate is None:
                continue
            if token.text in ("if", "while"):
                self.condition(index + 2, bracket.mate - 1)
            elif token.text == "for":
                stops = [at for at in self.level(index + 2, bracket.mate - 1) if self.tokens[at].text == ";"]
                if len(stops) == 2:
                    self.condition(stops[0] + 1, stops[1] - 1)

    def choices(self):
        """... ? ... : ..."""
        for index, token in enumerate(self.tokens):
            if token.text != "?" or not token.body:
                continue
            first = index
            while first > 0 and not self.ends_condition(first - 1):
                mate = self.tokens[first - 1].mate
                first = mate if mate is not None and mate < first else first - 1
            self.condition(first, index - 1)

    def ends_condition(self, index):
        token = self.tokens[index]
        return (token.text in ("(", "[", "{", ",", ";", "?", ":", "return", "}") or token.text in c_text.ASSIGN)

    def truths(self):
        """return ...; of a function that answers bool."""
        for index, token in enumerate(self.tokens):
            if token.text != "{" or not token.body or index == 0 or self.tokens[index - 1].text != ")":
                continue
            bracket = self.tokens[index - 1].mate
            if bracket is None or bracket < 2 or self.tokens[bracket - 2].text != "bool":
                continue
            for at in range(index, token.mate):
                if self.tokens[at].text == "return":
                    end = next(stop for stop in self.level(at, token.mate) if self.tokens[stop].text == ";")
                    if self.words(at + 1, end - 1) not in ("true", "false"):
                        self.condition(at + 1, end - 1)

    def statements(self):
        """The statements of all functions, as (first, index of the semicolon)."""
        for index, token in enumerate(self.tokens):
            if not token.body or not self.begins_statement(index):
                continue
            for at in self.level(index, len(self.tokens) - 1):
                if self.tokens[at].text == ";":
                    yield index, at
                    break
                if self.tokens[at].text in ("{", "}"):
                    break

    def begins_statement(self, index):
        before = self.tokens[index - 1]
        if before.text == ")" and before.mate is not None and before.mate > 0:
            return self.tokens[before.mate - 1].text in c_text.HEADS
        if before.text == ":":
            return self.labelled(index - 1)
        if before.text == ";":
            return not self.in_for_head(index)
        return before.text in ("{", "}", "else", "do") and not self.in_list(index)

    def labelled(self, colon):
        at = colon - 1
        while self.tokens[at].text not in ("case", "default", "?", ";", "{", "}"):
            at -= 1
        return self.tokens[at].text in ("case", "default")

    def enclosing(self, index):
        """The innermost bracket that is open at `index`."""
        at = index - 1
        while at >= 0:
            mate = self.tokens[at].mate
            if mate is not None and mate > at:
                return at
            at = mate - 1 if mate is not None else at - 1
        return None

    def in_for_head(self, index):
        bracket = self.enclosing(index)
        return bracket is not None and self.tokens[bracket].text == "("

    def in_list(self, index):
        """Inside the braces of an initial value."""
        brace = self.enclosing(index)
        if brace is None or self.tokens[brace].text != "{":
            return True
        before = self.tokens[brace - 1]
        if before.text == ")" and before.mate:
            head = self.tokens[before.mate - 1]
            return not (head.text in c_text.HEADS or not self.tokens[brace - 1].body)
        return before.text in ("=", ",", "(", "return", "{") and self.tokens[brace - 1].text != "{"

    def drops(self):
        for first, last in self.statements():
            token = self.tokens[first]
            if token.text in c_text.JUMPS:
                if not self.ends_function(last):
                    self.add("drop", first, last, ";")
            elif self.is_expression(first, last):
                self.add("drop", first, last, ";")

    def ends_function(self, semicolon):
        after = self.tokens[semicolon + 1]
        return after.text == "}" and self.enclosing(after.mate) is None

    def is_expression(self, first, last):
        """A call, an assignment, a step; not a declaration."""
        token = self.tokens[first]
        if token.text in c_text.TYPE_WORDS or token.text in c_text.HEADS or token.text in ("case", "default", "else"):
            return False
        if token.kind == "name":
            at = first + 1
            while self.tokens[at].text == "*":
                at += 1
            if self.tokens[at].kind == "name":
                return False
        texts = [self.tokens[index].text for index in self.level(first, last)]
        return any(text in c_text.ASSIGN or text in ("++", "--", "(") for text in texts)

    def marks(self):
        for index, token in enumerate(self.tokens):
            if not token.body or index in self.quiet or token.kind != "mark":
                continue
            if token.text in ("&&", "||"):
                self.add("logic", index, index, "||" if token.text == "&&" else "&&")
            elif token.text in ("==", "!="):
                self.add("negate", index, index, "!=" if token.text == "==" else "==")
            elif token.text in BOUNDARY:
                self.add("boundary", index, index, BOUNDARY[token.text])
            elif token.text in ("+", "-") and self.is_binary(index):
                self.add("boundary", index, index, "-" if token.text == "+" else "+")

    def is_binary(self, index):
        before = self.tokens[index - 1]
        return before.kind in ("name", "number", "char") and before.text != "return" or before.text in (")", "]")

    def constants(self):
        for index, token in enumerate(self.tokens):
            if index in self.quiet:
                continue
            if token.text in ("true", "false"):
                self.add("constant", index, index, "false" if token.text == "true" else "true")
            elif token.kind == "name" and token.text in self.neighbours:
                self.add("constant", index, index, self.neighbours[token.text])
            elif token.kind == "number":
                self.number(index)
            elif token.kind == "char":
                self.character(index)
            elif token.kind == "string":
                self.string(index)

    def number(self, index):
        match = NUMBER.match(self.tokens[index].text)
        if match is None:
            return
        digits, ending = match.groups()
        value = int(digits, 0) if digits[:2].lower() == "0x" else int(digits, 8 if digits[0] == "0" else 10)
        if value in (0, 1):
            self.add("constant", index, index, f"{1 - value}{ending}")
        if value != 0:
            more = hex(value + 1) if digits[:2].lower() == "0x" else str(value + 1)
            self.add("boundary", index, index, f"{more}{ending}")

    def character(self, index):
        text = self.tokens[index].text
        letter = text[text.index("'") + 1:-1]
        other = chr(ord(letter) + 1) if len(letter) == 1 and letter not in "&[~" else "~" if letter != "~" else "!"
        self.add("constant", index, index, f"'{other}'")

    def string(self, index):
        text = self.tokens[index].text
        before = text[:text.index('"') + 1]
        letters = LETTER.findall(text[len(before):-1])
        operator = "message" if " " in letters else "text"
        at = next((at for at in range(len(letters) - 1, -1, -1) if len(letters[at]) == 1), None)
        if not letters:
            letters = ["~"]
        elif at is None:
            return
        else:
            letters[at] = "~" if letters[at] != "~" else "!"
        self.add(operator, index, index, f'{before}{"".join(letters)}"')


def mutants_of(path, text, neighbours, operators=USUAL):
    """All mutants of a source, in its order; none twice."""
    source = Source(path, text, neighbours)
    source.heads()
    source.choices()
    source.truths()
    source.drops()
    source.marks()
    source.constants()
    found = {}
    for mutant in source.mutants:
        if mutant.operator in operators and mutant.source != text:
            found.setdefault(mutant.source, mutant)
    return sorted(found.values(), key=lambda mutant: mutant.start)
