"""What the texts kept aside claim, written again from their own equations by hand, and evaluated."""

import numpy as np
from helpers import *
from networks import Net, cross_entropy, only_last, onehot, plain_loss, same, sigmoid, softmax

tanh, diag, outer = np.tanh, np.diag, np.outer


@text("blog-rnn-entries")
def _(c):
    n = rnn(sigmoid, out=True)
    ds = lambda z: sigmoid(z) * (1 - sigmoid(z))
    g = lambda t, k: n.grad("h", k, of=t)
    z, h, W = (lambda k: n.v[k]["z"]), (lambda k: n.v[k]["h"]), n.p["W"]
    pairs = [(t, k) for t in range(1, 5) for k in range(1, t + 1)]
    c["41.1"] = c["43.1"] = every(lambda t: same(n.pgrad("W", of=t), sum(n.pgrad("W", of=t, step=k) for k in range(1, 5))), range(1, 5))
    part = lambda k: n.pjac("h", k, "W", step=k)
    c["51.1"] = all(same(n.pgrad("W", of=t, step=k), np.tensordot(g(t, k), part(k), 1)) for t, k in pairs)
    zj = lambda k: n.pjac("z", k, "W", step=k)
    c["58.1"] = all(same(part(k), np.tensordot(n.jac("h", k, "z", k), zj(k), 1)) for k in range(1, 5))
    c["66.1"] = c["128.1"] = all(same(n.jac("h", k, "z", k), diag(ds(z(k)))) for k in range(1, 5))
    before = lambda k: n.v[k - 1]["h"]
    c["76.1"] = all(same(zj(k)[m, i, j], before(k)[j] if m == i else 0.0) for k in range(1, 5) for m in range(4) for i in range(4) for j in range(4))
    c["88.1"] = all(same(part(k)[m, i, j], ds(z(k))[i] * before(k)[j] if m == i else 0.0) for k in range(1, 5) for m in range(4) for i in range(4) for j in range(4))
    c["98.1"] = c["106.1"] = all(same(n.pgrad("W", of=t, step=k), outer(g(t, k) * ds(z(k)), before(k))) for t, k in pairs)
    later = [(t, k) for t, k in pairs if k > 1]
    c["116.1"] = all(same(g(t, k - 1), g(t, k) @ n.jac("h", k, "h", k - 1)) for t, k in later)
    c["122.1"] = all(same(n.jac("h", k, "h", k - 1), n.jac("h", k, "z", k) @ n.jac("z", k, "h", k - 1)) for k in range(1, 5))
    c["138.1"] = all(same(n.jac("z", k, "h", k - 1), W) for k in range(1, 5))
    c["146.1"] = all(same(n.jac("h", k, "h", k - 1), ds(z(k))[:, None] * W) for k in range(1, 5))
    c["152.1"] = c["160.1"] = all(same(g(t, k - 1), W.T @ (g(t, k) * ds(z(k)))) for t, k in later)


@text("blog-lstm-entries")
def _(c):
    n = lstm(candidate=sigmoid)
    ds, dt = lambda z: sigmoid(z) * (1 - sigmoid(z)), lambda z: 1 - tanh(z) ** 2
    d = lambda t, k: n.grad("c", k, of=t)
    g = lambda t, k: n.grad("h", k, of=t)
    v = lambda name, k: n.v[k][name]
    pairs = [(t, k) for t in range(1, 5) for k in range(1, t + 1)]
    later = [(t, k) for t, k in pairs if k > 1]
    c["35.1"] = c["37.1"] = every(lambda t: same(n.pgrad("Uf", of=t), sum(n.pgrad("Uf", of=t, step=k) for k in range(1, 5))), range(1, 5))
    fj = lambda k: n.pjac("f", k, "Uf", step=k)
    c["45.1"] = all(same(n.pgrad("Uf", of=t, step=k), np.tensordot(n.grad("f", k, of=t), fj(k), 1)) for t, k in pairs)
    c["52.1"] = all(same(fj(k)[q, i, j], ds(v("af", k))[i] * v("h", k - 1)[j] if q == i else 0.0) for k in range(1, 5) for q in range(3) for i in range(3) for j in range(3))
    c["64.1"] = all(same(n.grad("f", k, of=t), d(t, k) @ n.jac("c", k, "f", k)) for t, k in pairs)
    c["65.1"] = all(same(n.grad("f", k, of=t), d(t, k) * v("c", k - 1)) for t, k in pairs)
    c["73.1"] = c["81.1"] = all(same(n.pgrad("Uf", of=t, step=k), outer(d(t, k) * ds(v("af", k)) * v("c", k - 1), v("h", k - 1))) for t, k in pairs)
    a = lambda t, k: d(t, k) * v("f", k)
    b = lambda t, k: g(t, k - 1) * v("o", k - 1) * dt(v("c", k - 1))
    whole = all(same(d(t, k - 1), a(t, k) + b(t, k)) for t, k in later)
    # The two dummies of s are what the two summands are by the forward equations; their sum is what can be tried.
    for key in ("89.1", "96.1", "97.1", "105.1", "110.1", "118.1", "124.1", "129.1"):
        c[key] = whole
    U = n.p
    c["139.1"] = all(
        same(
            g(t, k - 1),
            U["Uf"].T @ (d(t, k) * v("c", k - 1) * ds(v("af", k))) + U["Ug"].T @ (d(t, k) * v("i", k) * ds(v("ag", k)))
            + U["Ui"].T @ (d(t, k) * v("g", k) * ds(v("ai", k))) + U["Uo"].T @ (g(t, k) * tanh(v("c", k)) * ds(v("ao", k))),
        )
        for t, k in later
    )
    c["152.1"] = c["153.1"] = c["158.1"] = every(lambda t: same(d(t, t), g(t, t) * v("o", t) * dt(v("c", t))), range(1, 5))


@text("notebook-linear-rnn")
def _(c):
    # Numbers: H = D = K = 1, with the squared error in place of the softmax of one class.
    def step(p, s, x, put):
        h = put("h", p["W"] * s["h"] + p["U"] * x)
        put("o", p["V"] * h)
        return {"h": h}

    def loss(p, now, target, put):
        return np.sum(0.5 * (now["o"] - target[0]) ** 2)

    n = Net(step, {"W": (1,), "U": (1,), "V": (1,)}, (1,), {"h": (1,)}, loss)
    e, s, x, W, V = n.v[4]["o"] - n.targets[4][0], lambda k: n.v[k]["h"], lambda k: n.x[k], n.p["W"], n.p["V"]
    c["22.1"] = same(n.pgrad("V", of=4), e * s(4))
    c["19.1"] = c["22.1"]
    c["26.1"] = c["35.1"] = c["40.1"] = bptt_sum(n, "W")
    c["77.1"] = bptt_sum(n, "U")
    inner = s(3) + W * s(2) + W**2 * s(1) + W**3 * s(0)
    c["48.1"] = same(n.pgrad("W", of=4), n.grad("h", 4, of=4) * inner)
    c["55.1"] = c["59.1"] = same(n.grad("h", 4, of=4), e * V)
    c["63.1"] = same(n.pgrad("W", of=4), e * V * inner)
    c["70.1"] = same(n.pgrad("W", of=4), e * V * sum(W ** float(4 - j - 1) * s(j - 1) for j in range(1, 5)))
    c["87.1"] = same(n.pgrad("U", of=4), e * V * sum(W ** float(4 - j - 1) * x(j) for j in range(1, 5)))
    rec = lambda k: same(n.pjac("h", k, "W")[0, 0], (s(k - 1) + (W * n.pjac("h", k - 1, "W")[0, 0] if k > 1 else 0))[0])
    c["104.1"], c["106.1"], c["108.1"], c["110.1"] = rec(4), rec(3), rec(2), rec(1)
    c["114.1"] = c["114.2"] = same(n.pjac("h", 3, "W")[0, 0], (s(2) + W * s(1) + W * W * s(0))[0])
    c["116.1"] = c["116.2"] = same(n.pjac("h", 4, "W")[0, 0], inner[0])


@text("book-zh-goodfellow")
def _(c):
    goodfellow(c, {"19.1": "o", "20.1": "o", "21.1": "o", "27.1": "last", "33.1": "first", "35.1": "second", "42.1": "c", "43.1": "c", "44.1": "bs", "45.1": "b", "46.1": "V", "47.1": "V", "48.1": "Ws", "50.1": "W", "51.1": "Us", "53.1": "U"})


@text("blog-zh-pinard-rnn")
def _(c):
    goodfellow(c, {"17.1": "c", "17.2": "c", "17.3": "c", "19.1": "V", "19.2": "V", "19.3": "V", "27.1": "first", "27.2": "second", "31.1": "last", "31.2": "last", "35.1": "Ws", "35.2": "W", "37.1": "bs", "37.2": "b", "39.1": "Us", "39.2": "U"})


@text("book-zh-linear-prod")
def _(c):
    one = cross_entropy()
    n = rnn(lambda z: z, out=True, bias=False, loss=lambda p, now, y, put: one(p, now, y, put) / 4)
    p, T, h = n.p, n.T, lambda t: n.v[t]["h"]
    g, go = lambda t: n.grad("h", t), lambda t: n.grad("o", t)
    c["11.1"] = every(lambda t: same(go(t), (softmax(n.v[t]["o"]) - onehot(n, t, 3)) / T), range(1, 5))
    c["17.1"] = c["18.1"] = same(n.pgrad("V"), sum(outer(go(t), h(t)) for t in range(1, 5)))
    c["24.1"] = c["24.2"] = same(g(T), p["V"].T @ go(T))
    c["31.1"] = c["33.1"] = every(lambda t: same(g(t), p["W"].T @ g(t + 1) + p["V"].T @ go(t)), range(1, T))
    c["40.1"] = every(lambda t: same(g(t), sum(np.linalg.matrix_power(p["W"].T, T - i) @ p["V"].T @ go(T + t - i) for i in range(t, T + 1))), range(1, T + 1))
    c["48.1"] = c["49.1"] = same(n.pgrad("U"), sum(outer(g(t), n.x[t]) for t in range(1, 5)))
    c["51.1"] = c["52.1"] = same(n.pgrad("W"), sum(outer(g(t), h(t - 1)) for t in range(1, 5)))


@text("book-hu-general-f")
def _(c):
    one = cross_entropy()
    n = rnn(out=True, loss=lambda p, now, y, put: one(p, now, y, put) / 4)
    c["11.1"] = same(n.pgrad("W"), sum(n.pgrad("W", of=t) for t in range(1, 5)))
    c["11.2"] = same(n.pgrad("W"), sum(np.tensordot(n.grad("o", t, of=t) @ n.p["V"], n.pjac("h", t, "W"), 1) for t in range(1, 5)))
    c["15.1"], c["29.1"] = recursion(n, "W"), forward_sum(n, "W")


@text("notes-ko-bptt-symbols")
def _(c):
    last = rnn(out=True, loss=only_last(cross_entropy()))
    n = rnn(out=True)
    c["14.1"] = same(last.pgrad("V"), outer(last.grad("o", 4), last.v[4]["h"]))
    c["19.1"] = c["23.1"] = bptt_sum(last, "W") and product(last)
    c["44.1"] = same(n.pgrad("V"), sum(outer(n.grad("o", t), n.v[t]["h"]) for t in range(1, 5)))
    c["51.1"] = c["61.1"] = bptt_sum(n, "W") and product(n)


@text("notes-ko-lstm-cell")
def _(c):
    n = lstm()

    def at(t):
        total = 0
        for i in range(1, t + 1):
            J = np.eye(3)
            for j in range(i + 1, t + 1):
                J = n.jac("c", j, "c", j - 1) @ J
            total = total + np.tensordot(J, n.pjac("c", i, "Wf", step=i), 1)
        return same(total, n.pjac("c", t, "Wf"))

    c["16.1"] = every(at, range(1, 5))
    v, t = n.v, 3
    J = n.jac("c", t, "c", t - 1)
    rows = lambda q: n.jac(q, t, "c", t - 1)
    c["28.1"] = c["29.1"] = same(J, rows("f") * v[t - 1]["c"][:, None] + diag(v[t]["f"]) + rows("i") * v[t]["g"][:, None] + v[t]["i"][:, None] * rows("g"))
    gh = lambda q: n.jac(q, t, "h", t - 1) @ n.jac("h", t - 1, "c", t - 1)
    c["30.1"] = same(J, gh("f") * v[t - 1]["c"][:, None] + diag(v[t]["f"]) + gh("i") * v[t]["g"][:, None] + v[t]["i"][:, None] * gh("g"))
    first = n.pjac("c", 1, "Wf")
    c["37.1"] = every(lambda t: same(n.pjac("c", t, "Wf"), sum(first * np.prod([np.ones(3)] + [v[j + 1]["f"] for j in range(1, i)], axis=0)[:, None, None] for i in range(1, t + 1))), range(1, 5))


@text("notes-cs231n-rnn")
def _(c):
    n = rnn(bias=False, out=True)
    z, W = lambda t: n.v[t]["z"], n.p["W"]
    D = lambda t: diag(1 - tanh(z(t)) ** 2)
    c["9.1"] = every(lambda t: same(n.jac("h", t, "h", t - 1), D(t) @ W), range(1, 5))
    g = n.grad("h", 4, of=4)
    longest = np.tensordot(g @ n.jac("h", 4, "h", 1), n.pjac("h", 1, "W", step=1), 1)
    c["15.1"] = same(n.pgrad("W", of=4), longest)
    P = np.eye(4)
    for t in range(2, 5):
        P = D(t) @ np.linalg.matrix_power(W, 3) @ P
    c["17.1"] = same(longest, np.tensordot(g @ P, n.pjac("h", 1, "W", step=1), 1))
    m = rnn(lambda z: z, bias=False, out=True)
    gm = m.grad("h", 4, of=4)
    P = np.linalg.matrix_power(np.linalg.matrix_power(m.p["W"], 3), 3)
    c["25.1"] = same(m.pgrad("W", of=4), np.tensordot(gm @ P, m.pjac("h", 1, "W", step=1), 1))


@text("notebook-scalar-linear")
def _(c):
    def step(p, s, x, put):
        return {"h": put("h", s["h"] * p["w"] + x * p["u"])}

    n = Net(step, {"w": (1,), "u": (1,)}, (1,), {"h": (1,)}, only_last(plain_loss()))
    w, S = n.p["w"], lambda k: n.v[k]["h"]
    c["14.1"] = c["15.1"] = every(lambda k: same(n.grad("h", k - 1), n.grad("h", k) * w), range(1, 5))
    c["24.1"] = same(n.pgrad("u"), sum(n.grad("h", k) * n.x[k] for k in range(1, 5)))
    c["27.1"] = same(n.pgrad("w"), sum(n.grad("h", k) * S(k - 1) for k in range(1, 5)))
    c["33.1"] = c["33.2"] = all(same(n.jac("h", k, "h", k - m)[0, 0], (w ** float(m))[0]) for k in range(1, 5) for m in range(1, k + 1))


@text("blog-zh-pinard-lstm")
def _(c):
    n = lstm(out=True)
    v, T = n.v, n.T
    dh, dc = lambda t: n.grad("h", t), lambda t: n.grad("c", t)
    e = lambda t: softmax(v[t]["y"]) - onehot(n, t, 3)
    V = n.p["Wy"]
    slope = lambda t: v[t]["o"] * (1 - tanh(v[t]["c"]) ** 2)
    c["31.1"] = c["31.2"] = same(dh(T), V.T @ e(T))
    c["33.1"] = c["33.2"] = same(dc(T), dh(T) * slope(T))
    c["37.1"] = every(lambda t: same(dh(t), V.T @ e(t) + n.jac("h", t + 1, "h", t).T @ dh(t + 1)), range(1, T))
    c["37.2"] = every(lambda t: same(dh(t), V.T @ e(t) + (1 - v[t + 1]["h"] ** 2) * (n.p["Uf"].T @ dh(t + 1))), range(1, T))
    c["41.1"] = c["41.2"] = every(lambda t: same(dc(t), dc(t + 1) * v[t + 1]["f"] + dh(t) * slope(t)), range(1, T))
    term = lambda t: outer(dc(t) * v[t - 1]["c"] * v[t]["f"] * (1 - v[t]["f"]), v[t - 1]["h"])
    c["45.1"] = same(n.pgrad("Uf"), sum(term(t) for t in range(1, T + 1)))
    c["45.2"] = every(lambda t: same(n.pgrad("Uf"), term(t)), range(1, T + 1))


@text("notes-zh-scalar-graph")
def _(c):
    def step(p, s, x, put):
        h = put("h", tanh(put("z", x * p["u"] + s["h"] * p["w"] + p["k"])))
        put("q", h * p["v"])
        return {"h": h}

    def loss(p, now, target, put):
        return np.sum(0.5 * (sigmoid(now["q"]) - target[0]) ** 2)

    n = Net(step, {q: (1,) for q in "uwkv"}, (1,), {"h": (1,)}, only_last(loss, 2), T=2)
    # Steps 0 and 1 of the text are 1 and 2 here.
    q, v, w, x = n.grad("q", 2), n.p["v"], n.p["w"], n.x
    s = lambda k: 1 - n.v[k]["h"] ** 2
    c["37.1"] = c["53.1"] = same(n.pgrad("u"), n.pgrad("u", step=1) + n.pgrad("u", step=2))
    c["39.1"] = same(n.pgrad("u", step=2), q * v * s(2) * x[2])
    c["41.1"] = same(n.pgrad("u", step=1), q * v * s(2) * w * s(1) * x[1])
    c["43.1"] = c["45.1"] = c["53.2"] = same(n.pgrad("u"), q * v * s(2) * (x[2] + w * s(1) * x[1]))
    c["49.1"] = c["55.2"] = same(n.pgrad("w"), q * v * s(2) * (n.v[1]["h"] + w * s(1) * n.v[0]["h"]))
    c["55.1"] = same(n.pgrad("w"), n.pgrad("w", step=1) + n.pgrad("w", step=2))


@text("notes-en-chapter-1")
def _(c):
    n = rnn(out=True)
    e = lambda t: softmax(n.v[t]["o"]) - onehot(n, t, 3)
    c["15.1"] = every(lambda t: same(n.grad("o", t), e(t)), range(1, 5))
    c["19.1"] = same(n.pgrad("V"), sum(outer(e(t), n.v[t]["h"]) for t in range(1, 5)))
    d = lambda t: n.grad("h", t) * (1 - n.v[t]["h"] ** 2)
    c["29.1"] = same(n.pgrad("W"), sum(outer(d(t), n.v[t - 1]["h"]) for t in range(1, 5)))
    c["31.1"] = same(n.pgrad("U"), sum(outer(d(t), n.x[t]) for t in range(1, 5)))
    c["39.1"] = product(n)


@text("notebook-lstm-packed-rows")
def _(c):
    n = lstm(rows=True, loss=only_last(plain_loss()))
    v, T = n.v, n.T
    dh, dc = lambda t: n.grad("h", t), lambda t: n.grad("c", t)
    c["15.1"] = every(lambda t: same(n.grad("o", t), dh(t) * tanh(v[t]["c"])), range(1, 5))
    c["20.1"] = every(lambda t: same(n.grad("i", t), dc(t) * v[t]["g"]), range(1, 5))
    c["21.1"] = every(lambda t: same(n.grad("f", t), dc(t) * v[t - 1]["c"]), range(1, 5))
    c["22.1"] = every(lambda t: same(n.grad("g", t), dc(t) * v[t]["i"]), range(1, 5))
    names = "ifog"
    d = lambda t: {q: n.grad("a" + q, t) for q in names}
    c["30.1"] = all(same(n.pgrad("W" + q), sum(outer(n.x[t], d(t)[q]) for t in range(1, 5))) for q in names)
    c["31.1"] = all(same(n.pgrad("U" + q), sum(outer(v[t - 1]["h"], d(t)[q]) for t in range(1, 5))) for q in names)
    c["32.1"] = all(same(n.pgrad("b" + q), sum(d(t)[q] for t in range(1, 5))) for q in names)
    c["36.1"] = every(lambda t: same(dh(t - 1), sum(d(t)[q] @ n.p["U" + q].T for q in names)), range(2, 5))
    c["37.1"] = every(lambda t: same(dc(t - 1), dc(t) * v[t]["f"]), range(2, 5))


@text("blog-en-ifog")
def _(c):
    n = lstm(rows=True)
    t, v = 2, n.v[2]
    dh, dc = n.grad("h", t), n.grad("c", t)
    s = v["o"] * (1 - tanh(v["c"]) ** 2)
    c["32.1"] = same(n.grad("c", t - 1), dc * v["f"] + dh * s * v["f"])
    c["39.1"] = same(n.grad("i", t), dc * v["g"] + dh * s * v["g"])
    c["44.1"] = same(n.grad("f", t), dc * n.v[1]["c"] + dh * s * n.v[1]["c"])
    c["49.1"] = same(n.grad("o", t), dh * tanh(v["c"]))
    c["53.1"] = same(n.grad("g", t), dc * v["i"] + dh * s * v["i"])
    c["68.1"] = same(n.grad("x", t), sum(n.grad("a" + q, t) @ n.p["W" + q].T for q in "ifog"))


@text("notes-en-gru-rows")
def _(c):
    # z of the text writes: it is 1 - u here.
    n = gru()
    v = n.v
    dh, z = lambda t: n.grad("h", t), lambda t: 1 - v[t]["u"]
    c["14.1"] = every(lambda t: same(n.grad("g", t), dh(t) * z(t)), range(1, 5))
    c["20.2"] = c["20.3"] = every(lambda t: same(n.grad("ag", t), dh(t) * z(t) * (1 - v[t]["g"] ** 2)), range(1, 5))
    d = lambda t: n.grad("ag", t)
    c["26.1"] = same(n.pgrad("Wg"), sum(outer(n.x[t], d(t)) for t in range(1, 5)))
    c["27.1"] = same(n.pgrad("Ug"), sum(outer(v[t]["r"] * v[t - 1]["h"], d(t)) for t in range(1, 5)))
    c["28.1"] = same(n.pgrad("bg"), sum(d(t) for t in range(1, 5)))
    c["34.2"] = every(lambda t: same(n.grad("m", t), d(t) @ n.p["Ug"].T), range(1, 5))
    c["40.1"] = c["40.2"] = every(lambda t: same(n.grad("r", t), (d(t) @ n.p["Ug"].T) * v[t - 1]["h"]), range(1, 5))


@text("notes-zh-gru-rows")
def _(c):
    n = gru()
    v, p, T = n.v, n.p, n.T
    dh = lambda t: n.grad("h", t)
    e = lambda t: softmax(v[t]["y"]) - onehot(n, t, 3)
    c["19.2"] = every(lambda t: same(n.grad("y", t, of=t), e(t)), range(1, 5))
    c["21.1"], c["21.2"] = same(n.pgrad("Wy"), sum(outer(v[t]["h"], e(t)) for t in range(1, 5))), same(n.pgrad("by"), sum(e(t) for t in range(1, 5)))
    c["25.1"] = every(lambda t: same(n.grad("h", t, of=t), e(t) @ p["Wy"].T), range(1, 5))
    future = lambda t: sum((n.grad("h", t, of=s) for s in range(t + 1, T + 1)), np.zeros(3))
    c["31.1"] = every(lambda t: same(dh(t), e(t) @ p["Wy"].T + future(t)), range(1, 5))
    c["39.1"] = every(lambda t: same(n.grad("g", t), dh(t) * (1 - v[t]["u"])), range(1, 5))
    c["41.1"] = every(lambda t: same(n.grad("u", t), dh(t) * (v[t - 1]["h"] - v[t]["g"])), range(1, 5))
    da = lambda t: n.grad("ag", t)
    c["47.2"] = every(lambda t: same(da(t), dh(t) * (1 - v[t]["u"]) * (1 - v[t]["g"] ** 2)), range(1, 5))
    c["51.1"] = every(lambda t: same(n.grad("m", t), da(t) @ p["Ug"].T), range(1, 5))
    c["53.1"] = every(lambda t: same(n.grad("r", t), (da(t) @ p["Ug"].T) * v[t - 1]["h"]), range(1, 5))
    r, u = lambda t: v[t]["r"], lambda t: v[t]["u"]
    c["59.1"] = every(lambda t: same(n.grad("ar", t), (da(t) @ p["Ug"].T) * v[t - 1]["h"] * r(t) * (1 - r(t))), range(1, 5))
    c["61.1"] = every(lambda t: same(n.grad("au", t), dh(t) * (v[t - 1]["h"] - v[t]["g"]) * u(t) * (1 - u(t))), range(1, 5))
    four = lambda t: dh(t) * u(t) + (da(t) @ p["Ug"].T) * r(t) + n.grad("ar", t) @ p["Ur"].T + n.grad("au", t) @ p["Uu"].T
    c["65.1"] = every(lambda t: same(dh(t - 1), four(t)), range(2, 5))
    assert every(lambda t: same(future(t - 1), four(t)), range(2, 5))
    # The parts of h_{t-1}: what can be tried is that the four together are the future part.
    c["43.1"] = c["55.1"] = True
    for row, q in ((69, "g"), (71, "r"), (73, "u")):
        left = (lambda t: v[t]["m"]) if q == "g" else (lambda t: v[t - 1]["h"])
        d = lambda t: n.grad("a" + q, t)
        c[f"{row}.1"] = same(n.pgrad("W" + q), sum(outer(n.x[t], d(t)) for t in range(1, 5)))
        c[f"{row}.2"] = same(n.pgrad("U" + q), sum(outer(left(t), d(t)) for t in range(1, 5)))
        c[f"{row}.3"] = same(n.pgrad("b" + q), sum(d(t) for t in range(1, 5)))
    c["77.1"] = every(lambda t: same(n.grad("x", t), sum(n.grad("a" + q, t) @ p["W" + q].T for q in "urg")), range(1, 5))


@text("homework-en-jacobian")
def _(c):
    n = rnn(out=True)
    D = lambda t: diag(1 - n.v[t]["h"] ** 2)
    c["9.1"] = every(lambda t: same(n.jac("h", t, "h", t - 1), D(t) @ n.p["W"]), range(1, 5))
    rising = lambda t, k: np.linalg.multi_dot([np.eye(4), np.eye(4)] + [D(s) @ n.p["W"] for s in range(k + 1, t + 1)])
    c["13.1"] = all(same(n.jac("h", t, "h", k), rising(t, k)) for t in range(1, 5) for k in range(t))


@text("notes-zh-rnn-lstm-overview")
def _(c):
    a = CLAIMS["homework-en-jacobian"]
    n = rnn(out=True)
    c["13.1"], c["17.1"], c["21.1"], c["21.2"] = totals(n, "W"), a["9.1"], product(n), a["13.1"]
    q = lstm()
    c["39.1"] = every(lambda t: same(q.jac("c", t, "c", t - 1), diag(q.v[t]["f"])), range(2, 5))
    c["43.1"] = all(same(q.jac("c", t, "c", k), diag(np.prod([q.v[i]["f"] for i in range(k + 1, t + 1)], axis=0))) for t in range(1, 5) for k in range(t))


@text("exam-en-model-solution")
def _(c):
    n = rnn()
    c["7.1"] = bptt_sum(n, "W") and product(n)
    D = lambda t: diag(1 - tanh(n.v[t]["z"]) ** 2)

    def chain(t, k):
        J = np.eye(4)
        for i in range(k + 1, t + 1):
            J = J @ D(i) @ n.p["W"].T
        return J

    pairs = [(t, k) for t in range(1, 5) for k in range(1, t + 1)]
    g = lambda t: n.grad("h", t, of=t)
    total = [sum(outer(f(t, k), n.v[k - 1]["h"]) for t, k in pairs) for f in (lambda t, k: g(t) @ chain(t, k), lambda t, k: chain(t, k) @ g(t))]
    c["11.1"] = any(same(n.pgrad("W"), s) for s in total)


@text("question-en-why-forget-gate")
def _(c):
    n = lstm()
    c["7.1"] = every(lambda t: same(n.jac("c", t, "c", t - 1), diag(n.v[t]["f"])), range(2, 5))
    c["11.1"] = every(lambda t: same(n.jac("c", t, "c", t - 1), n.jac("f", t, "c", t - 1)), range(2, 5))


@text("blog-zh-lstm-rows-dots")
def _(c):
    n = lstm(rows=True, loss=only_last(plain_loss()))
    T, v = n.T, n.v
    d = lambda t: n.grad("h", t) * tanh(v[t]["c"]) * v[t]["o"] * (1 - v[t]["o"])
    c["7.1"] = every(lambda t: same(n.grad("o", t), n.grad("h", t) * tanh(v[t]["c"])), range(1, 5))
    c["17.1"] = same(n.pgrad("bo", step=T), d(T))
    c["21.1"] = same(n.grad("h", T - 1), d(T) @ n.p["Uo"].T)
    c["23.1"] = same(n.grad("x", T), d(T) @ n.p["Wo"].T)
    c["25.1"], c["27.1"] = same(n.pgrad("Uo", step=T), outer(v[T - 1]["h"], d(T))), same(n.pgrad("Wo", step=T), outer(n.x[T], d(T)))
    c["31.1"] = every(lambda t: same(n.grad("c", t), n.grad("h", t) * v[t]["o"] * (1 - tanh(v[t]["c"]) ** 2)), range(1, 5))
    dc = lambda t: n.grad("c", t)
    c["39.1"] = every(lambda t: same(n.grad("f", t), dc(t) * v[t - 1]["c"]), range(1, 5))
    c["41.1"] = every(lambda t: same(dc(t - 1), dc(t) * v[t]["f"]), range(2, 5))
    c["43.1"] = every(lambda t: same(n.grad("i", t), dc(t) * v[t]["g"]), range(1, 5))
    c["45.1"] = every(lambda t: same(n.grad("g", t), dc(t) * v[t]["i"]), range(1, 5))


@text("notes-ko-university-stage")
def _(c):
    n = rnn(bias=False)
    c["3.1"] = totals(n, "W")
    c["11.1"] = same(n.pgrad("W"), sum(np.tensordot(n.grad("h", t, of=t), n.pjac("h", t, "W"), 1) for t in range(1, 5)))
    c["15.1"] = product(n)
    D = lambda t: diag(1 - tanh(n.p["W"] @ n.v[t - 1]["h"] + n.p["U"] @ n.x[t]) ** 2)
    c["15.2"] = rising(n, D)


@text("notes-ru-rnn-note")
def _(c):
    n = rnn(out=True)
    c["15.1"] = totals(n, "W")
    c["19.1"] = product(n) and all(same(n.grad("h", k, of=t), n.grad("h", t, of=t) @ n.jac("h", t, "h", k)) for t in range(2, 5) for k in range(1, t))
    c["23.1"] = rising(n, lambda i: diag(1 - n.v[i]["h"] ** 2))


@text("report-fr-h0")
def _(c):
    n = rnn(out=True)
    J = np.eye(4)
    for t in range(1, 5):
        J = n.jac("h", t, "h", t - 1) @ J
    c["7.1"] = same(n.grad("h", 0), J)
    c["7.2"] = rising(n, lambda i: diag(1 - n.v[i]["h"] ** 2))


@text("notes-es-transport")
def _(c):
    n = rnn(bias=False)
    c["3.1"] = every(lambda t: same(n.grad("h", t), n.grad("h", t, of=t) + n.grad("h", t + 1) @ n.jac("h", t + 1, "h", t)), range(1, 4))
    c["7.1"], c["11.1"] = one_sum(n, "W"), forward_sum(n, "W")
    c["15.1"] = every(lambda t: same(n.jac("h", t, "h", t - 1).T, n.p["W"].T @ diag(1 - n.v[t]["h"] ** 2)), range(1, 5))


@text("report-vi-immediate")
def _(c):
    def loss(p, now, target, put):
        return 0.5 * np.sum((target[:3] - now["o"]) ** 2)

    n = rnn(out=True, loss=loss)
    e = lambda t: n.v[t]["o"] - n.targets[t][:3]
    c["9.1"] = c["9.2"] = same(n.pgrad("V"), sum(outer(e(t), n.v[t]["h"]) for t in range(1, 5)))
    c["13.1"] = bptt_sum(n, "W")
    c["17.1"] = False  # a matrix times a row has no value where the derivative has three axes
    c["21.1"] = product(n)
    c["21.2"] = rising(n, lambda i: diag(1 - n.v[i]["h"] ** 2))
