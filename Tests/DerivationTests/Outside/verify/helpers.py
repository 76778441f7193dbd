"""What helps to write a text's claims again: cells in the usual forms, and formulas that many texts share."""

import numpy as np
from networks import Net, cross_entropy, onehot, plain_loss, same, sigmoid, softmax

tanh, diag, outer = np.tanh, np.diag, np.outer
CLAIMS = {}


def text(id):
    """Registers the claims of a text: `CLAIMS[id][key]` is what became of the link with that label."""

    def wrap(f):
        CLAIMS.setdefault(id, {})
        f(CLAIMS[id])
        return f

    return wrap


def rnn(act=tanh, out=False, bias=True, loss=None, act_name="h", D=3, H=4, K=3, T=4, seed=0):
    """z = U x + W h + b, h = act(z), o = V h + c, in columns."""

    def step(p, s, x, put):
        z = put("z", p["U"] @ x + p["W"] @ s["h"] + (p["b"] if bias else 0))
        h = put("h", act(z))
        if out:
            put("o", p["V"] @ h + (p["c"] if bias else 0))
        return {"h": h}

    shapes = {"U": (H, D), "W": (H, H)} | ({"b": (H,)} if bias else {}) | ({"V": (K, H)} if out else {}) | ({"c": (K,)} if out and bias else {})
    return Net(step, shapes, (D,), {"h": (H,)}, loss or (cross_entropy() if out else plain_loss()), T=T, seed=seed)


def every(test, steps):
    return all(bool(test(t)) for t in steps)


def bptt_sum(n, parameter, state="h"):
    """dL_t/dW as the sum over k of dL_t/dh_t, dh_t/dh_k and the derivative within step k; and with dL/dh_t, over t."""

    def at(t):
        g = n.grad(state, t, of=t)
        total = sum(np.tensordot(g @ n.jac(state, t, state, k) if k < t else g, n.pjac(state, k, parameter, step=k), 1) for k in range(1, t + 1))
        return same(total, n.pgrad(parameter, of=t))

    return every(at, range(1, n.T + 1))


def one_sum(n, parameter, state="h"):
    return same(sum(np.tensordot(n.grad(state, t), n.pjac(state, t, parameter, step=t), 1) for t in range(1, n.T + 1)), n.pgrad(parameter))


def product(n, state="h"):
    """dh_t/dh_k as the product of the single Jacobians, the later step on the left (numerator layout)."""

    def at(t, k):
        J = np.eye(len(n.v[1][state]))
        for i in range(k + 1, t + 1):
            J = n.jac(state, i, state, i - 1) @ J
        return same(J, n.jac(state, t, state, k))

    return all(at(t, k) for t in range(1, n.T + 1) for k in range(0, t))


def lstm(candidate=tanh, squash=tanh, out=False, loss=None, D=3, H=3, K=3, T=4, rows=False, seed=0):
    """f, i, o logistic, g the candidate; a_f etc. are the arguments. Columns, or rows with W of D x H."""

    def step(p, s, x, put):
        a = {}
        for gate in "fiog":
            W, U, b = p["W" + gate], p["U" + gate], p["b" + gate]
            a[gate] = put("a" + gate, (x @ W + s["h"] @ U + b) if rows else (W @ x + U @ s["h"] + b))
        f, i, o = (put(gate, sigmoid(a[gate])) for gate in "fio")
        g = put("g", candidate(a["g"]))
        cell = put("c", f * s["c"] + i * g)
        h = put("h", o * squash(cell))
        if out:
            put("y", (h @ p["Wy"] if rows else p["Wy"] @ h) + p["by"])
        return {"h": h, "c": cell}

    shapes = {k + gate: s for gate in "fiog" for k, s in (("W", (D, H) if rows else (H, D)), ("U", (H, H)), ("b", (H,)))}
    if out:
        shapes |= {"Wy": (H, K) if rows else (K, H), "by": (K,)}
    return Net(step, shapes, (D,), {"h": (H,), "c": (H,)}, loss or (cross_entropy("y") if out else plain_loss()), T=T, seed=seed)


def goodfellow(c, keys):
    n = rnn(out=True)
    p, h, T = n.p, lambda t: n.v[t]["h"], n.T
    D = lambda t: diag(1 - h(t) ** 2)
    g, go = lambda t: n.grad("h", t), lambda t: n.grad("o", t)
    r = {}
    r["o"] = every(lambda t: same(go(t), softmax(n.v[t]["o"]) - onehot(n, t, 3)), range(1, 5))
    r["last"] = same(g(T), p["V"].T @ go(T))
    r["first"] = every(lambda t: same(g(t), n.jac("h", t + 1, "h", t).T @ g(t + 1) + p["V"].T @ go(t)), range(1, T))
    r["mended"] = every(lambda t: same(g(t), p["W"].T @ D(t + 1) @ g(t + 1) + p["V"].T @ go(t)), range(1, T))
    # As it stands: a matrix times a column, and that times a matrix. It has no value; as a row it has, and another one.
    r["second"] = every(lambda t: same(g(t), (p["W"].T @ g(t + 1)) @ D(t + 1) + p["V"].T @ go(t)), range(1, T))
    r["c"] = same(n.pgrad("c"), sum(go(t) for t in range(1, T + 1)))
    r["b"] = same(n.pgrad("b"), sum(D(t) @ g(t) for t in range(1, T + 1)))
    r["V"] = same(n.pgrad("V"), sum(outer(go(t), h(t)) for t in range(1, T + 1)))
    r["W"] = same(n.pgrad("W"), sum(outer(D(t) @ g(t), h(t - 1)) for t in range(1, T + 1)))
    r["U"] = same(n.pgrad("U"), sum(outer(D(t) @ g(t), n.x[t]) for t in range(1, T + 1)))
    r["bs"], r["Ws"], r["Us"] = one_sum(n, "b"), one_sum(n, "W"), one_sum(n, "U")
    assert r["mended"]
    for key, name in keys.items():
        c[key] = r[name]


def forward_sum(n, parameter):
    """The state's derivative by a parameter as the sum over i of products of single Jacobians and step i's own derivative."""

    def at(t):
        total = 0
        for i in range(1, t + 1):
            J = np.eye(len(n.v[1]["h"]))
            for j in range(i + 1, t + 1):
                J = n.jac("h", j, "h", j - 1) @ J
            total = total + np.tensordot(J, n.pjac("h", i, parameter, step=i), 1)
        return same(total, n.pjac("h", t, parameter))

    return every(at, range(1, n.T + 1))


def recursion(n, parameter):
    return every(lambda t: same(n.pjac("h", t, parameter), n.pjac("h", t, parameter, step=t) + np.tensordot(n.jac("h", t, "h", t - 1), n.pjac("h", t - 1, parameter), 1)), range(2, n.T + 1))


def totals(n, q):
    return same(n.pgrad(q), sum(n.pgrad(q, of=t) for t in range(1, n.T + 1)))


def rising(n, D):
    """dh_t/dh_k in denominator layout as the product of W^T diag(...), the earlier step on the left."""

    def at(t, k):
        J = np.eye(4)
        for i in range(k + 1, t + 1):
            J = J @ n.p["W"].T @ D(i)
        return same(n.jac("h", t, "h", k).T, J)

    return all(at(t, k) for t in range(1, 5) for k in range(t))


def gru(rows=False, out=True, D=3, H=3, K=3):
    """u keeps, 1 - u writes; m = r h."""

    def step(p, s, x, put):
        line = lambda W, q, U, h, b: (x @ p[W] + h @ p[U] + p[b])
        u = put("u", sigmoid(put("au", line("Wu", x, "Uu", s["h"], "bu"))))
        r = put("r", sigmoid(put("ar", line("Wr", x, "Ur", s["h"], "br"))))
        m = put("m", r * s["h"])
        g = put("g", tanh(put("ag", line("Wg", x, "Ug", m, "bg"))))
        h = put("h", u * s["h"] + (1 - u) * g)
        put("y", h @ p["Wy"] + p["by"])
        return {"h": h}

    shapes = {k + q: s for q in "urg" for k, s in (("W", (D, H)), ("U", (H, H)), ("b", (H,)))} | {"Wy": (H, K), "by": (K,)}
    return Net(step, shapes, (D,), {"h": (H,)}, cross_entropy("y"))


def vault(n):
    """The products as they stand in the Russian LSTM note, the slices taken as it takes them."""
    t, v, D = 2, n.v[2], 3
    M = lambda q: np.vstack([n.p["W" + q], n.p["U" + q]])
    total = sum(n.grad("a" + q, t) @ M(q).T for q in "ifog")
    return total[:D], total[D:]
