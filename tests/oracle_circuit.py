"""`explain circuit` by PyTorch: one value through its reduction, in every module and branch of two networks. What each channel of the layer
before gave is gradient times map, summed over the places, by autograd in double; tests/oracle.py compare runs `compare`.

The maps are the program's own (they are compared elsewhere), so this is about the sums alone: the value before ReLU to 1e-5 of the sum of all
magnitudes, each channel's part to the same, and the same with every gate open."""
import json
import os
import subprocess

import numpy
import torch
import torch.nn.functional as F

import oracle_nets as nets

HERE = os.path.dirname(os.path.abspath(__file__))
FLOWERS = os.path.join(HERE, "..", "assets", "weights", "flowers.safetensors")
PHOTO = os.path.join(HERE, "..", "assets", "images", "daisy.png")
MODULES = ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")
BEFORE = {"3a": "maxpool2", "4a": "maxpool3", "5a": "maxpool4"}
LIMIT = 1e-5
TUTORIAL = {"3x3_reduce": "branch2.0", "3x3": "branch2.1", "5x5_reduce": "branch3.0", "5x5": "branch3.1", "pool_proj": "branch4.1"}


def source(module):
    return BEFORE.get(module) or MODULES[MODULES.index(module) - 1]


def layer(weights, module, name):
    key = "inception_%s/%s" % (module, name)
    if key + ".weight" not in weights:
        key = "inception%s.%s.conv" % (module, TUTORIAL[name])
    return weights[key + ".weight"].double(), weights[key + ".bias"].double()


def through(weights, module, branch, x, c, place, gates=True):
    """The value before ReLU, and what each channel of x gave to it."""
    x = x.clone().requires_grad_()
    if branch == "pool_proj":
        inner, pad = F.max_pool2d(x, 3, 1, 1), 0
    else:
        w, b = layer(weights, module, branch + "_reduce")
        inner, pad = F.conv2d(x, w, b), None
        inner = F.relu(inner) if gates else inner
    w, b = layer(weights, module, branch)
    value = F.conv2d(inner, w, b, padding=w.shape[2] // 2 if pad is None else pad)[0, c, place[0], place[1]]
    gradient, = torch.autograd.grad(value, x)
    return value.item(), (gradient * x.detach())[0].sum((1, 2)).numpy()


def run(program, *arguments):
    return subprocess.run([program] + list(arguments), check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


def off(ours, values, sums, scale):
    parts = numpy.zeros(len(values[1]))
    for c in ours["channels"]:
        parts[c["channel"]] = c[sums[1]]
    return max(abs(ours[sums[0]] - values[0]), numpy.abs(parts - values[1]).max()) / scale


def compare(build, folder, real):
    program, good = os.path.join(build, "inceptoscope"), True
    for title, path in (("flowers", FLOWERS), ("bvlc_googlenet", real)):
        if not path:
            continue
        weights, worst, opened = nets.load_safetensors(path), 0, 0
        for i, module in enumerate(MODULES):
            out = os.path.join(folder, "circuit.npy")
            run(program, "activations", "--weights", path, "--engine", "reference", "--layer", source(module), "--out", out, PHOTO)
            x = torch.from_numpy(numpy.load(out).astype(numpy.float64)).reshape(1, *numpy.load(out).shape[-3:])
            for branch in ("3x3", "5x5", "pool_proj"):
                channel, place = 3 + 5 * i, ((7 * i + 2) % x.shape[2], (5 * i) % x.shape[3])
                ours = json.loads(run(program, "explain", "circuit", "--weights", path, "--at", "%s/%s[%d]" % (module, branch, channel), "--pos", "%d,%d" % place,
                                      "--top", "2000", "--format", "json", PHOTO))
                values = through(weights, module, branch, x, channel, place)
                scale = ours["magnitude"]
                worst = max(worst, off(ours, values, ("sum", "sum"), scale), abs(ours["pre"] - values[0]) / scale)
                if branch != "pool_proj":
                    open_all = through(weights, module, branch, x, channel, place, False)
                    opened = max(opened, off(ours, open_all, ("expanded", "expanded"), numpy.abs(open_all[1]).sum()))
        fits = worst <= LIMIT and opened <= LIMIT
        good &= fits
        print("%s %s: circuits of %d modules, three branches: %.2g of the magnitude, expanded weights %.2g (limit %g)" %
              ("ok" if fits else "not ok", title, len(MODULES), worst, opened, LIMIT))
    return good
