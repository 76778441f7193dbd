"""Makes the golden values in this folder with PyTorch's autograd in double precision.

Run it as `python make.py` with PyTorch 2 installed; it rewrites `<sheet>.json` and `jacobians.json` beside itself. Nothing here
reads a sheet: every cell is written again, with PyTorch's own modules (RNNCell, LSTMCell, GRUCell) wherever they compute it, so that
an error in a sheet or in the reference cannot hide here as well. `verify.py` holds the same values against 260 digits.

The numbers are drawn with Python's own generator, so that another version of PyTorch gets the same cases. M is a matrix as rows of
numbers; `upstream` and `gradients` have the meaning that `unroll reference` gives them.
"""

import json
import pathlib
import random

import torch
from torch import nn
from torch.func import functional_call

HERE = pathlib.Path(__file__).parent
DOUBLE = torch.float64

# Shared, empty modules: their weights are handed over at each call, as functions of the cell's own parameters.
RNN_CELL = nn.RNNCell(1, 1, dtype=DOUBLE)
LSTM_CELL = nn.LSTMCell(1, 1, dtype=DOUBLE)
GRU_CELL = nn.GRUCell(1, 1, dtype=DOUBLE)


def call(module, weight_ih, weight_hh, bias_ih, bias_hh, *arguments):
    """Calls one of PyTorch's cells. It takes a batch in rows, and its biases have a single axis."""
    weights = {"weight_ih": weight_ih, "weight_hh": weight_hh, "bias_ih": bias_ih, "bias_hh": bias_hh}
    # The modules check the sizes that they were made with.
    module.input_size, module.hidden_size = weight_ih.shape[1], weight_hh.shape[1]
    return functional_call(module, weights, arguments)


def zeros_like(tensor):
    return torch.zeros_like(tensor)


# The cells: p, x, previous -> outputs, states first. Batches are N×D in a rows cell and D×N in a columns cell.


def rnn_step(p, x, s):
    b = p["b"][0]
    return {"h": call(RNN_CELL, p["Wx"].T, p["Wh"].T, b, zeros_like(b), x, s["h"])}


def lstm_step(p, x, s):
    def reordered(packed):  # from i, f, o, g in columns to PyTorch's i, f, g, o in rows
        i, f, o, g = packed.chunk(4, dim=1)
        return torch.cat([i, f, g, o], dim=1).T

    b = reordered(p["b"])[:, 0]
    h, c = call(LSTM_CELL, reordered(p["Wx"]), reordered(p["Wh"]), b, zeros_like(b), x, (s["h"], s["c"]))
    return {"h": h, "c": c}


def residual(p, x, s):
    b = p["b"][:, 0]
    return {"h": s["h"] + call(RNN_CELL, p["W"], p["U"], b, zeros_like(b), x.T, s["h"].T).T}


def lstm(p, x, s):
    W, U, b = (torch.cat([p[kind + gate] for gate in "ifco"]) for kind in "WUb")
    h, c = call(LSTM_CELL, W, U, b[:, 0], zeros_like(b[:, 0]), x.T, (s["h"].T, s["c"].T))
    return {"h": h.T, "c": c.T}


def gru_reset_before(p, x, s):
    h = s["h"]
    r = torch.sigmoid(torch.addmm(p["br"], p["Wr"], x) + p["Ur"] @ h)
    z = torch.sigmoid(torch.addmm(p["bz"], p["Wz"], x) + p["Uz"] @ h)
    b = p["bh"][:, 0]
    # A GRU's candidate is a simple recurrent cell that sees the reset state.
    candidate = call(RNN_CELL, p["Wh"], p["Uh"], b, zeros_like(b), x.T, (r * h).T).T
    return {"h": torch.lerp(candidate, h, z)}


def lstm_with_output(p, x, s):
    hidden = s["h"].shape[0]
    W = torch.cat([p["W" + gate] for gate in "ifco"])
    b = torch.cat([p["b" + gate] for gate in "ifco"])[:, 0]
    h, c = call(LSTM_CELL, W[:, hidden:], W[:, :hidden], b, zeros_like(b), x.T, (s["h"].T, s["c"].T))
    y = nn.functional.softmax(nn.functional.linear(h, p["Wy"], p["by"][:, 0]), dim=1)
    return {"h": h.T, "c": c.T, "y": y.T}


def peephole_lstm(p, x, s):
    def before(gate):
        from_input = torch.einsum("hd,dn->hn", p["W" + gate], x)
        return from_input + torch.einsum("hk,kn->hn", p["U" + gate], s["h"]) + p["b" + gate]

    def looking(gate, memory):
        return torch.sigmoid(before(gate) + torch.diag(p["V" + gate][:, 0]) @ memory)

    c = looking("f", s["c"]) * s["c"] + looking("i", s["c"]) * torch.tanh(before("c"))
    return {"h": looking("o", c) * torch.tanh(c), "c": c}


def minimal_gated_unit(p, x, s):
    h = s["h"]
    f = torch.sigmoid(nn.functional.linear(x.T, p["Wf"], p["bf"][:, 0]) + nn.functional.linear(h.T, p["Uf"])).T
    b = p["bh"][:, 0]
    candidate = call(RNN_CELL, p["Wh"], p["Uh"], b, zeros_like(b), x.T, (f * h).T).T
    return {"h": (1 - f) * h + f * candidate}


def four_activations(p, x, s):
    h = s["h"]
    g = nn.functional.gelu(nn.functional.linear(x.T, p["Wg"], p["bg"][:, 0]) + nn.functional.linear(h.T, p["Ug"])).T
    s_t = nn.functional.silu(nn.functional.linear(x.T, p["Ws"], p["bs"][:, 0]) + nn.functional.linear(h.T, p["Us"])).T
    return {"h": torch.sin(g) + torch.cos(s_t) * h}


def gru_of_pytorch(p, x, s):
    W_i, W_h, b_i, b_h = (torch.cat([p[kind + gate] for gate in "rzn"]) for kind in ("Wi", "Wh", "bi", "bh"))
    return {"h": call(GRU_CELL, W_i, W_h, b_i[:, 0], b_h[:, 0], x.T, s["h"].T).T}


def antisymmetric(p, x, s):
    unit = torch.eye(p["W"].shape[0], dtype=DOUBLE)
    z = torch.addmm(p["b"], p["V"], x) + (p["W"] - p["W"].T - p["gamma"] * unit) @ s["h"]
    return {"h": s["h"] + 0.5 * torch.tanh(z)}


def min_gru(p, x, s):
    z = torch.sigmoid(nn.functional.linear(x.T, p["Wz"], p["bz"][:, 0])).T
    return {"h": torch.lerp(s["h"], nn.functional.linear(x.T, p["Wh"], p["bh"][:, 0]).T, z)}


def oscillators(p, x, s):
    drive = torch.tanh(p["W"] @ s["y"] + p["WHat"] @ s["z"] + torch.addmm(p["b"], p["V"], x))
    z = s["z"] + 0.1 * (drive - s["y"] - 0.5 * s["z"])
    return {"y": s["y"] + 0.1 * z, "z": z}


def constant_forms(p, x, s):
    size = p["W1"].shape[0]
    unit, ones = torch.eye(size, dtype=DOUBLE), torch.ones(size, size, dtype=DOUBLE)
    A = p["W1"] * (1 - unit) - p["gamma"] * unit + 0.3 * ones
    centred = s["h"] - s["h"].mean(dim=0, keepdim=True)
    rows = p["W1"].sum(dim=1, keepdim=True) + p["W2"].sum(dim=1, keepdim=True)
    v = rows + (unit + p["W2"].T - p["gamma"] * ones) @ s["h"] / size ** 0.5
    h = torch.tanh(A @ centred + torch.addmm(p["b"], p["U"], x)) + 0.3 * v
    return {"h": h, "m": h.mean(dim=0, keepdim=True)}


def constant_forms_in_rows(p, x, s):
    size = p["Wa"].shape[0]
    unit, ones = torch.eye(size, dtype=DOUBLE), torch.ones(size, size, dtype=DOUBLE)
    z = s["h"] @ (p["Wa"] + p["Wb"] - p["gamma"] * unit + 2 * ones) + torch.addmm(p["b"], x, p["U"])
    return {"h": torch.tanh(z - z.mean(dim=1, keepdim=True)) + s["h"].mean(dim=1, keepdim=True)}


# Axes of every parameter. A bias is written with its second axis, 1, as it stands in a case.


def gates(letters, axes):
    """The same axes for several gates: gates("fi", {"W": "HD"}) is {"Wf": "HD", "Wi": "HD"}."""
    return {kind + gate: shape for gate in letters for kind, shape in axes.items()}


WUB = {"W": ("H", "D"), "U": ("H", "H"), "b": ("H", 1)}

SHEETS = {
    "rnn-step": {
        "step": rnn_step, "rows": True, "states": "h",
        "parameters": {"Wx": ("D", "H"), "Wh": ("H", "H"), "b": (1, "H")},
        "vanishing": {"steps": 80, "scale": 0.1},
    },
    "lstm-step": {
        "step": lstm_step, "rows": True, "states": "hc",
        "parameters": {"Wx": ("D", "4H"), "Wh": ("H", "4H"), "b": (1, "4H")},
        "vanishing": {
            "steps": 60, "scale": 0.1,
            "shift": {"b": lambda size: [[-2.0] * size + [-4.0] * size + [0.0] * 2 * size]},
        },
    },
    "nndl-6-3": {
        "step": residual, "rows": False, "states": "h",
        "parameters": {"U": ("H", "H"), "W": ("H", "D"), "b": ("H", 1)},
        # U close to -I cancels the direct path.
        "vanishing": {
            "steps": 80, "scale": 0.1,
            "shift": {"U": lambda size: [[-float(i == j) for j in range(size)] for i in range(size)]},
        },
    },
    "nndl-6-4": {
        "step": lstm, "rows": False, "states": "hc",
        "parameters": gates("fioc", WUB),
        "vanishing": {"steps": 60, "scale": 0.1, "shift": {"bf": -4.0, "bi": -2.0}},
    },
    "nndl-6-5": {
        "step": gru_reset_before, "rows": False, "states": "h",
        "parameters": gates("zrh", WUB),
        "vanishing": {"steps": 80, "scale": 0.1, "shift": {"bz": -4.0}},
    },
    "nndl-6-2p": {
        "step": lstm_with_output, "rows": False, "states": "hc", "outputs": {"y": "K"},
        "parameters": {**gates("fico", {"W": ("H", "H+D"), "b": ("H", 1)}), "Wy": ("K", "H"), "by": ("K", 1)},
        "vanishing": {"steps": 60, "scale": 0.1, "shift": {"bf": -4.0, "bi": -2.0}},
    },
    "peephole-lstm": {
        "step": peephole_lstm, "rows": False, "states": "hc",
        "parameters": {**gates("ifo", {**WUB, "V": ("H", 1)}), **gates("c", WUB)},
        "vanishing": {"steps": 60, "scale": 0.1, "shift": {"bf": -4.0, "bi": -2.0}},
    },
    "minimal-gated-unit": {
        "step": minimal_gated_unit, "rows": False, "states": "h",
        "parameters": gates("fh", WUB),
        "vanishing": {"steps": 80, "scale": 0.1, "shift": {"bf": 4.0}},
    },
    "four-activations": {
        "step": four_activations, "rows": False, "states": "h",
        "parameters": gates("gs", WUB),
        # SiLU(1.9) is near π/2, where the cosine closes the direct path.
        "vanishing": {"steps": 80, "scale": 0.1, "shift": {"bs": 1.9}},
    },
    "pytorch-gru": {
        "step": gru_of_pytorch, "rows": False, "states": "h",
        "parameters": gates("rzn", {"Wi": ("H", "D"), "Wh": ("H", "H"), "bi": ("H", 1), "bh": ("H", 1)}),
        "vanishing": {"steps": 80, "scale": 0.1, "shift": {"biz": -4.0}},
    },
    "antisymmetric-rnn": {
        "step": antisymmetric, "rows": False, "states": "h",
        "parameters": {"W": ("H", "H"), "V": ("H", "D"), "b": ("H", 1), "gamma": (1, 1)},
        # With a friction of 2 half a step forgets the state.
        "vanishing": {"steps": 80, "scale": 0.1, "shift": {"gamma": 1.9}},
    },
    "min-gru": {
        "step": min_gru, "rows": False, "states": "h",
        "parameters": {"Wz": ("H", "D"), "bz": ("H", 1), "Wh": ("H", "D"), "bh": ("H", 1)},
        "vanishing": {"steps": 60, "scale": 0.1, "shift": {"bz": 4.0}},
    },
    # The rest hand their state on whatever the weights are.
    "co-rnn": {
        "step": oscillators, "rows": False, "states": "yz",
        "parameters": {"W": ("H", "H"), "WHat": ("H", "H"), "V": ("H", "D"), "b": ("H", 1)},
    },
    "constant-forms": {
        "step": constant_forms, "rows": False, "states": "h", "outputs": {"m": 1},
        "parameters": {"W1": ("H", "H"), "W2": ("H", "H"), "U": ("H", "D"), "b": ("H", 1), "gamma": (1, 1)},
    },
    "constant-forms-rows": {
        "step": constant_forms_in_rows, "rows": True, "states": "h",
        "parameters": {"Wa": ("H", "H"), "Wb": ("H", "H"), "U": ("D", "H"), "b": (1, "H"), "gamma": (1, 1)},
    },
}

# Sizes that differ on every axis, so that nothing fits by accident.
CASES = {
    "small batch": {"D": 3, "H": 5, "N": 2, "K": 6, "T": 4},
    "wide batch": {"D": 5, "H": 2, "N": 4, "K": 3, "T": 6},
    "one sample, some upstreams missing": {"D": 2, "H": 3, "N": 1, "K": 4, "T": 5},
    "one step, tiny upstreams": {"D": 4, "H": 2, "N": 3, "K": 5, "T": 1},
}
ONE_SAMPLE = "one sample, some upstreams missing"
TINY = "one step, tiny upstreams"


def size(axis, sizes):
    """The length of an axis: 3, "H", "4H" or "H+D"."""
    if isinstance(axis, int):
        return axis
    if "+" in axis:
        return sum(size(part, sizes) for part in axis.split("+"))
    return int(axis[:-1] or 1) * sizes[axis[-1]]


def draw(generator, rows, columns, scale):
    return [[generator.gauss(0, scale) for _ in range(columns)] for _ in range(rows)]


def batch(generator, sheet, features, sizes, scale=1.0):
    shape = (sizes["N"], features) if sheet["rows"] else (features, sizes["N"])
    return draw(generator, *shape, scale)


def random_case(sheet, name, sizes, generator):
    state_names, extra = sheet["states"], sheet.get("outputs", {})
    T, H, D = sizes["T"], sizes["H"], sizes["D"]
    case = {
        "parameters": {
            key: draw(generator, *(size(axis, sizes) for axis in axes), 0.6) for key, axes in sheet["parameters"].items()
        },
        "inputs": {"x": [batch(generator, sheet, D, sizes) for _ in range(T)]},
        "initial": {state: batch(generator, sheet, H, sizes) for state in state_names},
    }
    features = {**{state: "H" for state in state_names}, **extra}
    scale = 2.0 ** -200 if name == TINY else 1.0  # 6e-61: every block is tiny, the parameters' as well
    case["upstream"] = {
        output: [batch(generator, sheet, size(axis, sizes), sizes, scale) for _ in range(T)] for output, axis in features.items()
    }
    if name == ONE_SAMPLE:
        # Leave out all but the last output; where there is only one, it has a loss at two steps only.
        kept = list(features)[-1]
        case["upstream"] = {kept: case["upstream"][kept]}
        if len(features) == 1:
            for t in (0, 2, 3):
                case["upstream"][kept][t] = [[0.0] * len(row) for row in case["upstream"][kept][t]]
    return case


def vanishing_case(sheet, generator):
    """A long sequence with a loss at its end only, through which next to nothing comes back to the beginning."""
    how = sheet["vanishing"]
    sizes = {"D": 2, "H": 3, "N": 1, "K": 4, "T": how["steps"]}
    case = {"parameters": {}, "inputs": {"x": [batch(generator, sheet, 2, sizes, 0.3) for _ in range(sizes["T"])]}}
    for key, axes in sheet["parameters"].items():
        matrix = draw(generator, *(size(axis, sizes) for axis in axes), how["scale"])
        shift = how.get("shift", {}).get(key, 0.0)
        if callable(shift):
            shift = shift(sizes["H"])
            matrix = [[a + b for a, b in zip(*rows)] for rows in zip(matrix, shift)]
        else:
            matrix = [[a + shift for a in row] for row in matrix]
        case["parameters"][key] = matrix
    case["initial"] = {state: batch(generator, sheet, sizes["H"], sizes, 0.5) for state in sheet["states"]}
    last = batch(generator, sheet, sizes["H"], sizes)
    nothing = [[0.0] * len(row) for row in last]
    case["upstream"] = {"h": [nothing] * (sizes["T"] - 1) + [last]}
    return case


def tensors(value, **options):
    if isinstance(value, dict):
        return {key: tensors(entry, **options) for key, entry in value.items()}
    if isinstance(value[0][0], list):
        return [tensors(entry, **options) for entry in value]
    return torch.tensor(value, dtype=DOUBLE, **options)


def unrolled(sheet, p, xs, state):
    """The outputs of every step, as a list of dictionaries."""
    steps = []
    for x in xs:
        outputs = sheet["step"](p, x, state)
        state = {name: outputs[name] for name in sheet["states"]}
        steps.append(outputs)
    return steps


def expected(sheet, case):
    p = tensors(case["parameters"], requires_grad=True)
    xs = tensors(case["inputs"]["x"], requires_grad=True)
    initial = tensors(case["initial"], requires_grad=True)
    steps = unrolled(sheet, p, xs, initial)
    loss = sum(
        (torch.tensor(matrix, dtype=DOUBLE) * steps[t][output]).sum()
        for output, matrices in case["upstream"].items()
        for t, matrix in enumerate(matrices)
    )
    leaves = list(p.values()) + xs + list(initial.values())
    gradients = torch.autograd.grad(loss, leaves, allow_unused=True)
    # What the loss does not depend on has a gradient of zero.
    gradients = [torch.zeros_like(leaf) if g is None else g for leaf, g in zip(leaves, gradients)]
    lists = [g.tolist() for g in gradients]
    count = len(p)
    return {
        "outputs": {name: [step[name].tolist() for step in steps] for name in steps[0]},
        "gradients": {
            **dict(zip(p, lists)),
            "x": lists[count:count + len(xs)],
            **dict(zip(initial, lists[count + len(xs):])),
        },
    }


def jacobians(identifier, case_name, case):
    """∂(of)_at/∂(by)_from, total, entry [i][j] = ∂of_i/∂by_j; the other states of step `from` are held."""
    sheet = SHEETS[identifier]
    p, xs, initial = tensors(case["parameters"]), tensors(case["inputs"]["x"]), tensors(case["initial"])
    states = [initial] + [{n: step[n] for n in sheet["states"]} for step in unrolled(sheet, p, xs, initial)]
    for k, t in ((0, 5), (1, 2), (1, 4), (4, 5)):
        for of in sheet["states"]:
            for by in sheet["states"]:
                def later(value):
                    start = {**states[k], by: value}
                    return unrolled(sheet, p, xs[k:t], start)[-1][of][:, 0]

                matrix = torch.autograd.functional.jacobian(later, states[k][by])[:, :, 0]
                yield {
                    "sheet": identifier, "case": case_name, "of": of, "at": t, "by": by, "from": k,
                    "jacobian": matrix.tolist(),
                }


def text(value, indent=""):
    """JSON with a line for each matrix, or each sequence of them."""
    if isinstance(value, dict):
        inner = ",\n".join(f"{indent} {json.dumps(key)}: {text(entry, indent + ' ')}" for key, entry in value.items())
        return "{\n" + inner + f"\n{indent}}}" if value else "{}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f"{indent} {text(entry, indent + ' ')}" for entry in value) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def main():
    by_entries = []
    for identifier, sheet in SHEETS.items():
        cases = []
        for name, sizes in CASES.items():
            case = random_case(sheet, name, sizes, random.Random(f"{identifier}/{name}"))
            cases.append({"name": name, "case": case, "expected": expected(sheet, case)})
            if name == ONE_SAMPLE and identifier in ("nndl-6-3", "nndl-6-4", "nndl-6-5"):
                by_entries += jacobians(identifier, name, case)
        if "vanishing" in sheet:
            case = vanishing_case(sheet, random.Random(f"{identifier}/vanishing"))
            cases.append({"name": "vanishing", "case": case, "expected": expected(sheet, case)})
        (HERE / f"{identifier}.json").write_text(text({"cases": cases}) + "\n")
    (HERE / "jacobians.json").write_text(text(by_entries) + "\n")


if __name__ == "__main__":
    main()
