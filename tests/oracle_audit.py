#!/usr/bin/python3
"""What every hypothesis of assets/networks gives, counted again from the files alone; writes tests/golden/audit.txt.

Needs nothing but Python: tests/oracle_audit.py, or tests/oracle_audit.py FOLDER to print what another folder of networks gives.
Shares no code with the program: it has its own reader of .net and .claims lines, its own sums over whole numbers, and its own rule of when a
printed number is the value (exact; or value / 1000^n or 1024^n rounded at the last printed digit, or cut there by at most a tenth), in fractions.
For every hypothesis it builds the altered row and looks at each plain cell of that row and source with and without the change.
"""
import itertools
import os
import re
import shlex
import sys
from fractions import Fraction
from math import floor

HERE = os.path.dirname(os.path.abspath(__file__))
COLUMNS = ["1x1", "3x3_reduce", "3x3", "5x5_reduce", "5x5", "pool_proj"]
NUMBERS = ["in"] + COLUMNS
PLAIN = ["params", "ops", "output", "depth", "patch"] + COLUMNS


# ---- printed numbers

def parse(printed):
    """'2.7K' -> digits as a whole number, 10^decimals, power of the suffix; None for what is no such number."""
    m = re.fullmatch(r"([\d,]+)(?:\.(\d+))?([KMGB]?)(%?)", printed)
    if not m:
        return None
    decimals = m.group(2) or ""
    scale = 10 ** len(decimals) * (100 if m.group(4) else 1)
    return int(m.group(1).replace(",", "") + decimals), scale, {"": 0, "K": 1, "M": 2, "G": 3, "B": 3}[m.group(3)]


def reads_as(value, digits, scale, power, step):
    """Is the value, in units of the last printed digit, written as these digits?"""
    units = Fraction(value * scale, step ** power)
    if digits == 0:
        return False
    rounded = floor(units + Fraction(1, 2)) == digits
    cut = floor(units) == digits and units - digits <= units / 10
    return rounded or cut


def agreeing(printed, values, unit):
    """The first of the values that the printed number agrees with, or None."""
    digits, scale, power = parse(printed)
    for v in values:
        if Fraction(digits, scale) * 1000 ** power == v:
            return v
    if power == 0:
        return None
    for v in values:
        for step in ([1024, 1000] if power == 1 else [1000, 1024]):
            if (unit is None or unit == step) and reads_as(v, digits, scale, power, step):
                return v
    return None


# ---- rows

class Row:
    """Layers of one row: what it reads, its convolutions (inputs, outputs, kernel, groups, out side), its output."""

    def __init__(self, name, shape):
        self.name, self.shape = name, shape
        self.convs, self.out, self.depth, self.window, self.columns = [], shape, 0, None, None
        self.bias = self.bn = False

    def weights(self):
        return sum(i // g * o * k * k for i, o, k, g, _ in self.convs)

    def params(self):
        return self.weights() + sum((o if self.bias else 0) + (2 * o if self.bn else 0) for _, o, _, _, _ in self.convs)

    def macs(self):
        return sum(i // g * o * k * k * places for i, o, k, g, places in self.convs)

    def additions(self):
        return sum(o * places for _, o, _, _, places in self.convs) if self.bias else 0


def conv_size(n, k, stride, pad):
    return (n + 2 * pad - k) // stride + 1


def pool_size(n, k, stride, pad, ceil):
    return (-(-(n + 2 * pad - k) // stride) if ceil else (n + 2 * pad - k) // stride) + 1


def options(words):
    given = dict(w.split("=", 1) for w in words if "=" in w)
    return [w for w in words if "=" not in w], given


def module(row, numbers, third, bias, bn):
    """numbers: input channels, then the six columns, 0 for a convolution that is not there."""
    i, a, b, c, d, e, f = numbers
    _, h, w = row.shape
    places = h * w
    row.bias, row.bn = bias, bn
    row.convs.append((i, a, 1, 1, places))
    if b:
        row.convs.append((i, b, 1, 1, places))
    row.convs.append((b or i, c, 3, 1, places))
    if d:
        row.convs.append((i, d, 1, 1, places))
    row.convs.append((d or i, e, third, 1, places))
    if f:
        row.convs.append((i, f, 1, 1, places))
    row.out = (a + c + e + (f or i), h, w)
    row.depth = 2 if b or d else 1
    row.columns = [a, b, c, d, e, f]
    row.window = (third, 1)  # the largest kernel in it


def add_conv(row, words, given, bn):
    """One line's convolutions behind those that the row has."""
    shape = row.out
    k, stride = map(int, re.fullmatch(r"(\d+)x\d+/(\d+)", words[1]).groups())
    groups, pad = int(given.get("groups", 1)), int(given.get("pad", 0))
    if "+" in words[0]:
        row.convs.append((shape[0], int(words[2]), 1, groups, shape[1] * shape[2]))
        shape = (int(words[2]), shape[1], shape[2])
        row.depth += 1
        row.columns = [0, int(words[2]), int(words[3]), 0, 0, 0]
        words = words[:2] + words[3:]
    h, w = conv_size(shape[1], k, stride, pad), conv_size(shape[2], k, stride, pad)
    out = int(words[2])
    row.convs.append((shape[0], out, k, groups, h * w))
    row.out, row.depth = (out, h, w), row.depth + 1
    if row.window is None or k > row.window[0]:
        row.window = (k, stride)
    if row.columns is None:
        row.columns = [0, 0, out if k == 3 else 0, 0, 0, 0]
    row.bias, row.bn = "nobias" not in words and not bn, bn


# ---- files

class Net:
    def __init__(self, path):
        self.path = path
        self.name = None
        self.rows, self.specs = {}, {}
        self.claims, self.hypotheses = [], []
        self.shape, self.classes, self.bn, self.head, self.last = None, None, False, False, None
        self.read(path)

    def read(self, path):
        for line in open(path, encoding="utf-8"):
            words = shlex.split(line, comments=True)
            if words:
                self.line(words)

    def begin(self, name):
        row = Row(name, self.shape)
        self.rows[name] = row
        self.last = name
        return row

    def line(self, words):
        kind, (plain, given) = words[0], options(words[1:])
        if kind == "claims":
            self.read(os.path.join(os.path.dirname(self.path), plain[0] + ".claims"))
        elif kind == "claim":
            self.claim(words[1:])
        elif kind == "hypothesis":
            self.hypotheses.append((words[1], words[2:]))
        elif kind == "network":
            self.name = plain[0]
        elif kind == "input":
            self.shape = tuple(map(int, plain[0].split("x")))
            self.begin("input")
        elif kind == "classes":
            self.classes = int(plain[0])
        elif kind == "batchnorm":
            self.bn = True
        elif kind == "aux":
            self.head = True
            self.last = None
        elif not self.head and kind in ("conv", "maxpool", "avgpool", "lrn", "inception", "dropout", "fc", "softmax"):
            self.row(kind, plain, given)

    def row(self, kind, words, given):
        row = self.begin(words[0])
        c, h, w = self.shape
        if kind == "conv":
            add_conv(row, words, given, self.bn)
        elif kind == "inception":
            numbers = [c] + [0 if n == "-" else int(n) for n in words[1:7]]
            third = 3 if given.get("5x5") == "3x3" else 5
            module(row, numbers, third, "nobias" not in words and not self.bn, self.bn)
            self.specs[words[0]] = (numbers, third, row.bias, row.bn)
        elif kind in ("maxpool", "avgpool"):
            if "to" in given:
                to = int(given["to"].split("x")[0])
                row.out, row.window = (c, to, to), (h // to, 1)
            else:
                k, stride = map(int, re.fullmatch(r"(\d+)x\d+/(\d+)", words[1]).groups())
                ceil, pad = any(x.startswith("ceil") for x in words), int(given.get("pad", 0))
                row.out, row.window = (c, pool_size(h, k, stride, pad, ceil), pool_size(w, k, stride, pad, ceil)), (k, stride)
        elif kind == "fc":
            out = self.classes if words[1] == "classes" else int(words[1])
            row.convs.append((c * h * w, out, 1, 1, 1))
            row.bias, row.out, row.depth = "nobias" not in words, (out, 1, 1), 1
        self.shape = row.out

    def claim(self, words):
        row = self.last
        if "=" not in words[0]:
            row, words = words[0], words[1:]
        given = dict(w.split("=", 1) for w in words)
        unit = {"K": 1000, "Ki": 1024}.get(given.get("unit"))
        for word in words:
            what, printed = word.split("=", 1)
            if what in PLAIN:
                self.claims.append((row, given["source"], what, printed, unit))


def judge(row, what, printed, unit):
    """(agrees, the value as it is printed)."""
    if what in ("params", "ops"):
        values = [row.weights(), row.params()] if what == "params" else [row.macs(), row.macs() + row.additions()]
        v = agreeing(printed, values, unit)
        return v is not None, "{:,}".format(v) if v is not None else "-"
    if what == "output":
        value = "%dx%dx%d" % (row.out[1], row.out[2], row.out[0])
        return value == printed, value
    if what == "patch":
        value = "%dx%d/%d" % (row.window[0], row.window[0], row.window[1]) if row.window else "none"
        return value == printed, value
    value = row.depth if what == "depth" else (row.columns or [0] * 6)[COLUMNS.index(what)]
    if what != "depth" and value == 0:
        return False, "none"
    return agreeing(printed, [value], unit) is not None, "{:,}".format(value)


# ---- hypotheses

def read_range(text):
    m = re.fullmatch(r"(\d+)(?:\.\.(\d+)(?:/(\d+))?)?", text)
    first, last, step = int(m.group(1)), int(m.group(2) or m.group(1)), int(m.group(3) or 1)
    return range(first, last + 1, step)


def range_text(r):
    return "%d" % r[0] if len(r) == 1 else "%d..%d/%d" % (r.start, r.stop - 1, r.step)


def altered_module(net, name, numbers):
    row = Row(name, (numbers[0],) + net.rows[name].shape[1:])
    _, third, bias, bn = net.specs[name]
    module(row, numbers, third, bias, bn)
    return row


def looked_at(net, name, source, row, numbers):
    """Every cell with and without the change: (what, printed, premise, agreed, agrees, value)."""
    out = []
    for where, who, what, printed, unit in net.claims:
        if where != name or who != source:
            continue
        agreed, _ = judge(net.rows[name], what, printed, unit)
        agrees, value = judge(row, what, printed, unit)
        premise = numbers is not None and what in COLUMNS and numbers[NUMBERS.index(what)] != net.specs[name][0][NUMBERS.index(what)]
        out.append((what, printed, premise, agreed, agrees, value))
    return out


def tally(cells):
    counted = [(agreed, agrees) for _, _, premise, agreed, agrees, _ in cells if not premise]
    return counted.count((False, True)), counted.count((True, False)), counted.count((False, False))


def settings(net, name, ranges, one):
    now = net.specs[name][0]
    if one is not None:
        for i, n in enumerate(now):
            for v in one if n > 0 else []:
                if v != n:
                    yield now[:i] + [v] + now[i + 1:]
        return
    for values in itertools.product(*[ranges.get(NUMBERS[i], [now[i]]) for i in range(7)]):
        if list(values) != now:
            yield list(values)


def search(net, name, source, premise, tried, out):
    """Every setting is built and looked at; printed counts first, since those are what is looked for."""
    count = fits = gives = 0
    counts = [c for c in net.claims if c[0] == name and c[1] == source and c[2] in ("params", "ops")]
    for numbers in tried:
        count += 1
        row = altered_module(net, name, numbers)
        if not all(judge(row, what, printed, unit)[0] for _, _, what, printed, unit in counts):
            continue
        fits += 1
        gained, lost, still = tally(looked_at(net, name, source, row, numbers))
        gives += gained > 0 and lost == 0 and still == 0
    out.append("search %s %s %s: %d settings, %d fit, %d give all" % (name, source, premise, count, fits, gives))


def hypothesis(net, name, words, out):
    given = [w.split("=", 1) for w in words]
    source = dict(given)["source"]
    ranges = {key: read_range(value) for key, value in given if key in NUMBERS}
    one = next((read_range(value) for key, value in given if key == "one"), None)
    rows = [value for key, value in given if key == "as"]
    if rows:
        row = Row(name, net.rows[name].shape)
        for text in rows:
            kind, (plain, keys) = text.split()[0], options(text.split()[1:])
            assert kind == "conv", text
            row.columns = None
            add_conv(row, plain, keys, net.bn)
        row.columns = [0, 0, row.out[0], 0, 0, 0] if rows[-1].split()[2].startswith("3x3") else [0] * 6
        premise, numbers = "; ".join(rows), None
    else:
        premise = " ".join("%s=%s" % (k, range_text(ranges[k])) for k in NUMBERS if k in ranges) or "one=" + range_text(one)
        tried = list(settings(net, name, ranges, one))
        if one is not None or len(tried) > 1:
            search(net, name, source, premise, tried, out)
            return
        numbers = tried[0]
        row = altered_module(net, name, numbers)
    cells = looked_at(net, name, source, row, numbers)
    out.append("hypothesis %s %s %s: %d gained, %d lost, %d still" % ((name, source, premise) + tally(cells)))
    for what, printed, is_premise, agreed, agrees, value in cells:
        note = "premise" if is_premise else "%s %s" % ("agreed" if agreed else "disagreed", "agrees" if agrees else "disagrees")
        out.append("  %s=%s %s %s" % (what, printed, note, value))


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "..", "assets", "networks")
    out = []
    for file in sorted(os.listdir(folder)):
        if not file.endswith(".net"):
            continue
        net = Net(os.path.join(folder, file))
        out.append("network %s" % net.name)
        for name, words in net.hypotheses:
            hypothesis(net, name, words, out)
    text = "\n".join(out) + "\n"
    if len(sys.argv) > 1:
        sys.stdout.write(text)
    else:
        open(os.path.join(HERE, "golden", "audit.txt"), "w", encoding="utf-8").write(text)


main()
