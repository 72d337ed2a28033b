"""The photos that excite a unit (engine/train/examples.h) by PyTorch. tests/oracle.py compare runs `compare` where $INCEPTOSCOPE_DATA has the
flowers: every unit of conv3, 3b, 4c and 5b on the shipped weights. The nine photos must be PyTorch's, each value within 1e-4 of its own at the
same place and of its largest; ranks may differ only where values are closer than that. The medians of how many of the nine are of one class
were measured before with another program: 0.56, 0.67, 0.78 and 0.89."""
import glob
import json
import os
import subprocess

import numpy
import torch
from PIL import Image

import oracle_nets as nets

HERE = os.path.dirname(os.path.abspath(__file__))
FLOWERS = os.path.join(HERE, "..", "assets", "weights", "flowers.safetensors")
LAYERS = {"conv3": 0.56, "inception_3b/concat": 0.67, "inception_4c/concat": 0.78, "inception_5b/concat": 0.89}
LIMIT = 1e-4
TOP = 12 # more than nine, so that ranks around the ninth can be told from ties


def ours(build, folder, photos):
    """{layer of LAYERS: {channel: the program's report}}."""
    subprocess.run([os.path.join(build, "inceptoscope"), "explain", "examples", "--photos", photos, "--all", "--out", folder, "--top", str(TOP), "--format", "json"],
                   check=True, stdout=subprocess.DEVNULL, env=dict(os.environ, XDG_CACHE_HOME=folder))
    result = {layer: {} for layer in LAYERS}
    for path in glob.glob(os.path.join(folder, "*.json")):
        for unit in json.load(open(path)):
            name = unit.get("twin", unit["unit"])
            layer, channel = name[:-1].split("[")
            layer = layer if layer in LAYERS else "inception_%s/concat" % layer
            if layer in LAYERS:
                result[layer][int(channel)] = unit
    return result


def maxima(load_safetensors, rows, names, photos, reports):
    """{layer: (photos, channels)} of PyTorch's largest values, and the worst difference of the program's values from PyTorch's there."""
    weights, most, worst = load_safetensors(FLOWERS), {layer: [] for layer in LAYERS}, 0.0
    places = {}
    for layer, units in reports.items():
        for channel, unit in units.items():
            for x in unit["top"]:
                places.setdefault(x["photo"], []).append((layer, channel, x["pos"], x["value"]))
    for name in names:
        v = numpy.asarray(Image.open(os.path.join(photos, name)).convert("RGB").resize((224, 224), Image.BILINEAR)).astype(numpy.float32)
        x = torch.from_numpy(((v / numpy.float32(255) - numpy.float32(0.5)) / numpy.float32(0.5)).transpose(2, 0, 1).copy())[None]
        walk = nets.Walk(weights, 1)
        with torch.no_grad():
            walk.run(rows, x, 5, heads=False)
        for layer in LAYERS:
            most[layer].append(walk.values[layer][0].flatten(1).max(1)[0].numpy())
        for layer, channel, (py, px), value in places.get(name, ()):
            there, largest = float(walk.values[layer][0, channel, py, px]), float(most[layer][-1][channel])
            worst = max(worst, abs(value - there) / largest, abs(value - largest) / largest)
    return {layer: numpy.stack(rows_) for layer, rows_ in most.items()}, worst


def check_ranks(most, names, reports):
    """How many of the nine are other photos than PyTorch's although their values differ by more than LIMIT; silent units that are not."""
    wrong, index = 0, {name: i for i, name in enumerate(names)}
    for layer, units in reports.items():
        assert len(units) == most[layer].shape[1], layer
        for channel, unit in units.items():
            values = most[layer][:, channel]
            if unit["above_zero"] == 0 or values.max() <= 0:
                wrong += int(unit["above_zero"] != int((values > 0).sum()))
                continue
            order = numpy.argsort(-values, kind="stable")
            for rank, x in enumerate(unit["top"][:9]):
                here, want = values[index[x["photo"]]], values[order[rank]]
                wrong += int(abs(here - want) > LIMIT * want)
    return wrong


def compare(build, folder, load_safetensors, data, rows):
    photos = os.path.join(data, "data", "flowers", "val")
    names = sorted(os.path.relpath(p, photos) for p in glob.glob(os.path.join(photos, "*", "*")))
    folder = os.path.join(folder, "examples")
    os.makedirs(folder, exist_ok=True)
    reports = ours(build, folder, photos)
    most, worst = maxima(load_safetensors, rows, names, photos, reports)
    wrong, good = check_ranks(most, names, reports), True
    for layer, median in LAYERS.items():
        got = float(numpy.median([purity(unit) / 9 for unit in reports[layer].values()]))
        good &= abs(got - median) <= 0.02
        print("photos of units, %s: of the strongest nine a median of %.2f is of one class, %.2f expected" % (layer, got, median))
    good &= worst <= LIMIT and wrong == 0
    print("photos of units, %d photos: worst value %.2g of the largest, %d other photos%s" % (len(names), worst, wrong, "" if good else "   WRONG"))
    return good


def purity(unit):
    """How many of the strongest nine are of their commonest class."""
    classes = [x["class"] for x in unit["top"][:9]]
    return max((classes.count(c) for c in classes), default=0)

