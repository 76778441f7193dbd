"""What the texts claim, written again from their own equations by hand, and evaluated."""

import numpy as np
from helpers import *
from networks import Net, cross_entropy, only_last, onehot, plain_loss, same, sigmoid, softmax

tanh, diag, outer = np.tanh, np.diag, np.outer


@text("tutorial-zh-three-steps")
def _(c):
    n = rnn(out=True, bias=False, T=3)
    total = lambda q: same(n.pgrad(q), sum(n.pgrad(q, of=t) for t in range(1, 4)))
    c["16.1"], c["16.2"], c["16.3"] = total("V"), total("W"), total("U")
    go = n.grad("o", 3, of=3)
    c["22.1"] = c["22.2"] = same(n.pgrad("V", of=3), outer(go, n.v[3]["h"]))
    chain = lambda q: same(n.pgrad(q, of=3), np.tensordot(go @ n.p["V"], n.pjac("h", 3, q), 1))
    c["32.1"], c["38.1"] = chain("W"), chain("U")
    c["32.3"] = c["32.4"] = bptt_sum(n, "W") and product(n)
    c["38.3"] = bptt_sum(n, "U")


@text("blog-ko-vanishing")
def _(c):
    n = rnn(out=True)
    c["12.1"] = c["18.1"] = product(n) and every(lambda t: same(n.grad("h", 1, of=t), (n.grad("o", t, of=t) @ n.p["V"]) @ n.jac("h", t, "h", 1) if t > 1 else n.grad("o", 1, of=1) @ n.p["V"]), range(1, 5))
    c["24.1"] = every(lambda t: same(n.jac("h", t, "h", t - 1), n.jac("h", t, "z", t) @ n.jac("z", t, "h", t - 1)), range(1, 5))
    norm = lambda A: np.linalg.norm(A, 2)
    c["30.1"] = all(norm(n.jac("h", t, "h", t - 1)) <= norm(n.jac("h", t, "z", t)) * norm(n.jac("z", t, "h", t - 1)) + 1e-12 for n in (rnn(seed=s) for s in range(4)) for t in range(1, 5))
    c["30.2"] = every(lambda t: same(n.jac("z", t, "h", t - 1), n.p["W"]), range(1, 5))


@text("notebook-lstm-one-step")
def _(c):
    n = lstm()
    t = 2
    v = n.v[t]
    da = n.grad("h", t)
    dc = n.grad("c", t) - da * v["o"] * (1 - tanh(v["c"]) ** 2)  # what comes from the next step
    slope = v["o"] * (1 - tanh(v["c"]) ** 2)
    c["17.1"] = same(n.grad("ao", t), da * tanh(v["c"]) * v["o"] * (1 - v["o"]))
    c["19.1"] = same(n.grad("ag", t), dc * v["i"] + slope * v["i"] * da * v["g"] * (1 - tanh(v["g"]) ** 2))
    c["21.1"] = same(n.grad("ai", t), dc * v["g"] + slope * v["g"] * da * v["i"] * (1 - v["i"]))
    before = n.v[t - 1]["c"]
    c["23.1"] = same(n.grad("af", t), dc * before + slope * before * da * v["f"] * (1 - v["f"]))
    part = n.grad("c", t - 1) - n.grad("h", t - 1) * n.v[t - 1]["o"] * (1 - tanh(n.v[t - 1]["c"]) ** 2)
    c["36.1"] = same(part, dc * v["f"] + slope * v["f"] * da)


@text("blog-lstm-cumulative-loss")
def _(c):
    n = lstm(squash=lambda s: s)
    T = n.T
    L = lambda name, k, frm: sum((n.grad(name, k, of=s) for s in range(frm, T + 1)), np.zeros(3))
    # A weight's derivative of h_i(t) is the whole one on the left, so the sum over t counts its own step alone.
    c["21.1"] = c["44.1"] = same(n.pgrad("Wg"), sum(np.tensordot(n.grad("h", t), n.pjac("h", t, "Wg", step=t), 1) for t in range(1, T + 1)))
    c["27.1"] = c["27.2"] = c["40.1"] = c["40.2"] = every(lambda t: same(n.grad("h", t), L("h", t, t)), range(1, T + 1))
    c["58.1"] = every(lambda t: same(L("h", t, t), n.grad("h", t, of=t) + L("h", t, t + 1)), range(1, T + 1))
    c["62.1"] = same(L("h", T, T), n.grad("h", T, of=T))
    o = lambda t: n.v[t]["o"]
    member = lambda t: L("h", t, t) * o(t) + diag(n.jac("h", t + 1, "c", t)) * L("h", t + 1, t + 1)
    c["69.1"] = every(lambda t: same(L("c", t, t), member(t)), range(1, T))
    c["70.1"] = True  # L(t) and L(t+1) differ by l(t), which h(t+1) does not reach
    assert every(lambda t: same(n.grad("h", t + 1, of=t), np.zeros(3)), range(1, T))
    through = lambda t: L("c", t, t) - L("h", t, t) * o(t)
    c["71.1"] = every(lambda t: same(member(t), L("h", t, t) * o(t) + through(t)), range(1, T))
    c["85.1"] = every(lambda t: same(diag(n.jac("h", t, "c", t)), o(t)), range(1, T + 1))


@text("vignette-lstm-numbered-errors")
def _(c):
    n = lstm(rows=True)
    t, v = 2, n.v[2]
    d3 = n.grad("h", t)
    d7 = d3 * v["o"] * (1 - tanh(v["c"]) ** 2)
    d4 = n.grad("c", t) - d7
    c["20.1"] = same(n.grad("c", t), d7 * d4)
    d8 = d7 * d4
    d15, d16 = d8 * v["g"] * v["i"] * (1 - v["i"]), d8 * n.v[1]["c"] * v["f"] * (1 - v["f"])
    d14, d13 = d8 * v["i"] * (1 - v["g"] ** 2), d3 * tanh(v["c"]) * v["o"] * (1 - v["o"])
    h, x = n.v[1]["h"], n.x[2]
    share = lambda q: n.pgrad(q, step=t)
    for key, q, left, d in (("48.1", "Uf", h, d16), ("49.1", "Wf", x, d16), ("50.1", "Ui", h, d15), ("51.1", "Wi", x, d15), ("52.1", "Ug", h, d14), ("53.1", "Wg", x, d14), ("54.1", "Uo", h, d13), ("55.1", "Wo", x, d13)):
        c[key] = same(share(q), outer(left, d))


@text("vignette-gru-numbered-errors")
def _(c):
    def step(p, s, x, put):
        r = put("r", sigmoid(put("ar", s["h"] @ p["Wr"] + x @ p["Ur"])))
        z = put("z", sigmoid(put("az", s["h"] @ p["Wz"] + x @ p["Uz"])))
        g = put("g", tanh(put("ag", (s["h"] * r) @ p["Wg"] + x @ p["Ug"])))
        return {"h": put("h", s["h"] * (1 - z) + z * g)}

    H = 3  # as many inputs as states, or half of the lines would not fit at all
    n = Net(step, {k + q: (H, H) for k in "WU" for q in "rzg"}, (H,), {"h": (H,)}, plain_loss())
    t, v, h, x = 2, n.v[2], n.v[1]["h"], n.x[2]
    d3 = n.grad("h", t)
    d8, d7 = d3 * v["z"], d3 * v["g"]
    d10, d11 = d8 * (1 - v["g"] ** 2), (d7 + d8) * v["z"] * (1 - v["z"])
    d13 = d10 @ n.p["Ug"].T
    d18 = d13 * v["r"] * v["r"] * (1 - v["r"])
    share = lambda q: n.pgrad(q, step=t)
    c["56.1"], c["57.1"] = same(share("Wr"), outer(h, d10)), same(share("Ur"), outer(x, d10))
    c["58.1"], c["59.1"] = same(share("Wz"), outer(h, d11)), same(share("Uz"), outer(x, d11))
    c["60.1"], c["61.1"] = same(share("Wg"), outer(h * v["r"], d18)), same(share("Ug"), outer(x, d18))


@text("vignette-rnn-numbered-errors")
def _(c):
    def step(p, s, x, put):
        return {"h": put("h", sigmoid(s["h"] @ p["W"] + x @ p["U"]))}

    n = Net(step, {"W": (3, 3), "U": (3, 3)}, (3,), {"h": (3,)}, plain_loss())
    h, d3 = n.v[2]["h"], n.grad("h", 2)
    d4 = d3 * h * (1 - h)
    c["17.1"] = same(n.pgrad("W", step=2), outer(n.v[1]["h"], d4))
    c["19.1"] = same(n.pgrad("U", step=2), outer(n.x[2], d4 @ n.p["W"].T))


@text("blog-zh-hanbingtao-rnn")
def _(c):
    n = rnn(bias=False, loss=only_last(plain_loss()))
    W, z = n.p["W"], lambda t: n.v[t]["z"]
    f1 = lambda t: diag(1 - tanh(z(t)) ** 2)
    d = lambda k: n.grad("z", k)
    c["19.1"] = c["26.1"] = every(lambda t: same(n.jac("z", t, "z", t - 1), n.jac("z", t, "h", t - 1) @ n.jac("h", t - 1, "z", t - 1)), range(2, 5))
    c["27.1"] = every(lambda t: same(n.jac("z", t, "z", t - 1), W @ f1(t - 1)), range(2, 5))
    M = lambda t: np.hstack([W[:, :-1] * np.diag(f1(t - 1))[:-1], np.vstack([W[:-1, -1:] * tanh(z(t - 1))[-1], W[-1:, -1:] * np.diag(f1(t - 1))[-1]])])
    c["28.1"] = every(lambda t: same(W @ f1(t - 1), M(t)), range(2, 5))
    c["43.1"] = every(lambda k: same(d(k), d(4) @ n.jac("z", 4, "z", k)), range(1, 4))
    step = lambda i: W @ f1(i)  # d net_{i+1} / d net_i

    def falling(k):
        J = np.eye(4)
        for i in range(3, k - 1, -1):
            J = J @ step(i)
        return J

    def rising(k):
        J = np.eye(4)
        for i in range(k, 4):
            J = J @ step(i)
        return J

    c["44.1"] = every(lambda k: same(d(k), d(4) @ falling(k)), range(1, 4))
    c["45.1"] = every(lambda k: same(d(k), falling(k) @ d(4)), range(1, 4))
    c["46.1"] = every(lambda k: same(d(k), d(4) @ rising(k)), range(1, 4))
    c["53.1"] = every(lambda t: same(n.pgrad("W", step=t), outer(d(t), n.v[t - 1]["h"])), range(1, 5))
    c["75.1"] = c["76.1"] = same(n.pgrad("W"), sum(outer(d(t), n.v[t - 1]["h"]) for t in range(1, 5)))
    part = lambda t: np.einsum("ij,k->ijk", np.eye(4), n.v[t - 1]["h"]) + np.tensordot(W, n.pjac("h", t - 1, "W"), 1)
    c["101.1"] = every(lambda t: same(n.pjac("z", t, "W"), part(t)), range(2, 5))
    c["109.1"] = same(n.pgrad("W"), np.tensordot(d(4), n.pjac("z", 4, "W"), 1))
    c["110.1"] = same(n.pgrad("W"), np.tensordot(d(4), part(4), 1))


@text("book-zh-500-questions")
def _(c):
    n = rnn(out=True)
    term = lambda t: outer(n.grad("o", t), n.v[t]["h"])
    c["20.1"] = every(lambda t: same(n.pgrad("V", of=t), term(t)), range(1, 5))
    c["30.1"] = same(n.pgrad("V"), sum(term(t) for t in range(1, 5)))
    c["36.1"] = c["46.1"] = bptt_sum(n, "W") and product(n)
    c["40.1"] = c["50.1"] = bptt_sum(n, "U") and product(n)


@text("readme-en-rows")
def _(c):
    n = rnn(out=True)  # rows with transposed weights are the columns, transposed
    e = lambda t: softmax(n.v[t]["o"]) - onehot(n, t, 3)
    h, T = lambda t: n.v[t]["h"], n.T
    c["17.1"] = every(lambda t: same(n.grad("o", t, of=t), e(t)), range(1, 5))
    c["29.1"] = same(n.pgrad("c"), sum(n.grad("o", t) for t in range(1, 5)))
    c["29.2"] = every(lambda t: same(n.pgrad("c"), e(t)), range(1, 5))
    from_ = lambda name, k, t: sum((n.grad(name, k, of=u) for u in range(t, T + 1)), np.zeros(4))
    d = lambda t: from_("h", t, t + 1)
    J = lambda t: n.jac("h", t, "h", t - 1).T
    c["39.2"] = True
    c["39.3"] = every(lambda t: same(d(t - 1), J(t) @ from_("h", t, t)), range(2, 5))
    c["39.4"] = c["39.5"] = every(lambda t: same(d(t - 1), J(t) @ (n.grad("h", t, of=t) + d(t))), range(2, 5))
    c["48.1"] = one_sum(n, "U")
    slope = lambda t: 1 - h(t) ** 2
    c["48.2"] = same(n.pgrad("U"), sum(outer(slope(t), n.x[t]) for t in range(1, 5)))
    c["52.1"] = c["52.2"] = False  # H x D where H x H belongs
    c["56.1"] = False
    c["56.2"] = same(n.pgrad("b"), sum(slope(t) for t in range(1, 5)))


@text("blog-en-layer-cheat-sheet")
def _(c):
    n = lstm()
    v, dc, dh = n.v, lambda t: n.grad("c", t), lambda t: n.grad("h", t)
    c["23.1"] = every(lambda t: same(dc(t), dh(t) * (1 - tanh(v[t]["c"]) ** 2) * v[t]["o"] + dc(t + 1) * v[t + 1]["f"]), range(1, 4))
    c["35.1"] = every(lambda t: same(n.grad("f", t), dc(t) * v[t - 1]["c"]), range(1, 5))
    c["37.1"] = every(lambda t: same(n.grad("i", t), dc(t) * v[t]["g"]), range(1, 5))
    c["39.1"] = every(lambda t: same(n.grad("o", t), dh(t) * tanh(v[t]["c"])), range(1, 5))
    c["41.1"] = every(lambda t: same(n.grad("g", t), dc(t) * v[t]["i"]), range(1, 5))


@text("notes-zh-lstm-gate-gradients")
def _(c):
    a = CLAIMS["blog-en-layer-cheat-sheet"]
    c["36.1"], c["46.1"], c["50.1"] = a["23.1"], a["35.1"], a["37.1"]
    n = lstm()
    c["30.1"] = every(lambda t: same(n.jac("c", t, "c", t - 1), diag(n.v[t]["f"])), range(2, 5))


@text("notes-en-forward-accumulation")
def _(c):
    n = rnn(out=True, bias=False)
    go = lambda t: n.grad("o", t, of=t)
    c["29.1"] = c["29.2"] = c["30.1"] = every(lambda t: same(n.pgrad("V", of=t), outer(go(t), n.v[t]["h"])), range(1, 5))
    s = lambda t: n.pjac("h", t, "W")
    c["38.1"] = same(s(1), np.tensordot(n.jac("h", 1, "z", 1), n.pjac("z", 1, "W", step=1), 1))
    c["39.1"] = every(lambda t: same(s(t), np.tensordot(n.jac("h", t, "z", t), n.pjac("z", t, "W", step=t) + np.tensordot(n.p["W"], s(t - 1), 1), 1)), range(2, 5))
    c["40.1"] = c["41.1"] = every(lambda t: same(n.pgrad("W", of=t), np.tensordot(go(t) @ n.p["V"], s(t), 1)), range(1, 5))

    def step(p, st, u, put):
        return {"h": put("h", p["W"] @ sigmoid(st["h"]) + p["U"] @ u + p["b"])}

    m = Net(step, {"W": (4, 4), "U": (4, 3), "b": (4,)}, (3,), {"h": (4,)}, plain_loss())
    c["60.1"], c["64.1"], c["68.1"] = totals(m, "W"), bptt_sum(m, "W"), product(m)
    ds = lambda x: sigmoid(x) * (1 - sigmoid(x))

    def explicit(t, k, order):
        J = np.eye(4)
        for i in order:
            J = J @ (m.p["W"].T @ diag(ds(m.v[i - 1]["h"])))
        return J

    falling = lambda t, k: explicit(t, k, range(t, k, -1))
    rising = lambda t, k: explicit(t, k, range(k + 1, t + 1))
    pairs = [(t, k) for t in range(1, 5) for k in range(0, t)]
    c["68.2"] = any(all(same(f(t, k), g(m.jac("h", t, "h", k))) for t, k in pairs) for f in (falling, rising) for g in (lambda J: J, lambda J: J.T))
    q = lstm()
    c["74.2"] = all(same(np.linalg.multi_dot([diag(q.v[i]["f"]) for i in range(t, k, -1)]) if t - k > 1 else diag(q.v[t]["f"]), diag(np.prod([q.v[i]["f"] for i in range(k, t + 1)], axis=0))) for t in range(2, 5) for k in range(1, t))


@text("readme-en-engine")
def _(c):
    def loss(p, now, target, put):
        return np.sum(0.5 * (now["o"] - target[:1]) ** 2)

    n = rnn(out=True, K=1, loss=only_last(loss))
    e = n.v[4]["o"] - n.targets[4][:1]
    c["13.2"] = same(n.grad("o", 4), e)
    c["17.1"], c["17.2"] = same(n.pgrad("V"), outer(e, n.v[4]["h"])), same(n.pgrad("c"), e)
    c["21.1"] = same(n.grad("h", 4), n.p["V"].T @ e)
    dz = lambda t: n.grad("h", t) * (1 - n.v[t]["h"] ** 2)
    c["25.1"] = every(lambda t: same(n.grad("z", t), dz(t)), range(1, 5))
    c["29.1"] = same(n.pgrad("W"), sum(outer(dz(t), n.v[t - 1]["h"]) for t in range(1, 5)))
    c["29.2"] = same(n.pgrad("U"), sum(outer(dz(t), n.x[t]) for t in range(1, 5)))
    c["29.3"] = same(n.pgrad("b"), sum(dz(t) for t in range(1, 5)))
    c["33.1"] = every(lambda t: same(n.grad("h", t - 1), n.p["W"].T @ n.grad("z", t)), range(2, 5))


@text("exam-en-question-13")
def _(c):
    n = rnn(out=True, bias=False)
    c["19.1"], c["20.1"], c["21.1"] = totals(n, "V"), totals(n, "U"), totals(n, "W")
    go = lambda t: n.grad("o", t, of=t)
    c["27.1"] = every(lambda t: same(n.pgrad("V", of=t), outer(go(t), n.v[t]["h"])), range(1, 5))
    chain = lambda q: every(lambda t: same(n.pgrad(q, of=t), np.tensordot(go(t) @ n.p["V"], n.pjac("h", t, q), 1)), range(1, 5))
    c["29.1"], c["35.1"] = chain("U"), chain("W")
    c["31.1"], c["37.1"] = forward_sum(n, "U"), forward_sum(n, "W")
    c["33.1"] = bptt_sum(n, "U")


@text("lecture-en-lemma")
def _(c):
    n = rnn(sigmoid)
    c["7.1"], c["9.1"], c["13.1"] = totals(n, "W"), bptt_sum(n, "W"), product(n)
    ds = lambda z: diag(sigmoid(z) * (1 - sigmoid(z)))
    c["21.1"] = c["29.2"] = every(lambda t: same(n.jac("h", t, "h", t - 1), ds(n.v[t]["z"]) @ n.p["W"]), range(1, 5))
    c["29.1"] = every(lambda t: same(n.jac("h", t, "h", t - 1), n.jac("h", t, "z", t) @ n.jac("z", t, "h", t - 1)), range(1, 5))


@text("post-en-mathematical-wall")
def _(c):
    n = rnn()
    c["10.1"], c["16.1"], c["22.1"] = totals(n, "W"), bptt_sum(n, "W"), product(n)
    c["32.1"] = every(lambda t: same(n.jac("h", t, "h", t - 1), diag(1 - tanh(n.v[t]["z"]) ** 2) @ n.p["W"]), range(1, 5))


@text("page-en-one-path")
def _(c):
    n = rnn()
    c["3.1"] = same(n.pgrad("W"), sum(np.tensordot(n.grad("h", t, of=t) @ (n.jac("h", t, "h", 1) if t > 1 else np.eye(4)), n.pjac("h", 1, "W", step=1), 1) for t in range(1, 5)))


@text("notebook-en-summed-indices")
def _(c):
    n = rnn(out=True)
    t = 3
    e = softmax(n.v[t]["o"]) - onehot(n, t, 3)
    p = softmax(n.v[t]["o"])
    gp = -onehot(n, t, 3) / p
    J = diag(p) - outer(p, p)
    c["8.1"] = same(n.pgrad("V", of=t), np.einsum("k,kl,lij->ij", gp, J, n.pjac("o", t, "V", step=t)))
    c["14.1"] = same(gp @ J, e)
    c["20.1"] = True
    c["20.2"] = same(n.pjac("o", t, "V", step=t), np.einsum("il,j->lij", np.eye(3), n.v[t]["h"]))
    c["26.1"], c["30.1"] = same(n.pgrad("V", of=t), outer(e, n.v[t]["h"])), same(n.pgrad("c", of=t), e)


@text("notes-zh-lstm-delta-labels-above")
def _(c):
    n = lstm(out=True)
    v, p, T = n.v, n.p, n.T
    e = lambda t: softmax(v[t]["y"]) - onehot(n, t, 3)
    dh, dc = lambda t: n.grad("h", t), lambda t: n.grad("c", t)
    a = lambda q, t: n.grad("a" + q, t) if t <= T else np.zeros(3)
    c["25.1"] = every(lambda t: same(dh(t), p["Wy"].T @ e(t) + sum(p["U" + q].T @ a(q, t + 1) for q in "fiog")), range(1, 5))
    nxt = lambda t: dc(t + 1) * v[t + 1]["f"] if t < T else 0
    c["27.1"] = every(lambda t: same(dc(t), dh(t) * v[t]["o"] * (1 - tanh(v[t]["c"]) ** 2) + nxt(t)), range(1, 5))
    c["31.2"] = every(lambda t: same(n.grad("o", t), dh(t) * tanh(v[t]["c"])), range(1, 5))
    c["33.2"] = every(lambda t: same(n.grad("f", t), dc(t) * v[t - 1]["c"]), range(1, 5))
    c["35.2"] = every(lambda t: same(n.grad("i", t), dc(t) * v[t]["g"]), range(1, 5))
    c["37.2"] = every(lambda t: same(n.grad("g", t), dc(t) * v[t]["i"]), range(1, 5))
    c["41.1"] = every(lambda t: same(dc(t - 1), dc(t) * v[t]["f"]), range(2, 5))
    for row, q in ((52, "f"), (54, "i"), (56, "o")):
        c[f"{row}.1"] = every(lambda t: same(a(q, t), n.grad(q, t) * v[t][q] * (1 - v[t][q])), range(1, 5))
    c["58.1"] = every(lambda t: same(a("g", t), n.grad("g", t) * (1 - v[t]["g"] ** 2)), range(1, 5))
    for row, q in ((62, "f"), (64, "i"), (66, "o"), (68, "g")):
        c[f"{row}.1"] = same(n.pgrad("W" + q), sum(outer(a(q, t), n.x[t]) for t in range(1, 5)))
        c[f"{row}.2"] = same(n.pgrad("U" + q), sum(outer(a(q, t), v[t - 1]["h"]) for t in range(1, 5)))
        c[f"{row}.3"] = same(n.pgrad("b" + q), sum(a(q, t) for t in range(1, 5)))
    c["72.1"], c["72.2"] = same(n.pgrad("Wy"), sum(outer(e(t), v[t]["h"]) for t in range(1, 5))), same(n.pgrad("by"), sum(e(t) for t in range(1, 5)))
    c["76.1"] = every(lambda t: same(n.grad("x", t), sum(p["W" + q].T @ a(q, t) for q in "fiog")), range(1, 5))


@text("article-zh-wrong-gradients")
def _(c):
    H = 3

    def loss(p, now, target, put):
        return np.sum(0.5 * (now["o"] - target[:H]) ** 2)

    n = rnn(out=True, D=H, H=H, K=H, loss=loss)  # all of one size, so that the shapes fit where they can
    e = lambda t, s: s * (n.v[t]["o"] - n.targets[t][:H])
    h, x = lambda t: n.v[t]["h"], lambda t: n.x[t]
    both = lambda f, q: any(same(n.pgrad(q), sum(f(t, s) for t in range(1, 5))) for s in (1, -1))
    c["14.1"] = both(lambda t, s: outer(e(t, s) * x(t), h(t - 1)), "U")
    c["18.1"] = both(lambda t, s: outer(e(t, s) * h(t - 1), h(t)), "W")
    c["22.1"] = both(lambda t, s: outer(e(t, s), h(t)), "V")
    c["26.1"] = both(lambda t, s: e(t, s) * h(t - 1), "b")
    c["30.1"] = both(lambda t, s: e(t, s) * h(t), "c")


@text("notes-zh-cs224n-bound")
def _(c):
    n = rnn(sigmoid, out=True)
    c["3.1"], c["7.1"], c["11.1"] = totals(n, "W"), bptt_sum(n, "W"), product(n)
    ds = lambda z: diag(sigmoid(z) * (1 - sigmoid(z)))

    def explicit(t, k):
        J = np.eye(4)
        for j in range(k + 1, t + 1):
            J = J @ n.p["W"].T @ ds(n.v[j - 1]["z"])
        return J

    c["11.2"] = all(same(n.jac("h", t, "h", k).T, explicit(t, k)) for t in range(2, 5) for k in range(1, t))
    norm = lambda A: np.linalg.norm(A, 2)
    nets = [rnn(sigmoid, seed=s) for s in range(40)]
    for m in nets[20:]:  # saturated at one step and not at the next
        m.x[2] = m.x[2] * 30
        m.v = m.run()[0]
    c["15.1"] = all(norm(m.jac("h", j, "h", j - 1)) <= norm(m.p["W"]) * norm(ds(m.v[j - 1]["z"])) + 1e-12 for m in nets for j in range(2, 5))
    c["17.1"] = c["11.1"]


@text("notes-ru-lstm-vault")
def _(c):
    n = lstm(rows=True)
    t, v = 2, n.v[2]
    dh, dc = n.grad("h", t), n.grad("c", t)
    c["19.1"] = c["27.1"] = False  # a state on the left, a gradient on the right
    c["23.1"] = same(n.grad("ao", t), dh * tanh(v["c"]) * v["o"] * (1 - v["o"]))
    c["31.1"] = same(n.grad("ai", t), dc * v["g"] * v["i"] * (1 - v["i"]))
    c["35.1"] = same(n.grad("af", t), dc * n.v[1]["c"] * v["f"] * (1 - v["f"]))
    c["39.1"] = same(n.grad("ag", t), dc * v["i"] * (1 - v["g"] ** 2))
    first, last = vault(n)
    c["43.1"], c["47.1"] = same(n.grad("h", t - 1), first), same(n.grad("x", t), last)


@text("notes-ru-gru-vault")
def _(c):
    n = gru()
    t, v, h = 2, n.v[2], n.v[1]["h"]
    z, dh = 1 - v["u"], n.grad("h", t)
    # The argument of z is minus that of u.
    c["13.1"] = same(-n.grad("au", t), dh * (v["g"] - h) * z * (1 - z))
    c["15.1"] = same(n.grad("ag", t), dh * z * (1 - v["g"] ** 2))
    c["17.1"] = same(n.grad("ar", t), (n.grad("ag", t) @ n.p["Ug"].T) * h * v["r"] * (1 - v["r"]))


@text("article-ja-rnn-lstm")
def _(c):
    n = rnn()
    c["7.1"], c["11.1"], c["15.1"] = totals(n, "W"), bptt_sum(n, "W"), product(n)
    D = lambda t: diag(1 - tanh(n.p["W"] @ n.v[t - 1]["h"] + n.p["U"] @ n.x[t] + n.p["b"]) ** 2)
    c["19.1"] = every(lambda t: same(n.jac("h", t, "h", t - 1), D(t) @ n.p["W"]), range(1, 5))
    norm = lambda A: np.linalg.norm(A, 2)
    c["27.1"] = all(norm(m.jac("h", 4, "h", 1)) <= np.prod([norm(m.jac("h", i, "h", i - 1)) for i in range(2, 5)]) + 1e-12 for m in (rnn(seed=s) for s in range(6)))


@text("notes-fr-rows-columns")
def _(c):
    def step(p, s, x, put):
        return {"h": put("h", tanh(put("z", x @ p["U"] + s["h"] @ p["W"] + p["b"])))}

    n = Net(step, {"U": (3, 4), "W": (4, 4), "b": (4,)}, (3,), {"h": (4,)}, only_last(plain_loss(), 3), T=3)
    c["15.1"], c["17.1"], c["21.1"] = one_sum(n, "U"), one_sum(n, "W"), product(n)

    def at(t, k):
        J = np.eye(4)
        for i in range(k + 1, t + 1):
            J = J @ n.p["W"] @ diag(1 - n.v[i]["h"] ** 2)
        return same(n.jac("h", t, "h", k).T, J)

    c["21.2"] = all(at(t, k) for t in range(1, 4) for k in range(t))
    m = rnn()
    c["29.1"] = every(lambda t: same(m.jac("h", t, "h", t - 1), m.jac("h", t, "z", t) @ m.jac("z", t, "h", t - 1)), range(1, 5))
    c["29.2"] = c["33.1"] = every(lambda t: same(m.jac("h", t, "h", t - 1), diag(1 - m.v[t]["h"] ** 2) @ m.p["W"]), range(1, 5))
    norm = lambda A: np.linalg.norm(A, 2)
    c["33.2"] = all(norm(diag(1 - q.v[t]["h"] ** 2) @ q.p["W"]) <= norm(diag(1 - q.v[t]["h"] ** 2)) * norm(q.p["W"]) + 1e-12 for q in (rnn(seed=s) for s in range(6)) for t in range(1, 5))


@text("course-es-rtrl-entries")
def _(c):
    def step(p, s, u, put):
        x = put("h", tanh(put("z", p["W"] @ s["h"] + p["U"] @ u + p["b"])))
        put("y", sigmoid(put("Y", p["V"] @ x + p["c"])))
        return {"h": x}

    def loss(p, now, d, put):
        return 0.5 * np.sum((d[:2] - now["y"]) ** 2)

    n = Net(step, {"W": (4, 4), "U": (4, 3), "b": (4,), "V": (2, 4), "c": (2,)}, (3,), {"h": (4,)}, loss)
    v, d = n.v, lambda t: n.targets[t][:2]
    c["4.1"] = every(lambda t: same(n.pgrad("W", of=t), -np.tensordot(d(t) - v[t]["y"], n.pjac("y", t, "W"), 1)), range(1, 5))
    gy = lambda t: v[t]["y"] * (1 - v[t]["y"])
    c["13.1"] = every(lambda t: same(n.pjac("y", t, "c"), diag(gy(t))), range(1, 5))
    c["15.1"] = every(lambda t: same(n.pjac("y", t, "V"), np.einsum("l,j,li->lij", gy(t), v[t]["h"], np.eye(2))), range(1, 5))
    c["17.1"] = every(lambda t: same(n.pjac("y", t, "W"), gy(t)[:, None, None] * np.tensordot(n.p["V"], n.pjac("h", t, "W"), 1)), range(1, 5))
    gx = lambda t: 1 - v[t]["h"] ** 2
    rec = lambda t, q, own: same(n.pjac("h", t, q), np.einsum("i,i...->i...", gx(t), own + np.tensordot(n.p["W"], n.pjac("h", t - 1, q), 1)))
    c["27.1"] = every(lambda t: rec(t, "b", np.eye(4)), range(2, 5))
    c["31.1"] = every(lambda t: rec(t, "U", np.einsum("ij,k->ijk", np.eye(4), n.x[t])), range(2, 5))
    c["35.1"] = every(lambda t: rec(t, "W", np.einsum("ij,k->ijk", np.eye(4), v[t - 1]["h"])), range(2, 5))
    e = CLAIMS["course-es-bptt-entries"] = {}
    dY = lambda t: n.grad("Y", t, of=t)
    dX = lambda t, k: n.grad("z", k, of=t)
    e["18.1"] = every(lambda t: same(dX(t, t), gx(t) * (n.p["V"].T @ dY(t))), range(1, 5))
    e["25.1"] = all(same(dX(t, k), gx(k) * (n.p["W"].T @ dX(t, k + 1))) for t in range(2, 5) for k in range(1, t))
