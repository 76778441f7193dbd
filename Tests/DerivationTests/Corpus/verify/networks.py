"""Cells written out by hand and unrolled in PyTorch, every named quantity a node of autograd's graph."""

import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


class Undefined(Exception):
    """Something has no value at these steps; the steps are skipped."""


class Unread(Exception):
    """Not evaluated here."""


# Cells: the shapes of the parameters, and each named quantity from those before it. `v(name, back)` is a quantity of
# this step or of the one before, `p(name)` a parameter. `inner` are the pre-activations: what an immediate derivative
# does not hold, because it is the argument of one function and nothing else.

def gates(labels, matrices, bias, extra=""):
    return {matrix + "_" + label: shape for label in labels for matrix, shape in {**matrices, **bias}.items()}


def rnn(act):
    return dict(params={"U": "HH", "W": "HD", "b": "H"}, states=["h"], inner=["z"], eqs=[
        ("z", lambda v, p: p("U") @ v("h", 1) + p("W") @ v("x") + p("b")), ("h", lambda v, p: act(v))])


def affine(label):
    return lambda v, p: p("W_" + label) @ v("x") + p("U_" + label) @ v("h", 1) + p("b_" + label)


LSTM = dict(params=gates("fioc", {"W": "HD", "U": "HH"}, {"b": "H"}), states=["h", "c"],
            inner=["a_" + g for g in "fioc"], eqs=[
    *[("a_" + g, affine(g)) for g in "fioc"],
    *[(g, lambda v, p, g=g: torch.sigmoid(v("a_" + g))) for g in "fio"],
    ("~c", lambda v, p: torch.tanh(v("a_c"))),
    ("c", lambda v, p: v("f") * v("c", 1) + v("i") * v("~c")),
    ("h", lambda v, p: v("o") * torch.tanh(v("c")))])
GRU = dict(params=gates("zrh", {"W": "HD", "U": "HH"}, {"b": "H"}), states=["h"], inner=["a_z", "a_r", "a_h"], eqs=[
    ("a_z", affine("z")), ("a_r", affine("r")),
    ("z", lambda v, p: torch.sigmoid(v("a_z"))), ("r", lambda v, p: torch.sigmoid(v("a_r"))),
    ("a_h", lambda v, p: p("W_h") @ v("x") + p("U_h") @ (v("r") * v("h", 1)) + p("b_h")),
    ("~h", lambda v, p: torch.tanh(v("a_h"))),
    ("h", lambda v, p: v("z") * v("h", 1) + (1 - v("z")) * v("~h"))])
MGU = dict(params=gates("fh", {"W": "HD", "U": "HH"}, {"b": "H"}), states=["h"], inner=["a_f", "a_h"], eqs=[
    ("a_f", affine("f")), ("f", lambda v, p: torch.sigmoid(v("a_f"))),
    ("a_h", lambda v, p: p("W_h") @ v("x") + p("U_h") @ (v("f") * v("h", 1)) + p("b_h")),
    ("~h", lambda v, p: torch.tanh(v("a_h"))),
    ("h", lambda v, p: (1 - v("f")) * v("h", 1) + v("f") * v("~h"))])
TORCH_GRU = dict(
    params={**{"W_i" + g: "HD" for g in "rzn"}, **{"W_h" + g: "HH" for g in "rzn"},
            **{"b_" + s + g: "H" for s in "ih" for g in "rzn"}}, states=["h"], inner=[], eqs=[
    *[(g, lambda v, p, g=g: torch.sigmoid(
        p("W_i" + g) @ v("x") + p("b_i" + g) + p("W_h" + g) @ v("h", 1) + p("b_h" + g))) for g in "rz"],
    ("q", lambda v, p: p("W_hn") @ v("h", 1) + p("b_hn")),
    ("n", lambda v, p: torch.tanh(p("W_in") @ v("x") + p("b_in") + v("r") * v("q"))),
    ("h", lambda v, p: (1 - v("z")) * v("n") + v("z") * v("h", 1))])
SPLIT_LSTM = dict(
    params={**{"W_" + g + "h": "HH" for g in "fico"}, **{"W_" + g + "x": "HD" for g in "fico"},
            **{"b_" + g: "H" for g in "fico"}}, states=["h", "c"], inner=["a_" + g for g in "fico"], eqs=[
    *[("a_" + g, lambda v, p, g=g: p(f"W_{g}h") @ v("h", 1) + p(f"W_{g}x") @ v("x") + p("b_" + g)) for g in "fico"],
    *LSTM["eqs"][4:]])
ROW_RNN = dict(params={"W_x": "DH", "W_h": "HH", "b": "H"}, states=["h"], rows=True, inner=["a"], eqs=[
    ("a", lambda v, p: v("x") @ p("W_x") + v("h", 1) @ p("W_h") + p("b")), ("h", lambda v, p: torch.tanh(v("a")))])
ROW_LSTM = dict(params={"W_x": "DG", "W_h": "HG", "b": "G"}, states=["h", "c"], rows=True,
                inner=["a_" + g for g in "ifog"], eqs=[
    *[("a_" + g, lambda v, p, i=i: (v("x") @ p("W_x") + v("h", 1) @ p("W_h") + p("b")).chunk(4, 1)[i])
      for i, g in enumerate("ifog")],
    *[(g, lambda v, p, g=g: torch.sigmoid(v("a_" + g))) for g in "ifo"], ("g", lambda v, p: torch.tanh(v("a_g"))),
    ("c", lambda v, p: v("f") * v("c", 1) + v("i") * v("g")), ("h", lambda v, p: v("o") * torch.tanh(v("c")))])
TANH = rnn(lambda v: torch.tanh(v("z")))
CELLS = {
    "rnn-bptt": TANH, "nndl-6-3": rnn(lambda v: v("h", 1) + torch.tanh(v("z"))), "nndl-6-4": LSTM, "nndl-6-5": GRU,
    "pytorch-gru": TORCH_GRU, "minimal-gated-unit": MGU, "relu-rnn": rnn(lambda v: torch.relu(v("z"))),
    "rnn-step": ROW_RNN, "lstm-step": ROW_LSTM, "batch-rnn": dict(TANH, batch=3),
    "stacked-rnn": dict(TANH, layers=2), "stacked-lstm": dict(SPLIT_LSTM, layers=3),
    "batch-stacked-rnn": dict(TANH, layers=2, batch=3),
}


class Network:
    """A cell unrolled past T, every named quantity a node of autograd's graph."""

    def __init__(self, cell, steps, seed, layout):
        random = torch.Generator().manual_seed(seed)
        self.cell, self.steps, self.layout = cell, steps, layout
        self.rows, self.layers, batch = cell.get("rows", False), cell.get("layers", 0), cell.get("batch", 1)
        self.sizes = {"D": 2 + seed % 2, "H": 4, "N": batch}
        self.sizes["G"] = 4 * self.sizes["H"]
        self.batch, self.nodes, self.params, self.memo = batch, {}, {}, {}
        reach = steps + 3

        def draw(scale, *shape):
            return (scale * torch.randn(*shape, generator=random)).requires_grad_()

        def vector(length, scale=0.8):
            return draw(scale, batch, length) if self.rows else draw(scale, length, batch)

        for layer in range(1, self.layers + 2) if self.layers else [0]:
            for name, axes in cell["params"].items():
                shape = [self.sizes["H" if layer > 1 and a == "D" else a] for a in axes]
                if len(shape) == 1:
                    shape = [1, shape[0]] if self.rows else [shape[0], 1]
                self.params[self.named(name, layer)] = draw(0.6, *shape)
            for state in cell["states"]:
                self.nodes[self.named(state, layer), 0] = vector(self.sizes["H"])
        for t in range(1, reach + 1):
            self.nodes[self.named("x", 1 if self.layers else 0), t] = vector(self.sizes["D"])
            for layer in range(1, self.layers + 2) if self.layers else [0]:
                if layer > 1:
                    self.nodes[self.named("x", layer), t] = self.nodes[self.named("h", layer - 1), t] * 1.0
                for name, equation in cell["eqs"]:
                    value = equation(lambda n, back=0: self.nodes[self.named(n, layer), t - back],
                                     lambda n: self.params[self.named(n, layer)])
                    self.nodes[self.named(name, layer), t] = value
        top = self.named("h", self.layers)
        shape = self.nodes[top, 1].shape
        self.slopes = {t: (torch.randn(shape, generator=random), torch.randn(shape, generator=random))
                       for t in range(1, steps + 1)}
        self.losses = {t: self.loss(t, self.nodes[top, t]) for t in self.slopes}
        self.total = sum(self.losses.values())

    @staticmethod
    def named(name, layer):
        return f"{name}^{layer}" if layer else name

    def loss(self, t, h):
        slope, curve = self.slopes[t]
        return (slope * h).sum() + 0.3 * (curve * torch.sin(h)).sum() + 0.2 * (slope * h).sum() ** 2

    def gradient(self, loss, immediate, key):
        """Of the loss (nil: the total) by a parameter or a node, as a value lies."""
        if ("L", loss, immediate, key) in self.memo:
            return self.memo["L", loss, immediate, key]
        node = self.params[key[0]] if key[1] is None else self.nodes.get(key)
        if node is None or (loss is not None and loss not in self.losses):
            raise Undefined
        if immediate:
            t = key[1] if loss is None else loss
            is_seen = key[0] == self.named("h", self.layers) and key[1] == t and t in self.losses
            leaf = node.detach().requires_grad_()
            result = torch.autograd.grad(self.loss(t, leaf), leaf)[0] if is_seen else torch.zeros_like(node)
        else:
            of = self.total if loss is None else self.losses[loss]
            result = torch.autograd.grad(of, node, retain_graph=True, allow_unused=True)[0]
            result = torch.zeros_like(node) if result is None else result
        is_vector = key[1] is not None or min(node.shape) == 1
        if self.layout == "numerator" and not self.rows and is_vector:
            result = result.T
        self.memo["L", loss, immediate, key] = result
        return result

    def jacobian(self, of, by, immediate):
        if ("J", of, by, immediate) in self.memo:
            return self.memo["J", of, by, immediate]
        if self.batch > 1 or of not in self.nodes or (by[1] is not None and by not in self.nodes):
            raise Undefined
        target = self.params[by[0]] if by[1] is None else self.nodes[by]
        value = self.nodes[of]
        if min(target.shape) > 1:
            raise Unread("a derivative by a matrix")
        if of[1] < 1 and of != by:
            raise Undefined
        if of == by:
            rows = list(torch.eye(value.numel()))
        elif immediate:
            leaves = {}
            value = self.own(of, by, leaves)
            source = leaves.get(by, leaves.get(by[0]) if by[1] is None else None)
            rows = [None if source is None else
                    torch.autograd.grad(entry, source, retain_graph=True, allow_unused=True)[0]
                    for entry in value.reshape(-1)]
            rows = [torch.zeros(target.numel()) if row is None else row.reshape(-1) for row in rows]
        else:
            rows = [torch.autograd.grad(entry, target, retain_graph=True, allow_unused=True)[0]
                    for entry in value.reshape(-1)]
            rows = [torch.zeros(target.numel()) if row is None else row.reshape(-1) for row in rows]
        result = torch.stack(rows)
        result = result.T if self.layout == "denominator" else result
        self.memo["J", of, by, immediate] = result
        return result

    def own(self, of, by, leaves):
        """A quantity by its own equation, pre-activations written out; by a parameter every quantity of its step is."""
        equations = dict(self.cell["eqs"])

        def leaf(key, table):
            if key not in leaves:
                leaves[key] = table[key].detach().requires_grad_()
            return leaves[key]

        def written(name, layer):
            if name == "x" and layer > 1:
                return quantity("h", layer - 1) * 1.0
            return equations[name](lambda n, back=0: quantity(n, layer, back),
                                   lambda n: leaf(self.named(n, layer), self.params))

        def quantity(name, layer, back=0):
            key = (self.named(name, layer), of[1] - back)
            is_written = back == 0 and key != by and (name in equations or (name == "x" and layer > 1))
            if is_written and (by[1] is None or name in self.cell["inner"]):
                return written(name, layer)
            return leaf(key, self.nodes)

        name, _, layer = of[0].partition("^")
        return written(name, int(layer or 0))
