#!/usr/bin/python3
"""Writes tests/golden/train_{crop,optim,steps}.txt: what torchvision's RandomResizedCrop chooses when it is fed this project's
random numbers, what torch.optim makes of given gradients, and three whole training steps of a small network in PyTorch. Run: /usr/bin/python3 tests/golden_train.py"""
import os

import torch
from torchvision import transforms

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden")
MASK = (1 << 64) - 1


def mix(x):
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


class Rng:
    """engine/base/rng.c, from its description: splitmix64 over key + counter * golden ratio."""

    def __init__(self, seed, stream):
        self.key, self.counter = mix(mix(seed) ^ mix(~stream & MASK)), 0

    def next(self):
        value = mix((self.key + self.counter * 0x9E3779B97F4A7C15) & MASK)
        self.counter += 1
        return value

    def uniform(self):
        return (self.next() >> 11) * 2.0**-53

    def below(self, n):
        limit = MASK - MASK % n
        while True:
            value = self.next()
            if value < limit:
                return value % n


def crops():
    """Calls torchvision's own get_params; only the two sources of randomness under it are replaced."""
    sizes = [(500, 333), (320, 240), (240, 180), (333, 500), (224, 224), (1000, 10), (10, 1000), (64, 30), (1, 1), (3, 2),
             (4000, 1000), (161, 240)]
    keep_uniform, keep_randint = torch.Tensor.uniform_, torch.randint
    with open(os.path.join(HERE, "train_crop.txt"), "w") as out:
        out.write("# width height scale_min seed: x y w h flip\n")
        for width, height in sizes:
            for scale_min in (0.08, 0.35):
                for seed in range(20):
                    rng = Rng(seed, 7)
                    torch.Tensor.uniform_ = lambda s, a, b: s.fill_(
                        torch.tensor(rng.uniform(), dtype=torch.float32) * torch.sub(torch.as_tensor(b), a) + a)
                    torch.randint = lambda low, high, size: torch.tensor([rng.below(high)])
                    picture = torch.zeros(3, height, width)
                    i, j, h, w = transforms.RandomResizedCrop.get_params(picture, (scale_min, 1.0), (3.0 / 4.0, 4.0 / 3.0))
                    flip = int(rng.uniform() < 0.5)
                    out.write("%d %d %g %d: %d %d %d %d %d\n" % (width, height, scale_min, seed, j, i, w, h, flip))
    torch.Tensor.uniform_, torch.randint = keep_uniform, keep_randint


def optimizers():
    """20 steps on 8 weights; the gradients are written out, so the test feeds exactly these. %a keeps every bit."""
    torch.manual_seed(0)
    runs = [("adam", dict(lr=3e-4)), ("adam", dict(lr=1e-2, weight_decay=0.01)), ("sgd", dict(lr=0.1)),
            ("sgd", dict(lr=0.05, momentum=0.9, weight_decay=5e-4))]
    with open(os.path.join(HERE, "train_optim.txt"), "w") as out:
        out.write("# optimizer lr momentum weight_decay; start: 8 weights; each step: 8 gradients, then 8 weights after it\n")
        for name, options in runs:
            w = torch.nn.Parameter(torch.randn(8) * 0.05)
            make = torch.optim.Adam if name == "adam" else torch.optim.SGD
            optimizer = make([w], **options)
            out.write("%s %r %r %r\n" % (name, options["lr"], options.get("momentum", 0.0), options.get("weight_decay", 0.0)))
            out.write(" ".join(v.hex() for v in w.detach().tolist()) + "\n")
            for step in range(20):
                scale = torch.tensor([1e-8, 1e-6, 1e-4, 1e-2, 0.1, 1.0, 1e3 if name == "adam" else 3.0, 0.0])
                w.grad = torch.randn(8) * scale
                optimizer.step()
                out.write(" ".join(v.hex() for v in w.grad.tolist()) + "\n")
                out.write(" ".join(v.hex() for v in w.detach().tolist()) + "\n")


def steps():
    """Three whole optimizer steps of tests/nets/small.net without dropout: losses of all heads before each step, and the sum
    and sum of squares of every tensor after the last. Weights and pictures come from oracle_nets.seeded."""
    from oracle_nets import SMALL_ROWS, Walk, seeded
    classes, batch, labels = 3, 4, torch.tensor([2, 0, 1, 2])
    with open(os.path.join(HERE, "train_steps.txt"), "w") as out:
        out.write("# optimizer lr smoothing; three times: losses main aux1 aux2 total before the step; then: tensor sum squares\n")
        for name, lr, smoothing in (("adam", 1e-3, 0.0), ("adam", 3e-4, 0.1), ("sgd", 1e-2, 0.0)):
            x = seeded("input", (batch, 3, 64, 64), 5) * 4
            weights = {}
            Walk(weights).run(SMALL_ROWS, x, classes)
            for tensor in weights.values():
                tensor.requires_grad_(True)
            params = list(weights.values())
            optimizer = torch.optim.Adam(params, lr=lr) if name == "adam" else torch.optim.SGD(params, lr=lr, momentum=0.9)
            out.write("%s %r %r\n" % (name, lr, smoothing))
            for _ in range(3):
                logits = Walk(weights).run(SMALL_ROWS, x, classes)
                losses = [torch.nn.functional.cross_entropy(logits[h], labels, label_smoothing=smoothing)
                          for h in ("main", "aux1", "aux2")]
                total = losses[0] + 0.3 * losses[1] + 0.3 * losses[2]
                optimizer.zero_grad()
                total.backward()
                optimizer.step()
                out.write("%.9g %.9g %.9g %.9g\n" % (*(l.item() for l in losses), total.item()))
            for tensor_name in sorted(weights):
                w = weights[tensor_name].detach().double()
                out.write("%s %.9g %.9g\n" % (tensor_name, w.sum().item(), (w * w).sum().item()))


if __name__ == "__main__":
    os.makedirs(HERE, exist_ok=True)
    crops()
    optimizers()
    steps()
