"""Recurrent cells unrolled by hand, and derivatives of what they compute by the complex step. Nothing here knows the package.

A cell is a function `step(p, s, x, put)`: parameters, states of the step before, input, and `put(name, value)`, which
names a quantity (and adds to it what a derivative asks for). It returns the new states.
"""

import numpy as np

STEP = 1e-30


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


class Net:
    def __init__(self, step, parameters, inputs, states, loss, seed=0, T=4):
        random = np.random.default_rng(seed)
        draw = lambda shape: 0.7 * random.standard_normal(shape)
        self.step, self.loss, self.T = step, loss, T
        self.p = {name: draw(shape) for name, shape in parameters.items()}
        self.x = [None] + [draw(inputs) for _ in range(T)]
        self.start = {name: draw(shape) for name, shape in states.items()}
        self.random = random
        self.targets = [None] + [draw((8,)) for _ in range(T)]
        self.v = self.run()[0]

    def run(self, bumps=None, parameters=None):
        """Values of every named quantity at every step, and each step's loss."""
        bumps, given = bumps or {}, parameters or {}
        values, losses, states = [dict(self.start)], [0], dict(self.start)
        if bumps and any(t == 0 for _, t in bumps):
            for (name, t), bump in bumps.items():
                if t == 0:
                    states[name] = states[name] + bump
                    values[0][name] = states[name]
        for t in range(1, self.T + 1):
            now = {}

            def put(name, value):
                now[name] = value + bumps.get((name, t), 0)
                return now[name]

            p = {name: given.get((name, t), given.get((name, None), value)) for name, value in self.p.items()}
            states = self.step(p, states, self.x[t] if ("x", t) not in bumps else self.x[t] + bumps[("x", t)], put)
            values.append(now)
            losses.append(self.loss(p, now, self.targets[t], put))
        return values, losses

    def _total(self, losses, of):
        return sum(losses[1:]) if of is None else losses[of]

    def grad(self, name, t, of=None):
        """dL/d(name at t), of all losses or of the one of a step."""
        at = self.x[t] if name == "x" else (self.start[name] if t == 0 else self.v[t][name])
        out = np.zeros(np.shape(at))
        for i in np.ndindex(np.shape(at)):
            bump = np.zeros(np.shape(at), complex)
            bump[i] = 1j * STEP
            out[i] = np.imag(self._total(self.run({(name, t): bump})[1], of)) / STEP
        return out

    def pgrad(self, name, of=None, step=None):
        """dL/d(parameter), of its use at every step or at one alone."""
        out = np.zeros(self.p[name].shape)
        for i in np.ndindex(out.shape):
            moved = self.p[name].astype(complex)
            moved[i] += 1j * STEP
            out[i] = np.imag(self._total(self.run(parameters={(name, step): moved})[1], of)) / STEP
        return out

    def jac(self, out, t, name, k):
        """d(out at t)/d(name at k), all paths, numerator layout."""
        at = self.start[name] if k == 0 else (self.x[k] if name == "x" else self.v[k][name])
        n, m = np.size(self.v[t][out]), np.size(at)
        J = np.zeros((n, m))
        for j in range(m):
            bump = np.zeros(m, complex)
            bump[j] = 1j * STEP
            J[:, j] = np.imag(np.ravel(self.run({(name, k): bump.reshape(np.shape(at))})[0][t][out])) / STEP
        return J

    def pjac(self, out, t, name, step=None):
        """d(out at t)/d(parameter): an array of the shape of out times that of the parameter."""
        shape = self.p[name].shape
        J = np.zeros((np.size(self.v[t][out]),) + shape)
        for i in np.ndindex(shape):
            moved = self.p[name].astype(complex)
            moved[i] += 1j * STEP
            J[(slice(None),) + i] = np.imag(np.ravel(self.run(parameters={(name, step): moved})[0][t][out])) / STEP
        return J


def plain_loss(name="h"):
    """A loss of every step that depends on its state only, curved so that nothing is constant."""

    def loss(p, now, target, put):
        h = np.ravel(now[name])
        a = target[: len(h)]
        return np.sum(a * h + 0.5 * a[::-1] * h * h)

    return loss


def cross_entropy(score="o"):
    """Softmax with cross-entropy, the target being the first class of an even step, so to say: the largest target."""

    def loss(p, now, target, put):
        o = np.ravel(now[score])
        k = int(np.argmax(target[: len(o)]))
        return np.log(np.sum(np.exp(o))) - o[k]

    return loss


def only_last(loss, T=4):
    state = {"t": 0}

    def wrapped(p, now, target, put):
        state["t"] = state["t"] % T + 1
        return loss(p, now, target, put) if state["t"] == T else 0 * loss(p, now, target, put)

    return wrapped


def softmax(o):
    e = np.exp(o - np.max(o))
    return e / e.sum()


def onehot(net, t, n):
    y = np.zeros(n)
    y[int(np.argmax(net.targets[t][:n]))] = 1
    return y


def same(a, b):
    a, b = np.asarray(a), np.asarray(b)
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-9, atol=1e-11))
