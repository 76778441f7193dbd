"""Holds the verdicts of the corpus against PyTorch: every claim that was said to hold must hold, and every one that was
said not to hold must fail, on networks that are written out by hand here and differentiated by autograd.

    CORPUS_READINGS=readings.json swift test --filter CorpusTests
    python3 Tests/DerivationTests/Corpus/verify readings.json

It takes the lines as the package read them, the previews that a learner sees, and shares no code with it: cells, losses,
unrolling, derivatives and the rules of the layouts are its own. What it cannot evaluate it counts and names.
"""

import collections
import itertools
import json
import re
import sys

from evaluation import Evaluation, holds, matrix, plain, step
from networks import CELLS, Network, Undefined, Unread
from previews import RELATIONS, TOKEN, Reader


def split(text):
    """The two sides of a preview, its relation and its conditions."""
    conditions = []
    found = re.search(r" \(([^()]*)\)$", text)
    form = re.compile(r"([\w'+\\-]+) (=|<|>|\\leq|\\geq) ([\w'+\\-]+)")
    parts = [form.fullmatch(part) for part in found.group(1).split(", ")] if found else [None]
    if all(parts):
        text = text[:found.start()]
        conditions = [(TOKEN.findall(p.group(1)), p.group(2), TOKEN.findall(p.group(3))) for p in parts]
    depth = 0
    for found in TOKEN.finditer(text):
        token = found.group(1)
        depth += token in ("(", "[", "{")
        depth -= token in (")", "]", "}")
        if depth == 0 and token in RELATIONS:
            left, right = text[:found.start()], text[found.end():]
            return tree(left), RELATIONS[token], tree(right), conditions
    raise Unread("no relation")


def tree(text):
    reader = Reader(text)
    value = reader.sum()
    if reader.peek() is not None:
        raise Unread(f"left over: {reader.peek()}")
    return value


def letters(value, bound=()):
    """The letters that are steps and run in no sum around them."""
    found = set()
    if value[0] == "big":
        for part in (value[3], value[4]):
            found |= {t for t in part if t.isalpha() or t.startswith("\\")} - {"T", *bound}
        return found | letters(value[5], (*bound, value[2]))
    if value[0] == "sym":
        if not value[2] and value[3] is None:
            found = {value[1]} & {"t", "k", "n", "i"} - set(bound)
        for part in value[2]:
            if all(re.fullmatch(r"[+-]|\d+|[a-zT]'?|'|\\tau", t) for t in part):
                names = {t for t in part if t in ("t", "k", "s", "i", "j", "n", "m", "\\tau", "l")}
                is_time = len(part) > 1 or part is value[2][-1]
                found |= names - set(bound) if is_time else set()
        return found
    for part in value[1:]:
        if isinstance(part, tuple) and part and isinstance(part[0], str):
            found |= letters(part, bound)
        elif isinstance(part, list):
            for row in part:
                for item in row if isinstance(row, list) else [row]:
                    if isinstance(item, tuple):
                        found |= letters(item, bound)
    return found


LATENESS = collections.defaultdict(lambda: 4, {"t": 10, "n": 5, "m": 5, "k": 3, "s": 3, "\\tau": 3})


def assignments(free, conditions, steps):
    free = sorted(free, key=lambda letter: LATENESS[letter])
    stated = [{t for side in (c[0], c[2]) for t in side if t in free} for c in conditions]
    for values in itertools.product(range(1, steps + 1), repeat=len(free)):
        env = {"T": steps, **dict(zip(free, values))}
        pairs = [(a, b) for a, b in zip(free, free[1:]) if {a, b} not in stated]
        if all(env[a] < env[b] for a, b in pairs) and all(holds(c, env) for c in conditions):
            yield env


def compared(evaluations, left, relation, right, conditions):
    """Whether the sides agree at every step of every network: the largest relative difference, and how often tried."""
    worst, tried = 0.0, 0
    for evaluation in evaluations:
        try:
            free = letters(left) | letters(right)
            for c in conditions:
                free |= {t for side in (c[0], c[2]) for t in side if t.isalpha() and t not in ("T", "l")}
            if evaluation.net.layers:
                free -= {"l"}
                layered = [c for c in conditions if "l" in c[0] + c[2]]
                if not all(holds(c, {"l": evaluation.layer}) for c in layered):
                    continue
                rest = [c for c in conditions if "l" not in c[0] + c[2]]
            else:
                rest = conditions
            for env in assignments(free, rest, evaluation.net.steps):
                try:
                    a, b = (evaluation.value(side, env) for side in (left, right))
                except Undefined:
                    continue
                side = next((x.shape[0] for x in (a, b) if not isinstance(x, tuple) and x.numel() > 1), 4)
                a, b = (matrix(x, side) if isinstance(x, tuple) and x[0] == "I" else plain(x) for x in (a, b))
                if a.shape != b.shape and a.numel() > 1 and b.numel() > 1:
                    return float("inf"), 1
                tried += 1
                scale = max(evaluation.largest(left, env), evaluation.largest(right, env), 1e-300)
                gap = (a - b) if relation == "=" else (a - b if relation == "<=" else b - a).clamp(min=0)
                worst = max(worst, gap.abs().max().item() / scale)
        except Undefined:
            continue
    return worst, tried


def recursive(name, body):
    return f"'{name}'" in repr(body)


def define(evaluations, left, right, conditions):
    if left[0] != "sym":
        raise Unread("a definition of no name")
    for evaluation in evaluations:
        below, times = left[2], []
        # The gate `i` of a cell is a label, alone in an index.
        gates = [["i"]] if any(name.endswith("_i") for name in evaluation.net.params) else []
        for cut in range(len(below), -1, -1):
            if not any(part in gates for part in below[cut:]) and all(t in ("t", "k", "s", "T", "+", "-", "n", "i") or t.isdigit() for part in below[cut:] for t in part):
                times = below[cut:]
                continue
            break
        label = below[:len(below) - len(times)]
        name = left[1] + ("_" + ",".join("".join(part) for part in label) if label else "")
        if left[3] is not None and not evaluation.net.layers:
            name += "^" + "".join(left[3])
        clauses = evaluation.definitions.setdefault(name, [])
        # One that is defined once more was corrected.
        clauses[:] = [clause for clause in clauses if (clause[0], clause[1]) != (times, conditions)]
        clauses.append((times, conditions, right, recursive(left[1], right)))


def main(path):
    counts, unread, wrong = collections.Counter(), collections.Counter(), []
    for entry in json.load(open(path)):
        if entry["sheet"] not in CELLS:
            counts["claims of other sheets"] += len(entry["links"])
            continue
        cell = CELLS[entry["sheet"]]
        layout = entry["layout"] or ("numerator" if cell.get("rows") else "denominator")
        nets = [Network(cell, steps, seed, layout) for steps, seed in ((3, 1), (4, 2))]
        layers = range(1, cell.get("layers", 0) + 1) if cell.get("layers") else [0]
        evaluations = [Evaluation(net, layer) for net in nets for layer in layers]
        for link in entry["links"]:
            try:
                left, relation, right, conditions = split(link["read"])
                if link["verdict"] == "definition":
                    define(evaluations, left, right, conditions)
                    continue
                if link["verdict"] not in ("holds", "doesNotHold"):
                    continue
                error, tried = compared(evaluations, left, relation, right, conditions)
                if tried == 0:
                    raise Unread("no step at which everything is defined")
                is_right = error < 1e-8
                if relation != "=" and link["verdict"] == "doesNotHold" and is_right:
                    raise Unread("a bound that two networks do not break")
                counts["confirmed"] += 1
                if is_right != (link["verdict"] == "holds"):
                    wrong.append(f"{entry['name']}: {link['verdict']}, here {error:.2g}: {link['read']}")
            except (Unread, RuntimeError, RecursionError) as reason:
                counts["not evaluated"] += 1
                unread[str(reason)[:60]] += 1
    for line in wrong:
        print(line)
    print(dict(counts), "contradicted:", len(wrong))
    for reason, count in unread.most_common(12):
        print(f"  not evaluated, {count}: {reason}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
