# Recomputes counterexamples of one unit (H = 1) from what is printed: COUNTEREXAMPLES=a.json swift test --filter CounterexampleTests,
# then python3 counterexamples.py a.json. A left side that is one derivative is worked out by a line for it that holds.
import json, re, sys
from fractions import Fraction as F

def value(s, values, T):
    def at(letter, step): return lambda m: "_" + (lambda t: t if len(t) == 1 else "{%s}" % t)(re.sub(rf"(?<![\w\\]){letter}([+-]\d+)?(?!\w)", lambda n: str(step + int(n[1] or 0)), m[1].strip("{}")))
    i = 0
    def here(pattern):
        nonlocal i
        m = re.compile(r"\s*" + pattern).match(s, i)
        if m: i = m.end()
        return m
    def total():
        v = term()
        while m := here(r"([+-])"): v = v + term() if m[1] == "+" else v - term()
        return v
    def term():
        v = power()
        while here(r"(\\odot|\\cdot|\\,)") or (i < len(s) and re.match(r"\s*[\w\\(]", s[i:])): v *= power()
        return v
    def power():
        v = factor()
        while m := here(r"\^(\\top|\{?(\d+)\}?)"): v = v if m[1] == "\\top" else v ** int(m[2])
        return v
    def factor():
        nonlocal i
        if here("-"): return -power()
        if here(r"(\\operatorname\{diag\})?\("): v = total(); assert here(r"\)"); return v
        if m := here(r"\\sum_\{(\w)=(\w)\}\^\{?(\w)\}?"):
            body, i, first, last = s[i:], len(s), *[T if x == "T" else int(values.get(x, x)) for x in m.groups()[1:]]
            return sum(value(re.sub(r"_(\w|\{[^{}]*\})", at(m[1], t), body), values, T) for t in range(first, last + 1))
        if m := here("(?:" + ("|".join(map(re.escape, sorted(values, key=len, reverse=True))) or "$^") + r")(?![\w'])"): return F(values[m[0].strip()])
        if m := here(r"(\d+)"): return F(m[1])
        if here(r"\\frac\{\\partial(\^\{?\+\}?)?(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"): return F(0)
        m = here(r"(?!\\(sum|prod|frac|left|sigma|operatorname|begin|max|min)\b)\\?[A-Za-z]+(\{[A-Za-z]\})?(_(\w|\{[^{}]*\}))?(?![\w'(])")
        return F(m[0].strip() == "I")
    v = total(); assert not s[i:].strip(); return v

def tried(*a):
    try: return value(*a)
    except Exception: return None

table = json.load(open(sys.argv[1])); one = [w for w in table["wrong"] if w.get("hidden") == 1 and w["read"].count(" = ") == 1]
right, left, bad = 0, 0, []
for w in one:
    name, line = w["read"].split(" = "); got = tried(line, w["values"], w["steps"]); right += got == F(w["right"])
    if got not in (None, F(w["right"])): bad.append((w["read"], w["text"], got))
    lines = [name] + [r.split(" = ")[1] for r in table["right"].get(w["sheet"], []) if r.startswith(name + " = ")]
    left += any(tried(l, w["values"], w["steps"]) == F(w["left"]) for l in lines)
print(f"{len(table['wrong'])} wrong equalities, {len(one)} of one unit; right side agrees {right}, differs {len(bad)}; left side agrees {left}")
for b in bad: print(*b, sep="\n   ")
