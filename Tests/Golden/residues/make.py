# Arithmetic mod 2^61 - 1 by Python's integers, written to residues.json beside this file: python3 make.py
import json, pathlib, random

P, M = 2**61 - 1, 61 * 151 * 331 * 1321
assert (P - 1) % M == 0
random.seed(16)
few = [0, 1, 2, 3, P - 1, P - 2, P // 2, P // 2 + 1, 2**60, 2**32, M, M - 1, M + 1, 3 * M]
pairs = [(a, b) for a in few for b in few] + [(random.randrange(P), random.randrange(P)) for _ in range(300)]
rows = []
for a, b in pairs:
    quotient = a * pow(b, -1, P) % P if b else None
    rows.append({"a": str(a), "b": str(b), "sum": str((a + b) % P), "difference": str((a - b) % P),
                 "product": str(a * b % P), "quotient": None if quotient is None else str(quotient),
                 "power": str(pow(a, 13, P))})
decimals = [("0.5", pow(2, -1, P)), ("-2.25", -9 * pow(4, -1, P) % P), ("0.1", pow(10, -1, P)),
            ("1e-3", pow(1000, -1, P)), ("1234567.0", 1234567), ("-3.0", P - 3), ("1e20", 10**20 % P)]
pathlib.Path(__file__).with_name("residues.json").write_text(
    json.dumps({"rows": rows, "decimals": [{"text": t, "residue": str(r)} for t, r in decimals]}) + "\n")
