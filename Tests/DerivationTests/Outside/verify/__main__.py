"""Holds the labels against the numbers: `python3 Outside/verify` for the texts in the open, `python3 Outside/verify kept` for the others."""

import pathlib
import sys
import warnings
from collections import Counter

here = pathlib.Path(__file__).resolve().parent
folder = here.parent / "Kept" if "kept" in sys.argv[1:] else here.parent
sys.path.insert(0, str(here))
sys.path.insert(0, str(folder / "verify"))
warnings.filterwarnings("ignore")

import checks  # noqa: E402, F401  (its import evaluates the claims)
from helpers import CLAIMS  # noqa: E402

tally, problems = Counter(), []
for path in sorted(folder.glob("*.txt")):
    head = path.read_text(encoding="utf8").split("\n---\n")[0].split("\n")
    claims, keys = CLAIMS.get(head[0].removeprefix("=== "), {}), set()
    for line in head:
        if not line.startswith("label: "):
            continue
        key, _, verdict, *what = line.removeprefix("label: ").split(" ", 3)
        keys.add(key)
        if verdict not in ("right", "wrong", "loose"):
            continue
        value = claims.get(key)
        tally[verdict, value] += 1
        if (verdict, value) in (("right", False), ("wrong", True)):
            problems.append(f"{path.stem} {key}: labelled {verdict}, the numbers say otherwise")
        if value is None and verdict != "loose":
            print(f"not tried: {path.stem} {key} {verdict} {' '.join(what)}")
    problems += [f"{path.stem}: no label {key}" for key in claims if key not in keys]
print(*problems, sep="\n" if problems else "")
for (verdict, value), count in sorted(tally.items(), key=str):
    print(f"{verdict}: {count} {({True: 'hold', False: 'do not hold', None: 'were not tried'})[value]}")
sys.exit(bool(problems))
