#!/usr/bin/python3
"""Golden values of tests/cli_predict.sh: what PyTorch answers for real photos. Writes tests/golden/predict.tsv with the photo's
name, class indices and probabilities alone. Needs Debian's python3-torch and python3-torchvision, mate-backgrounds, and the
weights and photos in $INCEPTOSCOPE_DATA:  INCEPTOSCOPE_DATA=... /usr/bin/python3 tests/oracle_predict.py"""
import glob
import json
import os
import struct
import sys

import numpy
import torch
import torch.nn.functional as F
from PIL import Image
from torchvision import transforms

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.environ.get("INCEPTOSCOPE_DATA", "")
NATURE = "/usr/share/backgrounds/mate/nature"
MODULES = ["3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"]


def safetensors(path):
    raw = open(path, "rb").read()
    n = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8:8 + n])
    kinds = {"F16": "<f2", "F32": "<f4"}
    return {k: torch.from_numpy(numpy.frombuffer(raw[8 + n + v["data_offsets"][0]:8 + n + v["data_offsets"][1]], kinds[v["dtype"]])
                                .astype(numpy.float32).reshape(v["shape"])) for k, v in header.items() if k != "__metadata__"}


def bvlc(w, x):
    """BVLC's deploy.prototxt."""
    def conv(name, x, **geometry):
        return F.relu(F.conv2d(x, w[name + ".weight"], w[name + ".bias"], **geometry))
    x = F.max_pool2d(conv("conv1/7x7_s2", x, stride=2, padding=3), 3, 2, ceil_mode=True)
    x = conv("conv2/3x3_reduce", F.local_response_norm(x, 5, 1e-4, 0.75, 1.0))
    x = F.max_pool2d(F.local_response_norm(conv("conv2/3x3", x, padding=1), 5, 1e-4, 0.75, 1.0), 3, 2, ceil_mode=True)
    for m in MODULES:
        p = "inception_%s/" % m
        x = torch.cat([conv(p + "1x1", x), conv(p + "3x3", conv(p + "3x3_reduce", x), padding=1),
                       conv(p + "5x5", conv(p + "5x5_reduce", x), padding=2), conv(p + "pool_proj", F.max_pool2d(x, 3, 1, 1))], 1)
        if m in ("3b", "4e"):
            x = F.max_pool2d(x, 3, 2, ceil_mode=True)
    return F.linear(x.mean((2, 3)), w["loss3/classifier.weight"], w["loss3/classifier.bias"])


def tutorial(w, x):
    """The tutorial's model in eval mode, from its state_dict."""
    def conv(name, x, **geometry):
        return F.relu(F.conv2d(x, w[name + ".conv.weight"], w[name + ".conv.bias"], **geometry))
    x = F.max_pool2d(conv("conv1", x, stride=2, padding=3), 3, 2, ceil_mode=True)
    x = F.max_pool2d(conv("conv3", conv("conv2", x), padding=1), 3, 2, ceil_mode=True)
    for m in MODULES:
        p = "inception%s.branch" % m
        x = torch.cat([conv(p + "1", x), conv(p + "2.1", conv(p + "2.0", x), padding=1),
                       conv(p + "3.1", conv(p + "3.0", x), padding=2), conv(p + "4.1", F.max_pool2d(x, 3, 1, 1))], 1)
        if m in ("3b", "4e"):
            x = F.max_pool2d(x, 3, 2, ceil_mode=True)
    return F.linear(x.mean((2, 3)), w["fc.weight"], w["fc.bias"])


crop = transforms.Compose([transforms.Resize(256), transforms.CenterCrop(224)])
square = transforms.Compose([transforms.Resize((224, 224)), transforms.ToTensor(), transforms.Normalize((0.5,) * 3, (0.5,) * 3)])


def caffe_input(picture):
    rgb = torch.from_numpy(numpy.asarray(crop(picture)).astype(numpy.float32))
    return (rgb.flip(2) - torch.tensor([104.0, 117.0, 123.0])).permute(2, 0, 1)


if __name__ == "__main__":
    daisies = sorted(glob.glob(DATA + "/data/flowers/val/daisy/*.jpg"))
    others = [p for c in ("dandelion", "roses", "sunflowers", "tulips") for p in sorted(glob.glob(DATA + "/data/flowers/val/%s/*.jpg" % c))[:4]]
    nature = sorted(glob.glob(NATURE + "/*.jpg"))
    sets = [("bvlc_googlenet.safetensors", bvlc, safetensors(DATA + "/weights/bvlc_googlenet.safetensors"), caffe_input, nature + daisies[:20]),
            ("googleNet.pth", tutorial, torch.load(DATA + "/weights/googleNet.pth"), square, nature + daisies[:8] + others)]
    with open(os.path.join(HERE, "golden", "predict.tsv"), "w") as out, torch.no_grad():
        out.write("# weights, photo, then the five largest probabilities as index:probability; written by tests/oracle_predict.py\n")
        for name, network, weights, prepare, photos in sets:
            for path in photos:
                picture = Image.open(path).convert("RGB")
                p = F.softmax(network(weights, prepare(picture)[None])[0].double(), 0)
                top = torch.topk(p, 5)
                photo = os.path.relpath(path, DATA) if path.startswith(DATA) else path
                out.write("\t".join([name, photo] + ["%d:%.6f" % (i, v) for v, i in zip(top.values, top.indices)]) + "\n")
    print("written", file=sys.stderr)
