# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads the texts of messages from C++ sources, for messages.py: no compiler, only tokens.

A text is followed through adjacent literals, `+`, the conditional operator, formatv(), variables of the file, and functions that
return text in the same check's files. What is only known at run time becomes HOLE.
"""
import collections
import itertools
import re

HOLE = "…"

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|\s+|#[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|[A-Za-z_]\w*|\d[\w.\']*|::|->|<<|>>|==|!=|&&|\|\||.', re.DOTALL)
OPEN, CLOSE = tuple("([{"), tuple(")]}")

Message = collections.namedtuple("Message", "level text path line")


def unquote(literal):
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), literal[1:-1])


def closing(tokens, at):
    """Where the bracket that opens at AT closes."""
    depth = 0
    for i in range(at, len(tokens)):
        text = tokens[i][0]
        depth += (text in OPEN) - (text in CLOSE)
        if depth == 0:
            return i
    return len(tokens) - 1


def split(tokens, separators):
    """TOKENS cut at those of SEPARATORS that no bracket encloses."""
    parts, depth = [[]], 0
    for token in tokens:
        depth += (token[0] in OPEN) - (token[0] in CLOSE)
        if depth == 0 and token[0] in separators:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def texts(tokens):
    return [token[0] for token in tokens]


class Source:
    """The tokens of one file, (text, line) each, and what it defines."""

    def __init__(self, top, path):
        self.path, self.tokens, line = path, [], 1
        for match in TOKEN.finditer((top / path).read_text(encoding="utf-8")):
            text = match[0]
            if not text.isspace() and not text.startswith(("//", "/*", "#")):
                self.tokens.append((text, line))
            line += text.count("\n")
        self.shown = set()  # indices of literals that a message shows
        # name -> [(parameters, first token of the body, last token)]; a lambda that is given a name counts as a function.
        self.functions = collections.defaultdict(list)
        for at, (text, _) in enumerate(self.tokens):
            if text != "{" or at < 2:
                continue
            end = at - 1
            while self.tokens[end][0] in ("const", "override", "final", "noexcept"):
                end -= 1
            if self.tokens[end][0] != ")":
                continue
            begin = self.opening(end)
            name = begin - 1
            if self.tokens[name][0] == "]":  # `Name = [&](...) {`
                name = self.opening(name) - 2
                if name < 0 or self.tokens[name + 1][0] != "=":
                    continue
            if re.fullmatch(r"[A-Za-z_]\w*", self.tokens[name][0]) and self.tokens[name][0] not in ("if", "for", "while", "switch"):
                parameters = [texts(p)[-1] if p else "" for p in split(self.tokens[begin + 1:end], ",")]
                self.functions[self.tokens[name][0]].append((parameters, at, closing(self.tokens, at)))

    def opening(self, at):
        depth = 0
        for i in range(at, -1, -1):
            text = self.tokens[i][0]
            depth += (text in CLOSE) - (text in OPEN)
            if depth == 0:
                return i
        return 0

    def calls(self, names):
        """(index of the name, the arguments' tokens, with their indices) of each call of a function named in NAMES."""
        for at, (text, _) in enumerate(self.tokens[:-1]):
            if text in names and self.tokens[at + 1][0] == "(" and (at == 0 or self.tokens[at - 1][0] not in (".", "->", "void", "*", "::")):
                end = closing(self.tokens, at + 1)
                if self.tokens[min(end + 1, len(self.tokens) - 1)][0] in ("{", "const"):
                    continue  # the definition
                yield at, split([(t, i) for i, (t, _) in enumerate(self.tokens[:end]) if i > at + 1], ",")

    def functions_around(self, at):
        found = [(begin, name, parameters) for name, each in self.functions.items() for parameters, begin, end in each if begin <= at <= end]
        return [(name, parameters) for _, name, parameters in sorted(found, reverse=True)]


class Reader:
    """Reads the messages of a check from its files."""

    def __init__(self, sources):
        self.sources = sources
        self.unread = []

    def alternatives(self, source, tokens, seen=()):
        """What an expression, as (text, index) tokens of SOURCE, can be as text; a part that is not known is HOLE."""
        while tokens and tokens[0][0] == "(" and closing(tokens, 0) == len(tokens) - 1:
            tokens = tokens[1:-1]
        if texts(tokens[-4:]) == [".", "str", "(", ")"]:
            return self.alternatives(source, tokens[:-4], seen)
        if not tokens:
            return [HOLE]
        condition = split(tokens, ("?",))
        if len(condition) > 1:
            rest = tokens[len(condition[0]) + 1:]
            depth, colon = 0, None
            for i, (text, _) in enumerate(rest):
                depth += (text in OPEN or text == "?") - (text in CLOSE)
                if text == ":":
                    if depth == 0:
                        colon = i
                        break
                    depth -= 1
            if colon is not None:
                return self.alternatives(source, rest[:colon], seen) + self.alternatives(source, rest[colon + 1:], seen)
        terms = split(tokens, ("+",))
        if len(terms) > 1:
            each = [self.alternatives(source, term, seen) for term in terms]
            return [re.sub(f"{HOLE}+", HOLE, "".join(choice)) for choice in itertools.islice(itertools.product(*each), 24)]
        if all(text.startswith('"') for text, _ in tokens):
            source.shown.update(index for _, index in tokens)
            return ["".join(unquote(text) for text, _ in tokens)]
        name = next((text for text in reversed(texts(tokens)) if re.fullmatch(r"[A-Za-z_]\w*", text)), None)
        if tokens[-1][0] == ")":
            begin = next((i for i, (text, _) in enumerate(tokens) if text == "(" and closing(tokens, i) == len(tokens) - 1), None)
            name = tokens[begin - 1][0] if begin else None
            if name in ("Twine", "string", "StringRef", "formatv"):
                arguments = split(tokens[begin + 1:-1], ",")
                if name == "formatv":
                    return self.formatted(source, arguments, seen)
                return self.alternatives(source, arguments[0], seen)
            if name and begin == 1 and name not in seen:
                return self.returned(name, (*seen, name)) or [HOLE]
            return [HOLE]
        if len(tokens) == 1 and name and name not in seen:
            return self.assigned(source, name, (*seen, name)) or [HOLE]
        return [HOLE]

    def formatted(self, source, arguments, seen):
        """formatv(): {N} becomes the N-th argument where its text is known. Arguments that ask one condition go together."""
        each = [self.alternatives(source, argument, seen) for argument in arguments]
        asked = [" ".join(texts(split(argument, ("?",))[0])) if "?" in texts(argument) else str(i) for i, argument in enumerate(arguments)]
        counts = {key: len(each[i]) for i, key in reversed(list(enumerate(asked)))}
        result = []
        for picked in itertools.islice(itertools.product(*map(range, counts.values())), 24):
            at = dict(zip(counts, picked))
            choice = [found[at[key] % len(found)] for key, found in zip(asked, each)]
            result.append(re.sub(r"\{(\d+)\}", lambda m: choice[int(m[1]) + 1] if int(m[1]) + 1 < len(choice) else HOLE, choice[0]))
        return result

    def returned(self, name, seen):
        """What the functions NAME of these sources return, as text."""
        result = []
        for source in self.sources:
            for _, begin, end in source.functions.get(name, ()):
                for at in range(begin, end):
                    if source.tokens[at][0] == "return":
                        stop = next(i for i in range(at, end + 1) if source.tokens[i][0] == ";")
                        found = self.alternatives(source, [(source.tokens[i][0], i) for i in range(at + 1, stop)], seen)
                        result += [text for text in found if text != HOLE]
        return result

    def assigned(self, source, name, seen):
        """What the variable NAME is set to in SOURCE, as text."""
        result = []
        for at in range(len(source.tokens) - 1):
            if source.tokens[at][0] == name and source.tokens[at + 1][0] == "=":
                stop = at + 1
                depth = 0
                while stop < len(source.tokens) and not (depth <= 0 and source.tokens[stop][0] in ";,)"):
                    depth += (source.tokens[stop][0] in OPEN) - (source.tokens[stop][0] in CLOSE)
                    stop += 1
                found = self.alternatives(source, [(source.tokens[i][0], i) for i in range(at + 2, stop)], seen)
                result += [text for text in found if text not in (HOLE, "")]
        return result

    def read(self, source):
        """The messages of one of the sources."""
        result = []

        def add(level, at, found):
            for text in found:
                if re.search(r"[a-z]{2}", text.replace(HOLE, "").replace("%select", "")):
                    result.append(Message(level, text, source.path, source.tokens[at][1]))

        passing = {}  # functions that hand a parameter of theirs to diag(): name -> (index of the parameter, level)
        for at, arguments in source.calls({"diag"}):
            level = next((word.lower() for word in ("Note", "Remark", "Error") if any(word in texts(a)[-1:] for a in arguments)), "warning")
            text = arguments[1] if len(arguments) > 1 and not texts(arguments[1])[-1] in ("Note", "Remark", "Error") else arguments[0]
            if len(text) == 1:
                found = next(((name, parameters.index(text[0][0])) for name, parameters in source.functions_around(at)
                              if text[0][0] in parameters), None)
                if found:
                    passing[found[0]] = (found[1], level)
                    continue
            alternatives = self.alternatives(source, text)
            if all(not a.replace(HOLE, "").strip() for a in alternatives):
                self.unread.append(f"{source.path}:{source.tokens[at][1]}: cannot read the text of this diag(): {' '.join(texts(text))}")
            add(level, at, alternatives)
            stop = next(i for i in range(at, len(source.tokens)) if source.tokens[i][0] == ";")
            for operand in split([(source.tokens[i][0], i) for i in range(closing(source.tokens, at + 1) + 1, stop)], ("<<",)):
                add("inserted", at, [text for text in self.alternatives(source, operand) if " " in text.strip()])
        for at, arguments in source.calls({"reportConfiguration"}):
            add("error", at, self.alternatives(source, arguments[0]))
        for name, (index, level) in passing.items():
            for at, arguments in source.calls({name}):
                if index < len(arguments):
                    add(level, at, self.alternatives(source, arguments[index]))
        for at, arguments in source.calls({"note", "Note"} - passing.keys()):
            if len(arguments) == 2:
                add("note", at, self.alternatives(source, arguments[1]))
        return result

    def rest(self, source):
        """Texts that read() has not met: they get into a message through a variable or a field."""
        result, at = [], 0
        while at < len(source.tokens):
            end = at
            while end < len(source.tokens) and source.tokens[end][0].startswith('"'):
                end += 1
            if end == at:
                at += 1
                continue
            text = "".join(unquote(source.tokens[i][0]) for i in range(at, end))
            around = source.tokens[at - 1][0], source.tokens[min(end, len(source.tokens) - 1)][0]
            statement = texts(source.tokens[max(0, at - 24):at])
            if ";" in statement:
                statement = statement[len(statement) - statement[::-1].index(";"):]
            is_code = "==" in around or "!=" in around or "FixItHint" in statement or "llvm_unreachable" in statement
            if (at not in source.shown and re.search(r"[a-z]{2} [a-z]", text) and not re.search(r"[{}<>();]|//|\breturn\b|^Option", text)
                    and not is_code):
                result.append(Message("inserted", text.strip(), source.path, source.tokens[at][1]))
            at = end
        return result
