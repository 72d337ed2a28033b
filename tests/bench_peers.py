#!/usr/bin/python3
"""Times GoogLeNet side by side: this program's fast engine, PyTorch and OpenCV DNN, same machine, same run, taking turns.

usage: /usr/bin/python3 tests/bench_peers.py [--json] [--rounds N] [--batch N (0: no training step)]
$INCEPTOSCOPE is the program (build/inceptoscope). Weights are random: they do not change the time. Medians of the rounds
are compared; a ratio above 1 means that this program is faster."""
import argparse
import io
import json
import os
import statistics
import subprocess
import time

import cv2
import numpy
import torch
from torch import nn

PROGRAM = os.environ.get("INCEPTOSCOPE", "build/inceptoscope")


class Conv(nn.Sequential):
    def __init__(self, i, o, **k):
        super().__init__(nn.Conv2d(i, o, **k), nn.ReLU(inplace=True))


class Module(nn.Module):
    def __init__(self, i, c1, c3r, c3, c5r, c5, pp):
        super().__init__()
        self.branches = nn.ModuleDict({
            "1x1": Conv(i, c1, kernel_size=1),
            "3x3_reduce": Conv(i, c3r, kernel_size=1), "3x3": Conv(c3r, c3, kernel_size=3, padding=1),
            "5x5_reduce": Conv(i, c5r, kernel_size=1), "5x5": Conv(c5r, c5, kernel_size=5, padding=2),
            "pool": nn.MaxPool2d(3, stride=1, padding=1), "pool_proj": Conv(i, pp, kernel_size=1)})

    def forward(self, x):
        b = self.branches
        return torch.cat([b["1x1"](x), b["3x3"](b["3x3_reduce"](x)), b["5x5"](b["5x5_reduce"](x)),
                          b["pool_proj"](b["pool"](x))], 1)


class Head(nn.Module):
    def __init__(self, i, classes):
        super().__init__()
        self.features = nn.Sequential(nn.AvgPool2d(5, stride=3), Conv(i, 128, kernel_size=1), nn.Flatten(), nn.Dropout(0.5),
                                      nn.Linear(2048, 1024), nn.ReLU(), nn.Dropout(0.5), nn.Linear(1024, classes))

    def forward(self, x):
        return self.features(x)


class GoogLeNet(nn.Module):
    def __init__(self, classes=1000):
        super().__init__()
        pool = lambda: nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.main = nn.ModuleDict({
            "conv1": Conv(3, 64, kernel_size=7, stride=2, padding=3), "maxpool1": pool(), "conv2": Conv(64, 64, kernel_size=1),
            "conv3": Conv(64, 192, kernel_size=3, padding=1), "maxpool2": pool(),
            "inception_3a": Module(192, 64, 96, 128, 16, 32, 32), "inception_3b": Module(256, 128, 128, 192, 32, 96, 64),
            "maxpool3": pool(), "inception_4a": Module(480, 192, 96, 208, 16, 48, 64),
            "inception_4b": Module(512, 160, 112, 224, 24, 64, 64), "inception_4c": Module(512, 128, 128, 256, 24, 64, 64),
            "inception_4d": Module(512, 112, 144, 288, 32, 64, 64), "inception_4e": Module(528, 256, 160, 320, 32, 128, 128),
            "maxpool4": pool(), "inception_5a": Module(832, 256, 160, 320, 32, 128, 128),
            "inception_5b": Module(832, 384, 192, 384, 48, 128, 128), "avgpool": nn.AdaptiveAvgPool2d(1),
            "dropout": nn.Sequential(nn.Flatten(), nn.Dropout(0.4)), "fc": nn.Linear(1024, classes)})
        self.aux = nn.ModuleDict({"inception_4a": Head(512, classes), "inception_4d": Head(528, classes)})

    def forward(self, x):
        heads = []
        for name, layer in self.main.items():
            x = layer(x)
            if self.training and name in self.aux:
                heads.append(self.aux[name](x))
        return [x] + heads if self.training else x


def milliseconds(work, repeat):
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def torch_layers(net, x, repeat=5):
    """Every layer by itself on the input that it gets in the network."""
    inputs, result = {}, {}
    named = [(n, m) for n, m in net.main.items() if not isinstance(m, Module)]
    named += [(f"{n}/{b}", m) for n, mod in net.main.items() if isinstance(mod, Module) for b, m in mod.branches.items()]
    hooks = [m.register_forward_hook(lambda _, i, __, n=n: inputs.__setitem__(n, i[0])) for n, m in named]
    net(x)
    for hook in hooks:
        hook.remove()
    for name, module in named:
        result[name] = milliseconds(lambda: module(inputs[name]), repeat)
    return result


def train_step(net, x, labels):
    net.zero_grad()
    main, aux1, aux2 = net(x)
    loss = nn.functional.cross_entropy
    (loss(main, labels) + 0.3 * loss(aux1, labels) + 0.3 * loss(aux2, labels)).backward()


class Gradients:
    """The gradients of `inceptoscope bench` without those of weights: of a score by 4c's maps and by the picture, from a forward that is
    there; and a step of what a channel of 4c wants: a picture of 128x128 from its spectrum, forward to 4c, the gradient of the channel's mean
    (here behind its ReLU) by the spectrum, Adam."""

    def __init__(self, net):
        self.net = net
        self.x = torch.rand(1, 3, 224, 224, requires_grad=True)
        self.spectrum = (0.01 * torch.randn(3, 128, 65, 2)).requires_grad_()
        self.adam, self.mix, self.scale = torch.optim.Adam([self.spectrum], lr=0.05, eps=1e-7), torch.rand(3, 3), torch.rand(128, 65)
        names = list(net.main)
        self.middle = out = self.upto(self.x, "inception_4c")
        for name in names[names.index("inception_4c") + 1:]:
            out = net.main[name](out)
        self.score = out[0, 0]

    def upto(self, x, last):
        for name, layer in self.net.main.items():
            x = layer(x)
            if name == last:
                return x

    def step(self):
        plane = torch.fft.irfft2(torch.view_as_complex(self.spectrum) * self.scale, s=(128, 128)) / 4
        x = nn.functional.pad(torch.sigmoid(torch.einsum("ij,jhw->ihw", self.mix, plane))[None], [4] * 4, value=0.5)[:, :, 3:131, 2:130]
        self.adam.zero_grad()
        (-self.upto((x - 0.5) / 0.5, "inception_4c")[0, 0].mean()).backward()
        self.adam.step()

    def share(self):
        """Gradient times map, by place and by channel."""
        parts = torch.autograd.grad(self.score, self.middle, retain_graph=True)[0] * self.middle.detach()
        return parts.sum(1), parts.sum((2, 3))

    def groups(self):
        """The 200 updates of engine/net/groups.h for four groups, in double."""
        a = torch.relu(self.middle.detach())[0].flatten(1).T.double()
        h = a[:4] + 0.01
        w = a @ h.T
        for _ in range(200):
            w = w * (a @ h.T) / (w @ (h @ h.T) + 1e-12)
            h = h * (w.T @ a) / ((w.T @ w) @ h + 1e-12)

    def explanations(self, repeat):
        return {"share_at_middle": milliseconds(self.share, repeat), "groups_at_middle": milliseconds(self.groups, repeat)}

    def milliseconds(self, repeat):
        return {"score_by_middle": milliseconds(lambda: torch.autograd.grad(self.score, self.middle, retain_graph=True), repeat),
                "score_by_picture": milliseconds(lambda: torch.autograd.grad(self.score, self.x, retain_graph=True), repeat),
                "step_at_128": milliseconds(self.step, repeat)}


def ours(batch, repeat):
    text = subprocess.run([PROGRAM, "bench", "--json", "--no-reference", "--network", "googlenet", "--batch", str(batch),
                           "--repeat", str(repeat)], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return json.loads(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--repeat", type=int, default=15)
    args = parser.parse_args()

    net, x = GoogLeNet().eval().requires_grad_(False), torch.rand(1, 3, 224, 224)
    gradients = Gradients(net)
    file = io.BytesIO()
    torch.onnx.export(net, x, file, opset_version=11)
    cv = cv2.dnn.readNetFromONNX(numpy.frombuffer(file.getvalue(), dtype=numpy.uint8))
    blob = x.numpy()

    def run_opencv():
        cv.setInput(blob)
        cv.forward()

    rows = {"one": [], "all": [], "train": []}
    layers = None
    with torch.no_grad():
        run_opencv(), net(x)
        for _ in range(args.rounds):
            mine = ours(0, args.repeat)
            threads = mine["threads"]
            for key, count in (("one", 1), ("all", threads)):
                torch.set_num_threads(count)
                cv2.setNumThreads(count)
                rows[key].append((mine["whole"][key + "_ms"], milliseconds(lambda: net(x), args.repeat),
                                  milliseconds(run_opencv, args.repeat)))
                with torch.enable_grad():
                    for which, ms in gradients.milliseconds(args.repeat).items():
                        rows.setdefault(which + "_" + key, []).append((mine["gradients"][which][key + "_ms"], ms))
                    for which, ms in gradients.explanations(args.repeat).items():
                        rows.setdefault(which + "_" + key, []).append((mine["explain"][which][key + "_ms"], ms))
        layers = torch_layers(net, x)
    if args.batch:
        net.train().requires_grad_(True)
        many, labels = torch.rand(args.batch, 3, 224, 224), torch.randint(0, 1000, (args.batch,))
        train_step(net, many, labels)
        for _ in range(args.rounds):
            rows["train"].append((ours(args.batch, 1)["training_step"]["all_ms"],
                                  milliseconds(lambda: train_step(net, many, labels), 1)))
    medians = {k: [statistics.median(c) for c in zip(*v)] for k, v in rows.items() if v}
    if args.json:
        print(json.dumps({"threads": threads, "versions": {"torch": torch.__version__, "opencv": cv2.__version__},
                          "milliseconds": {k: dict(zip(("inceptoscope", "pytorch", "opencv"), v)) for k, v in medians.items()},
                          "layers": [{"name": l["name"], "inceptoscope": l["all_ms"], "pytorch": layers.get(l["name"])}
                                     for l in mine["layers"]]}, indent=1))
        return
    print(f"{'layer':26} {'here ms':>9} {'PyTorch':>9} {'ratio':>6}   ({threads} threads)")
    for layer in mine["layers"]:
        if layer["name"] in layers:
            t = layers[layer["name"]]
            print(f"{layer['name']:26} {layer['all_ms']:9.3f} {t:9.3f} {t / max(layer['all_ms'], 1e-3):6.1f}   {layer['kernel']}")
    titles = {"one": "forward, 1 picture, 1 thread", "all": f"forward, 1 picture, {threads} threads",
              "train": f"training step, {args.batch} pictures"}
    for which, title in (("score_by_middle", "gradient by 4c"), ("score_by_picture", "gradient by the picture"), ("step_at_128", "step of what 4c wants, 128x128"),
                         ("share_at_middle", "share of a score at 4c"), ("groups_at_middle", "four groups of 4c")):
        titles.update({which + "_one": title + ", 1 thread", which + "_all": f"{title}, {threads} threads"})
    print(f"\n{'':34} {'here ms':>9} {'PyTorch':>9} {'OpenCV':>9}   (medians of {args.rounds} rounds; in brackets times our own)")
    for key, values in medians.items():
        cells = "".join(f" {v:9.2f} ({v / values[0]:.2f})" for v in values[1:])
        print(f"{titles[key]:34} {values[0]:9.2f}{cells}")


if __name__ == "__main__":
    main()
