"""The value of a preview in a network, with the names that earlier lines defined."""

import re

import torch

from networks import Undefined, Unread


def step(tokens, env):
    """A sum of letters and numbers; `T` and every letter that has a value."""
    value, sign = 0, 1
    text = "".join(tokens)
    for piece in re.findall(r"[+-]|\\?[A-Za-z]+'?|\d+", text):
        if piece in "+-":
            sign = 1 if piece == "+" else -1
            continue
        if not piece.isdigit() and piece not in env:
            raise KeyError(piece)
        value += sign * (int(piece) if piece.isdigit() else env[piece])
        sign = 1
    return value


class Evaluation:
    """Values of previews in one network, with what the learner defined."""

    def __init__(self, net, layer=0):
        self.net, self.layer, self.definitions, self.open = net, layer, {}, set()

    def located(self, value, env):
        """A symbol as (name, times): which parts of its index are its name, which its steps."""
        _, base, below, above = value
        layer = self.layer
        label = ""
        if above is not None:
            if self.net.layers:
                inner = above[1:-1] if above[0] == "(" else above
                layer = step(inner, {"l": self.layer, "T": 0})
            else:
                label = "^" + "".join(above)
        for cut in range(len(below), -1, -1):
            name = base + ("_" + ",".join("".join(part) for part in below[:cut]) if cut else "") + label
            if self.knows(name, len(below) - cut, layer):
                times = []
                for part in below[cut:]:
                    try:
                        times.append(step(part, env))
                    except KeyError as letter:
                        raise Unread(f"the letter {letter}")
                return name, layer, times
        raise Unread(f"the name {base} {below}")

    def key(self, name, layer):
        if self.net.layers and name in ("h",) and layer == 0:
            return self.net.named("x", 1)
        return self.net.named(name, layer) if self.net.layers else name

    def knows(self, name, times, layer):
        if name == "L":
            return times <= 1
        if (name, times) in {(n, len(c[0][0])) for n, c in self.definitions.items() if c}:
            return True
        key = self.key(name, layer)
        if self.net.layers and layer > self.net.layers + 1:
            raise Undefined
        return (key in self.net.params and times == 0) or ((key, 1) in self.net.nodes and times == 1)

    def defined(self, name, layer, times):
        clauses = self.definitions[name]
        place = (name, layer, tuple(times))
        if place in self.open:
            raise Undefined
        best = None
        for parts, conditions, body, is_recursive in clauses:
            if is_recursive and any(t > self.net.steps for t in times):
                return torch.zeros(1, 1)
            env, fits = {"T": self.net.steps}, True
            for part, time in zip(parts, times):
                letters = [p for p in part if p.isalpha() and p not in env]
                if letters:
                    env[letters[0]] = 0
                    env[letters[0]] = time - step(part, env)
                fits = fits and step(part, env) == time
            if fits and all(holds(c, env) for c in conditions) and (best is None or conditions):
                best = (body, env)
        if best is None:
            raise Undefined
        self.open.add(place)
        try:
            outer, self.layer = self.layer, layer
            return self.value(best[0], best[1])
        finally:
            self.layer = outer
            self.open.discard(place)

    def value(self, tree, env):
        kind = tree[0]
        if kind == "num":
            return torch.full((1, 1), tree[1])
        if kind == "I":
            return ("I", 1.0)
        if kind == "ones":
            return ("ones",)
        if kind == "neg":
            return self.scaled(self.value(tree[1], env), -1.0)
        if kind in ("add", "sub"):
            right = self.scaled(self.value(tree[2], env), 1.0 if kind == "add" else -1.0)
            return self.added(self.value(tree[1], env), right)
        if kind in ("had", "div"):
            a, b = (plain(self.value(part, env)) for part in tree[1:])
            return a * b if kind == "had" else a / b
        if kind == "mul":
            return self.multiplied(self.value(tree[1], env), self.value(tree[2], env))
        if kind == "T":
            value = self.value(tree[1], env)
            return value if isinstance(value, tuple) else value.T
        if kind == "pow":
            base, power = self.value(tree[1], env), self.value(tree[2], env).item()
            if isinstance(base, tuple):
                return base
            is_matrix = min(base.shape) > 1 and self.net.batch == 1
            return torch.linalg.matrix_power(base, int(power)) if is_matrix else base ** power
        if kind == "fn":
            return self.called(tree, env)
        if kind == "norm":
            value = matrix(self.value(tree[2], env), 4)
            return (value.norm() if tree[1] == "F" else torch.linalg.matrix_norm(value, 2)).reshape(1, 1)
        if kind == "rho":
            return torch.linalg.eigvals(self.value(tree[1], env)).abs().max().reshape(1, 1)
        if kind == "block":
            parts = [[self.value(part, env) for part in row] for row in tree[1]]
            flat = [part for row in parts for part in row]
            if all(min(part.shape) == 1 for part in flat) and self.net.batch == 1:
                return torch.cat(flat, 1 if self.net.rows else 0)
            return torch.cat([torch.cat(row, 1) for row in parts], 0)
        if kind == "big":
            return self.repeated(tree, env)
        if kind == "d":
            return self.derivative(tree, env)
        return self.symbol(tree, env)

    def largest(self, tree, env):
        """The largest entry of the outermost terms, against which a difference is measured."""
        if tree[0] in ("add", "sub", "neg"):
            return max(self.largest(part, env) for part in tree[1:])
        value = self.value(tree, env)
        return 1.0 if isinstance(value, tuple) else value.abs().max().item()

    def symbol(self, tree, env):
        if tree[3] is None and not tree[2]:
            letter = tree[1]
            if letter in env:
                return torch.full((1, 1), float(env[letter]))
            if letter in ("D", "H", "N") and letter not in self.definitions:
                return torch.full((1, 1), float(self.net.sizes[letter]))
        name, layer, times = self.located(tree, env)
        if name in self.definitions:
            return self.defined(name, layer, times)
        if name == "L":
            if times and times[0] not in self.net.losses:
                raise Undefined
            return (self.net.losses[times[0]] if times else self.net.total).detach().reshape(1, 1)
        key = self.key(name, layer)
        if key in self.net.params:
            return self.net.params[key].detach()
        if (key, times[0]) not in self.net.nodes:
            raise Undefined
        return self.net.nodes[key, times[0]].detach()

    def derivative(self, tree, env):
        _, immediate, of, by = tree
        name, layer, times = self.located(by, env)
        if name in self.definitions:
            raise Unread("a derivative by a learner's name")
        key = (self.key(name, layer), times[0] if times else None)
        if key[0] in self.net.params:
            key = (key[0], None)
        name, layer, times = self.located(of, env)
        if name == "L":
            return self.net.gradient(times[0] if times else None, immediate, key)
        if name in self.definitions:
            raise Unread("a derivative of a learner's name")
        return self.net.jacobian((self.key(name, layer), times[0]), key, immediate)

    def called(self, tree, env):
        _, name, slopes, arguments = tree
        values = [plain(self.value(argument, env)) for argument in arguments]
        if name == "diag":
            return torch.diag(values[0].reshape(-1))
        if name in ("max", "min"):
            return (torch.maximum if name == "max" else torch.minimum)(*values)
        if name == "sum":
            return values[0].sum().reshape(1, 1)
        x = values[0].clone().requires_grad_()
        y = {"sigma": torch.sigmoid, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "exp": torch.exp, "log": torch.log,
             "relu": torch.relu, "abs": torch.abs, "sqrt": torch.sqrt,
             "softplus": torch.nn.functional.softplus}[name](x)
        for _ in range(slopes):
            y = torch.autograd.grad(y.sum(), x, create_graph=True)[0]
        return y.detach()

    def repeated(self, tree, env):
        _, sign, letter, low, high, body = tree
        values = [self.value(body, {**env, letter: i}) for i in range(step(low, env), step(high, env) + 1)]
        if sign == r"\sum":
            total = torch.zeros(1, 1)
            for value in values:
                total = self.added(total, value)
            return total
        if sign == r"\bigodot":
            result = torch.ones(1, 1)
            for value in values:
                result = result * value
            return result
        result = ("I", 1.0)
        for value in values if self.net.layout == "denominator" else values[::-1]:
            result = self.multiplied(result, value)
        return result

    @staticmethod
    def scaled(value, factor):
        return ("I", value[1] * factor) if isinstance(value, tuple) and value[0] == "I" else plain(value) * factor

    @staticmethod
    def added(a, b):
        a, b = (plain(x) if isinstance(x, tuple) and x[0] == "ones" else x for x in (a, b))
        if isinstance(a, tuple) and isinstance(b, tuple):
            return ("I", a[1] + b[1])
        if isinstance(a, tuple):
            a, b = b, a
        if isinstance(b, tuple):
            return matrix(b, a.shape[0]) if a.numel() == 1 and a.item() == 0 else a + matrix(b, a.shape[0])
        return a + b

    @staticmethod
    def multiplied(a, b):
        if isinstance(b, tuple) and b[0] == "ones":
            return a @ torch.ones(a.shape[1], 1)
        if isinstance(a, tuple) and a[0] == "ones":
            return torch.ones(1, b.shape[0]) @ b
        if isinstance(a, tuple) and isinstance(b, tuple):
            return ("I", a[1] * b[1])
        if isinstance(a, tuple):
            return b * a[1]
        if isinstance(b, tuple):
            return a * b[1]
        if a.numel() == 1 or b.numel() == 1:
            return a * b
        if a.shape[1] != b.shape[0]:
            raise Unread("shapes that do not meet")
        return a @ b


def plain(value):
    """A constant as a number where it stands in a sum or product by element."""
    if isinstance(value, tuple):
        if value[0] == "ones":
            return torch.ones(1, 1)
        raise Unread("an identity by element")
    return value


def matrix(value, side):
    return value[1] * torch.eye(side) if isinstance(value, tuple) else value


def holds(condition, env):
    (a, relation, b) = condition
    x, y = step(a, env), step(b, env)
    return {"=": x == y, r"\leq": x <= y, r"\geq": x >= y, "<": x < y, ">": x > y}[relation]
