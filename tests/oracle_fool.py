#!/usr/bin/python3
"""Compares `explain fool` with PyTorch: the direction of every value of the step, and the answers of the changed pictures.

  /usr/bin/python3 tests/oracle_fool.py BUILD     (part of make oracle)

Photos are those of $INCEPTOSCOPE_DATA, one of each class; without it there are only the program's own pictures. Also shows that on four
photos of each class the step changes every answer, and that random signs of the same size change none."""
import json
import os
import subprocess
import sys

import numpy
import torch
import torch.nn.functional as F
from PIL import Image

import oracle
import oracle_nets as nets
import oracle_predict

HERE = os.path.dirname(os.path.abspath(__file__))
CLASSES = ("daisy", "dandelion", "roses", "sunflowers", "tulips")
NEAR = 1e-4 # of the largest gradient: below it the sign is not compared
P_LIMIT = 1e-3


class Profile:
    """A network with weights: what its picture is, and its scores."""

    def __init__(self, name, path, size, caffe=False, classes=1000):
        self.name, self.path, self.size, self.caffe, self.classes = name, path, size, caffe, classes
        self.arguments = ["--weights", path] + (["--network", oracle.OWN_NETS[name]] if name in oracle.OWN_NETS else [])
        self.weights = nets.load_safetensors(path)

    def fit(self, image):
        return oracle_predict.crop(image) if self.caffe else image.resize(self.size, Image.BILINEAR)

    def values(self, levels):
        """What the network gets; levels (1, 3, H, W), red first, 0 to 255."""
        return levels.flip(1) - torch.tensor([104.0, 117.0, 123.0]).view(1, 3, 1, 1) if self.caffe else (levels / 255 - 0.5) / 0.5

    def scores(self, levels, sides=None):
        """sides: see Walk; the program's maps decide kinks."""
        walk = nets.Walk(self.weights, oracle.SEED, caffe=self.caffe, sides=sides)
        return walk.run(oracle.ROWS[self.name], self.values(levels), self.classes, heads=False)["main"][0]


def explain(build, profile, picture, *options):
    run = subprocess.run([os.path.join(build, "inceptoscope"), "explain", "fool", "--format", "json"] + profile.arguments + list(options) + [picture],
                         check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return json.loads(run.stdout)


def levels_of(image):
    return torch.from_numpy(numpy.asarray(image).astype(numpy.float32).transpose(2, 0, 1).copy())[None]


def step_sign(profile, levels, target, sides):
    """(the answer, the sign of the step, |gradient|)"""
    x = levels.clone().requires_grad_()
    scores = profile.scores(x, sides)
    answer = int(scores.argmax())
    away = target is None or target == answer
    logs = F.log_softmax(scores.double(), 0)
    loss = -logs[answer if away else target]
    gradient, = torch.autograd.grad(loss, x)
    return answer, gradient.sign() * (1 if away else -1), gradient.abs()


def check_picture(build, profile, picture, folder, target):
    image = Image.open(picture).convert("RGB")
    levels = levels_of(profile.fit(image))
    image.save(os.path.join(folder, "picture.ppm"))
    maps = oracle.dump(build, folder, profile.name, profile.path, "fast").maps
    answer, sign, size = step_sign(profile, levels, target, maps)
    good, out = True, os.path.join(folder, "changed.png")
    options = ["--out", out] + (["--class", str(target)] if target is not None else [])
    for amount in (1, 4):
        got = explain(build, profile, picture, "--levels", str(amount), *options)
        changed = levels_of(profile.fit(Image.open(out)))
        sees = (size > NEAR * size.max()) & (levels >= amount) & (levels <= 255 - amount)
        wrong = int(((changed - levels)[sees] != amount * sign[sees]).sum())
        with torch.no_grad():
            p = F.softmax(profile.scores((levels + amount * sign).clamp(0, 255)).double(), 0)
        top = int(p.argmax())
        apart = abs(float(p[top]) - got["after"]["probability"])
        same = got["before"]["class"] == answer and got["after"]["class"] == top and got["rounded"] == got["after"]
        good &= wrong == 0 and apart < P_LIMIT and same
        if wrong or apart >= P_LIMIT or not same:
            print("not ok %s, %s, %g levels: %d of %d signs differ, p %.6g for %.6g, class %d for %d" % (profile.name, picture, amount, wrong,
                  int(sees.sum()), got["after"]["probability"], float(p[top]), got["after"]["class"], top))
    return good


def photos(folder, count):
    """PNGs, since decoders of JPEG differ by a level; in folders named by their classes."""
    result = []
    for name in CLASSES if oracle.DATA else ():
        source = os.path.join(oracle.DATA, "data", "flowers", "val", name)
        os.makedirs(os.path.join(folder, name), exist_ok=True)
        for file in sorted(os.listdir(source))[:count]:
            result.append(os.path.join(folder, name, os.path.splitext(file)[0] + ".png"))
            Image.open(os.path.join(source, file)).convert("RGB").save(result[-1])
    return result


def main(build):
    folder = os.path.join(build, "oracle", "fool")
    os.makedirs(folder, exist_ok=True)
    own = [os.path.join(HERE, "..", "assets", "images", name) for name in ("tulips.png", "rose.png")]
    given = photos(folder, 4)
    small, flowers = os.path.join(folder, "small.safetensors"), os.path.join(HERE, "..", "assets", "weights", "flowers.safetensors")
    oracle.save_safetensors(small, oracle.forward("small")[0])
    profiles = [(Profile("small", small, (64, 64), classes=7), own, 5),
                (Profile("googlenet", flowers, (224, 224), classes=5), given[::4] or own, 2)]
    if oracle.REAL:
        profiles.append((Profile("bvlc_googlenet", oracle.REAL, (224, 224), caffe=True), given[::8], 340))
    good = True
    for profile, pictures, target in profiles:
        right = sum(check_picture(build, profile, picture, folder, None) for picture in pictures)
        right += check_picture(build, profile, pictures[0], folder, target)
        n = len(pictures) + 1
        good &= right == n
        print("%s %s: fool, %d of %d steps as PyTorch's" % ("ok" if right == n else "not ok", profile.name, right, n))
    if given:
        least = [explain(build, profiles[1][0], picture)["least"] for picture in given]
        changed, control = sum(l["rounded"] is not None for l in least), sum(l["control"] is not None for l in least)
        fine = changed == len(given) and control == 0
        good &= fine
        print("%s flowers: up to 32 levels, rounded to bytes, change %d of %d photos, random signs %d" % ("ok" if fine else "not ok", changed, len(given), control))
    return good


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(0 if main(sys.argv[1]) else 1)
