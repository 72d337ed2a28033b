"""The networks once more, in PyTorch, written from the paper's Table 1 and the three published models: what
tests/oracle.py compares the program with. Not used by the program.

A network is a list of rows; `run` walks them and keeps every layer's output under the program's layer name. Weights are a
dictionary by PyTorch's (or Caffe's) tensor names."""
import json
import struct

import numpy
import torch
import torch.nn.functional as F

MASK = (1 << 64) - 1


def mix(x):
    """splitmix64, as engine/base/rng.c."""
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def rng_key(seed, stream):
    return mix(mix(seed) ^ mix(~stream & MASK))


def uniform(key, count, first=0):
    """rng_uniform_at(key, first + 0 .. count - 1), float64."""
    u = numpy.uint64
    x = u(key) + numpy.arange(first, first + count, dtype=u) * u(0x9E3779B97F4A7C15)
    x = x + u(0x9E3779B97F4A7C15)
    x = (x ^ (x >> u(30))) * u(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> u(27))) * u(0x94D049BB133111EB)
    x = x ^ (x >> u(31))
    return (x >> u(11)).astype(numpy.float64) * 2.0 ** -53


def name_hash(name):
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return value


def seeded(name, shape, seed):
    """Values of one tensor; test_oracle.c repeats this rule. Weights are uniform with He's variance (bound
    sqrt(6 / fan in)), BN's gamma and variance in [0.5, 1.5), everything else in [-0.1, 0.1). For every head's last weights the
    bound is the same; all arithmetic is in double and rounded once."""
    u = uniform(rng_key(seed, name_hash(name)), int(numpy.prod(shape)))
    if len(shape) > 1:
        values = (u - 0.5) * 2 * numpy.sqrt(6.0 / numpy.prod(shape[1:]))
    elif name.endswith("bn.weight") or name.endswith("running_var"):
        values = u + 0.5
    else:
        values = (u - 0.5) * 0.2
    return torch.from_numpy(values.astype(numpy.float32).reshape(shape))


def load_safetensors(path):
    with open(path, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        data = f.read()
    kinds = {"F32": "<f4", "F16": "<f2"}
    return {name: torch.from_numpy(numpy.frombuffer(data[e["data_offsets"][0]:e["data_offsets"][1]], kinds[e["dtype"]])
                                   .reshape(e["shape"]).astype(numpy.float32))
            for name, e in header.items() if name != "__metadata__"}


# Rows of Table 1. conv: name, outputs, kernel, stride, pad. pool: name, kernel, stride. inception: name, six numbers. aux: name.
def googlenet_rows(lrn):
    norm = (lambda name: [("lrn", name)]) if lrn else (lambda name: [])
    return ([("conv", "conv1", 64, 7, 2, 3), ("pool", "maxpool1", 3, 2)] + norm("norm1") +
            [("conv", "conv2", 64, 1, 1, 0), ("conv", "conv3", 192, 3, 1, 1)] + norm("norm2") +
            [("pool", "maxpool2", 3, 2),
             ("inception", "3a", 64, 96, 128, 16, 32, 32), ("inception", "3b", 128, 128, 192, 32, 96, 64),
             ("pool", "maxpool3", 3, 2),
             ("inception", "4a", 192, 96, 208, 16, 48, 64), ("aux", "aux1", 5, 3, 128, 1024),
             ("inception", "4b", 160, 112, 224, 24, 64, 64), ("inception", "4c", 128, 128, 256, 24, 64, 64),
             ("inception", "4d", 112, 144, 288, 32, 64, 64), ("aux", "aux2", 5, 3, 128, 1024),
             ("inception", "4e", 256, 160, 320, 32, 128, 128), ("pool", "maxpool4", 3, 2),
             ("inception", "5a", 256, 160, 320, 32, 128, 128), ("inception", "5b", 384, 192, 384, 48, 128, 128),
             ("classifier",)])


# The same shape with few channels: tests/nets/small.net.
SMALL_ROWS = [("conv", "conv1", 8, 7, 2, 3), ("pool", "maxpool1", 3, 2), ("lrn", "norm1"), ("conv", "conv2", 6, 1, 1, 0),
              ("conv", "conv3", 12, 3, 1, 1), ("pool", "maxpool2", 3, 2), ("inception", "3a", 4, 6, 8, 2, 4, 3),
              ("inception", "3b", 6, 5, 7, 3, 4, 5), ("aux", "aux1", 5, 3, 6, 10), ("inception", "4a", 5, 4, 6, 2, 3, 4),
              ("aux", "aux2", 5, 3, 5, 9), ("pool", "maxpool3", 3, 2), ("inception", "5a", 7, 4, 8, 3, 4, 5), ("classifier",)]

# With batch norm: tests/nets/bn.net.
BN_ROWS = [("conv", "conv1", 8, 7, 2, 3), ("pool", "maxpool1", 3, 2), ("inception", "3a", 4, 6, 8, 2, 4, 3),
           ("aux", "aux1", 5, 3, 6, 10), ("inception", "3b", 5, 4, 6, 3, 2, 4), ("classifier",)]

BRANCHES = {"1x1": "branch1", "3x3_reduce": "branch2.0", "3x3": "branch2.1", "5x5_reduce": "branch3.0", "5x5": "branch3.1",
            "pool_proj": "branch4.1"}
ENDS = ("1x1", "3x3", "5x5", "pool_proj") # in concat order
CAFFE = {"conv1": "conv1/7x7_s2", "conv2": "conv2/3x3_reduce", "conv3": "conv2/3x3", "fc": "loss3/classifier"}


def torch_name(layer):
    """inception_3a/5x5 -> inception3a.branch3.1.conv, aux1/fc1 -> aux1.fc1, conv1 -> conv1.conv"""
    if layer.startswith("inception_"):
        module, part = layer.split("/")
        return module.replace("_", "") + "." + BRANCHES[part] + ".conv"
    if layer.startswith("aux"):
        return layer.replace("/", ".") + (".conv" if layer.endswith("conv") else "")
    return layer if layer in ("fc", "f1") else layer + ".conv"


class GuidedRelu(torch.autograd.Function):
    """Springenberg et al. 2014, "Striving for simplicity": backward, only what is above 0 passes."""

    @staticmethod
    def forward(ctx, z):
        ctx.save_for_backward(z)
        return F.relu(z)

    @staticmethod
    def backward(ctx, g):
        return F.relu(g) * (ctx.saved_tensors[0] > 0)


class Walk:
    """One forward. `weights` maps tensor name to tensor; a missing one is made by `seeded`.

    `sides`, the program's own maps by layer name, decides kinks: which units a ReLU lets through and which element wins a
    max pool. Of GoogLeNet's six million values some always lie so close to a kink that rounding decides, and one such unit changes
    a gradient by a percent. Deciding otherwise than PyTorch is allowed only within rounding of the kink; `flips` counts it."""

    def __init__(self, weights, seed=1, caffe=False, bn=False, dropout=None, sides=None, guided=False):
        self.weights, self.seed, self.caffe, self.bn, self.sides = weights, seed, caffe, bn, sides
        self.dropout = dropout      # None, or a function (layer name, tensor, p) -> tensor
        self.values, self.flips, self.guided = {}, 0, guided
        self.before, self.shifts = {}, {} # what goes into each ReLU; zeros added to it, one a channel, to be differentiated by

    def tensor(self, layer, kind, shape):
        base = CAFFE.get(layer, layer) if self.caffe else torch_name(layer)
        name = (base[:-len("conv")] if kind.startswith("bn.") else base + ".") + kind
        if name not in self.weights:
            self.weights[name] = seeded(name, shape, self.seed)
        assert tuple(self.weights[name].shape) == tuple(shape), name
        return self.weights[name]

    def keep(self, name, value):
        self.values[name] = value
        return value

    def flipped(self, name, distance, where, scale):
        self.flips += int(where.sum())
        assert not where.any() or float(distance[where].max()) < 1e-5 * float(scale), name

    def relu(self, name, z):
        if self.guided:
            return GuidedRelu.apply(z)
        if self.sides is None:
            return F.relu(z)
        open_here = torch.from_numpy(self.sides[name] > 0).reshape(z.shape)
        self.flipped(name, z.detach().abs(), open_here != (z > 0), z.detach().abs().max())
        return z * open_here

    def max_pool(self, name, source, x, k, stride, pad=0):
        y = F.max_pool2d(x, k, stride, pad, ceil_mode=True)
        if self.sides is None:
            return y
        _, winners = F.max_pool2d(torch.from_numpy(self.sides[source])[None], k, stride, pad, ceil_mode=True, return_indices=True)
        ours = x.flatten(2).gather(2, winners.flatten(2)).reshape(y.shape)
        self.flipped(name, (y - ours).detach(), y != ours, x.detach().abs().max())
        return ours

    def activate(self, name, z, relu=True):
        """What conv and fc layers end with."""
        shift = torch.zeros(z.shape[1], requires_grad=True)
        self.shifts[name], self.before[name] = shift, z + shift.reshape([1, -1] + [1] * (z.dim() - 2))
        return self.keep(name, self.relu(name, self.before[name]) if relu else self.before[name])

    def concat(self, name, branches):
        self.before[name] = torch.cat([self.before[b] if b in self.before else self.values[b] for b in branches], 1)
        return self.keep(name, torch.cat([self.values[b] for b in branches], 1))

    def conv(self, name, x, outputs, k, stride=1, pad=0, groups=1, bias=True, relu=True):
        w = self.tensor(name, "weight", (outputs, x.shape[1] // groups, k, k))
        y = F.conv2d(x, w, self.tensor(name, "bias", (outputs,)) if bias and not self.bn else None, stride, pad, 1, groups)
        if self.bn:
            mean, var, gamma, beta = (self.tensor(name, "bn." + kind, (outputs,))
                                      for kind in ("running_mean", "running_var", "weight", "bias"))
            y = F.batch_norm(y, mean, var, gamma, beta, False, 0, 1e-3)
        return self.activate(name, y, relu)

    def linear(self, name, x, outputs, relu=False):
        x = torch.flatten(x, 1)
        y = F.linear(x, self.tensor(name, "weight", (outputs, x.shape[1])), self.tensor(name, "bias", (outputs,)))
        return self.activate(name, y, relu)

    def drop(self, name, x, p):
        return self.keep(name, x if self.dropout is None else self.dropout(name, x, p))

    def inception(self, name, source, x, c1, c3r, c3, c5r, c5, proj):
        m = "inception_" + name + "/"
        self.conv(m + "1x1", x, c1, 1)
        self.conv(m + "3x3", self.conv(m + "3x3_reduce", x, c3r, 1), c3, 3, 1, 1)
        self.conv(m + "5x5", self.conv(m + "5x5_reduce", x, c5r, 1), c5, 5, 1, 2)
        self.conv(m + "pool_proj", self.keep(m + "pool", self.max_pool(m + "pool", source, x, 3, 1, 1)), proj, 1)
        return self.concat(m + "concat", [m + b for b in ENDS])

    def aux(self, name, x, k, stride, outputs, hidden, classes):
        x = self.keep(name + "/avgpool", F.avg_pool2d(x, k, stride))
        x = self.conv(name + "/conv", x, outputs, 1)
        x = self.drop(name + "/dropout1", x, 0.5)
        x = self.linear(name + "/fc1", x, hidden, relu=True)
        x = self.drop(name + "/dropout2", x, 0.5)
        x = self.linear(name + "/fc2", x, classes)
        self.keep(name + "/softmax", F.softmax(x, 1))
        return x

    def odd(self, x, classes):
        """tests/nets/odd.net, whose sizes are such that Caffe's and ONNX's rounding agree with PyTorch's."""
        x = self.conv("c1", self.keep("input", x), 8, 5, 3, 2)
        x = self.conv("c2", x, 12, 3, 1, 1, groups=4, relu=False)
        x = self.keep("a1", F.avg_pool2d(x, 3, 2, 1, ceil_mode=True))
        x = self.keep("n1", F.local_response_norm(x, 3, 0.5, 0.75, 2))
        x = self.conv("c3", x, 6, 2, groups=2, bias=False)
        x = self.keep("m1", self.max_pool("m1", "c3", x, 3, 2, 1))
        x = self.keep("a2", F.avg_pool2d(x, 2, 1, 1, count_include_pad=False))
        x = self.keep("m2", self.max_pool("m2", "a2", x, 2, 2))
        x = self.keep("a3", F.adaptive_avg_pool2d(x, 2))
        x = self.linear("f1", x, 9, relu=True)
        x = self.linear("fc", self.drop("d1", x, 0.3), classes)
        self.keep("softmax", F.softmax(x, 1))
        return {"main": x}

    def nin(self, x, classes):
        """tests/nets/nin.net: scores are averages of maps, and a head reads one branch."""
        x = self.conv("conv2", self.conv("conv1", self.keep("input", x), 12, 5, 2, 2), 10, 1)
        x = self.keep("maxpool1", self.max_pool("maxpool1", "conv2", x, 3, 2))
        x = self.inception("3a", "maxpool1", x, 16, 6, 16, 2, 4, 3)
        x = self.conv("scores", self.drop("dropout", x, 0.3), classes, 1, relu=False)
        aux = self.conv("aux1/conv", self.values["inception_3a/3x3"], classes, 3)
        logits = {}
        for head, prefix, maps in (("main", "", x), ("aux1", "aux1/", aux)):
            logits[head] = torch.flatten(self.keep(prefix + "avgpool", F.adaptive_avg_pool2d(maps, 1)), 1)
            self.keep(prefix + "softmax", F.softmax(logits[head], 1))
        return logits

    def run(self, rows, x, classes, heads=True):
        """Returns the logits of the main path and of the heads."""
        self.keep("input", x)
        logits, source = {}, "input" # source: the layer that x is the map of
        for kind, *row in rows:
            if kind == "conv":
                x = self.conv(row[0], x, *row[1:])
            elif kind == "pool":
                x = self.keep(row[0], self.max_pool(row[0], source, x, row[1], row[2]))
            elif kind == "lrn":
                x = self.keep(row[0], F.local_response_norm(x, 5, 1e-4, 0.75, 1))
            elif kind == "inception":
                x = self.inception(row[0], source, x, *row[1:])
            elif kind == "aux" and heads:
                logits[row[0]] = self.aux(row[0], x, *row[1:], classes)
            elif kind == "classifier":
                x = self.keep("avgpool", F.adaptive_avg_pool2d(x, 1))
                x = self.drop("dropout", x, 0.4)
                logits["main"] = self.linear("fc", x, classes)
                self.keep("softmax", F.softmax(logits["main"], 1))
            if kind != "aux":
                source = "inception_" + row[0] + "/concat" if kind == "inception" else row[0] if row else "fc"
        return logits


def torchvision_net(seed, classes=1000):
    """torchvision's own GoogLeNet in inference, with seeded weights and BN statistics, and its modules by our layers' names."""
    import torchvision
    net = torchvision.models.GoogLeNet(num_classes=classes, aux_logits=True, transform_input=False, init_weights=False)
    net.load_state_dict({name: t if t.dim() == 0 else seeded(name, tuple(t.shape), seed) for name, t in net.state_dict().items()})
    net.eval().requires_grad_(False)
    names = {ours: ours for ours in ("conv1", "maxpool1", "conv2", "conv3", "maxpool2", "maxpool3", "maxpool4", "avgpool", "dropout", "fc")}
    modules = dict(net.named_modules())
    for name in modules:
        if name.startswith("inception") and "." not in name:
            ours = "inception_" + name[len("inception"):]
            names[ours + "/concat"] = name
            names[ours + "/pool"] = name + ".branch4.0"
            names.update({ours + "/" + part: name + "." + theirs for part, theirs in BRANCHES.items()})
    for head in ("aux1", "aux2"):
        names.update({head + "/conv": head + ".conv", head + "/fc2": head + ".fc2"})
    return net, {ours: modules[theirs] for ours, theirs in names.items()}


def torchvision_values(seed, x):
    """The net's state, and every layer's map under our names."""
    net, modules = torchvision_net(seed)
    values = {"input": x}

    def keep(ours):
        def hook(module, inputs, output):
            values[ours] = output.detach().clone()
        return hook
    for ours, module in modules.items():
        module.register_forward_hook(keep(ours))
    with torch.no_grad():
        values["softmax"] = F.softmax(net(x), 1)
        for head, tap in (("aux1", "inception_4a/concat"), ("aux2", "inception_4d/concat")):
            aux = getattr(net, head)
            aux(values[tap])
            values[head + "/avgpool"] = F.adaptive_avg_pool2d(values[tap], (4, 4))
            values[head + "/fc1"] = F.relu(aux.fc1(torch.flatten(values[head + "/conv"], 1)))
            values[head + "/dropout"] = values[head + "/fc1"]
            values[head + "/softmax"] = F.softmax(values[head + "/fc2"], 1)
    return net.state_dict(), values


def torchvision_walk(seed, x, sides):
    """The same forward, in torchvision's own wiring, with `sides` deciding kinks; a Walk with its values, before and shifts."""
    net, modules = torchvision_net(seed)
    walk = Walk({}, sides=sides)
    walk.keep("input", x)

    def source(x): # the name of the layer whose map it is
        return next(name for name, value in walk.values.items() if value is x)

    def replace(name, m):
        def conv(x):
            return walk.activate(name, m.bn(m.conv(x)))

        def pool(x):
            return walk.keep(name, walk.max_pool(name, source(x), x, m.kernel_size, m.stride, m.padding))

        def fc(x):
            return walk.activate(name, F.linear(x, m.weight, m.bias), relu=False)
        m.forward = fc if name == "fc" else pool if "pool" in name and "proj" not in name else conv
    for name, m in modules.items():
        if name.startswith("aux"):
            continue
        if name.endswith("concat"):
            m.register_forward_hook(lambda m, x, y, name=name: walk.concat(name, [name[:-len("concat")] + b for b in ENDS]))
        elif name in ("avgpool", "dropout"):
            m.register_forward_hook(lambda m, x, y, name=name: walk.keep(name, y))
        else:
            replace(name, m)
    net(x)
    return walk
