#!/usr/bin/python3
"""Compares `explain sanity` with PyTorch: scores, the sums of integrated gradients, and the rank correlations of two classes' maps.

  /usr/bin/python3 tests/oracle_sanity.py BUILD [NAME]     (part of make oracle; NAME: only this network)

The gradients themselves, also guided ones, are compared value by value in oracle.py and tests/test_golden.c."""
import json
import os
import subprocess
import sys

import numpy
import torch
from PIL import Image

import oracle
import oracle_nets as nets
from oracle_fool import Profile, levels_of

HERE = os.path.dirname(os.path.abspath(__file__))
STEPS = 32


def ranks(values):
    """Equal values have the mean of their ranks."""
    _, where, count = numpy.unique(values, return_inverse=True, return_counts=True)
    return (numpy.cumsum(count) - (count + 1) / 2)[where]


def alike(a, b):
    a, b = (numpy.abs(m.numpy().astype(numpy.float64)).sum(1).reshape(-1) for m in (a, b))
    return float(numpy.corrcoef(ranks(a), ranks(b))[0, 1])


def gradients(profile, x, classes, guided=False):
    """By the network's values, for each class."""
    x = x.clone().requires_grad_()
    walk = nets.Walk(profile.weights, oracle.SEED, caffe=profile.caffe, guided=guided)
    scores = walk.run(oracle.ROWS[profile.name], x, profile.classes, heads=False)["main"]
    return [torch.autograd.grad(scores[:, k].sum(), x, retain_graph=True)[0] for k in classes], scores.detach()[0]


def compare(build, profile, picture):
    run = subprocess.run([os.path.join(build, "inceptoscope"), "explain", "sanity", "--format", "json"] + profile.arguments + [picture],
                         check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    got = json.loads(run.stdout)
    classes = [got["class"], got["against"]]
    x = profile.values(levels_of(profile.fit(Image.open(picture).convert("RGB"))))
    plain, scores = gradients(profile, x, classes)
    guided, _ = gradients(profile, x, classes, True)
    empty = gradients(profile, torch.zeros_like(x), classes)[1]
    whole = [torch.zeros_like(x) for _ in classes]
    for i in range(STEPS):
        for k, g in enumerate(gradients(profile, x * ((2 * i + 1) / (2 * STEPS)), classes)[0]):
            whole[k] += g * x / STEPS
    reach = max(abs(float(scores[k])) for k in classes)
    pairs = [("score of class %d" % k, got["score"][i], float(scores[k]), 1e-4 * reach) for i, k in enumerate(classes)]
    pairs += [("empty score of class %d" % k, got["empty"][i], float(empty[k]), 1e-4 * reach) for i, k in enumerate(classes)]
    pairs += [("sum of class %d" % k, got["integrated_sum"][i], float(whole[i].double().sum()), 1e-3 * reach) for i, k in enumerate(classes)]
    for name, maps in (("gradient", plain), ("integrated gradients", whole), ("guided backpropagation", guided)):
        pairs.append((name + " of two classes", got["maps"][name]["between_classes"], alike(*maps), 2e-3))
    good = True
    for what, ours, theirs, limit in pairs:
        fine = abs(ours - theirs) <= limit
        good &= fine
        print("%s %s: %s %.6g, PyTorch %.6g" % ("ok" if fine else "not ok", profile.name, what, ours, theirs))
    return good


def main(build, only=None):
    folder = os.path.join(build, "oracle")
    os.makedirs(folder, exist_ok=True)
    small = os.path.join(folder, "small-sanity.safetensors")
    oracle.save_safetensors(small, oracle.forward("small")[0])
    profiles = [Profile("small", small, (64, 64), classes=7), Profile("googlenet", os.path.join(HERE, "..", "assets", "weights", "flowers.safetensors"), (224, 224), classes=5)]
    if oracle.REAL:
        profiles.append(Profile("bvlc_googlenet", oracle.REAL, (224, 224), caffe=True))
    picture = os.path.join(HERE, "..", "assets", "images", "tulips.png")
    return all([compare(build, p, picture) for p in profiles if only in (None, p.name)])


if len(sys.argv) not in (2, 3):
    sys.exit(__doc__)
sys.exit(0 if main(*sys.argv[1:]) else 1)
