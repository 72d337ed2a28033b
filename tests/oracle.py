#!/usr/bin/python3
"""Compares the program with PyTorch, layer by layer and gradient by gradient; Debian's python3-torch, python3-torchvision.

  /usr/bin/python3 tests/oracle.py compare BUILD     every value of every layer and of every gradient (make oracle)
  /usr/bin/python3 tests/oracle.py golden            rewrites tests/golden/{maps,grads,mapgrads,occlusion}_*.json for `make test`

A golden file holds, per layer or tensor, its shape, sum, largest magnitude, and the values at 64 positions i * count / 64.
$INCEPTOSCOPE_DATA names the folder with the real weights; without it their part is left out."""
import json
import os
import struct
import subprocess
import sys

import numpy
import torch
import torch.nn.functional as F
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import oracle_nets as nets
import oracle_circuit
import oracle_examples
import oracle_wants

torch.set_num_threads(2)
NETWORKS = os.path.join(HERE, "..", "assets", "networks")
OWN_NETS = {name: os.path.join(HERE, "nets", name + ".net") for name in ("small", "odd", "bn", "nin")}
SIZES = {"small": (64, 64), "odd": (41, 37), "bn": (40, 40), "nin": (35, 33)} # width, height
CLASSES = {"small": 7, "odd": 5, "bn": 6, "nin": 6}
LABELS = {"small": 3, "odd": 1, "bn": 2, "nin": 2, "googlenet": 281} # whose gradients are compared
ROWS = {"small": nets.SMALL_ROWS, "bn": nets.BN_ROWS, "googlenet": nets.googlenet_rows(False), "bvlc_googlenet": nets.googlenet_rows(True)}
SEEDED = ["small", "odd", "bn", "nin", "googlenet", "torchvision_googlenet"]
DATA = os.environ.get("INCEPTOSCOPE_DATA", "")
REAL = os.path.join(DATA, "weights", "bvlc_googlenet.safetensors") if DATA else None
# Where gradients of values inside the network begin; the scores come on top.
INCEPTION = ["conv3", "inception_3b/3x3", "inception_4c/concat"]
FROM = {"small": ["conv3", "inception_3b/3x3", "inception_4a/concat"], "bn": ["conv1", "inception_3a/3x3", "inception_3b/concat"],
        "odd": ["c1", "n1", "a2", "m1"], "nin": ["conv2", "inception_3a/3x3", "scores"],
        "googlenet": INCEPTION, "bvlc_googlenet": INCEPTION, "torchvision_googlenet": INCEPTION}
SCORES = {"nin": "avgpool"} # elsewhere "fc"
KEPT = {"small": ["map input", "map maxpool1", "map inception_3a/concat", "shift inception_3a/5x5_reduce"], # in the golden files
        "bn": ["map input", "map maxpool1", "map inception_3a/3x3_reduce", "shift conv1"],
        "odd": ["map input", "map c1", "map n1", "map a2", "shift c1"],
        "nin": ["map input", "map maxpool1", "map inception_3a/concat", "shift inception_3a/5x5_reduce"]}
LIMIT = 1e-4
SEED = 1


def picture(w=310, h=230):
    """Rings, a slope and squares, from integers alone; test_oracle.c repeats it."""
    y, x = numpy.mgrid[0:h, 0:w]
    r = (128 + ((x - w // 2) ** 2 + (y - h // 2) ** 2) // 97) % 256
    g = (x * 3 + y) % 256
    b = (x // 16 + y // 16) % 2 * 200 + (x * y) % 56
    return Image.fromarray(numpy.stack([r, g, b], 2).astype(numpy.uint8), "RGB")


def network_input(name):
    image = picture()
    if name in LABELS:
        v = numpy.asarray(image.resize(SIZES.get(name, (224, 224)), Image.BILINEAR)).astype(numpy.float32)
        v = (v / numpy.float32(255) - numpy.float32(0.5)) / numpy.float32(0.5)
    else:
        w, h = image.size
        image = image.resize((256 * w // h, 256), Image.BILINEAR) # the picture is wider than high
        left, top = round((image.size[0] - 224) / 2), round((256 - 224) / 2)
        v = numpy.asarray(image.crop((left, top, left + 224, top + 224))).astype(numpy.float32)
        if name == "bvlc_googlenet":
            v = v[:, :, ::-1] - numpy.array([104, 117, 123], numpy.float32)
        else:
            v = v / numpy.float32(255) * 2 - 1
    return torch.from_numpy(v.transpose(2, 0, 1).copy())[None]


def save_safetensors(path, tensors):
    header, at = {}, 0
    for name, t in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(t.shape), "data_offsets": [at, at + 4 * t.numel()]}
        at += 4 * t.numel()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for t in tensors.values():
            out.write(t.detach().numpy().astype("<f4").tobytes())


def walk_through(walk, name, x=None):
    """Runs one of our own definitions; returns the logits of every head."""
    classes, x = CLASSES.get(name, 1000), network_input(name) if x is None else x
    if name in ("odd", "nin"):
        return getattr(walk, name)(x, classes)
    return walk.run(ROWS[name], x, classes, heads=name != "bvlc_googlenet")


def forward(name):
    """(weights by tensor name, maps by layer name) of one network on the picture."""
    with torch.no_grad():
        if name == "torchvision_googlenet":
            state, values = nets.torchvision_values(SEED, network_input(name))
            return {k: v for k, v in state.items() if v.dim() > 0}, values
        real = name == "bvlc_googlenet"
        walk = nets.Walk(nets.load_safetensors(REAL) if real else {}, SEED, caffe=real, bn=name == "bn")
        walk_through(walk, name)
    return walk.weights, walk.values


def gradients(name, aux_weight, dropout=None, sides=None):
    """Gradient of every parameter of the total loss by tensor name, and the number of kinks decided otherwise."""
    weights = {k: v.clone().requires_grad_("running" not in k) for k, v in forward(name)[0].items()} # BN's statistics are not learnt
    walk = nets.Walk(weights, SEED, bn=name == "bn", dropout=dropout, sides=sides)
    label = torch.tensor([LABELS[name]])
    loss = sum((1 if head == "main" else aux_weight) * F.cross_entropy(l, label) for head, l in walk_through(walk, name).items())
    loss.backward()
    return {k: torch.zeros_like(v) if v.grad is None else v.grad for k, v in weights.items()}, walk.flips


def occlusion(name, square, step):
    """What the label's score loses when squares are set to zero, a mean over the squares that cover a pixel; (H, W)."""
    x, weights = network_input(name), forward(name)[0]

    def score(x):
        with torch.no_grad():
            return walk_through(nets.Walk(weights, SEED), name, x)["main"][0, LABELS[name]].double()
    whole, lost, covers = score(x), torch.zeros(x.shape[2:]).double(), torch.zeros(x.shape[2:])
    starts = [[step * i for i in range(-(-(side - square) // step) + 1)] for side in x.shape[2:]]
    for top in starts[0]:
        for left in starts[1]:
            covered = x.clone()
            place = (slice(top, top + square), slice(left, left + square))
            covered[(slice(None), slice(None)) + place] = 0
            lost[place] += whole - score(covered)
            covers[place] += 1
    return {"%d/%d" % (square, step): (lost / covers).float()}


def mask_of(indices, seed):
    """The program's own dropout masks: stream = the layer's index, under the key of rng_make(seed, 0)."""
    key = nets.rng_key(seed, 0)

    def dropout(layer, x, p):
        keep = nets.uniform(nets.rng_key(key, indices[layer]), x.numel()) >= numpy.float32(p)
        factor = numpy.float32(1) / (numpy.float32(1) - numpy.float32(p))
        return x * torch.from_numpy((keep * factor).astype(numpy.float32)).reshape(x.shape)
    return dropout


class Objective:
    """What is differentiated: the sum of seed * (the map of layer `start`, or its values before ReLU)."""

    def __init__(self, what, start, before, seed, guided=False):
        self.what, self.start, self.before, self.seed, self.guided = what, start, before, seed, guided


def seeded_values(walk, start, before):
    return walk.before.get(start, walk.values[start]) if before else walk.values[start]


def objectives(walk, scores, layers, label):
    """A score, a margin, and in each of the layers, before and behind its ReLU, the value in the middle of a channel, and the mean of one.
    Behind the ReLU it is the channel with most in it, before it one that is shut."""
    def one(start, where, value=1.0):
        seed = numpy.zeros(walk.values[start].shape[1:], numpy.float32)
        seed[where] = value
        return seed
    n = walk.values[scores].shape[1]
    result = [Objective("score", scores, False, one(scores, label)),
              Objective("margin", scores, False, one(scores, label) - one(scores, (label + 1) % n))]
    for start in layers:
        h, w = walk.values[start].shape[2:]
        for before in (False, True):
            values = seeded_values(walk, start, before)[0].detach()
            middle, mean = values[:, h // 2, w // 2], values.mean((1, 2))
            neuron, channel = (int(v.argmin() if before else v.argmax()) for v in (middle, mean))
            result += [Objective("neuron", start, before, one(start, (neuron, h // 2, w // 2))),
                       Objective("mean", start, before, one(start, channel, 1 / (h * w)))]
    return result


def map_gradients(walk, objective):
    """d(objective) by every map and every shift that it depends on, by layer name."""
    value = seeded_values(walk, objective.start, objective.before)
    sources = [("map", name, t) for name, t in walk.values.items() if t.requires_grad] + [("shift", name, t) for name, t in walk.shifts.items()]
    grads = torch.autograd.grad(value, [t for _, _, t in sources], torch.from_numpy(objective.seed).reshape(value.shape), True, allow_unused=True)
    return {"%s %s" % (kind, name): g for (kind, name, _), g in zip(sources, grads) if g is not None}


def differentiable_walk(name, sides=None, guided=False):
    """The forward of the main path with what autograd needs."""
    x = network_input(name).requires_grad_()
    if name == "torchvision_googlenet":
        return nets.torchvision_walk(SEED, x, sides)
    real = name == "bvlc_googlenet"
    walk = nets.Walk(nets.load_safetensors(REAL) if real else {}, SEED, caffe=real, bn=name == "bn", sides=sides, guided=guided)
    walk_through(walk, name, x)
    return walk


class Dump:
    """What tests/dump_maps.c wrote."""

    def __init__(self, path):
        data, at = numpy.fromfile(path + ".bin", "<f4"), 0
        self.maps, self.indices, self.grads, self.requests = {}, {}, {}, {}
        for line in open(path + ".txt"):
            f = line.split()
            words = 2 if f[0] == "grad" else 3 # before the sizes
            shape = [int(n) for n in f[words:]]
            values = data[at:at + int(numpy.prod(shape))].reshape(shape)
            if f[0] == "map":
                self.indices[f[2]] = int(f[1])
                self.maps[f[2]] = values
            elif f[0] == "grad":
                self.grads[f[1]] = values
            else: # request-map and request-shift
                self.requests.setdefault(int(f[1]), {})[f[0][len("request-"):] + " " + f[2]] = values
            at += values.size
        assert at == data.size


def worst(what, got, want):
    """Compares two dictionaries of arrays; prints the worst entry; returns whether all are within LIMIT of their largest."""
    if set(got) != set(want):
        print("not ok %s: only ours %s, only PyTorch's %s" % (what, sorted(set(got) - set(want))[:5], sorted(set(want) - set(got))[:5]))
        return False
    errors = []
    for name, w in want.items():
        g, w = got[name].reshape(-1).astype(numpy.float64), w.detach().numpy().reshape(-1).astype(numpy.float64)
        if g.size != w.size or not numpy.isfinite(g).all():
            print("not ok %s: %s has %d values for %d" % (what, name, g.size, w.size))
            return False
        errors.append((abs(g - w).max() / (abs(w).max() or 1), name))
    error, name = max(errors)
    print("%s %s: %d tensors, %d values, worst %.2e of the largest (%s)" % ("ok" if error < LIMIT else "not ok", what, len(want),
          sum(w.numel() for w in want.values()), error, name))
    return error < LIMIT


def compare_map_gradients(build, folder, name, weights, engine, maps):
    """Every value of the gradient by every layer, for each objective."""
    good, label = True, LABELS.get(name, 281)
    walk = differentiable_walk(name, maps)
    asked = objectives(walk, SCORES.get(name, "fc"), FROM[name], label)
    with open(os.path.join(folder, "requests.txt"), "w") as out:
        for o in asked:
            out.write("%s %d" % (o.start, o.before))
            out.write("".join(" %d %.9g" % (i, o.seed.flat[i]) for i in numpy.flatnonzero(o.seed)) + "\n")
    got = dump(build, folder, name, weights, engine, (os.path.join(folder, "requests.txt"),)).requests
    for i, o in enumerate(asked):
        what = "%s, %s engine, gradient of %s %s%s" % (name, engine, o.what, o.start, " before ReLU" if o.before else "")
        want = map_gradients(walk, o)
        want["map " + o.start] = torch.from_numpy(o.seed)
        if o.before and o.start.endswith("concat"): # the seed's parts
            branches = [o.start[:-len("concat")] + b for b in nets.ENDS]
            parts = torch.split(torch.from_numpy(o.seed), [walk.values[b].shape[1] for b in branches])
            want.update({"map " + b: part for b, part in zip(branches, parts)})
        good &= worst("%s, %d kinks decided by rounding" % (what, walk.flips), got[i], want)
    return good


def compare_backward(build, folder, name, weights, sides, count=9):
    """`explain backward`: a score's gradient by random values, one layer of each op and more, and by their filters' weights."""
    tensors = {k: v.clone().requires_grad_("running" not in k) for k, v in forward(name)[0].items()}
    walk = nets.Walk(tensors, SEED, caffe=name == "bvlc_googlenet", bn=name == "bn", sides=sides)
    walk_through(walk, name, network_input(name).requires_grad_())
    scores, label, draw = SCORES.get(name, "fc"), LABELS.get(name, 281), numpy.random.RandomState(SEED)
    layers = [l for l in walk.values if not l.startswith("aux") and l not in (scores, "softmax", "input")]
    parameter = lambda l: (nets.CAFFE.get(l, l) if walk.caffe else nets.torch_name(l)) + ".weight"
    errors = []
    for layer in [layers[i] for i in draw.choice(len(layers), min(count, len(layers)), False)]:
        value = walk.values[layer]
        shape = (value.shape[1:] if value.dim() == 4 else tuple(value.shape[1:]) + (1, 1))
        c, y, x = (int(draw.randint(n)) for n in shape)
        ours = json.loads(subprocess.run([os.path.join(build, "inceptoscope"), "explain", "backward", "--weights", weights, "--network", OWN_NETS.get(name, name),
                                          "--at", "%s[%d]" % (layer, c), "--pos", "%d,%d" % (y, x), "--class", str(label), "--format", "json",
                                          os.path.join(folder, "picture.ppm")], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)
        wanted = [value] + ([tensors[parameter(layer)]] if "inputs" in ours else [])
        grads = [g.detach().numpy() for g in torch.autograd.grad(walk.values[scores].flatten()[label], wanted, retain_graph=True)]
        errors.append((abs(ours["gradient"] - float(grads[0].reshape(shape)[c, y, x])) / abs(grads[0]).max(), layer))
        errors.append((abs(ours["gradient"] - sum(r["product"] for r in ours["readers"])) / abs(grads[0]).max(), layer + " readers"))
        if len(grads) == 2:
            filt = grads[1][c].reshape(-1)
            got = numpy.array([i["weight_gradient"] for i in ours["inputs"]])
            inside = got.size == filt.size # else the window reaches into the padding, and these weights are not printed
            errors.append((abs(got - filt).max() / abs(grads[1]).max() if inside else 0, layer + " filter"))
    error, where = max(errors)
    print("%s %s, gradients of values through their readers, and of filters: %d, worst %.2e of the layer's largest (%s)" %
          ("ok" if error < LIMIT else "not ok", name, len(errors), error, where), flush=True)
    return error < LIMIT


def dump(build, folder, name, weights, engine, gradient=()):
    out = os.path.join(folder, name + "-" + engine)
    network = OWN_NETS.get(name, name)
    subprocess.run([os.path.join(build, "tests", "dump_maps"), NETWORKS, network, weights, os.path.join(folder, "picture.ppm"),
                    engine, out] + [str(g) for g in gradient], check=True)
    result = Dump(out)
    os.remove(out + ".bin")
    return result


def compare(build):
    folder = os.path.join(build, "oracle")
    os.makedirs(folder, exist_ok=True)
    picture().save(os.path.join(folder, "picture.ppm"))
    good = True
    engines = ["reference", "fast"]
    for name in SEEDED + (["bvlc_googlenet"] if REAL else []):
        weights, values = forward(name)
        path = REAL if name == "bvlc_googlenet" else os.path.join(folder, name + ".safetensors")
        if path != REAL:
            save_safetensors(path, weights)
        for engine in engines:
            got = dump(build, folder, name, path, engine)
            good &= worst("%s, %s engine, maps" % (name, engine), got.maps, values)
            good &= compare_map_gradients(build, folder, name, path, engine, got.maps)
            if engine == "reference" and name != "torchvision_googlenet": # its tensors are inside modules
                good &= compare_backward(build, folder, name, path, got.maps)
            if name not in LABELS:
                continue
            for aux, seed in ((0.3, 0), (0, 0), (0.3, 42)):
                what = "%s, %s engine, gradients, aux %g, dropout %s" % (name, engine, aux, "on" if seed else "off")
                ours = dump(build, folder, name, path, engine, (LABELS[name], aux, seed))
                want, flips = gradients(name, aux, mask_of(ours.indices, seed) if seed else None, ours.maps)
                good &= worst("%s, %d kinks decided by rounding" % (what, flips), ours.grads, want)
    good &= oracle_wants.compare(build, folder, REAL)
    if DATA and os.path.isdir(os.path.join(DATA, "data", "flowers", "val")):
        good &= oracle_examples.compare(build, folder, DATA, ROWS["googlenet"])
    good &= oracle_circuit.compare(build, folder, REAL)
    if not REAL:
        print("real weights left out: INCEPTOSCOPE_DATA is not set")
    return good


def summary(tensors):
    entries = []
    for name, t in tensors.items():
        v = t.detach().numpy().reshape(-1)
        at = [i * v.size // 64 for i in range(64)]
        shape = list(t.shape[1:] if t.dim() == 4 else t.shape)
        entries.append({"name": name, "shape": shape, "sum": float("%.9g" % v.astype(numpy.float64).sum()),
                        "max": float("%.9g" % abs(v).max()), "values": [float("%.7g" % v[i]) for i in at]})
    return entries


def runs(seed):
    """A seed's elements that are not 0 as [first, count, value], one for each stretch of equal values."""
    result = []
    for i in numpy.flatnonzero(seed):
        value = float("%.9g" % seed.flat[i])
        if result and result[-1][0] + result[-1][1] == i and result[-1][2] == value:
            result[-1][1] += 1
        else:
            result.append([int(i), 1, value])
    return result


def golden_map_gradients(name):
    """The objectives, and some of their gradients by "OBJECTIVE map|shift LAYER"."""
    walk, guided = differentiable_walk(name), differentiable_walk(name, guided=True)
    asked = objectives(walk, SCORES.get(name, "fc"), FROM[name], LABELS[name])
    asked += [Objective(o.what, o.start, o.before, o.seed, True) for o in (asked[0], asked[-1])]
    tensors = {}
    for i, o in enumerate(asked):
        grads = map_gradients(guided if o.guided else walk, o)
        tensors.update({"%d %s" % (i, k): grads[k] for k in KEPT[name] if k in grads and k != "map " + o.start})
    write_golden(name, "mapgrads", tensors, ["what", "from", "before", "guided", "seed"],
                 [(o.what, o.start, o.before, o.guided, runs(o.seed)) for o in asked])


def write_golden(name, what, tensors, keys=(), rows=()):
    path = os.path.join(HERE, "golden", "%s_%s.json" % (what, name))
    with open(path, "w") as out:
        out.write('{"about": "written by tests/oracle.py golden from PyTorch %s", ' % torch.__version__)
        if rows:
            out.write('"requests": [\n%s\n], ' % ",\n".join(json.dumps(dict(zip(keys, row))) for row in rows))
        out.write('"entries": [\n')
        out.write(",\n".join(json.dumps(e) for e in summary(tensors)))
        out.write("\n]}\n")


def golden():
    for name in SEEDED + (["bvlc_googlenet"] if REAL else []):
        values = forward(name)[1]
        write_golden(name, "maps", {k: v[0].reshape(-1, 1, 1) if v.dim() == 2 else v for k, v in values.items()})
    write_golden("small_aux", "grads", gradients("small", 0.3)[0])
    write_golden("small_main", "grads", gradients("small", 0)[0])
    write_golden("bn_aux", "grads", gradients("bn", 0.3)[0])
    for name in ("small", "bn", "odd", "nin"):
        golden_map_gradients(name)
    write_golden("nin_aux", "grads", gradients("nin", 0.3)[0])
    write_golden("small", "occlusion", occlusion("small", 16, 8))
    write_golden("odd", "occlusion", occlusion("odd", 12, 5))
    write_golden("nin", "occlusion", occlusion("nin", 9, 4))


if __name__ == "__main__":
    if sys.argv[1:2] == ["golden"]:
        golden()
    elif sys.argv[1:2] == ["compare"] and len(sys.argv) == 3:
        sys.exit(0 if compare(sys.argv[2]) else 1)
    else:
        sys.exit(__doc__)
