"""Makes the values of the published call with NumPy alone: `python published.py` writes the two JSON files beside it.

The call is the one that listings of this cell print: `np.random.seed(1)`, then `np.random.randn` in the order below, with 3 input
features, 5 hidden units, 2 classes and 10 samples; `published-step.json` is a single step, `published-loop.json` the loop over
T_x = 7 from c_0 = 0. Listings stop after the way forward, so the gradient that arrives at the outputs is drawn next, by the same
generator, in the order h, c, y. Derivatives are written by hand and held against complex steps of the way forward, which have no
rounding error of their own; the script stops if they differ. Nothing here reads the sheet or calls unroll.

A matrix is a list of rows; `outputs` and `gradients` have the meaning that `unroll reference` gives them.
"""

import json
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent
FEATURES, HIDDEN, CLASSES, SAMPLES = 3, 5, 2, 10


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def softmax(a):  # over the classes of each sample, and for complex numbers too
    e = np.exp(a - a.real.max(axis=0))
    return e / e.sum(axis=0)


def step(x, h, c, p):
    v = np.concatenate([h, x])
    f, i, o = (sigmoid(p["W" + gate] @ v + p["b" + gate]) for gate in "fio")
    candidate = np.tanh(p["Wc"] @ v + p["bc"])
    new_c = f * c + i * candidate
    new_h = o * np.tanh(new_c)
    y = softmax(p["Wy"] @ new_h + p["by"])
    return new_h, new_c, y, (v, c, f, i, o, candidate, new_h, new_c, y)


def forward(xs, h, c, p):
    outputs, tape = {"h": [], "c": [], "y": []}, []
    for x in xs:
        h, c, y, kept = step(x, h, c, p)
        for name, value in (("h", h), ("c", c), ("y", y)):
            outputs[name].append(value)
        tape.append(kept)
    return outputs, tape


def backward(upstream, tape, p):
    total = {name: np.zeros_like(value) for name, value in p.items()}
    later_h, later_c, dxs = 0, 0, []
    for t in reversed(range(len(tape))):
        v, old_c, f, i, o, candidate, h, c, y = tape[t]
        from_y = upstream["y"][t]
        dy = y * (from_y - (from_y * y).sum(axis=0))
        dh = upstream["h"][t] + later_h + p["Wy"].T @ dy
        dc = upstream["c"][t] + later_c + dh * o * (1 - np.tanh(c) ** 2)
        deltas = {
            "f": dc * old_c * f * (1 - f),
            "i": dc * candidate * i * (1 - i),
            "o": dh * np.tanh(c) * o * (1 - o),
            "c": dc * i * (1 - candidate**2),
        }
        for gate, delta in deltas.items():
            total["W" + gate] += delta @ v.T
            total["b" + gate] += delta.sum(axis=1, keepdims=True)
        total["Wy"] += dy @ h.T
        total["by"] += dy.sum(axis=1, keepdims=True)
        dv = sum(p["W" + gate].T @ delta for gate, delta in deltas.items())
        later_h, later_c = dv[:HIDDEN], dc * f
        dxs.insert(0, dv[HIDDEN:])
    return {**total, "x": dxs, "h": later_h, "c": later_c}


def complex_steps(xs, h, c, p, upstream):
    """The same gradients, entry by entry: the imaginary part of L(v + ih) over h."""
    tiny = 1e-30

    def slope(change):
        outputs, _ = forward(*change)
        loss = sum((g * value).sum() for name in "hcy" for g, value in zip(upstream[name], outputs[name]))
        return loss.imag / tiny

    def gradient(matrix, put):
        result = np.zeros(matrix.shape)
        for place in np.ndindex(*matrix.shape):
            nudged = matrix.astype(complex)
            nudged[place] += 1j * tiny
            result[place] = slope(put(nudged))
        return result

    result = {name: gradient(value, lambda m, name=name: (xs, h, c, {**p, name: m})) for name, value in p.items()}
    result["x"] = [gradient(x, lambda m, t=t: (xs[:t] + [m] + xs[t + 1 :], h, c, p)) for t, x in enumerate(xs)]
    result["h"] = gradient(h, lambda m: (xs, m, c, p))
    result["c"] = gradient(c, lambda m: (xs, h, m, p))
    return result


def write(name, xs, h, c, p, random):
    steps = len(xs)
    drawn = {key: random(rows, SAMPLES, steps) for key, rows in (("h", HIDDEN), ("c", HIDDEN), ("y", CLASSES))}
    upstream = {key: [value[:, :, t] for t in range(steps)] for key, value in drawn.items()}
    outputs, tape = forward(xs, h, c, p)
    gradients = backward(upstream, tape, p)
    for key, other in complex_steps(xs, h, c, p, upstream).items():
        mine = np.asarray(gradients[key])
        error = np.linalg.norm(mine - other) / np.linalg.norm(other)
        assert error < 1e-13, (name, key, error)
    lists = lambda value: [m.tolist() for m in value] if isinstance(value, list) else value.tolist()
    content = {
        "parameters": {key: lists(value) for key, value in p.items()},
        "inputs": {"x": lists(xs)},
        "initial": {"h": lists(h), "c": lists(c)},
        "upstream": {key: lists(value) for key, value in upstream.items()},
        "outputs": {key: lists(value) for key, value in outputs.items()},
        "gradients": {key: lists(value) for key, value in gradients.items()},
    }
    (HERE / name).write_text(json.dumps(content) + "\n")
    return outputs


def parameters(random):
    p = {}
    for gate in "fioc":
        p["W" + gate] = random(HIDDEN, HIDDEN + FEATURES)
        p["b" + gate] = random(HIDDEN, 1)
    p["Wy"] = random(CLASSES, HIDDEN)
    p["by"] = random(CLASSES, 1)
    return p


np.random.seed(1)
x = np.random.randn(FEATURES, SAMPLES)
h, c = np.random.randn(HIDDEN, SAMPLES), np.random.randn(HIDDEN, SAMPLES)
single = write("published-step.json", [x], h, c, parameters(np.random.randn), np.random.randn)

np.random.seed(1)
x = np.random.randn(FEATURES, SAMPLES, 7)
h = np.random.randn(HIDDEN, SAMPLES)
loop = write(
    "published-loop.json", [x[:, :, t] for t in range(7)], h, np.zeros((HIDDEN, SAMPLES)), parameters(np.random.randn),
    np.random.randn)

# What the listings print.
print("h_next[4] =", single["h"][0][4])
print("c_next[2] =", single["c"][0][2])
print("y[1] =", single["y"][0][1])
print("h[4][3][6] =", loop["h"][6][4][3])
print("y[1][4][3] =", loop["y"][3][1][4])
print("c[1][2][1] =", loop["c"][1][1][2])
