"""What the scripts that open files of full size share: networks of random weights, and the comparison of the program's answer with
an oracle's. The importing script has the arguments PROGRAM SCRATCH."""
import collections
import json
import os
import struct
import subprocess
import sys

import numpy
import torch
from PIL import Image

import oracle_predict

program, scratch = sys.argv[1:3]
EVERY = 6 if "/asan/" in program or "/tsan/" in program else 1  # a sanitizer has seen the code after some of the files
files = 0
PICTURE = "assets/images/tulips.png"
picture = Image.open(PICTURE).convert("RGB")
square = oracle_predict.square(picture)[None]
cropped = torch.from_numpy(numpy.asarray(oracle_predict.crop(picture)).astype(numpy.float32)).permute(2, 0, 1)[None] / 127.5 - 1
caffe_input = oracle_predict.caffe_input(picture)[None]
torch.manual_seed(0)


def sampled():
    """Whether this file is opened, too."""
    global files
    files += 1
    return files % EVERY == 0


def report(name, good, said=""):
    print("%s %s%s" % ("ok" if good else "not ok", name, "" if good else ": " + said))


def run(*args):
    return subprocess.run([program] + list(args), stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)


def predict(path):
    out = run("predict", "--weights", path, "--format", "json", "--top", "2000", PICTURE)
    if out.returncode != 0:
        return None, out.stderr.strip()
    top = json.loads(out.stdout)[0]["top"]
    p = numpy.zeros(len(top))
    for t in top:
        p[t["index"]] = t["prob"]
    return p, out.stderr.strip()


def compare(name, path, expected, word=""):
    """expected: logits. word: what the program must say about the file."""
    if not sampled():
        return
    p, said = predict(path)
    want = torch.softmax(expected.double().flatten(), 0).numpy()
    if p is None or p.shape != want.shape:
        return report(name, False, said)
    worst = abs(p - want).max()
    report("%s: %.1e" % (name, worst), worst <= 1e-4 and word in said, said)


def file(name):
    return os.path.join(scratch, name)


def safetensors(path, tensors, metadata=None):
    header, data = {"__metadata__": metadata} if metadata else {}, b""
    for key, value in tensors.items():
        raw = value.contiguous().numpy().tobytes()
        header[key] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + data)


def he(shapes):
    """Random weights large enough to tell classes apart."""
    return collections.OrderedDict((k, torch.randn(s) * (2.0 / max(1, numpy.prod(s[1:]))) ** 0.5 if len(s) > 1 else torch.randn(s) * 0.05)
                                   for k, s in shapes.items())


def with_spread(weights, last, net, x):
    """The logits, after the last layer was scaled so that they have a deviation of 1: no class takes all."""
    with torch.no_grad():
        deviation = net(weights, x).std()
        weights[last + ".weight"] /= deviation
        weights[last + ".bias"] /= deviation
        return net(weights, x)


def channels():
    """(module, input, 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool_proj): the paper's Table 1."""
    rows = [("3a", 64, 96, 128, 16, 32, 32), ("3b", 128, 128, 192, 32, 96, 64), ("4a", 192, 96, 208, 16, 48, 64),
            ("4b", 160, 112, 224, 24, 64, 64), ("4c", 128, 128, 256, 24, 64, 64), ("4d", 112, 144, 288, 32, 64, 64),
            ("4e", 256, 160, 320, 32, 128, 128), ("5a", 256, 160, 320, 32, 128, 128), ("5b", 384, 192, 384, 48, 128, 128)]
    c = 192
    for m, c1, r3, c3, r5, c5, pp in rows:
        yield m, c, c1, r3, c3, r5, c5, pp
        c = c1 + c3 + c5 + pp


def convs(caffe):
    """(name, out, in, kernel) of every convolution, under either naming."""
    names = ["conv1/7x7_s2", "conv2/3x3_reduce", "conv2/3x3"] if caffe else ["conv1.conv", "conv2.conv", "conv3.conv"]
    yield from zip(names, (64, 64, 192), (3, 64, 64), (7, 1, 3))
    parts = ["1x1", "3x3_reduce", "3x3", "5x5_reduce", "5x5", "pool_proj"] if caffe else \
            ["branch1.conv", "branch2.0.conv", "branch2.1.conv", "branch3.0.conv", "branch3.1.conv", "branch4.1.conv"]
    for m, c, c1, r3, c3, r5, c5, pp in channels():
        p = "inception_%s/" % m if caffe else "inception%s." % m
        yield from zip([p + part for part in parts], (c1, r3, c3, r5, c5, pp), (c, c, r3, c, r5, c), (1, 1, 3, 1, 5, 1))


def shapes(caffe, classes):
    out = collections.OrderedDict()
    for name, o, i, k in convs(caffe):
        out[name + ".weight"], out[name + ".bias"] = (o, i, k, k), (o,)
    last = "loss3/classifier" if caffe else "fc"
    out[last + ".weight"], out[last + ".bias"] = (classes, 1024), (classes,)
    return out
