"""Makes the golden values in this folder with mpmath.

Run it as `python make.py` with mpmath installed; it rewrites `primitives.json` beside itself. Every function and every derivative is
computed with 50 digits and then rounded to a double. The derivatives are written without cancellation, in another form than the
sources have: σ' as 1 / (4 cosh²(x/2)), tanh' as sech². At NaN, at infinities and at kinks mpmath has no derivative; what holds there is
written beside each function, by these conventions: relu'(0) = 0, |x|'(0) = 0, and at a tie max and min hand on to their first argument.

Numbers that JSON does not have are the strings "NaN", "Infinity", "-Infinity".
"""

import json
import math
import pathlib
import random

import mpmath
from mpmath import mp, mpf

mp.dps = 50
HERE = pathlib.Path(__file__).parent
NAN, INF = math.nan, math.inf



def below(x):
    """The share of the standard normal distribution below a number."""
    if abs(x) > 1000:
        return mpf(1 if x > 0 else 0)  # mpmath's series cannot say; e^{-500000} is no double
    return mp.erfc(-x / mp.sqrt(2)) / 2


# name: (equation, value, first derivative, {x: (value, derivative)} where mpmath is not asked)
ONE = mpf(1)
FUNCTIONS = {
    "sigmoid": (r"\sigma(x_t)", lambda x: ONE / (1 + mp.exp(-x)), lambda x: 1 / (4 * mp.cosh(x / 2) ** 2),
                {INF: (1.0, 0.0), -INF: (0.0, 0.0)}),
    "tanh": (r"\tanh(x_t)", mp.tanh, lambda x: mp.sech(x) ** 2, {INF: (1.0, 0.0), -INF: (-1.0, 0.0)}),
    "exp": (r"\exp(x_t)", mp.exp, mp.exp, {INF: (INF, INF), -INF: (0.0, 0.0)}),
    "log": (r"\log(x_t)", lambda x: None if x < 0 else mp.log(x), lambda x: None if x < 0 else 1 / x,
            {INF: (INF, 0.0), -INF: (NAN, NAN), 0.0: (-INF, INF), -0.0: (-INF, INF)}),
    "sqrt": (r"\sqrt{x_t}", lambda x: None if x < 0 else mp.sqrt(x), lambda x: None if x < 0 else 1 / (2 * mp.sqrt(x)),
             {INF: (INF, 0.0), -INF: (NAN, NAN), 0.0: (0.0, INF), -0.0: (0.0, INF)}),
    "relu": (r"\operatorname{ReLU}(x_t)", lambda x: x if x > 0 else mpf(0), lambda x: mpf(1 if x > 0 else 0),
             {INF: (INF, 1.0), -INF: (0.0, 0.0)}),
    "softplus": (r"\operatorname{softplus}(x_t)", lambda x: mp.log1p(mp.exp(x)) if x < 100 else x + mp.log1p(mp.exp(-x)),
                 lambda x: 1 / (1 + mp.exp(-x)), {INF: (INF, 1.0), -INF: (0.0, 0.0)}),
    "softsign": (r"\operatorname{softsign}(x_t)", lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x)) ** 2,
                 {INF: (1.0, 0.0), -INF: (-1.0, 0.0)}),
    "abs": (r"\operatorname{abs}(x_t)", abs, lambda x: mpf(1 if x > 0 else -1 if x < 0 else 0),
            {INF: (INF, 1.0), -INF: (INF, -1.0)}),
    "sin": (r"\sin(x_t)", mp.sin, mp.cos, {INF: (NAN, NAN), -INF: (NAN, NAN)}),
    "cos": (r"\cos(x_t)", mp.cos, lambda x: -mp.sin(x), {INF: (NAN, NAN), -INF: (NAN, NAN)}),
    "gelu": (r"\operatorname{GELU}(x_t)", lambda x: x * below(x), lambda x: below(x) + (x * mp.npdf(x) if abs(x) < 1000 else 0),
             {INF: (INF, 1.0), -INF: (0.0, 0.0)}),
    "silu": (r"\operatorname{SiLU}(x_t)", lambda x: x / (1 + mp.exp(-x)),
             lambda x: 1 / (1 + mp.exp(-x)) + x / (4 * mp.cosh(x / 2) ** 2), {INF: (INF, 1.0), -INF: (0.0, 0.0)}),
    "square": ("x_t^2", lambda x: x * x, lambda x: 2 * x, {INF: (INF, INF), -INF: (INF, -INF)}),
    "cube": ("x_t^3", lambda x: x**3, lambda x: 3 * x * x, {INF: (INF, INF), -INF: (-INF, INF)}),
    "root": ("x_t^{0.5}", lambda x: None if x < 0 else mp.sqrt(x), lambda x: None if x < 0 else 1 / (2 * mp.sqrt(x)),
             {INF: (INF, 0.0), -INF: (NAN, NAN), 0.0: (0.0, INF), -0.0: (0.0, INF)}),
}
# name: (equation, value, by the first, by the second)
PAIRS = {
    "product": (r"x_t \odot y_t", lambda a, b: a * b, lambda a, b: b, lambda a, b: a),
    "quotient": (r"\frac{x_t}{y_t}", lambda a, b: a / b, lambda a, b: 1 / b, lambda a, b: -a / b**2),
    "max": (r"\max(x_t, y_t)", max, lambda a, b: mpf(a >= b), lambda a, b: mpf(a < b)),
    "min": (r"\min(x_t, y_t)", min, lambda a, b: mpf(a <= b), lambda a, b: mpf(a > b)),
}


def points():
    grid = [0.0, 5e-324, 1e-320, 1e-300, 1e-20, 1e-8, 1e-3, 0.1, 0.2499999, 0.25, 0.2500001, 0.3, 0.5, 0.7, 1, 2, 3, 5, 8, 10, 15,
            18, 19, 19.5, 20, 22, 25, 30, 35, 36, 36.7, 37, 37.5, 40, 50, 100, 300, 350, 354, 355, 360, 370, 372, 373, 400, 500, 700,
            708, 709, 709.7, 710, 715, 720, 730, 740, 744, 745, 746, 750, 800, 1e3, 1e5, 1e10, 1e100, 1e153, 1e154, 1e160, 1e200, 1e308]
    draw = random.Random(6)
    grid += [10 ** draw.uniform(-6, 3) for _ in range(60)] + [draw.uniform(0, 45) for _ in range(60)]
    return [sign * float(x) for x in grid for sign in (1, -1)]


def rounded(value):
    """The nearest double; what no real number is becomes a NaN."""
    if value is None:
        return NAN
    if isinstance(value, float):
        return value
    if not mpmath.isfinite(value):
        return float(value)
    try:
        return float(value)
    except OverflowError:
        return INF if value > 0 else -INF


def shown(number):
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return number


def one(name):
    equation, value, derivative, limits = FUNCTIONS[name]
    rows = []
    for x in points() + [INF, -INF, NAN]:
        special = (NAN, NAN) if x != x else limits.get(x)
        pair = special or (rounded(value(mpf(x))), rounded(derivative(mpf(x))))
        rows.append([shown(x), *map(shown, pair)])
    return {"name": name, "equation": "h_t = " + equation, "rows": rows}


def two(name):
    equation, value, left, right = PAIRS[name]
    draw = random.Random(7)
    pairs = [(draw.choice((-1, 1)) * 10 ** draw.uniform(-5, 5), draw.choice((-1, 1)) * 10 ** draw.uniform(-5, 5)) for _ in range(60)]
    pairs += [(1.5, 1.5), (-2.0, -2.0), (3.0, -1.0), (0.0, 7.0), (1e200, 1e-200), (1e-200, 1e-150)]
    rows = [[a, b] + [shown(rounded(f(mpf(a), mpf(b)))) for f in (value, left, right)] for a, b in pairs]
    if name in ("max", "min"):
        # Neither is larger than a NaN: the value is none, and so is what it hands on.
        rows += [[shown(a), shown(b), "NaN", "NaN", "NaN"] for a, b in [(NAN, 1.0), (1.0, NAN), (NAN, NAN), (-INF, NAN), (NAN, INF)]]
        for a, b in [(INF, 1.0), (1.0, INF), (-INF, 1.0), (1.0, -INF), (INF, -INF), (INF, INF)]:
            first = a >= b if name == "max" else a <= b
            rows.append([shown(a), shown(b), shown(a if first else b), float(first), float(not first)])
    else:
        rows += [[shown(a), shown(b), "NaN", shown(x), shown(y)] for a, b, x, y in
                 ([(NAN, 2.0, 2.0, NAN), (2.0, NAN, NAN, 2.0)] if name == "product" else [(NAN, 2.0, 0.5, NAN), (2.0, NAN, NAN, NAN)])]
    return {"name": name, "equation": "h_t = " + equation, "rows": rows}


def softmax():
    """Vectors with what softmax makes of them, and with what it hands back of a gradient."""
    draw = random.Random(8)
    vectors = [[draw.gauss(0, scale) for _ in range(4)] for scale in (0.1, 1, 5, 20, 60, 200) for _ in range(6)]
    vectors += [[1000.0, 0.0, -1000.0, 5.0], [0.0, 0.0, 0.0, 0.0], [-INF, 1.0, 2.0, -INF], [NAN, 1.0, 2.0, 3.0], [1.0, 2.0, NAN, 3.0]]
    rows = []
    for x in vectors:
        gradient = [draw.gauss(0, 1) for _ in x] if len(rows) % 2 else [1.0 if i == x.index(max(x)) else 0.0 for i in range(4)]
        if any(map(math.isnan, x)):
            y = back = [NAN] * 4
        else:
            powers = [mp.exp(mpf(v)) for v in x]
            y = [p / mp.fsum(powers) for p in powers]
            back = [a * mp.fsum(b * (mpf(g) - mpf(k)) for b, k in zip(y, gradient)) for a, g in zip(y, gradient)]
        rows.append([list(map(shown, x)), gradient, [shown(rounded(v)) for v in y], [shown(rounded(v)) for v in back]])
    return rows


def main():
    tables = {"functions": [one(name) for name in FUNCTIONS], "pairs": [two(name) for name in PAIRS], "softmax": softmax()}
    text = json.dumps(tables, allow_nan=False, indent=None).replace('{"name"', '\n{"name"').replace("], [", "],\n[")
    (HERE / "primitives.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
