"""Times the recurrence against PyTorch in float64: the same work, the same threads, in turn, in one run.

    python compare.py [--threads 1] [--rounds 15]

Builds nothing: `swift build -c release` in this folder comes first. Medians and their ratio; above 1 this program is faster.
"""

import argparse
import pathlib
import statistics
import subprocess
import time

import torch

HERE = pathlib.Path(__file__).parent
torch.set_default_dtype(torch.float64)


def training(kind, n, t, d, h):
    """Forward and backward, gradients by parameters and inputs, a loss at every h."""
    layer = getattr(torch.nn, kind)(d, h, batch_first=True)
    x = torch.randn(n, t, d, requires_grad=True)
    upstream = torch.randn(n, t, h)

    def run():
        layer.zero_grad()
        x.grad = None
        layer(x)[0].backward(upstream)

    return run


def flow(kind, n, t, d, h):
    """Every dL/dh_t of 20 networks with frozen parameters, by autograd.grad over a loop of cells."""
    networks = []
    for _ in range(20):
        cell = getattr(torch.nn, kind + "Cell")(d, h).requires_grad_(False)
        networks.append((cell, torch.randn(t, n, d), torch.randn(n, h)))

    def run():
        for cell, x, v in networks:
            hs = [torch.zeros(n, h, requires_grad=True)]
            c = torch.zeros(n, h)
            for step in range(t):
                if kind == "LSTM":
                    state, c = cell(x[step], (hs[-1], c))
                else:
                    state = cell(x[step], hs[-1])
                hs.append(state)
            sum(g.norm() for g in torch.autograd.grad((hs[-1] * v).sum(), hs))

    return run


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    ours = subprocess.Popen(
        [HERE / ".build/release/flow-benchmark"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip

    def ask(line):
        ours.stdin.write(line + "\n")
        ours.stdin.flush()
        return float(ours.stdout.readline())

    sizes = [(1, 100, 16, 16, 5), (8, 100, 32, 64, 3), (32, 100, 64, 128, 1.3), (32, 200, 128, 256, 1.3)]
    work = [("train", kind, *size) for size in sizes for kind in ("RNN", "LSTM", "GRU")]
    work += [("flow", kind, 16, 100, 16, 64, 3) for kind in ("RNN", "LSTM", "GRU")]
    print(f"{options.threads} thread(s), PyTorch {torch.__version__}, float64, medians of {options.rounds} rounds in turn, ms")
    print(f"{'work':6}{'cell':6}{'N,T,D,H':18}{'PyTorch':>10}{'unroll':>10}{'ratio':>8}{'wanted':>8}")
    for task, kind, n, t, d, h, wanted in work:
        run = (training if task == "train" else flow)(kind, n, t, d, h)
        line = f"{task} {kind} {n} {t} {d} {h} {options.threads}"
        theirs, mine = [], []
        for round in range(options.rounds + 3):
            start = time.perf_counter()
            run()
            theirs.append(1e3 * (time.perf_counter() - start))
            mine.append(ask(line))
        a, b = statistics.median(theirs[3:]), statistics.median(mine[3:])
        print(f"{task:6}{kind:6}{f'{n},{t},{d},{h}':18}{a:10.2f}{b:10.2f}{a / b:8.2f}{wanted:8}", flush=True)
    ours.stdin.close()


if __name__ == "__main__":
    main()
