#!/usr/bin/python3
"""PyTorch's own counts of the lineage's networks, and the maps of tiny.net; writes tests/golden/counts.txt and tiny.txt.

Run with Debian's python3-torch and python3-torchvision: /usr/bin/python3 tests/oracle_counts.py
Per network: parameters, tensors, multiply-adds of one picture (counted by hooks on every convolution and linear layer, from
the shapes that really come out), then one line per layer: output shape and parameters, in the order in which PyTorch runs them.
"""
import os

import torch
import torch.nn as nn
import torchvision

HERE = os.path.dirname(os.path.abspath(__file__))


def counts(model, size, out, name):
    model.eval()
    lines, macs = [], [0]

    def hook(module, _, result):
        shape = list(result.shape[1:])
        params = sum(p.numel() for p in module.parameters())
        if isinstance(module, nn.Conv2d):
            k = module.kernel_size[0] * module.kernel_size[1] * module.in_channels // module.groups
            macs[0] += k * result.numel()
        elif isinstance(module, nn.Linear):
            macs[0] += module.in_features * result.numel()
        lines.append("%s %s %d" % (type(module).__name__, "x".join(map(str, shape)), params))

    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.register_forward_hook(hook)
    with torch.no_grad():
        model(torch.zeros(1, *size))
    total = sum(p.numel() for p in model.parameters())
    out.write("network %s %d %d\n" % (name, total, macs[0]))
    out.writelines("%s\n" % line for line in lines)


def alexnet_grouped():
    """Caffe's bvlc_alexnet, layer by layer from its prototxt."""
    conv = nn.Conv2d
    return nn.Sequential(
        conv(3, 96, 11, 4), nn.ReLU(), nn.LocalResponseNorm(5), nn.MaxPool2d(3, 2, ceil_mode=True),
        conv(96, 256, 5, padding=2, groups=2), nn.ReLU(), nn.LocalResponseNorm(5), nn.MaxPool2d(3, 2, ceil_mode=True),
        conv(256, 384, 3, padding=1), nn.ReLU(), conv(384, 384, 3, padding=1, groups=2), nn.ReLU(),
        conv(384, 256, 3, padding=1, groups=2), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True), nn.Flatten(),
        nn.Linear(9216, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 1000))


def zfnet():
    conv = nn.Conv2d
    return nn.Sequential(
        conv(3, 96, 7, 2, padding=1), nn.MaxPool2d(3, 2, ceil_mode=True), conv(96, 256, 5, 2), nn.MaxPool2d(3, 2, ceil_mode=True),
        conv(256, 384, 3, padding=1), conv(384, 384, 3, padding=1), conv(384, 256, 3, padding=1), nn.MaxPool2d(3, 2, ceil_mode=True),
        nn.Flatten(), nn.Linear(9216, 4096), nn.Linear(4096, 4096), nn.Linear(4096, 1000))


def lenet5():
    return nn.Sequential(nn.Conv2d(1, 6, 5), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.AvgPool2d(2), nn.Conv2d(16, 120, 5), nn.Flatten(),
                         nn.Linear(120, 84), nn.Linear(84, 10))


class Naive(nn.Module):
    """Figure 2(a) of the GoogLeNet paper: 1x1, 3x3, 5x5 and the pool as it is, side by side."""

    def __init__(self, inputs, c1, c3, c5):
        super().__init__()
        self.branches = nn.ModuleList([nn.Conv2d(inputs, c1, 1), nn.Conv2d(inputs, c3, 3, padding=1), nn.Conv2d(inputs, c5, 5, padding=2),
                                       nn.MaxPool2d(3, 1, 1)])

    def forward(self, x):
        return torch.cat([b(x) for b in self.branches], 1)


def inception_naive():
    layers, c = [nn.Conv2d(3, 64, 7, 2, 3), nn.MaxPool2d(3, 2, ceil_mode=True), nn.Conv2d(64, 64, 1), nn.Conv2d(64, 192, 3, padding=1),
                 nn.MaxPool2d(3, 2, ceil_mode=True)], 192
    for row in [(64, 128, 32), (128, 192, 96), None, (192, 208, 48), (160, 224, 64), (128, 256, 64), (112, 288, 64), (256, 320, 128), None,
                (256, 320, 128), (384, 384, 128)]:
        if row is None:
            layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
        else:
            layers.append(Naive(c, *row))
            c += sum(row)
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, 1000))


def tiny(out):
    """tiny.net, built anew from its table; the numbers are read from the file, and only they."""
    given, picture = {}, []
    for line in open(os.path.join(HERE, "../assets/networks/tiny.net")):
        words = line.split("#")[0].split()
        if words and words[0] == "picture":
            picture += map(float, words[1:])
        elif words and words[0] in ("weights", "biases"):
            given.setdefault((words[0], words[1]), []).extend(map(float, words[2:]))

    def conv(name, inputs, outputs, k, pad):
        c = nn.Conv2d(inputs, outputs, k, padding=pad)
        c.weight.data = torch.tensor(given["weights", name]).reshape(outputs, inputs, k, k)
        c.bias.data = torch.tensor(given["biases", name])
        return lambda x: torch.relu(c(x))

    maps = {"input": torch.tensor(picture).reshape(1, 1, 6, 6)}
    maps["conv1"] = x = conv("conv1", 1, 2, 3, 0)(maps["input"])
    maps["1a/1x1"] = conv("1a/1x1", 2, 1, 1, 0)(x)
    maps["1a/3x3_reduce"] = conv("1a/3x3_reduce", 2, 1, 1, 0)(x)
    maps["1a/3x3"] = conv("1a/3x3", 1, 2, 3, 1)(maps["1a/3x3_reduce"])
    maps["1a/5x5_reduce"] = conv("1a/5x5_reduce", 2, 1, 1, 0)(x)
    maps["1a/5x5"] = conv("1a/5x5", 1, 1, 5, 2)(maps["1a/5x5_reduce"])
    maps["1a/pool"] = nn.functional.max_pool2d(x, 3, 1, 1)
    maps["1a/pool_proj"] = conv("1a/pool_proj", 2, 1, 1, 0)(maps["1a/pool"])
    maps["1a"] = torch.cat([maps["1a/" + b] for b in ("1x1", "3x3", "5x5", "pool_proj")], 1)
    maps["avgpool"] = maps["1a"].mean((2, 3), keepdim=True)
    maps["fc"] = nn.functional.linear(maps["avgpool"].flatten(1), torch.tensor(given["weights", "fc"]).reshape(2, 5),
                                      torch.tensor(given["biases", "fc"]))
    maps["softmax"] = torch.softmax(maps["fc"], 1)
    for name, value in maps.items():
        out.write("%s %s\n" % (name, " ".join("%.9g" % v for v in value.flatten().tolist())))


def main():
    with open(os.path.join(HERE, "golden/counts.txt"), "w") as out:
        out.write("# PyTorch %s, torchvision %s, by tests/oracle_counts.py\n" % (torch.__version__, torchvision.__version__))
        counts(torchvision.models.vgg16(), (3, 224, 224), out, "vgg16")
        counts(torchvision.models.vgg19(), (3, 224, 224), out, "vgg19")
        counts(torchvision.models.googlenet(aux_logits=False, init_weights=False), (3, 224, 224), out, "torchvision_googlenet")
        counts(alexnet_grouped(), (3, 227, 227), out, "alexnet")
        counts(zfnet(), (3, 224, 224), out, "zfnet")
        counts(lenet5(), (1, 32, 32), out, "lenet5")
        counts(inception_naive(), (3, 224, 224), out, "inception_naive")
        full = torchvision.models.googlenet(aux_logits=True, init_weights=False)
        out.write("heads torchvision_googlenet %d\n" % sum(p.numel() for p in full.parameters()))
    with open(os.path.join(HERE, "golden/tiny.txt"), "w") as out:
        tiny(out)


main()
