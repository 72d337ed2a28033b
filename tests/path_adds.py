"""Adds the steps of `explain path --format json` up again, in float32, with numpy. Usage: path_adds.py < JSON. Prints the number of steps, or
what does not add up."""
import json
import sys

import numpy

f = numpy.float32
steps = json.load(sys.stdin)
for i, s in enumerate(steps):
    value = f(s["value"])
    if "products" in s:
        total = f(s["start"])
        for p in s["products"]:
            total = f(total + f(p))
        again = total
        if "bn" in s:
            n = {k: f(v) for k, v in s["bn"].items()}
            again = f(f(f(f(total - n["mean"]) / n["deviation"]) * n["gamma"]) + n["beta"])
        if "divisor" in s:
            again = f(total / f(s["divisor"]))
        if s.get("relu") and again < 0:
            again = f(0)
        if total != f(s["total"]) or again != value:
            sys.exit("step %d, %s: %r, not %r" % (i, s["address"], again, value))
    if "end" in s:
        if i + 1 < len(steps) or (s["end"] == "pixel") != (s["op"] == "input") or (s["end"] == "zero" and value != 0):
            sys.exit("step %d ends as %s" % (i, s["end"]))
        continue
    if "products" in s and "divisor" not in s and f(s["product"]) != f(f(s["x"]) * f(s["w"])):
        sys.exit("step %d: the followed product" % i)
    if f(steps[i + 1]["value"]) != f(s["x"]):
        sys.exit("step %d does not follow its term" % i)
    if s["op"] == "lrn" and s["choice"] == 1 and value != f(f(s["x"]) * f(s["factor"])):
        sys.exit("step %d: LRN" % i)
    if s["op"] in ("concat", "dropout", "maxpool") and s["choice"] == 1 and value != f(s["x"]):
        sys.exit("step %d: a copy" % i)
print("all of %d steps add up" % len(steps))
