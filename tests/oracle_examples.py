"""The photos that excite a unit (engine/train/examples.h) by PyTorch. tests/oracle.py compare runs `compare` where $INCEPTOSCOPE_DATA has the
flowers: every unit of conv3, 3b, 4c and 5b on the shipped weights. The nine photos must be PyTorch's, each value that of its own
map at the same place and its largest, within 1e-4 of the channel's largest (of a hundredth of the layer's, for a channel that is nearly
silent: its values are what is left of large sums); ranks may differ only where values are closer than that. The medians of how many of the nine are of one class
were measured before with another program: 0.56, 0.67, 0.78 and 0.89."""
import glob
import json
import os
import subprocess

import numpy
import torch
from PIL import Image

import oracle_nets as nets
import oracle_predict

HERE = os.path.dirname(os.path.abspath(__file__))
FLOWERS = os.path.join(HERE, "..", "assets", "weights", "flowers.safetensors")
LAYERS = {"conv3": 0.56, "inception_3b/concat": 0.67, "inception_4c/concat": 0.78, "inception_5b/concat": 0.89}
LIMIT = 1e-4
TOP = 12 # more than nine, so that ranks around the ninth can be told from ties


def as_png(photos, folder):
    """The same photos at the network's size: two JPEG decoders differ by up to two levels, which is more than LIMIT."""
    for path in glob.glob(os.path.join(photos, "*", "*")):
        to = os.path.join(folder, os.path.basename(os.path.dirname(path)))
        os.makedirs(to, exist_ok=True)
        Image.open(path).convert("RGB").resize((224, 224), Image.BILINEAR).save(os.path.join(to, os.path.basename(path).rsplit(".", 1)[0] + ".png"))
    return folder


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


def maxima(rows, names, photos, reports):
    """{layer: (photos, channels)} of PyTorch's largest values, and the worst difference of the program's values from PyTorch's there."""
    weights, most, worst = nets.load_safetensors(FLOWERS), {layer: [] for layer in LAYERS}, 0.0
    places = {}
    for layer, units in reports.items():
        least = max(unit["histogram"]["to"] for unit in units.values()) / 100
        for channel, unit in units.items():
            for x in unit["top"]:
                places.setdefault(x["photo"], []).append((layer, channel, x["pos"], x["value"], max(unit["histogram"]["to"], least)))
    for name in names:
        x = oracle_predict.square(Image.open(os.path.join(photos, name)).convert("RGB"))[None]
        walk = nets.Walk(weights, 1)
        with torch.no_grad():
            walk.run(rows, x, 5, heads=False)
        for layer in LAYERS:
            most[layer].append(walk.values[layer][0].flatten(1).max(1)[0].numpy())
        for layer, channel, (py, px), value, scale in places.get(name, ()):
            there, largest = float(walk.values[layer][0, channel, py, px]), float(most[layer][-1][channel])
            worst = max(worst, abs(value - there) / scale, abs(value - largest) / scale)
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
                wrong += int(abs(here - want) > LIMIT * values.max())
    return wrong


def compare(build, folder, data, rows):
    folder = os.path.join(folder, "examples")
    photos = as_png(os.path.join(data, "data", "flowers", "val"), os.path.join(folder, "photos"))
    names = sorted(os.path.relpath(p, photos) for p in glob.glob(os.path.join(photos, "*", "*")))
    reports = ours(build, folder, photos)
    most, worst = maxima(rows, names, photos, reports)
    wrong, good = check_ranks(most, names, reports), True
    for layer, median in LAYERS.items():
        got = float(numpy.median([purity(unit) / 9 for unit in reports[layer].values() if unit["above_zero"] >= 9])) # else fewer than nine count
        good &= abs(got - median) <= 0.02
        print("photos of units, %s: of the strongest nine a median of %.2f is of one class, %.2f expected" % (layer, got, median))
    good &= worst <= LIMIT and wrong == 0
    print("photos of units, %d photos: worst value %.2g of the largest, %d other photos%s" % (len(names), worst, wrong, "" if good else "   WRONG"))
    return good


def purity(unit):
    """How many of the strongest nine are of their commonest class."""
    classes = [x["class"] for x in unit["top"][:9]]
    return max((classes.count(c) for c in classes), default=0)
