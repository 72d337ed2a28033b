"""Files of full size, written by the real libraries in every form that people have, opened by the program: its answers must be
theirs. Usage: roundtrip_formats.py PROGRAM SCRATCH. Prints "ok" and "not ok" lines for tests/cli_formats.sh.
Oracles: PyTorch and torchvision for .pth, .npz, safetensors and ONNX; OpenCV's Caffe importer for .caffemodel."""
import collections
import json
import os
import struct
import subprocess
import sys
import warnings

import cv2
import numpy
import onnx
import torch
import torchvision
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from torchvision import transforms

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import make_corpus_caffe
import oracle_predict
from weight_files import *

warnings.filterwarnings("ignore")

# ---- the tutorial's network, in every form of .pth ----
weights = he(shapes(False, 7))
logits = with_spread(weights, "fc", oracle_predict.tutorial, square)
for legacy in (False, True):
    kind = "legacy .pth" if legacy else "zip .pth"

    def save(name, value):
        torch.save(value, file(name), _use_new_zipfile_serialization=not legacy)
        return file(name)
    compare(kind, save("a.pth", weights), logits, "googlenet (7 classes)")
    compare(kind + " channels last", save("a.pth", {k: v.to(memory_format=torch.channels_last) if v.dim() == 4 else v for k, v in weights.items()}), logits)
    compare(kind + " module. and nested", save("a.pth", {"epoch": 1, "state_dict": {"module." + k: v for k, v in weights.items()}}), logits, "state_dict")
    for dtype in (torch.float16, torch.bfloat16, torch.float64):
        rounded = {k: v.to(dtype) for k, v in weights.items()}
        with torch.no_grad():
            expected = oracle_predict.tutorial({k: v.float() for k, v in rounded.items()}, square)
        compare("%s %s" % (kind, dtype), save("a.pth", rounded), expected)
    flat = torch.cat([v.flatten() for v in weights.values()])
    views, at = {}, 0
    for k, v in weights.items():
        views[k] = flat[at:at + v.numel()].view(v.shape)
        at += v.numel()
    compare(kind + " one shared storage", save("a.pth", views), logits)
torch.save(weights, file("a.pth"))
numpy.savez(file("a.npz"), **{k: v.numpy() for k, v in weights.items()})
compare(".npz", file("a.npz"), logits)
safetensors(file("a.safetensors"), weights)
compare("safetensors", file("a.safetensors"), logits)

torch.save({"epoch": 3, "loss": torch.tensor(1.5), "model_state_dict": weights, "optimizer": {"state": {0: {"exp_avg": torch.zeros(3)}}, "param_groups": [{"lr": 1e-3}]}}, file("a.pth"))
compare("a checkpoint with a loss and an optimizer", file("a.pth"), logits, "model_state_dict")

# ---- convert keeps every bit, in every direction: NaNs with their payload, -0, denormals, infinities ----
anything = {k: torch.randint(-2**31, 2**31, v.shape).to(torch.int32).view(torch.float32) for k, v in weights.items()}
for i, bits in enumerate((0x7f800001, 0x7fc12345, -0x00400000, -0x80000000, 1, 0x007fffff, 0x7f800000, -0x00800000)):
    anything["conv1.conv.bias"].view(torch.int32)[i] = bits
torch.save(anything, file("a.pth"))
numpy.savez(file("a.npz"), **{k: v.numpy() for k, v in anything.items()})
safetensors(file("a.safetensors"), anything)
for source in ("a.pth", "a.npz", "a.safetensors"):
    for target in ("b.pth", "b.npz", "b.safetensors"):
        out = run("convert", file(source), file(target))
        if target == "b.pth":
            got = torch.load(file(target), weights_only=True) if out.returncode == 0 else {}
        elif target == "b.npz":
            got = {k: torch.from_numpy(v) for k, v in numpy.load(file(target)).items()} if out.returncode == 0 else {}
        else:
            got = oracle_predict.safetensors(file(target)) if out.returncode == 0 else {}
        report("convert %s to %s" % (source, target), got.keys() == anything.keys() and
               all(torch.equal(got[k].view(torch.int32), anything[k].view(torch.int32)) for k in anything), out.stderr)

# ---- convert and what is not a tensor: names and training go from safetensors to safetensors; elsewhere it says so ----
names = ["one", "two", "\u96cf\u83ca", "four", "five", "six", "seven"]
safetensors(file("named.safetensors"), weights, {"network": "googlenet", "labels": json.dumps(names), "trained": "by hand"})
run("convert", file("named.safetensors"), file("again.safetensors"))
metadata = json.loads(open(file("again.safetensors"), "rb").read()[8:].split(b"}}")[0].decode("utf-8", "ignore").split('"__metadata__":')[1].split("}")[0] + "}")
report("metadata survive", json.loads(metadata["labels"]) == names and metadata["network"] == "googlenet" and metadata["trained"] == "by hand", str(metadata))
for target in ("c.pth", "c.npz"):
    out = run("convert", file("named.safetensors"), file(target))
    report("%s: what is lost is said" % target, "cannot store how the network was trained" in out.stderr and "class_indices.json" in out.stderr, out.stderr)
    top = run("predict", "--weights", file(target), "--top", "7", PICTURE)
    report("%s: the names are beside it" % target, all(name in top.stdout for name in names), top.stdout + top.stderr)
os.remove(file("class_indices.json"))

# ---- torchvision, with batch norm statistics that are not the initial ones ----
net = torchvision.models.googlenet(weights=None, num_classes=11, aux_logits=True, init_weights=False, transform_input=False).eval()
for m in net.modules():
    if isinstance(m, torch.nn.BatchNorm2d):
        m.running_mean.normal_(0, 0.3)
        m.running_var.uniform_(0.5, 2.0)
        m.weight.data.uniform_(0.7, 1.3)
        m.bias.data.normal_(0, 0.2)
torch.save(net.state_dict(), file("tv.pth"))
layers = ["conv1", "conv2", "conv3"] + ["inception%s" % m for m, *_ in channels()]
maps = {}
for name in layers:
    getattr(net, name).register_forward_hook(lambda module, inputs, out, name=name: maps.__setitem__(name, out))
with torch.no_grad():
    logits = net(cropped)
compare("torchvision's GoogLeNet", file("tv.pth"), logits, "torchvision_googlenet (11 classes)")
worst = 0.0
for name in layers:
    run("activations", "--weights", file("tv.pth"), "--layer", name.replace("inception", "inception_"), "--out", file("map.npy"), PICTURE)
    want = maps[name][0].numpy()
    worst = max(worst, abs(numpy.load(file("map.npy")) - want).max() / abs(want).max())
report("torchvision layer by layer: %.1e of the layer's largest value" % worst, worst < 1e-4, str(worst))

# ---- ONNX: PyTorch's exporter with and without folded batch norm, and the model zoo's form ----
net.aux_logits = False
torch.onnx.export(net, cropped, file("tv.onnx"), do_constant_folding=True)
compare("ONNX of torchvision's, batch norm folded", file("tv.onnx"), logits, "batch norm folded into them")

# The tutorial's own form has no batch norm to fold, but biases of zero, which the exporter keeps once for many layers.
tutorial = he(shapes(False, 7))
for key in tutorial:
    if key.endswith("conv.bias"):
        tutorial[key].zero_()
tutorial_logits = with_spread(tutorial, "fc", oracle_predict.tutorial, square)


class Tutorial(torch.nn.Module):
    """The article's network for the exporter: its parameters under their names, run by the same code as the oracle."""

    def __init__(self):
        super().__init__()
        for key, value in tutorial.items():
            part = self
            for word in key.split(".")[:-1]:
                if not hasattr(part, word):
                    part.add_module(word, torch.nn.Module())
                part = getattr(part, word)
            part.register_parameter(key.split(".")[-1], torch.nn.Parameter(value))

    def forward(self, x):
        return oracle_predict.tutorial(dict(self.named_parameters()), x)


class Wrapped(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = Tutorial()

    def forward(self, x):
        return torch.softmax(self.backbone(x), 1)


torch.onnx.export(Tutorial(), square, file("tutorial.onnx"))
compare("ONNX of the tutorial's, equal biases stored once", file("tutorial.onnx"), tutorial_logits, "so googlenet (7 classes)")
torch.onnx.export(Wrapped(), square, file("wrapped.onnx"))
compare("ONNX of a wrapper with a softmax", file("wrapped.onnx"), tutorial_logits, "'backbone.' removed")


def renamed(path, change):
    """The same model with other tensors or nodes."""
    model = onnx.load(file("tutorial.onnx"))
    change(model.graph)
    onnx.save(model, path)
    return path


def numbered(graph):
    names = {t.name: "t%d" % i for i, t in enumerate(graph.initializer)}
    for t in graph.initializer:
        t.name = names[t.name]
    for node in graph.node:
        for i, name in enumerate(node.input):
            node.input[i] = names.get(name, name)


def shuffled(graph):
    numbered(graph)
    convs = [i for i, node in enumerate(graph.node) if node.op_type == "Conv"]
    first, second = (onnx.NodeProto.FromString(graph.node[i].SerializeToString()) for i in (convs[3], convs[4]))
    graph.node[convs[3]].CopyFrom(second)  # 3a/3x3_reduce before 3a/1x1, which has the same input
    graph.node[convs[4]].CopyFrom(first)


def halved(graph):
    for t in graph.initializer:
        value = numpy_helper.to_array(t)
        if value.dtype == numpy.float32:
            t.CopyFrom(numpy_helper.from_array(value.astype(numpy.float16), t.name))


compare("ONNX with numbers for names", renamed(file("n.onnx"), numbered), tutorial_logits, "order of the graph's convolutions")
with torch.no_grad():
    half_logits = oracle_predict.tutorial({k: v.half().float() for k, v in tutorial.items()}, square)
compare("ONNX in float16", renamed(file("n.onnx"), halved), half_logits)
report("ONNX in an unknown order is refused", "are in another order" in predict(renamed(file("n.onnx"), shuffled))[1])
torch.onnx.export(Tutorial(), square, file("empty.onnx"), export_params=False)
report("ONNX without weights is refused", "export_params=True" in predict(file("empty.onnx"))[1], predict(file("empty.onnx"))[1])
onnx.save_model(onnx.load(file("tutorial.onnx")), file("parts.onnx"), save_as_external_data=True, location="parts.data")
report("ONNX with its data elsewhere is explained", "parts.data" in predict(file("parts.onnx"))[1])


def onnx_file(path, tensors, as_inputs):
    inputs = [helper.make_tensor_value_info("data_0", TensorProto.FLOAT, [1, 3, 224, 224])]
    inputs += [helper.make_tensor_value_info(t.name, t.data_type, t.dims) for t in tensors] if as_inputs else []
    nodes = [helper.make_node("Conv", ["data_0", tensors[0].name, tensors[1].name], ["y"], kernel_shape=[7, 7])]
    graph = helper.make_graph(nodes, "googlenet", inputs, [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], tensors)
    onnx.save(helper.make_model(graph), path)


caffe_weights = he(shapes(True, 9))
caffe_logits = with_spread(caffe_weights, "loss3/classifier", oracle_predict.bvlc, caffe_input)
zoo = {k.replace(".weight", "_w_0").replace(".bias", "_b_0"): v.numpy() for k, v in caffe_weights.items()}
onnx_file(file("zoo.onnx"), [numpy_helper.from_array(v, k) for k, v in zoo.items()], True)
compare("ONNX of the model zoo, raw_data, listed as inputs", file("zoo.onnx"), caffe_logits, "bvlc_googlenet")
onnx_file(file("zoo.onnx"), [helper.make_tensor(k, TensorProto.FLOAT, v.shape, v.flatten()) for k, v in zoo.items()], False)
compare("ONNX of the model zoo, float_data", file("zoo.onnx"), caffe_logits, "bvlc_googlenet")

# ---- Caffe: both generations, with OpenCV's importer as the oracle ----
for generation in (1, 2):
    path = file("v%d.caffemodel" % generation)
    make_corpus_caffe.write_googlenet(path, generation, caffe_weights)
    open(file("deploy.prototxt"), "w").write(make_corpus_caffe.prototxt(caffe_weights, list(convs(True))))
    importer = cv2.dnn.readNetFromCaffe(file("deploy.prototxt"), path)
    importer.setInput(caffe_input.numpy())
    compare(".caffemodel, generation %d, against OpenCV" % generation, path, torch.from_numpy(importer.forward("loss3/classifier")), "bvlc_googlenet")
    out = run("convert", path, file("caffe.pth"))
    compare(".caffemodel, generation %d, converted to .pth" % generation, file("caffe.pth"), caffe_logits, "bvlc_googlenet")

# ---- what is refused, and how ----
inception_v3 = {"Mixed_5b.branch1x1.conv.weight": torch.zeros(2), "AuxLogits.fc.weight": torch.zeros(2)}
torch.save(inception_v3, file("v3.pth"))
report("Inception v3 is recognised", "Inception v3" in predict(file("v3.pth"))[1])
torch.save(torch.nn.Sequential(torch.nn.Conv2d(3, 4, 1)), file("whole.pth"))
report("a pickled whole model is recognised", "state_dict()" in predict(file("whole.pth"))[1])
torch.save({k: v for k, v in weights.items() if "4c.branch3" not in k}, file("less.pth"))
report("missing tensors are listed", "4 of " in predict(file("less.pth"))[1] and "inception4c.branch3.0.conv.weight" in predict(file("less.pth"))[1])
resnet = {"layer1.0.conv1.weight": torch.zeros(2), "fc.weight": torch.zeros(2, 2)}
torch.save(resnet, file("resnet.pth"))
report("another architecture is named", "a ResNet" in predict(file("resnet.pth"))[1])
torch.save({"model_state_dict": weights, "args": __import__("argparse").Namespace(lr=1)}, file("args.pth"))
report("what else a checkpoint holds is named", "under 'args'" in predict(file("args.pth"))[1] and "['model_state_dict']" in predict(file("args.pth"))[1])
torch.jit.save(torch.jit.script(torch.nn.Conv2d(3, 4, 1)), file("script.pth"))
report("TorchScript is recognised", "TorchScript" in predict(file("script.pth"))[1])

# ---- networks that leave, small ones; it takes the same arguments ----
import oracle_export  # noqa: E402
