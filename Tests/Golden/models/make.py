"""Makes the golden values of the models in this folder with PyTorch in double precision.

Run it as `python make.py` with PyTorch 2 installed; it rewrites `captioning.json` and `text-generation.json` beside itself. Nothing
here reads a sheet: the models are written again from PyTorch's own parts, which share nothing with one-hot products and a mask that
is multiplied: `embedding` looks rows up, `nn.RNN` and `nn.LSTM` run the sequence, `cross_entropy` skips targets by `ignore_index`.

The numbers are drawn with Python's own generator, so that another version of PyTorch gets the same cases. A matrix is a list of
rows; `words`, `targets` and `mask` are N x T, and a target that does not count is still there, as it is in a sheet's batch.
"""

import json
import pathlib
import random

import torch
from torch import nn
from torch.nn import functional

HERE = pathlib.Path(__file__).parent
DOUBLE = torch.float64
IGNORED = -100


def matrix(generator, rows, columns, scale):
    return [[generator.gauss(0, scale) for _ in range(columns)] for _ in range(rows)]


def sequences(generator, samples, steps, words):
    def draw():
        return [[generator.randrange(words) for _ in range(steps)] for _ in range(samples)]

    lengths = [steps if n == 0 else generator.randint(1, steps) for n in range(samples)]
    mask = [[1 if t < length else 0 for t in range(steps)] for length in lengths]
    return {"words": draw(), "targets": draw(), "mask": mask}


def counted_targets(case):
    targets = torch.tensor(case["targets"])
    return targets.masked_fill(torch.tensor(case["mask"]) == 0, IGNORED)


def recurrent(module, weight_ih, weight_hh, bias, *arguments):
    """Runs one of PyTorch's recurrent modules with weights that are functions of the model's own parameters."""
    weights = {"weight_ih_l0": weight_ih, "weight_hh_l0": weight_hh, "bias_ih_l0": bias, "bias_hh_l0": torch.zeros_like(bias)}
    return torch.func.functional_call(module, weights, arguments)


def captioning(p, case):
    """States, scores and loss; the loss is the sum over the targets that count, divided by N."""
    words = torch.tensor(case["words"])
    start = torch.tensor(case["v"], dtype=DOUBLE) @ p["Wv"] + p["bv"]
    module = nn.RNN(p["Wx"].shape[0], p["Wh"].shape[0], batch_first=True, dtype=DOUBLE)
    embedded = functional.embedding(words, p["E"])
    h, _ = recurrent(module, p["Wx"].T, p["Wh"].T, p["b"][0], embedded, start[None])
    s = functional.linear(h, p["Ws"].T, p["bs"][0])
    loss = functional.cross_entropy(
        s.flatten(0, 1), counted_targets(case).flatten(), ignore_index=IGNORED, reduction="sum") / words.shape[0]
    return {"h": h, "s": s}, loss


def text_generation(p, case):
    """States, scores and loss; PyTorch's own mean is the one over the targets that count."""

    def reordered(packed):  # from i, f, o, g in columns to PyTorch's i, f, g, o in rows
        i, f, o, g = packed.chunk(4, dim=1)
        return torch.cat([i, f, g, o], dim=1).T

    words = torch.tensor(case["words"])
    size = p["Wx"].shape[0]
    module = nn.LSTM(size, p["Wh"].shape[0], batch_first=True, dtype=DOUBLE)
    letters = functional.one_hot(words, size).to(DOUBLE)
    weights = reordered(p["Wx"]), reordered(p["Wh"]), reordered(p["b"])[:, 0]
    h, _ = recurrent(module, *weights, letters)
    # The module keeps the last memory alone, so each step's is asked for by a shorter sequence.
    c = torch.stack([recurrent(module, *weights, letters[:, : t + 1])[1][1][0] for t in range(words.shape[1])], dim=1)
    s = functional.linear(h, p["Ws"].T, p["bs"][0])
    loss = functional.cross_entropy(s.flatten(0, 1), counted_targets(case).flatten(), ignore_index=IGNORED)
    return {"h": h, "c": c, "s": s}, loss


def written(model, p, case):
    """What the model writes after its first word: the likeliest words, and by u at three temperatures."""
    steps = len(case["u"][0])

    def write(choose):
        texts = [[words[0]] for words in case["words"]]
        for step in range(steps):
            targets = [[0] * len(text) for text in texts]
            values, _ = model(p, case | {"words": texts, "targets": targets, "mask": [[1] * len(text) for text in texts]})
            for text, word in zip(texts, choose(values["s"][:, -1], step)):
                text.append(int(word))
        return [text[1:] for text in texts]

    u = torch.tensor(case["u"], dtype=DOUBLE)

    def by_chance(temperature):
        def choose(scores, step):
            borders = torch.softmax(scores / temperature, dim=1).cumsum(dim=1)
            return torch.searchsorted(borders, u[:, step : step + 1].contiguous(), right=True)[:, 0].clamp(max=scores.shape[1] - 1)

        return choose

    return {
        "greedy": write(lambda scores, _: scores.argmax(dim=1)),
        "random": [{"temperature": tau, "words": write(by_chance(tau))} for tau in (0.5, 1.0, 2.0)],
    }


def shapes(name, V, H, W=0, F=0):
    if name == "captioning":
        return {"Wv": (F, H), "bv": (1, H), "E": (V, W), "Wx": (W, H), "Wh": (H, H), "b": (1, H), "Ws": (H, V), "bs": (1, V)}
    return {"Wx": (V, 4 * H), "Wh": (H, 4 * H), "b": (1, 4 * H), "Ws": (H, V), "bs": (1, V)}


# Name, sizes, samples, steps, and the size of the weights: the last cases saturate, and have gradients that vanish on the way.
CASES = [
    ("small", 7, 5, 4, 6, 3, 4, 0.5),
    ("one sequence", 9, 4, 3, 5, 1, 8, 0.7),
    ("sure of itself", 6, 5, 3, 4, 4, 5, 2.5),
    ("long", 5, 3, 4, 6, 2, 30, 0.2),
]


def main():
    for identifier, model in (("captioning", captioning), ("text-generation", text_generation)):
        generator = random.Random(f"models {identifier}")
        cases = []
        for name, V, H, W, F, N, T, scale in CASES:
            letters = {"V": V, "H": H, "N": N} | ({"W": W, "F": F} if model is captioning else {})
            stored = {
                key: matrix(generator, rows, columns, scale)
                for key, (rows, columns) in shapes(identifier, **{k: v for k, v in letters.items() if k != "N"}).items()
            }
            case = sequences(generator, N, T, V)
            if model is captioning:
                case["v"] = matrix(generator, N, F, 1)
            case["u"] = [[generator.random() for _ in range(6)] for _ in range(N)]
            p = {key: torch.tensor(rows, dtype=DOUBLE, requires_grad=True) for key, rows in stored.items()}
            values, loss = model(p, case)
            loss.backward()
            norm = nn.utils.get_total_norm([tensor.grad for tensor in p.values()])
            with torch.no_grad():
                samples = written(model, p, case)
            cases.append({
                "name": name, "letters": letters, "parameters": stored, **case, "loss": loss.item(),
                "results": {key: tensor.detach().transpose(0, 1).tolist() for key, tensor in values.items()},
                "gradients": {key: tensor.grad.tolist() for key, tensor in p.items()}, "norm": norm.item(), "written": samples,
            })
        lines = ",\n".join(json.dumps(case, separators=(",", ":"), allow_nan=False) for case in cases)
        (HERE / f"{identifier}.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
