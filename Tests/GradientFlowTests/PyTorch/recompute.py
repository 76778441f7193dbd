"""Computes the curves of `unroll plot` again with PyTorch's autograd in double precision.

    unroll plot --seeds 1 --variant gaussian:1.2 --variant relu --save-cases CASES --output flow.csv
    python recompute.py CASES flow.csv

compares every norm, says how far apart they are at most, and ends with 1 where that is more than 1e-9. One network a variant
(--seeds 1), so that medians are values. Singular values are compared where the table has them, those of the smallest against
the largest, for a product of many matrices in double precision leaves no more.

    python recompute.py CASES flow.csv --record norms.json

also writes PyTorch's numbers, which PyTorchTests.swift holds against ours without PyTorch.

The networks are read from the saved cases, whose names say cell, variant and seed. Nothing here reads a sheet: every cell is
written again; what a variant changes inside of a cell (the activation, the clipping) is done here a second time.
"""

import csv
import json
import pathlib
import sys

import torch

DOUBLE = torch.float64
torch.set_default_dtype(DOUBLE)
torch.set_num_threads(1)

ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu, "logistic": torch.sigmoid, "linear": lambda value: value}


# The cells: p, x, s, phi -> states. Batches are N×D in a rows cell and D×N in a columns cell.


def rnn(p, x, s, phi):
    return {"h": phi(x @ p["Wx"] + s["h"] @ p["Wh"] + p["b"])}


def residual(p, x, s, phi):
    return {"h": s["h"] + phi(p["U"] @ s["h"] + p["W"] @ x + p["b"])}


def lstm(p, x, s, phi):
    def gate(name):
        return p["W" + name] @ x + p["U" + name] @ s["h"] + p["b" + name]

    f, i, o = (torch.sigmoid(gate(name)) for name in "fio")
    c = f * s["c"] + i * phi(gate("c"))
    return {"h": o * phi(c), "c": c}


def packed_lstm(p, x, s, phi):
    i, f, o, g = (x @ p["Wx"] + s["h"] @ p["Wh"] + p["b"]).chunk(4, dim=1)
    c = torch.sigmoid(f) * s["c"] + torch.sigmoid(i) * phi(g)
    return {"h": torch.sigmoid(o) * phi(c), "c": c}


def joined_lstm(p, x, s, phi):
    v = torch.cat([s["h"], x])
    f, i, o = (torch.sigmoid(p["W" + name] @ v + p["b" + name]) for name in "fio")
    c = f * s["c"] + i * phi(p["Wc"] @ v + p["bc"])
    return {"h": o * phi(c), "c": c}


def peephole(p, x, s, phi):
    def gate(name, c):
        return torch.sigmoid(p["W" + name] @ x + p["U" + name] @ s["h"] + p["V" + name] * c + p["b" + name])

    c = gate("f", s["c"]) * s["c"] + gate("i", s["c"]) * phi(p["Wc"] @ x + p["Uc"] @ s["h"] + p["bc"])
    return {"h": gate("o", c) * phi(c), "c": c}


def gru(p, x, s, phi):
    h = s["h"]
    z, r = (torch.sigmoid(p["W" + name] @ x + p["U" + name] @ h + p["b" + name]) for name in "zr")
    return {"h": z * h + (1 - z) * phi(p["Wh"] @ x + p["Uh"] @ (r * h) + p["bh"])}


def reset_after(p, x, s, phi):
    h = s["h"]
    r, z = (torch.sigmoid(p["Wi" + n] @ x + p["bi" + n] + p["Wh" + n] @ h + p["bh" + n]) for n in "rz")
    n = phi(p["Win"] @ x + p["bin"] + r * (p["Whn"] @ h + p["bhn"]))
    return {"h": (1 - z) * n + z * h}


def minimal_gated_unit(p, x, s, phi):
    h = s["h"]
    f = torch.sigmoid(p["Wf"] @ x + p["Uf"] @ h + p["bf"])
    return {"h": (1 - f) * h + f * phi(p["Wh"] @ x + p["Uh"] @ (f * h) + p["bh"])}


CELLS = {
    ("RNN", "Wx"): rnn, ("ResidualRNN", "U"): residual, ("LSTM", "Uf"): lstm, ("LSTM", "Wx"): packed_lstm,
    ("LSTM", "Wy"): joined_lstm, ("PeepholeLSTM", "Vi"): peephole, ("GRU", "Uz"): gru, ("GRU", "Wir"): reset_after,
    ("MGU", "Uf"): minimal_gated_unit,
}  # fmt: skip


class Clip(torch.autograd.Function):
    """Hands states on as they are; their gradients together are no longer than `limit`."""

    @staticmethod
    def forward(context, limit, *states):
        context.limit = limit
        return tuple(state.view_as(state) for state in states)

    @staticmethod
    def backward(context, *gradients):
        norm = torch.sqrt(sum(gradient.pow(2).sum() for gradient in gradients))
        factor = torch.clamp(context.limit / norm, max=1.0) if norm > 0 else 1.0
        return (None, *(factor * gradient for gradient in gradients))


def parts(variant):
    return dict((part.split(":") + [""])[:2] for part in variant.split("+"))


def run(name, variant, case):
    """The loss and every state at the steps 0…T, as tensors of one graph."""
    cell = next(f for (cell, key), f in CELLS.items() if cell == name and key in case["parameters"])
    said = parts(variant)
    phi = next((f for word, f in ACTIVATIONS.items() if word in said), torch.tanh)
    p = {key: torch.tensor(value, dtype=DOUBLE) for key, value in case["parameters"].items()}
    series = {key: torch.tensor(value, dtype=DOUBLE) for key, value in case["inputs"].items()}
    upstream = case["upstream"]
    steps = len(next(iter(series.values())))
    limit = None
    if "clip" in said:
        own = sum(torch.tensor(list_[-1], dtype=DOUBLE).pow(2).sum() for list_ in upstream.values() if list_[-1] is not None)
        limit = float(said["clip"]) * torch.sqrt(own)
    states = {key: torch.tensor(value, dtype=DOUBLE, requires_grad=True) for key, value in case["initial"].items()}
    history = [states]
    loss = torch.zeros(())
    for step in range(steps):
        before = states
        if limit is not None:
            before = dict(zip(states, Clip.apply(limit, *states.values())))
        states = cell(p, series["x"][step], before, phi)
        history.append(states)
        for key, list_ in upstream.items():
            if list_[step] is not None:
                loss = loss + (torch.tensor(list_[step], dtype=DOUBLE) * states[key]).sum()
    return loss, history


def norms(name, variant, case):
    """For each state its gradient's norm at the steps 0…T."""
    loss, history = run(name, variant, case)
    found = {}
    for key in history[0]:
        gradients = torch.autograd.grad(loss, [states[key] for states in history], retain_graph=True, allow_unused=True)
        found[key] = [0.0 if gradient is None else float(gradient.norm()) for gradient in gradients]
    return found


def singular_values(name, variant, case):
    """The largest and the smallest singular value of ∂h_T/∂h_t for the first sample, t = 0…T."""
    # The Jacobian is the cell's own: clipping is something that is done to a gradient.
    unclipped = "+".join(part for part in variant.split("+") if not part.startswith("clip")) or "uniform"
    _, history = run(name, unclipped, case)
    last = history[-1]["h"]
    is_row = name == "RNN" or (name == "LSTM" and "Wx" in case["parameters"])
    components = last[0] if is_row else last[:, 0]
    rows = []
    for component in components:
        gradients = torch.autograd.grad(component, [states["h"] for states in history], retain_graph=True)
        rows.append([gradient[0] if is_row else gradient[:, 0] for gradient in gradients])
    values = [torch.linalg.svdvals(torch.stack([row[step] for row in rows])) for step in range(len(history))]
    return {"sigma_max": [float(v[0]) for v in values], "sigma_min": [float(v[-1]) for v in values]}


def main():
    arguments = sys.argv[1:]
    folder, table = pathlib.Path(arguments[0]), arguments[1]
    rows = list(csv.DictReader(open(table, newline="", encoding="utf-8")))
    recorded, worst, count = [], 0.0, 0
    for path in sorted(folder.glob("*.json")):
        # CELL-VARIANT-SEED; a number in a variant may be negative, a cell's name has no hyphen.
        name, rest = path.stem.split("-", 1)
        variant, seed = rest.rsplit("-", 1)
        case = json.loads(path.read_text())
        mine = [row for row in rows if row["cell"] == name and row["variant"] == variant]
        found = norms(name, variant, case)
        if any(row["quantity"] == "sigma_max" for row in mine):
            found |= singular_values(name, variant, case)
        for row in mine:
            assert row["seeds"] == "1", "one network a variant: --seeds 1"
            if row["quantity"] not in found:
                continue
            expected = found[row["quantity"]][int(row["step"])]
            scale = found["sigma_max"][int(row["step"])] if row["quantity"] == "sigma_min" else expected
            given = float(row["norm_median"])
            error = abs(given - expected) / scale if scale else abs(given)
            worst, count = max(worst, error), count + 1
            if error > 1e-9:
                print(f"{path.name}: {row['quantity']} at step {row['step']}: {given} is not {expected}")
        first = mine[0]
        recorded.append({
            "cell": name, "parameters": sorted(case["parameters"]), "variant": variant, "seed": int(seed),
            "hidden": int(first["hidden"]), "steps": int(first["steps"]), "batch": int(first["batch"]), "norms": {key: [float(f"{value:.13g}") for value in values] for key, values in found.items()},
        })  # fmt: skip
    if "--record" in sys.argv:
        text = ",\n".join(json.dumps(item) for item in recorded)
        pathlib.Path(sys.argv[sys.argv.index("--record") + 1]).write_text(f"[\n{text}\n]\n")
    print(f"{len(recorded)} networks, {count} values, the largest relative difference is {worst:.1e}")
    sys.exit(0 if count and worst <= 1e-9 else 1)


if __name__ == "__main__":
    main()
