"""Reads the previews that a learner sees: a small LaTeX in which every bracket that matters stands."""

import re

from networks import Unread

TOKEN = re.compile(r"\s*(\\[A-Za-z]+|\\.|:=|\d+(?:\.\d+)?|[^\s])")
RELATIONS = {"=": "=", ":=": "=", r"\leq": "<=", r"\geq": ">=", "<": "<=", ">": ">="}
FUNCTIONS = {r"\sigma", r"\tanh", r"\exp", r"\log", r"\max", r"\min"}
WORDS = {"relu", "diag", "sum", "softplus", "abs", "sqrt", "sigmoid"}
ACCENTS = {r"\tilde": "~", r"\hat": "^", r"\bar": "-", r"\dot": "."}


class Reader:
    def __init__(self, text):
        self.tokens, self.at = TOKEN.findall(text), 0

    def peek(self, ahead=0):
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else None

    def take(self, wanted=None):
        token = self.peek()
        if token is None or (wanted and token != wanted):
            raise Unread(f"{wanted} expected, {token} found")
        self.at += 1
        return token

    def group(self):
        """The tokens of a braced group, or one token."""
        if self.peek() != "{":
            return [self.take()]
        depth, start = 0, self.at + 1
        while True:
            token = self.take()
            depth += (token == "{") - (token == "}")
            if depth == 0:
                return self.tokens[start:self.at - 1]

    def sum(self):
        value = ("neg", self.hadamard()) if self.peek() == "-" and self.take() else self.hadamard()
        while self.peek() in ("+", "-"):
            value = ("add" if self.take() == "+" else "sub", value, self.hadamard())
        return value

    def hadamard(self):
        value = self.product()
        while self.peek() == r"\odot":
            self.take()
            value = ("had", value, self.product())
        return value

    def product(self):
        value = self.factor()
        while self.peek() is not None and self.peek() not in (
                "+", "-", ")", "]", "}", ",", ";", "|", r"\odot", r"\rVert", *RELATIONS):
            value = ("mul", value, self.factor())
        return value

    def factor(self):
        value = self.primary()
        while self.peek() == "^":
            self.take()
            tokens = self.group()
            value = ("T", value) if tokens == [r"\top"] else ("pow", value, Reader(" ".join(tokens)).sum())
        return value

    def primary(self):
        token = self.peek()
        if token is None:
            raise Unread("the end")
        if re.fullmatch(r"\d+(\.\d+)?", token):
            return ("num", float(self.take()))
        if token in "([":
            self.take()
            rows = [[self.sum()]]
            while self.peek() in (",", ";"):
                if self.take() == ";":
                    rows.append([])
                rows[-1].append(self.sum())
            self.take(")" if token == "(" else "]")
            return rows[0][0] if rows == [[rows[0][0]]] else ("block", rows)
        if token == r"\frac":
            self.take()
            above, below = self.group(), self.group()
            if above and above[0] == r"\partial":
                is_immediate = above[1:2] == ["^"]
                above = above[5:] if is_immediate else above[1:]
                return ("d", is_immediate, symbol(above), symbol(below[1:]))
            return ("div", Reader(" ".join(above)).sum(), Reader(" ".join(below)).sum())
        if token in (r"\sum", r"\prod", r"\bigodot"):
            self.take(), self.take("_")
            below = self.group()
            self.take("^")
            return ("big", token, below[0], below[2:], self.group(), self.factor())
        if token == r"\lVert":
            self.take()
            value = self.sum()
            self.take(r"\rVert")
            kind = "F" if self.peek() == "_" and self.take() and self.take("F") else "2"
            return ("norm", kind, value)
        if token == "|":
            self.take()
            value = self.sum()
            self.take("|")
            return ("fn", "abs", 0, [value])
        if token == r"\rho" and self.peek(1) == "(":
            self.take()
            return ("rho", self.primary())
        if token == "I" and self.peek(1) != "_":
            self.take()
            return ("I",)
        if token == r"\mathbf":
            self.take()
            return ("ones",) if self.group() == ["1"] else ("num", 0.0)
        name = None
        if token in FUNCTIONS and self.peek(1) in ("(", "'"):
            name = self.take()[1:]
        elif token == r"\operatorname":
            self.take()
            name = "".join(self.group())
            if name not in WORDS:
                raise Unread(name)
        if name:
            slopes = 0
            while self.peek() == "'":
                self.take()
                slopes += 1
            self.take("(")
            arguments = [self.sum()]
            while self.peek() == ",":
                self.take()
                arguments.append(self.sum())
            self.take(")")
            return ("fn", name, slopes, arguments)
        return self.symbol()

    def symbol(self):
        token = self.take()
        accents = ""
        while token in ACCENTS:
            accents += ACCENTS[token]
            self.take("{")
            token = self.take()
        for _ in accents:
            self.take("}")
        if token == r"\mathrm":
            token = "".join(self.group())
        below, above = [], None
        if self.peek() == "_":
            self.take()
            below = [part.split() for part in " ".join(self.group()).split(",")]
        if self.peek() == "^" and self.peek(1) == "{" and (self.peek(2) in ("l", "(")):
            mark = self.at
            self.take()
            above = self.group()
            if above[0] == "(" and above[-1] != ")":
                self.at, above = mark, None
        return ("sym", accents + token, below, above)


def symbol(tokens):
    reader = Reader(" ".join(tokens))
    value = reader.symbol()
    if reader.peek() is not None:
        raise Unread(" ".join(tokens))
    return value
