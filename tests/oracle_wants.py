"""What a unit wants (engine/train/wants.h) by PyTorch: the Fourier basis by torch.fft, gradients by autograd, torch.optim.Adam. The random
numbers are the program's, so that both begin with the same picture and move it alike.

  /usr/bin/python3 tests/oracle_wants.py golden     prints the tables of tests/test_wants.c

tests/oracle.py compare runs `compare`: the gradient by the first numbers to 1e-4 of its largest, the numbers after each of two steps to
1e-3; after 128 steps only the median objective of five seeds, within 25 %, since Adam magnifies the last bit of a picture to other
pictures. Pictures are never compared."""
import os
import re
import subprocess
import sys

import numpy
import torch
import torch.nn.functional as F

import oracle_nets as nets

HERE = os.path.dirname(os.path.abspath(__file__))
NETWORKS = os.path.join(HERE, "..", "assets", "networks")
FLOWERS = os.path.join(HERE, "..", "assets", "weights", "flowers.safetensors")


def colours():
    """The table in wants.c."""
    table = re.search(r"colours\[3\]\[3\] = \{(.*?)\n\};", open(os.path.join(HERE, "..", "engine", "train", "wants.c")).read(), re.S).group(1)
    return torch.tensor([float(v) for v in re.findall(r"(-?[0-9.]+)f", table)]).reshape(3, 3)


def normals(seed, stream, count):
    u = nets.uniform(nets.rng_key(seed, stream), 2 * count)
    return numpy.sqrt(-2 * numpy.log(1 - u[0::2])) * numpy.cos(6.283185307179586 * u[1::2])


class Picture:
    """Numbers, and the picture that they are."""

    def __init__(self, size, pixels, seed):
        self.size, self.pixels, self.seed, self.mix = size, pixels, seed, colours()
        shape = (3, size, size) if pixels else (3, size, size // 2 + 1, 2)
        start = 0.01 * normals(seed, 0, int(numpy.prod(shape)))
        self.param = torch.from_numpy(start.astype(numpy.float32).reshape(shape)).requires_grad_()
        fy, fx = numpy.fft.fftfreq(size)[:, None], numpy.fft.rfftfreq(size)
        self.scale = torch.from_numpy((size / numpy.maximum(numpy.sqrt(fx * fx + fy * fy), 1 / size)).astype(numpy.float32))

    def rgb(self):
        if self.pixels:
            return torch.sigmoid(self.param)
        plane = torch.fft.irfft2(torch.view_as_complex(self.param) * self.scale, s=(self.size, self.size)) / 4
        return torch.sigmoid(torch.einsum("ij,jhw->ihw", self.mix, plane))

    def moved(self, step, still):
        x = self.rgb()[None]
        if still:
            return x
        u = nets.uniform(nets.rng_key(self.seed, 1), 2, 2 * step)
        a, b = int(u[0] * 9), int(u[1] * 9)
        return F.pad(x, [4] * 4, value=0.5)[:, :, a:a + self.size, b:b + self.size]


class Unit:
    """rows up to the layer; what goes into its ReLU."""

    def __init__(self, rows, layer, channel, weights, caffe=False):
        name = layer if layer.startswith("conv") else "inception_" + layer + "/concat"
        end = next(i for i, r in enumerate(rows) if r[1] == layer) + 1
        self.rows, self.name, self.layer, self.channel, self.weights, self.caffe = rows[:end], name, layer, channel, weights, caffe

    def value(self, rgb, neuron):
        x = (rgb * 255).flip(1) - torch.tensor([104., 117., 123.]).view(1, 3, 1, 1) if self.caffe else (rgb - 0.5) / 0.5
        walk = nets.Walk(self.weights, 1, caffe=self.caffe)
        walk.run(self.rows, x, 5, heads=False)
        m = walk.before[self.name][0, self.channel]
        return m[m.shape[0] // 2, m.shape[1] // 2] if neuron else m.mean()


def gradient(unit, picture, step, neuron=False, still=False, pixels=False):
    """The value, and the gradient of -value by the picture's numbers."""
    value = unit.value(picture.moved(step, still), neuron)
    picture.param.grad = None
    (-value).backward()
    return float(value)


def ascend(unit, size, seed, steps, **case):
    """The values of all steps, the gradient of the first, the numbers at the end."""
    picture = Picture(size, case.get("pixels", False), seed)
    adam = torch.optim.Adam([picture.param], lr=0.05, eps=1e-7)
    values, first = [], None
    for step in range(steps):
        values.append(gradient(unit, picture, step, **case))
        first = picture.param.grad.clone() if first is None else first
        adam.step()
    return values, first.numpy().reshape(-1), picture.param.detach().numpy().reshape(-1)


def follow(unit, size, seed, case, parts):
    """Two steps beside the program's: how far its first gradient is from autograd's, and its numbers from what torch.optim.Adam makes of its
    own gradients, each of the largest; PyTorch's values at the program's numbers. The second picture is not PyTorch's own: where a gradient is
    nearly 0, Adam divides rounding by rounding. And of its millions of values some always lie at a ReLU's or a pool's kink, where rounding
    decides, so that the second gradient is compared by its value alone."""
    picture = Picture(size, case.get("pixels", False), seed)
    own = torch.nn.Parameter(picture.param.detach().clone())
    adam, worst_gradient, worst_numbers, values = torch.optim.Adam([own], lr=0.05, eps=1e-7), 0, 0, []
    for step in range(2):
        values.append(gradient(unit, picture, step, **case))
        by, numbers = parts[2 * step], parts[2 * step + 1]
        worst_gradient = far(by, picture.param.grad.numpy().reshape(-1)) if step == 0 else worst_gradient
        own.grad = torch.from_numpy(by.copy()).reshape(own.shape)
        adam.step()
        worst_numbers = max(worst_numbers, far(numbers, own.detach().numpy().reshape(-1)))
        picture.param.data = torch.from_numpy(numbers.copy()).reshape(own.shape)
    return worst_gradient, worst_numbers, values


CASES = [dict(), dict(still=True), dict(neuron=True), dict(pixels=True)]


def flags(case):
    return "".join(k[0] for k in ("neuron", "pixels", "still") if case.get(k)) or "-"


def small_unit():
    return Unit(nets.SMALL_ROWS, "3b", 7, {})


def golden():
    print("/* size, switches, objective, largest gradient, 4 of it, 4 numbers after 2 steps */")
    for size, case in zip((48, 45, 48, 48), CASES):
        values, first, after = ascend(small_unit(), size, 5, 2, **case)
        at = [i * first.size // 4 + 1000 for i in range(4)]
        print("    {%d, %s, %.7gf, %.7gf, {%s}, {%s}}," % (size, ", ".join(str(int(case.get(k, False))) for k in ("neuron", "pixels", "still")), values[0], abs(first).max(),
              ", ".join("%.7gf" % first[i] for i in at), ", ".join("%.7gf" % after[i] for i in at)))
    v = numpy.array([((i * i * 7 + i * 3) % 23 - 11) / 8 for i in range(2 * 15 * 8)], numpy.float32).reshape(15, 8, 2)
    for size in (6, 15):
        plane = numpy.fft.irfft2(v[:size, :size // 2 + 1, 0] + 1j * v[:size, :size // 2 + 1, 1], s=(size, size))
        print("    {%d, {%s}}," % (size, ", ".join("%.9gf" % plane.flat[i * size * size // 5] for i in range(5))))


def ours(build, network, weights, unit, engine, size, seed, steps, case, folder):
    out = os.path.join(folder, "wants.bin")
    run = subprocess.run([os.path.join(build, "tests", "dump_wants"), NETWORKS, network, weights, "%s[%d]" % (unit.layer, unit.channel), engine, str(size),
                          str(seed), str(steps), flags(case), out], check=True, capture_output=True, text=True)
    data = numpy.fromfile(out, "<f4")
    return [float(v) for v in run.stdout.split()], numpy.split(data, 4)


def far(got, want):
    return abs(got.astype(float) - want).max() / abs(want).max()


def compare(build, folder, real):
    """real: the published weights or None."""
    torch.set_num_threads(2)
    flowers = nets.load_safetensors(FLOWERS)
    units = [("googlenet", FLOWERS, Unit(nets.googlenet_rows(False), "3b", 200, flowers), 64), ("googlenet", FLOWERS, Unit(nets.googlenet_rows(False), "conv3", 30, flowers), 96)]
    if real:
        published = nets.load_safetensors(real)
        units.append(("bvlc_googlenet", real, Unit(nets.googlenet_rows(True), "4b", 300, published, caffe=True), 128))
    good = True
    for network, weights, unit, size in units:
        for engine in ("reference", "fast"):
            for case in CASES:
                got, parts = ours(build, network, weights, unit, engine, size, 3, 2, case, folder)
                by, at, values = follow(unit, size, 3, case, parts)
                off = max(abs(g - v) / abs(v) for g, v in zip(got, values))
                fine = by < 1e-4 and at < 1e-3 and off < 1e-4
                good &= fine
                print("%s what %s %s[%d] wants, %s engine, %s: gradient %.1e of its largest off, numbers after each of 2 steps %.1e, values %.1e" %
                      ("ok" if fine else "not ok", network, unit.layer, unit.channel, engine, flags(case), by, at, off))
    network, weights, unit, size = units[0]
    theirs = numpy.median([ascend(unit, size, seed, 128)[0][-1] for seed in range(1, 6)])
    median = numpy.median([ours(build, network, weights, unit, "fast", size, seed, 128, {}, folder)[0][-1] for seed in range(1, 6)])
    fine = abs(median / theirs - 1) < 0.25
    print("%s what %s[%d] wants after 128 steps: median objective of 5 seeds %.4g, PyTorch's %.4g" % ("ok" if fine else "not ok", unit.layer, unit.channel, median, theirs))
    return good and fine


if __name__ == "__main__":
    if sys.argv[1:] != ["golden"]:
        sys.exit(__doc__)
    golden()
