#!/usr/bin/python3
"""Fine-tunes BVLC's GoogLeNet on a folder of pictures twice, with this program and with PyTorch by the same recipe, and prints validation
accuracy and seconds side by side. usage: /usr/bin/python3 tests/bench_finetune.py [--part classifier|5a] [--few N] [--seeds S]

$INCEPTOSCOPE is the program (build/inceptoscope); $INCEPTOSCOPE_DATA has weights/bvlc_googlenet.safetensors and data/flowers. The recipe: no
augmentation, the frozen part of the network computed once for each picture, Adam with batches of 32, dropout 0.4 before the classifier,
which starts at normal(0, 0.01). classifier: everything up to 5b frozen, rate 1e-3, 20 epochs. 5a: up to 4e frozen, the rate of 5a and 5b
a tenth of the classifier's 1e-3, 4 epochs. The best epoch by validation accuracy counts, in both. --few N: N pictures a class for
training, drawn anew for each of S seeds, and all of the validation set."""
import argparse
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time

import numpy
import torch
import torch.nn.functional as F
from PIL import Image

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import oracle_nets as nets  # noqa: E402
import oracle_predict  # noqa: E402

PROGRAM = os.environ.get("INCEPTOSCOPE", "build/inceptoscope")
DATA = os.environ.get("INCEPTOSCOPE_DATA") or sys.exit("bench_finetune.py: set INCEPTOSCOPE_DATA to the folder with weights/ and data/")
WEIGHTS, FLOWERS = os.path.join(DATA, "weights/bvlc_googlenet.safetensors"), os.path.join(DATA, "data/flowers")
PARTS = {"classifier": ("5b", 20), "5a": ("4e", 4)}
ROWS = nets.googlenet_rows(True)


class Folder(torch.utils.data.Dataset):
    def __init__(self, root):
        self.classes = sorted(os.listdir(root))
        self.samples = [(os.path.join(root, c, f), k) for k, c in enumerate(self.classes) for f in sorted(os.listdir(os.path.join(root, c)))]

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, i):
        return oracle_predict.caffe_input(Image.open(self.samples[i][0]).convert("RGB")), self.samples[i][1]


class Module(torch.nn.Module):
    def __init__(self, weights, name):
        super().__init__()
        for part in ("1x1", "3x3_reduce", "3x3", "5x5_reduce", "5x5", "pool_proj"):
            w, b = weights[f"{name}/{part}.weight"], weights[f"{name}/{part}.bias"]
            conv = torch.nn.Conv2d(w.shape[1], w.shape[0], w.shape[2], padding=w.shape[2] // 2)
            conv.weight.data.copy_(w)
            conv.bias.data.copy_(b.reshape(-1))
            setattr(self, "c" + part, conv)

    def forward(self, x):
        c = lambda part, x: F.relu(getattr(self, "c" + part)(x))
        return torch.cat([c("1x1", x), c("3x3", c("3x3_reduce", x)), c("5x5", c("5x5_reduce", x)),
                          c("pool_proj", F.max_pool2d(x, 3, 1, 1))], 1)


class Trunk(torch.nn.Module):
    """The network up to the pool after 4e, and 5a and 5b apart."""

    def __init__(self, weights):
        super().__init__()
        self.w = weights
        self.modules_4 = torch.nn.ModuleDict({n: Module(weights, "inception_" + n) for n in ("3a", "3b", "4a", "4b", "4c", "4d", "4e")})
        self.modules_5 = torch.nn.Sequential(Module(weights, "inception_5a"), Module(weights, "inception_5b"))

    def conv(self, x, name, **k):
        return F.relu(F.conv2d(x, self.w[name + ".weight"], self.w[name + ".bias"].reshape(-1), **k))

    def to_5(self, x):
        pool = lambda x: F.max_pool2d(x, 3, 2, ceil_mode=True)
        norm = lambda x: F.local_response_norm(x, 5, 1e-4, 0.75, 1.0)
        x = norm(pool(self.conv(x, "conv1/7x7_s2", stride=2, padding=3)))
        x = pool(norm(self.conv(self.conv(x, "conv2/3x3_reduce"), "conv2/3x3", padding=1)))
        for name, module in self.modules_4.items():
            x = module(pool(x) if name == "4a" else x)
        return pool(x)


def features(trunk, folder, part):
    made, labels = [], []
    with torch.no_grad():
        for x, y in torch.utils.data.DataLoader(folder, batch_size=32, num_workers=1):
            x = trunk.to_5(x)
            made.append(trunk.modules_5(x).mean((2, 3)) if part == "classifier" else x)
            labels.append(y)
    return torch.cat(made), torch.cat(labels)


def used():
    """Seconds by the clock, and processor seconds of this process and those it has waited for: other programs hardly change these."""
    times = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return numpy.array([time.time(), sum(t.ru_utime + t.ru_stime for t in times)])


def torch_run(weights, data, part, seed):
    """Best validation accuracy, and the seconds of `used`."""
    torch.manual_seed(seed)
    start = used()
    trunk = Trunk(weights)
    train, val = Folder(os.path.join(data, "train")), Folder(os.path.join(data, "val"))
    x, y = features(trunk, train, part)
    vx, vy = features(trunk, val, part)
    fc = torch.nn.Linear(1024, len(train.classes))
    torch.nn.init.normal_(fc.weight, 0, 0.01)
    torch.nn.init.zeros_(fc.bias)
    groups = [{"params": fc.parameters(), "lr": 1e-3}]
    body = (lambda x: x) if part == "classifier" else (lambda x: trunk.modules_5(x).mean((2, 3)))
    if part == "5a":
        groups.append({"params": trunk.modules_5.parameters(), "lr": 1e-4})
    adam, best = torch.optim.Adam(groups), 0
    for _ in range(PARTS[part][1]):
        order = torch.randperm(len(y))
        for at in range(0, len(y), 32):
            pick = order[at:at + 32]
            adam.zero_grad()
            F.cross_entropy(fc(F.dropout(body(x[pick]), 0.4)), y[pick]).backward()
            adam.step()
        with torch.no_grad():
            right = sum(int((fc(body(vx[i:i + 32])).argmax(1) == vy[i:i + 32]).sum()) for i in range(0, len(vy), 32))
        best = max(best, right / len(vy))
    return best, used() - start


def our_run(data, part, seed, folder):
    freeze, epochs = PARTS[part]
    start = used()
    out = subprocess.run([PROGRAM, "train", data, "--from", WEIGHTS, "--freeze", freeze, "--lr", "1e-3", "--epochs", str(epochs), "--seed", str(seed),
                          "--checkpoint-dir", os.path.join(folder, f"{part}-{seed}"), "--save-every", "0", "--decode-threads", "1"], capture_output=True, text=True, check=True).stdout
    seconds = used() - start
    return max(float(a) for a in re.findall(r"val_accuracy: ([0-9.]+)", out)), seconds


def few_pictures(folder, count, seed):
    """A folder with `count` pictures of each class for training, and the whole validation set."""
    root = os.path.join(folder, f"few{seed}")
    draw = random.Random(seed)
    for c in sorted(os.listdir(os.path.join(FLOWERS, "train"))):
        os.makedirs(os.path.join(root, "train", c))
        source = os.path.join(FLOWERS, "train", c)
        for f in draw.sample(sorted(os.listdir(source)), count):
            os.symlink(os.path.join(source, f), os.path.join(root, "train", c, f))
    os.symlink(os.path.join(FLOWERS, "val"), os.path.join(root, "val"))
    return root


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", choices=list(PARTS), action="append")
    parser.add_argument("--few", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--no-torch", action="store_true")
    a = parser.parse_args()
    torch.set_num_threads(os.cpu_count())
    weights = nets.load_safetensors(WEIGHTS)
    with tempfile.TemporaryDirectory() as folder:
        for part in a.part or PARTS:
            for seed in range(1, a.seeds + 1):
                data = few_pictures(os.path.join(folder, part), a.few, seed) if a.few else FLOWERS
                ours, seconds = our_run(data, part, seed, folder)
                line = f"{part} seed {seed}: this program {ours:.3f} in {seconds[0]:.0f} s ({seconds[1]:.0f} of processors)"
                if not a.no_torch:
                    theirs, their_seconds = torch_run(weights, data, part, seed)
                    line += (f"; PyTorch {theirs:.3f} in {their_seconds[0]:.0f} s ({their_seconds[1]:.0f}); ratio {their_seconds[0] / seconds[0]:.2f} "
                             f"({their_seconds[1] / seconds[1]:.2f})")
                print(line, flush=True)


if __name__ == "__main__":
    main()
