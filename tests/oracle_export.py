"""Networks that leave: the ONNX models and the PyTorch modules that `convert` writes, run by OpenCV and by PyTorch on the program's own
picture. Usage: oracle_export.py PROGRAM SCRATCH [whole]. Prints "ok" and "not ok" lines. Without `whole`: small networks that have
every kind of layer, imported by roundtrip_formats.py; with it: every network of assets/networks and tests/nets, every layer, for `make oracle`.

The weights are random, batch norm's statistics too. Values are compared relative to the layer's largest one."""
import glob
import importlib.util
import json
import os
import subprocess
import sys

import cv2
import numpy
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from PIL import Image

PROGRAM, SCRATCH, WHOLE = sys.argv[1], sys.argv[2], sys.argv[3:] == ["whole"]
PICTURE = "assets/images/daisy.png"
LIMIT = 1e-4
failed = 0

# Every kind of layer and every rounding rule; names that are no attributes in Python; heads; batch norm from the middle on.
OWN = {
    "every": """network every "Every \\\\ kind of layer"
input 3x45x38
classes 7
preprocess shorter=50 bgr mean=104,117,123
conv       train    5x5/2  pad=2              8
maxpool    p1       3x3/2  pad=1  ceil-onnx
lrn        n1       size=3 alpha=0.5 beta=0.6 k=2
conv       red+c-2  3x3/1  pad=1  6           12  norelu
avgpool    a1       3x3/2  pad=1  ceil-torch
inception  3a       4  -  6  2  4  -
batchnorm  eps=0.01
conv       c3       3x3/1  groups=2  pad=2    24
inception  3b       4  4  6  2  4  8  groups=2 5x5=3x3
maxpool    p2       2x2/2  pad=1  ceil-torch
avgpool    a2       3x3/1  pad=1  nopadcount
avgpool    a3       to=3x3
fc         half     9      relu nobias
dropout    d1       30%
fc         fc       classes
softmax    softmax
aux first tap=3a loss=0.3
  avgpool  avgpool  2x2/2  ceil-caffe
  conv     conv     1x1/1  5
  dropout  d        50%
  fc       fc2      classes
  softmax  softmax
aux second-1 tap=half loss=0.2
  fc       fc2      classes
""",
    "list": """network list "Maps after a list"
input 1x12x12
classes 4
conv       c1       3x3/1  6
fc         f        10  relu
conv       c2       1x1/1  8  nobias
inception  1a       2  2  3  2  3  2  norelu
lrn        n        size=5 alpha=1 beta=0.75 k=1
conv       c3       1x1/1  classes
avgpool    a        to=1x1
""",
    "bvlc_googlenet": """network bvlc_googlenet "Caffe's names"
input 3x33x33
classes 5
preprocess shorter=40 bgr mean=104,117,123
conv       conv1         7x7/2  pad=3  8
maxpool    maxpool1      3x3/2  ceil-caffe
lrn        norm1         size=5 alpha=1e-4 beta=0.75 k=1
inception  inception_3a  4  3  6  2  4  3
avgpool    avgpool       to=1x1
dropout    dropout       40%
fc         fc            classes
softmax    softmax
aux aux1 tap=inception_3a loss=0.3
  avgpool  avgpool  5x5/3  ceil-caffe
  conv     conv     1x1/1  4
  fc       fc1      6      relu
  fc       fc2      classes
""",
}


def file(name):
    return os.path.join(SCRATCH, name)


def report(what, good, why=""):
    global failed
    failed += not good
    print("ok " + what if good else "not ok %s: %s" % (what, str(why).strip()), flush=True)


def run(*args):
    return subprocess.run([PROGRAM] + list(args), capture_output=True, text=True)


def convert(*args):
    out = run("convert", *args)
    assert out.returncode == 0, out.stderr
    return out


def distance(got, want):
    got, want = numpy.asarray(got).ravel(), numpy.asarray(want).ravel()
    return float(abs(got - want).max() / max(abs(want).max(), 1e-30)) if got.shape == want.shape else float("inf")


def random_weights(state):
    """Other numbers under the same names: activations of moderate size, and no statistic at its initial value."""
    torch.manual_seed(7)
    for name, value in state.items():
        if value.dim() > 1:
            bound = (6.0 / value[0].numel()) ** 0.5
            value.uniform_(-bound, bound)
        elif name.endswith(("running_var", "bn.weight")):
            value.uniform_(0.5, 1.5)
        else:
            value.uniform_(-0.2, 0.2)
    return state


def load_module(path):
    spec = importlib.util.spec_from_file_location("model", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    name = [n for n in vars(module) if n.lower().endswith("net")][-1]
    return module, getattr(module, name)().eval()


def activations(network, layer):
    """The program's map of one layer, by the fast engine; None for a layer that the network has not."""
    out = run("activations", "--weights", file("w.pth"), "--network", network, "--layer", layer, "--out", file("map.npy"), PICTURE)
    return numpy.load(file("map.npy")) if out.returncode == 0 else None


def check_torch(what, network, module, net, x):
    """The module alone, its heads, and the picture's way in."""
    values = {}
    with torch.no_grad():
        values["main"] = net(x).numpy()
    if not hasattr(module, "preprocess"):
        return values["main"]
    last = rows[-2] if rows[-1].startswith("softmax") or rows[-1] == "softmax" else rows[-1]
    want = activations(network, last)
    report("%s: model.py with its .pth gives the program's scores" % what, distance(values["main"], want) < LIMIT, distance(values["main"], want))
    if hasattr(module, "LOSS_WEIGHTS"):
        dropout, F.dropout = F.dropout, lambda value, p, training: value
        net.training = True # not its parts: batch norm keeps its statistics
        with torch.no_grad():
            outputs = net(x)
        net.training, F.dropout = False, dropout
        report("%s: as many scores as loss weights" % what, len(outputs) == len(module.LOSS_WEIGHTS), len(outputs))
        for output, layer in zip(outputs[1:], head_scores):
            report("%s: model.py's head %s" % (what, layer), distance(output, activations(network, layer)) < LIMIT, distance(output, activations(network, layer)))
    return values["main"]


def check_onnx(what, network, x, scores, has_picture):
    model = onnx.load(file("out.onnx"))
    onnx.checker.check_model(model, full_check=True)
    batch = model.graph.input[0].type.tensor_type.shape.dim[0]
    report("%s: the ONNX model is valid, opset 13, batch free" % what, model.opset_import[0].version == 13 and batch.dim_param == "batch", batch)
    names = {t.name for t in model.graph.initializer}
    heads = tuple(h + "." for h in head_names) + ("loss1/", "loss2/")
    report("%s: its weights have PyTorch's names" % what, names == {k for k in torch.load(file("w.pth")) if not k.startswith(heads)}, names)
    reader = cv2.dnn.readNetFromONNX(file("out.onnx"))
    reader.setInput(x.numpy())
    got = reader.forward()
    report("%s: OpenCV's scores are PyTorch's" % what, distance(got, scores) < LIMIT, distance(got, scores))
    if not has_picture:
        return
    top = json.loads(run("predict", "--weights", file("w.pth"), "--network", network, "--format", "json", PICTURE).stdout or "[]")
    if top and scores.ndim == 2:
        order = [int(i) for i in numpy.argsort(-got.ravel(), kind="stable")]
        sure = [t["index"] for t in top[0]["top"][:5] if t["prob"] > 0] # probabilities of 0 have no order
        report("%s: the same top 5" % what, len(sure) > 0 and sure == order[:len(sure)], (top, order[:5]))
    reader.enableFusion(False) # fused layers have no values of their own
    known = reader.getLayerNames()
    layers = [row for row in rows[1:] if any(n == row or n.endswith("!" + row) for n in known)]
    worst = (0.0, "")
    for layer in layers if WHOLE else layers[::5]:
        reader.setInput(x.numpy())
        value = reader.forward([n for n in known if n == layer or n.endswith("!" + layer)][0])
        worst = max(worst, (distance(value, activations(network, layer)), layer))
    report("%s: every value of %d layers in OpenCV, worst %.1e at %s" % (what, len(layers), *worst), len(layers) > 0 and worst[0] < LIMIT, worst)


def check_back(what, network, own):
    """The model opens here again, with the same bits."""
    for source, target in (("out.onnx", "in.safetensors"), ("w.pth", "straight.safetensors")):
        convert(file(source), file(target), *(["--network", network] if own or source == "w.pth" else []))
    got, want = tensors(file("in.safetensors")), tensors(file("straight.safetensors"))
    heads = tuple(h + "." for h in head_names)
    wrong = [k for k in want if not k.startswith(heads) and got.get(k) != want[k]]
    report("%s: opens again with the same bits" % what, got and not wrong, wrong)


def tensors(path):
    with open(path, "rb") as f:
        size = int.from_bytes(f.read(8), "little")
        header = json.loads(f.read(size))
        data = f.read()
    return {k: (tuple(e["shape"]), data[e["data_offsets"][0]:e["data_offsets"][1]]) for k, e in header.items() if k != "__metadata__"}


def check_export(what, net, x):
    """PyTorch's own export of the module: the same names of weights and the same operators."""
    ours = onnx.load(file("out.onnx"))
    if any(n.op_type == "BatchNormalization" for n in ours.graph.node):
        return # PyTorch folds it into the convolutions
    torch.onnx.export(net, x, file("theirs.onnx"), opset_version=13, do_constant_folding=True)
    theirs = onnx.load(file("theirs.onnx"))
    computing = lambda m: sorted(n.op_type for n in m.graph.node if n.op_type not in ("Constant", "Identity", "Pad")) # PyTorch pads an average in a node of its own
    stored = lambda m: {t.name for t in m.graph.initializer if t.data_type == onnx.TensorProto.FLOAT}
    report("%s: names as in PyTorch's export" % what, stored(ours) >= stored(theirs), stored(theirs) - stored(ours))
    if "LRN" not in computing(ours): # PyTorch's is a dozen nodes
        report("%s: operators as in PyTorch's export" % what, computing(theirs) == computing(ours), computing(theirs))


def check(what, network, own):
    global rows, head_names, head_scores
    trace = json.loads(run("trace", network, "--aux", "--format", "json").stdout)
    names = [layer["name"] for layer in trace["layers"]]
    text = open(network if own else "assets/networks/%s.net" % network).read()
    head_names = [line.split()[1] for line in text.splitlines() if line.startswith("aux ")]
    rows = [n for n in names if not n.startswith(tuple(h + "/" for h in head_names))]
    ops = {layer["name"]: layer["op"] for layer in trace["layers"]}
    head_scores = [[n for n in names if n.startswith(h + "/") and ops[n] != "softmax"][-1] for h in head_names]
    if ops[rows[-1]] == "softmax" and rows[-1] != "softmax":
        rows[-1] = "softmax"
    convert(network, file("w.pth"))
    torch.save(random_weights(torch.load(file("w.pth"))), file("w.pth"))
    convert(network, file("model.py"))
    convert(file("w.pth"), file("out.onnx"), "--network", network)
    module, net = load_module(file("model.py"))
    net.load_state_dict(torch.load(file("w.pth"))) # strict
    has_picture = hasattr(module, "preprocess")
    torch.manual_seed(3)
    x = module.preprocess(Image.open(PICTURE)) if has_picture else torch.rand(1, *trace["input"])
    scores = check_torch(what, network, module, net, x)
    check_onnx(what, network, x, scores, has_picture)
    check_back(what, network, own)
    torch.save(net.state_dict(), file("again.pth"))
    out = run("predict", "--weights", file("again.pth"), "--network", network, PICTURE) if has_picture and scores.ndim == 2 else None
    if out is not None:
        report("%s: the .pth that the module saves opens here" % what, out.returncode == 0, out.stderr)
    if WHOLE and not own: # PyTorch cannot export uneven adaptive pools
        check_export(what, net, x)


def check_bits(what, network):
    """Rounded weights: numpy's integers and scales, in the ONNX model and as scale times integer elsewhere; and what is shown of them."""
    weights = {k: v.numpy() for k, v in torch.load(file("w.pth")).items()}
    for bits in (8, 4, 2):
        limit = numpy.float32(2 ** (bits - 1) - 1)
        for target in ("bits.npz", "bits.onnx", "bits.safetensors"):
            convert(file("w.pth"), file(target), "--network", network, "--bits", str(bits))
        convert(file("bits.onnx"), file("bits_in.npz"), "--network", network)
        model = onnx.load(file("bits.onnx"))
        onnx.checker.check_model(model, full_check=True)
        stored = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
        rounded, back = numpy.load(file("bits.npz")), numpy.load(file("bits_in.npz"))
        wrong = []
        for name, w in weights.items():
            want = w
            if w.ndim > 1:
                rows = w.reshape(len(w), -1)
                scale = abs(rows).max(1) / limit
                q = numpy.clip(numpy.rint(rows / scale[:, None]), -limit, limit)
                want = (scale[:, None] * q).astype(numpy.float32).reshape(w.shape)
                if name + "_quantized" in stored: # not of a head
                    wrong += [name] * (not (stored[name + "_quantized"] == q.reshape(w.shape)).all() or not (stored[name + "_scale"] == scale).all())
            wrong += [name] * (not numpy.array_equal(rounded[name], want))
            wrong += [name] * (name in back and not numpy.array_equal(back[name], want))
        report("%s: weights of %d bits are numpy's, in every format" % (what, bits), not wrong and len(back) > 0, wrong)
    convert(file("w.pth"), file("bits.safetensors"), "--network", network, "--bits", "4")
    at = ["--weights", file("bits.safetensors"), "--network", network, "--at", "c3[5]", "--pos", "3,4"]
    value = json.loads(run("explain", "value", *at, "--format", "json", PICTURE).stdout)
    w = weights["c3.conv.weight"][5]
    good = value["bits"] == 4 and len(value["terms"]) > 0
    for t in value["terms"]:
        good &= numpy.float32(t["w"]) == numpy.float32(value["scale"]) * numpy.float32(t["integer"]) and abs(t["integer"]) <= 7
    report("%s: explain value shows the integers" % what, good and numpy.float32(value["scale"]) == abs(w).max() / numpy.float32(7), value)
    run(*at, "--view", "value", "--dump", file("dump.json"), PICTURE)
    shown = open(file("dump.json")).read()
    report("%s: the window shows them" % what, "4-bit weights: integer" in shown and "IN INTEGERS" in shown)
    report("%s: code has no weights to round" % what, run("convert", "tiny", file("x.py"), "--bits", "8").returncode == 2)


def check_reserved():
    """Every name that Python or nn.Module keeps is one that model.py does not write as an attribute."""
    import keyword
    source = open("engine/io/export_torch.c").read().split("taken[] = {")[1].split("}")[0]
    listed = set(source.replace('"', "").replace("\n", " ").replace(",", " ").split())
    needed = {n for n in dir(torch.nn.Module()) if not n.startswith("_")} | set(keyword.kwlist)
    report("names that a module cannot have are known", needed <= listed, needed - listed)


def check_torchvision():
    import torchvision
    convert("torchvision_googlenet", file("tv.pth"))
    torch.save(random_weights(torch.load(file("tv.pth"))), file("tv.pth"))
    convert(file("tv.pth"), file("tv2.pth"))
    net = torchvision.models.googlenet(weights=None, aux_logits=True, init_weights=False, transform_input=False)
    net.load_state_dict(torch.load(file("tv2.pth"))) # strict
    module, ours = (convert("torchvision_googlenet", file("tv.py")), load_module(file("tv.py")))[1]
    ours.load_state_dict(net.state_dict()) # strict, the other way
    x = module.preprocess(Image.open(PICTURE))
    with torch.no_grad():
        want = net.eval()(x)
        got = ours(x)
    report("torchvision's GoogLeNet loads our .pth strictly, and answers the same", distance(got, want) < LIMIT, distance(got, want))


check_reserved()
for key, text in OWN.items():
    open(file(key + ".net"), "w").write(text)
    check(key, file(key + ".net"), True)
    if key == "every":
        check_bits(key, file(key + ".net"))
if WHOLE:
    for path in sorted(glob.glob("tests/nets/*.net")):
        check(os.path.basename(path)[:-4], path, True)
    for path in sorted(glob.glob("assets/networks/*.net"), key=os.path.getsize):
        check(os.path.basename(path)[:-4], os.path.basename(path)[:-4], False)
    check_torchvision()
else:
    check("tiny", "tiny", False)
if WHOLE:
    sys.exit(failed > 0)
