"""Holds the golden values in this folder against differences in 260 digits, with mpmath and without PyTorch.

Run it as `python verify.py [sheet…]`; it takes some minutes. Each cell is written a third time, one sample and one unit at a time.
Gradients are central differences with a step of 1e-75, so that values of 1e-110 still have more right digits than a double.
Of a long sequence's inputs only the first, the middle and the last are tried. It prints the largest relative error of a block.
"""

import json
import pathlib
import sys

from mpmath import exp, mp, mpf, tanh

HERE = pathlib.Path(__file__).parent
mp.dps = 260
STEP = mpf(10) ** -75
ROWS = {"rnn-step", "lstm-step"}
TOLERANCE = 1e-12


def sigmoid(a):
    return 1 / (1 + exp(-a))


def weighted(p, key, vector):
    """Key's matrix times a vector, as a list."""
    return [sum(w * v for w, v in zip(row, vector)) for row in p[key]]


def added(p, *terms):
    """The sum of products (key, vector) and biases (key)."""
    parts = [weighted(p, *term) if isinstance(term, tuple) else [row[0] for row in p[term]] for term in terms]
    return [sum(column) for column in zip(*parts)]


def rnn_step(p, x, h):
    return {"h": [tanh(a) for a in added(p, ("Wx", x), ("Wh", h), "b")]}


def memory(i, f, o, g, c_before):
    c = [sigmoid(ff) * cc + sigmoid(ii) * tanh(gg) for ff, cc, ii, gg in zip(f, c_before, i, g)]
    return {"h": [sigmoid(oo) * tanh(cc) for oo, cc in zip(o, c)], "c": c}


def lstm_step(p, x, h, c):
    a, n = added(p, ("Wx", x), ("Wh", h), "b"), len(h)
    return memory(a[:n], a[n:2 * n], a[2 * n:3 * n], a[3 * n:], c)


def residual(p, x, h):
    return {"h": [before + tanh(z) for before, z in zip(h, added(p, ("U", h), ("W", x), "b"))]}


def lstm(p, x, h, c):
    return memory(*(added(p, ("W" + g, x), ("U" + g, h), "b" + g) for g in "ifoc"), c)


def gru(p, x, h):
    z = [sigmoid(a) for a in added(p, ("Wz", x), ("Uz", h), "bz")]
    r = [sigmoid(a) for a in added(p, ("Wr", x), ("Ur", h), "br")]
    new = added(p, ("Wh", x), ("Uh", [a * b for a, b in zip(r, h)]), "bh")
    return {"h": [zz * hh + (1 - zz) * tanh(nn) for zz, hh, nn in zip(z, h, new)]}


def lstm_with_output(p, x, h, c):
    outputs = memory(*(added(p, ("W" + g, h + x), "b" + g) for g in "ifoc"), c)
    powers = [exp(a) for a in added(p, ("Wy", outputs["h"]), "by")]
    return {**outputs, "y": [a / sum(powers) for a in powers]}


def peephole_lstm(p, x, h, c):
    def looking(gate, seen):
        before = added(p, ("W" + gate, x), ("U" + gate, h), "b" + gate)
        return [a + v[0] * s for a, v, s in zip(before, p["V" + gate], seen)]

    candidate = added(p, ("Wc", x), ("Uc", h), "bc")
    new = memory(looking("i", c), looking("f", c), candidate, candidate, c)["c"]
    return {"h": [sigmoid(o) * tanh(cc) for o, cc in zip(looking("o", new), new)], "c": new}


def minimal_gated_unit(p, x, h):
    f = [sigmoid(a) for a in added(p, ("Wf", x), ("Uf", h), "bf")]
    new = added(p, ("Wh", x), ("Uh", [a * b for a, b in zip(f, h)]), "bh")
    return {"h": [(1 - ff) * hh + ff * tanh(nn) for ff, hh, nn in zip(f, h, new)]}


def gru_of_pytorch(p, x, h):
    r = [sigmoid(a) for a in added(p, ("Wir", x), "bir", ("Whr", h), "bhr")]
    z = [sigmoid(a) for a in added(p, ("Wiz", x), "biz", ("Whz", h), "bhz")]
    old, new = added(p, ("Whn", h), "bhn"), added(p, ("Win", x), "bin")
    n = [tanh(a + rr * b) for a, rr, b in zip(new, r, old)]
    return {"h": [(1 - zz) * nn + zz * hh for zz, nn, hh in zip(z, n, h)]}


CELLS = {
    "rnn-step": rnn_step, "lstm-step": lstm_step, "nndl-6-3": residual, "nndl-6-4": lstm, "nndl-6-5": gru,
    "nndl-6-2p": lstm_with_output, "peephole-lstm": peephole_lstm, "minimal-gated-unit": minimal_gated_unit,
    "pytorch-gru": gru_of_pytorch,
}


def exact(value, turned):
    """Nested lists as exact numbers; a rows sheet's matrices are turned, so that a sample is a column everywhere."""
    if isinstance(value, dict):
        return {key: exact(entry, turned) for key, entry in value.items()}
    if isinstance(value[0][0], list):
        return [exact(entry, turned) for entry in value]
    return [[mpf(a) for a in row] for row in (zip(*value) if turned else value)]


def column(matrix, n):
    return [row[n] for row in matrix]


def run(cell, case, samples):
    """The outputs of every step, sample by sample, and the loss."""
    loss, outputs = mpf(0), []
    for n in samples:
        state = {name: column(matrix, n) for name, matrix in case["initial"].items()}
        steps = []
        for t, x in enumerate(case["inputs"]["x"]):
            steps.append(cell(case["parameters"], column(x, n), *(state[name] for name in sorted(state, reverse=True))))
            state = {name: steps[-1][name] for name in state}
            for name, upstream in case["upstream"].items():
                loss += sum(u * v for u, v in zip(column(upstream[t], n), steps[-1][name]))
        outputs.append(steps)
    return outputs, loss


def error(got, expected):
    """The norm of the difference over the larger norm; no absolute floor."""
    norm = lambda values: sum(v * v for v in values) ** mpf("0.5")
    larger = max(norm(got), norm(expected))
    return mpf(0) if larger == 0 else norm([a - b for a, b in zip(got, expected)]) / larger


def flat(matrix):
    return [a for row in matrix for a in row]


def difference(cell, case, matrix, samples):
    """∂L by each entry of a matrix that belongs to the case."""
    result = []
    for row in matrix:
        for j, value in enumerate(row):
            # A state or an input touches its own sample alone.
            touched = samples if samples is not None else [j]
            row[j] = value + STEP
            above = run(cell, case, touched)[1]
            row[j] = value - STEP
            below = run(cell, case, touched)[1]
            row[j] = value
            result.append((above - below) / (2 * STEP))
    return result


def verify(identifier):
    turned, cell, worst = identifier in ROWS, CELLS[identifier], 0.0
    for entry in json.loads((HERE / f"{identifier}.json").read_text())["cases"]:
        case, expected = exact(entry["case"], turned), exact(entry["expected"], turned)
        samples = range(len(case["inputs"]["x"][0][0]))
        blocks = {}
        outputs, _ = run(cell, case, samples)
        for name, matrices in expected["outputs"].items():
            for t, matrix in enumerate(matrices):
                got = [outputs[n][t][name] for n in samples]
                blocks[f"{name}_{t + 1}"] = error(flat(zip(*got)), flat(matrix))
        for key, matrix in case["parameters"].items():
            blocks[f"d{key}"] = error(difference(cell, case, matrix, samples), flat(expected["gradients"][key]))
        for key, matrix in case["initial"].items():
            blocks[f"d{key}_0"] = error(difference(cell, case, matrix, None), flat(expected["gradients"][key]))
        T = len(case["inputs"]["x"])
        for t in range(T) if T < 10 else (0, T // 2, T - 1):
            got = difference(cell, case, case["inputs"]["x"][t], None)
            blocks[f"dx_{t + 1}"] = error(got, flat(expected["gradients"]["x"][t]))
        block = max(blocks, key=blocks.get)
        print(f"{identifier}, {entry['name']}: {len(blocks)} blocks, worst {block} {float(blocks[block]):.1e}", flush=True)
        worst = max(worst, float(blocks[block]))
    return worst


def verify_jacobians():
    worst = mpf(0)
    for entry in json.loads((HERE / "jacobians.json").read_text()):
        cases = json.loads((HERE / f"{entry['sheet']}.json").read_text())["cases"]
        case = exact(next(c["case"] for c in cases if c["name"] == entry["case"]), entry["sheet"] in ROWS)
        cell, names = CELLS[entry["sheet"]], sorted(case["initial"], reverse=True)

        def walk(state, steps):
            for t in steps:
                state = cell(case["parameters"], column(case["inputs"]["x"][t], 0), *(state[name] for name in names))
            return state

        start = walk({name: column(case["initial"][name], 0) for name in names}, range(entry["from"]))
        columns = []
        for j in range(len(start[entry["by"]])):
            ends = []
            for step in (STEP, -STEP):
                moved = list(start[entry["by"]])
                moved[j] += step
                ends.append(walk({**start, entry["by"]: moved}, range(entry["from"], entry["at"]))[entry["of"]])
            columns.append([(above - below) / (2 * STEP) for above, below in zip(*ends)])
        worst = max(worst, error(flat(zip(*columns)), flat(exact(entry["jacobian"], False))))
    print(f"jacobians: worst {float(worst):.1e}")
    return float(worst)


if __name__ == "__main__":
    results = [verify(identifier) for identifier in sys.argv[1:] or CELLS]
    results.append(verify_jacobians())
    sys.exit(0 if max(results) < TOLERANCE else 1)
