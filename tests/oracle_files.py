"""Weight files of full size as people make them: batch norm added, heads replaced, pruned, wrapped, checkpoints with everything in
them. The program's answer must be PyTorch's, or a refusal with the right words.
Usage: oracle_files.py PROGRAM SCRATCH. Prints "ok" and "not ok" lines for tests/cli_files.sh."""
import collections
import os
import pickle
import sys
import warnings
import zipfile

import cv2
import numpy
import onnx
import torch
import torch.nn.functional as F
import torchvision
from onnx import TensorProto, helper, numpy_helper
from torch.nn.utils import prune

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import make_corpus_caffe
import oracle_predict
from weight_files import *

warnings.filterwarnings("ignore")


def refused(name, path, *words):
    if not sampled():
        return
    p, said = predict(path)
    report(name, p is None and all(w in said for w in words), "opened: " + said if p is not None else said)


def save(value, name="a.pth"):
    torch.save(value, file(name))
    return file(name)


# ---- batch norm added to the tutorial's network ----
def with_norm(w, x, attribute, eps, third=5):
    """The tutorial's model whose BasicConv2d has batch norm between the convolution and the ReLU, in eval mode."""
    def conv(name, x, **geometry):
        n = name + "." + attribute
        y = F.conv2d(x, w[name + ".conv.weight"], w.get(name + ".conv.bias"), **geometry)
        return F.relu(F.batch_norm(y, w[n + ".running_mean"], w[n + ".running_var"], w[n + ".weight"], w[n + ".bias"], eps=eps))
    x = F.max_pool2d(conv("conv1", x, stride=2, padding=3), 3, 2, ceil_mode=True)
    x = F.max_pool2d(conv("conv3", conv("conv2", x), padding=1), 3, 2, ceil_mode=True)
    for m in oracle_predict.MODULES:
        p = "inception%s.branch" % m
        x = torch.cat([conv(p + "1", x), conv(p + "2.1", conv(p + "2.0", x), padding=1),
                       conv(p + "3.1", conv(p + "3.0", x), padding=third // 2), conv(p + "4.1", F.max_pool2d(x, 3, 1, 1))], 1)
        if m in ("3b", "4e"):
            x = F.max_pool2d(x, 3, 2, ceil_mode=True)
    return F.linear(x.mean((2, 3)), w["fc.weight"], w["fc.bias"])


def normed(attribute, bias, classes=5, third=5):
    out = collections.OrderedDict()
    for key, value in he(shapes(False, classes)).items():
        if ".conv." not in key:
            out[key] = value
            continue
        if key.endswith("conv.bias") and not bias:
            continue
        if third == 3 and value.dim() == 4 and value.shape[2] == 5:
            value = value[:, :, 1:4, 1:4].clone()
        out[key] = value
        if key.endswith("conv.weight"):
            base, n = key[:-len("conv.weight")] + attribute, value.shape[0]
            out[base + ".weight"] = torch.rand(n) * 0.6 + 0.7
            out[base + ".bias"] = torch.randn(n) * 0.2
            out[base + ".running_mean"] = torch.randn(n) * 0.3
            out[base + ".running_var"] = torch.rand(n) * 1.5 + 0.01
            out[base + ".num_batches_tracked"] = torch.tensor(100)
    return out


def own_net(name, eps, base="googlenet"):
    """A copy of a shipped description with batch norm of this epsilon."""
    text = open("assets/networks/%s.net" % base).read().splitlines()
    at = next(i for i, line in enumerate(text) if line.startswith("preprocess"))
    text = [line for line in text if not line.startswith("batchnorm")]
    text.insert(at + 1, "batchnorm eps=%g" % eps)
    text = [line for line in text if "claim" not in line and not line.startswith("hypothesis")]
    open(file(name), "w").write("\n".join(text) + "\n")
    return file(name)


def predict_with(path, network):
    out = run("predict", "--weights", path, "--network", network, "--format", "json", "--top", "99", PICTURE)
    return (None if out.returncode else json.loads(out.stdout)), out.stderr


def compare_with(name, path, network, expected, word=""):
    """As compare, with --network."""
    answer, said = predict_with(path, network)
    want = torch.softmax(expected.double().flatten(), 0).numpy()
    if answer is None:
        return report(name, False, said)
    worst = max(abs(t["prob"] - want[t["index"]]) for t in answer[0]["top"])
    report("%s: %.1e" % (name, worst), worst <= 1e-4 and word in said, said)


for attribute, bias in (("batchnorm", True), ("bn", True), ("bn", False), ("norm", False)):
    w = normed(attribute, bias)
    logits = with_spread(w, "fc", lambda w, x: with_norm(w, x, attribute, 1e-5), square)
    path = save(w)
    words = "batch norm folded into 57 convolutions with epsilon 1e-05, PyTorch's default"
    name = "5x5 with %s, %s conv biases" % (attribute, "with" if bias else "no")
    compare(name, path, logits, words)
    if attribute != "bn":
        continue
    compare_with(name + ", own .net", path, own_net("own.net", 1e-5), logits)
    with torch.no_grad():
        other = with_norm(w, square, attribute, 1e-3)
    compare_with(name + ", own .net with eps 1e-3", path, own_net("own3.net", 1e-3), other, "subtracted from the means" if bias else "")
out = run("convert", path, file("folded.safetensors"))
compare("folded and converted", file("folded.safetensors"), logits, "googlenet")

# A batch norm that is not whole, convolutions of which some have a bias, a norm in another place.
for key in ("inception4c.branch2.1.norm.running_mean", "conv1.norm.weight", "inception5b.branch1.norm.running_var"):
    refused("batch norm without " + key, save({k: v for k, v in w.items() if k != key}), "nothing was loaded", "batch norm without all its four tensors")
refused("one bias among convolutions without", save(dict(w, **{"conv3.conv.bias": torch.randn(192)})), "one of them got lost")
refused("batch norm behind the last layer", save(dict(w, **{"bn.running_mean": torch.zeros(5), "bn.running_var": torch.ones(5)})), "bn.running_mean")
stateless = {k: v for k, v in w.items() if "running" not in k}
refused("batch norm without statistics", save(stateless), "conv1.norm.weight")

# 3x3 in the third branch: only torchvision's own form is known; with a .net file it opens.
w = normed("bn", True, third=3)
logits = with_spread(w, "fc", lambda w, x: with_norm(w, x, "bn", 1e-5, third=3), square)
refused("3x3 with bn and conv biases", save(w), "neither torchvision's model nor the tutorial's", "--network")
own = own_net("third.net", 1e-5)
text = open(own).read().splitlines()
open(own, "w").write("\n".join(line + "   5x5=3x3" if line.startswith("inception ") else line for line in text) + "\n")
compare_with("3x3 with bn and conv biases, own .net", file("a.pth"), own, logits, "subtracted from the means")

# ---- heads ----
net = torchvision.models.googlenet(weights=None, num_classes=1000, aux_logits=True, init_weights=False, transform_input=False).eval()


def answer():
    """The logits of the network as it is, with its last layer scaled so that they differ."""
    with torch.no_grad():
        last = net.fc if isinstance(net.fc, torch.nn.Linear) else [m for m in net.fc.modules() if isinstance(m, torch.nn.Linear)][-1]
        deviation = net(cropped).std()
        if deviation > 0:
            last.weight /= deviation
            last.bias /= deviation
        return net(cropped)


net.fc = torch.nn.Linear(1024, 5)
logits = answer()
compare("torchvision, only fc replaced", save(net.state_dict()), logits, "auxiliary heads not used: aux1.fc2.weight is 1000x1024, not 5x1024")
net.fc = torch.nn.Sequential(torch.nn.Dropout(0.4), torch.nn.Linear(1024, 5))
logits = answer()
compare("torchvision, fc = Sequential(Dropout, Linear)", save(net.state_dict()), logits, "fc.1 is the last layer")
deep = dict(net.state_dict())
net.fc = torch.nn.Sequential(torch.nn.Linear(1024, 256), torch.nn.ReLU(), torch.nn.Dropout(), torch.nn.Linear(256, 5))
refused("a head of two layers", save(net.state_dict()), "its classifier has several layers (fc.0.weight 256x1024, fc.3.weight 5x256)")
net.fc = torch.nn.Sequential(torch.nn.Linear(1024, 1024), torch.nn.ReLU(), torch.nn.Linear(1024, 5))
refused("a head of two layers, the first square", save(net.state_dict()), "its classifier has several layers")
net.fc = torch.nn.Sequential(torch.nn.BatchNorm1d(1024), torch.nn.Linear(1024, 5))
refused("batch norm in the head", save(net.state_dict()), "nothing was loaded", "fc.0.")
net.fc = torch.nn.Linear(1024, 7, bias=False)
refused("a last layer without bias", save(net.state_dict()), "fc.bias")
net.fc = torch.nn.Linear(1024, 7)
logits = answer()
state = net.state_dict()
seven = {k: (v[:7] if k.startswith("aux") and k.split(".")[1] == "fc2" else v) for k, v in state.items()}
compare("one head removed", save({k: v for k, v in seven.items() if not k.startswith("aux2.")}), logits, "aux2.conv.conv.weight is missing")
compare("one tensor of a head removed", save({k: v for k, v in seven.items() if k != "aux1.fc1.bias"}), logits, "aux1.fc1.bias is missing")
compare("both heads whole", save(seven), logits, "aux tensors kept")
renamed = {k.replace("fc.", "classifier.") if k.startswith("fc.") else k: v for k, v in seven.items()}
compare("a classifier of another name", save(renamed), logits, "classifier is the last layer")
as_conv = dict(seven, **{"fc.weight": seven["fc.weight"][:, :, None, None]})
compare("a 1x1 convolution as last layer", save(as_conv), logits)
compare("another spelling in the metadata", (safetensors(file("a.safetensors"), {k: v for k, v in seven.items() if "num_batches" not in k}, {"network": "GoogLeNet"}),
                                             file("a.safetensors"))[1], logits, "PyTorch's names with batch norm")
net.fc = torch.nn.Linear(1024, 1)
answer()
with torch.no_grad():
    net.fc.bias += 0.7 - net(cropped).item()
p, said = predict(save({k: v for k, v in net.state_dict().items() if not k.startswith("aux")}))
report("one output is a sigmoid", p is not None and len(p) == 1 and abs(p[0] - 1 / (1 + numpy.exp(-0.7))) < 1e-4 and "sigmoid" in said, "%s %s" % (p, said))

# ---- the tutorial's network, and what was done to it ----
weights = he(shapes(False, 5))
logits = with_spread(weights, "fc", oracle_predict.tutorial, square)


class Holder(torch.nn.Module):
    def __init__(self, weights):
        super().__init__()
        for key, value in weights.items():
            part = self
            for word in key.split(".")[:-1]:
                if not hasattr(part, word):
                    part.add_module(word, torch.nn.Module())
                part = getattr(part, word)
            part.register_parameter(key.split(".")[-1], torch.nn.Parameter(value.clone()))


holder = Holder(weights)
for name, module in holder.named_modules():
    if name.endswith("conv"):
        prune.l1_unstructured(module, "weight", amount=0.4)
state = holder.state_dict()
pruned = {k: v for k, v in state.items() if not k.endswith(("_orig", "_mask"))}
for k in state:
    if k.endswith("_orig"):
        pruned[k[:-5]] = state[k] * state[k[:-5] + "_mask"]
with torch.no_grad():
    masked = oracle_predict.tutorial(pruned, square)
compare("pruned, masks still in the file", save(state), masked, "57 weights multiplied by their masks")
refused("pruned, a mask missing", save({k: v for k, v in state.items() if k != "conv2.conv.weight_mask"}), "stored in parts (pruning")
refused("pruned, a weight missing", save({k: v for k, v in state.items() if k != "conv2.conv.weight_orig"}), "prune.remove")
spectral = dict(weights)
spectral["conv1.conv.weight_orig"] = spectral.pop("conv1.conv.weight")
spectral["conv1.conv.weight_u"] = torch.zeros(64)
refused("spectral norm", save(spectral), "stored in parts")
for label, change in (("FSDP", lambda k: "_fsdp_wrapped_module." + k.replace(".branch", "._fsdp_wrapped_module.branch")),
                      ("torch.compile inside", lambda k: k.replace(".conv.", "._orig_mod.conv.")), ("module._orig_mod.", lambda k: "module._orig_mod." + k)):
    compare("names of " + label, save({change(k): v for k, v in weights.items()}), logits, "removed from the names")
refused("one tensor more", save(dict(weights, **{"se.fc.weight": torch.zeros(4, 4)})), "1 that the network does not have (se.fc.weight)", "--network")
refused("LoRA", save(dict(weights, **{"fc.lora_A.weight": torch.zeros(4, 1024)})), "LoRA")
compare("optimizer state beside the weights", save(dict(weights, **{"optimizer.exp_avg.0": torch.zeros(3)})), logits, "optimizer state")
first = dict(list(weights.items())[:40])
safetensors(file("model-00001-of-00003.safetensors"), first)
refused("one shard of three", file("model-00001-of-00003.safetensors"), "one part of a model saved in several")

# ---- checkpoints, with everything that scripts leave in them ----
layer = torch.nn.Linear(2, 2)
optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
schedulers = {"MultiStepLR": torch.optim.lr_scheduler.MultiStepLR(optimizer, [3, 6]), "OneCycleLR": torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 5)}
rubbish = {
    "numpy scalar": numpy.float64(0.9), "numpy array": numpy.arange(3.0), "numpy dtype": numpy.dtype("float32"), "torch dtype": torch.float32,
    "device": torch.device("cpu"), "numpy generator": numpy.random.RandomState(1).get_state(), "torch generator": torch.get_rng_state(),
    "python generator": __import__("random").getstate(), "default dict": collections.defaultdict(list, a=[1]), "path": __import__("pathlib").Path("a/b"),
    "date": __import__("datetime").datetime(2024, 1, 2), "deque": collections.deque([1, 2]), "set": {1, 2}, "frozen set": frozenset({1}), "bytes": bytearray(b"ab"),
    "complex history": {"loss": [numpy.float32(1), numpy.float32(2)], "lr": [0.1]},
}
rubbish.update(schedulers={k: v.state_dict() for k, v in schedulers.items()})
for legacy in (False, True):
    for first in (False, True):
        parts = [("model_state_dict", weights), ("extra", rubbish), ("optimizer", optimizer.state_dict())]
        torch.save(dict(reversed(parts) if first else parts), file("a.pth"), _use_new_zipfile_serialization=not legacy)
        compare("a checkpoint with a scheduler, NumPy and more %s the weights%s" % ("before" if first else "behind", ", legacy" if legacy else ""), file("a.pth"), logits, "model_state_dict")
torch.save({"args": __import__("argparse").Namespace(lr=1), "net_weights": weights}, file("a.pth"))
refused("an unknown class before the weights", file("a.pth"), "under 'args'", "weights_only=False)['net_weights']")
quantised = torch.quantize_per_tensor(torch.randn(64, 3, 7, 7), 0.1, 0, torch.qint8)
refused("a quantised state_dict", save(dict(weights, **{"conv1.conv.weight": quantised})), "a quantised state_dict", "_rebuild_qtensor", "conv1.conv.weight", "float model")

# ---- files of other libraries, as NumPy and Python write them (tests/test_file_kind.c has a small one of every kind) ----
arrays = {"conv1_w": numpy.zeros((4, 3), "f4"), "conv1_b": numpy.zeros(4, "f4")}
numpy.save(file("dict.npy"), arrays)
refused("a dict in .npy", file("dict.npy"), "a NumPy array of Python objects", "allow_pickle=True")
for protocol, words in ((0, "of the oldest form"), (2, "a Python pickle of NumPy arrays"), (4, "a Python pickle of NumPy arrays")):
    pickle.dump({"param values": list(arrays.values())}, open(file("model.pkl"), "wb"), protocol)
    refused("a pickle of protocol %d" % protocol, file("model.pkl"), words, "numpy.savez")
    pickle.dump(dict(arrays, **{"StructuredToParameterName@@": {"a": "b"}}), open(file("model.pdparams"), "wb"), max(protocol, 2))
    refused("Paddle's parameters, protocol %d" % max(protocol, 2), file("model.pdparams"), "a PaddlePaddle parameter file", "paddle.load")
numpy.savez(file("chainer.npz"), **{"conv1/W": numpy.zeros((64, 3, 7, 7), "f4"), "conv1/b": numpy.zeros(64, "f4")})
refused("Chainer's arrays", file("chainer.npz"), "a network of Chainer")
with zipfile.ZipFile(file("model.keras"), "w") as z:
    z.writestr("metadata.json", "{}")
    z.writestr("model.weights.h5", b"\x89HDF")
refused(".keras", file("model.keras"), "a Keras model (.keras)")

# ---- Caffe, with OpenCV's importer as the oracle ----
caffe = he(shapes(True, 5))
logits = with_spread(caffe, "loss3/classifier", oracle_predict.bvlc, caffe_input)


def opencv(weights, norm=None, last="loss3/classifier"):
    open(file("deploy.prototxt"), "w").write(make_corpus_caffe.prototxt(weights, list(convs(True)), norm, last))
    importer = cv2.dnn.readNetFromCaffe(file("deploy.prototxt"), file("a.caffemodel"))
    importer.setInput(caffe_input.numpy())
    return torch.from_numpy(importer.forward(last))


for raw in ("half", "float"):
    make_corpus_caffe.write_googlenet(file("a.caffemodel"), 2, caffe, raw=raw)
    compare("NVCaffe's raw data, %s, against OpenCV" % raw, file("a.caffemodel"), opencv(caffe), "bvlc_googlenet (5 classes)")
flowers = collections.OrderedDict((k.replace("classifier", "classifier_flowers"), v) for k, v in caffe.items())
for generation in (1, 2):
    make_corpus_caffe.write_googlenet(file("a.caffemodel"), generation, flowers, last="loss3/classifier_flowers")
    compare("a fine-tuned caffemodel, generation %d" % generation, file("a.caffemodel"), logits, "loss3/classifier_flowers is the last layer")
for eps, bias, factor in ((None, False, 1.0), (1e-3, True, 998.5), (2e-5, False, 0.25)):
    norm = {} if eps is None else {"eps": eps}
    own = collections.OrderedDict((k, v) for k, v in caffe.items() if bias or "loss3" in k or not k.endswith(".bias"))
    for key, value in caffe.items():
        if "loss3" in key or not key.endswith(".weight"):
            continue
        name, n = key[:-len(".weight")], value.shape[0]
        norm.update({name + ".mean": torch.randn(n) * 0.3 * factor, name + ".var": (torch.rand(n) * 1.5 + 0.01) * factor, name + ".factor": torch.tensor([factor]),
                     name + ".gamma": torch.rand(n) * 0.6 + 0.7, name + ".beta": torch.randn(n) * 0.2})
    make_corpus_caffe.write_googlenet(file("a.caffemodel"), 2, own, norm=norm)
    deviation = opencv(own, norm).std()
    for part in (".weight", ".bias"):
        own["loss3/classifier" + part] = own["loss3/classifier" + part] / deviation
    make_corpus_caffe.write_googlenet(file("a.caffemodel"), 2, own, norm=norm)
    compare("Caffe's BatchNorm and Scale, epsilon %s, against OpenCV" % eps, file("a.caffemodel"), opencv(own, norm),
            "batch norm folded into 57 convolutions with epsilon %g, as the file says" % (eps or 1e-5))


def without(change):
    """The last file with another list of layers or blobs."""
    net = make_corpus_caffe.NetParameter()
    net.ParseFromString(open(file("a.caffemodel"), "rb").read())
    change({layer.name: layer for layer in net.layer}, net)
    open(file("b.caffemodel"), "wb").write(net.SerializeToString())
    return file("b.caffemodel")


def between(layers, net):
    relu = net.layer.add(name="relu", type="ReLU", bottom=["conv1/7x7_s2"], top=["conv1/7x7_s2"])
    kept = [make_corpus_caffe.NetParameter.FromString(net.SerializeToString()).layer[i] for i in range(len(net.layer))]
    del net.layer[:]
    net.layer.extend([kept[0], kept[-1]] + kept[1:-1])


def beta_alone(layers, net):
    del layers["conv2/3x3/scale"].blobs[1]


def factor_gone(layers, net):
    del layers["conv2/3x3/bn"].blobs[2]


refused("a Scale without its beta", without(beta_alone), "layer conv2/3x3/scale (Scale) has 1 blobs, not 2")
refused("a BatchNorm without its factor", without(factor_gone), "layer conv2/3x3/bn (BatchNorm) has 2 blobs, not 3")
refused("a ReLU between convolution and BatchNorm", without(between), "conv1/7x7_s2/bn.weight")
refused("Caffe's layers of other sizes", without(lambda layers, net: layers["conv2/3x3"].ClearField("blobs")), "keep Caffe's layer names")

# ---- ONNX graphs, with OpenCV as the oracle where it reads them ----
class Graph:
    """BVLC's GoogLeNet as the model zoo has it. numbered: numbers for all names. last: Gemm, MatMul or Conv. quantised: weights as int8
    (per tensor) or per channel, biases as int32, and a pair of nodes around every activation. norm: batch norm behind convolutions."""

    def __init__(self, weights, numbered=False, last="Gemm", quantised=None, norm=None, lrn=True):
        self.nodes, self.tensors, self.names, self.numbered, self.quantised, self.norm = [], [], {}, numbered, quantised, norm
        self.lrn, self.dequantised, self.w = lrn, {}, weights
        x = self.conv("conv1/7x7_s2", "data", 2)
        x = self.op("MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2], pads=[0, 0, 1, 1])
        x = self.local(x)
        x = self.local(self.conv("conv2/3x3", self.conv("conv2/3x3_reduce", x)))
        x = self.op("MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2], pads=[0, 0, 1, 1])
        for m in oracle_predict.MODULES:
            p = "inception_%s/" % m
            pool = self.op("MaxPool", [x], kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1])
            x = self.op("Concat", [self.conv(p + "1x1", x), self.conv(p + "3x3", self.conv(p + "3x3_reduce", x)),
                                   self.conv(p + "5x5", self.conv(p + "5x5_reduce", x)), self.conv(p + "pool_proj", pool)], axis=1)
            if m in ("3b", "4e"):
                x = self.op("MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2], pads=[0, 0, 1, 1])
        x = self.op("GlobalAveragePool", [x])
        weight, bias = weights["loss3/classifier.weight"], weights["loss3/classifier.bias"]
        if last == "Conv":
            x = self.op("Flatten", [self.op("Conv", [x, self.tensor("loss3/classifier_w_0", weight[:, :, None, None]), self.tensor("loss3/classifier_b_0", bias)],
                                            kernel_shape=[1, 1])])
        elif last == "MatMul":
            x = self.op("MatMul", [self.op("Flatten", [x]), self.tensor("loss3/classifier_w_0", weight.t().contiguous())])
            x = self.op("Add", [x, self.tensor("loss3/classifier_b_0", bias)])
        else:
            x = self.op("Gemm", [self.op("Flatten", [x]), self.tensor("loss3/classifier_w_0", weight), self.tensor("loss3/classifier_b_0", bias)], transB=1)
        self.out = x

    def name(self, text):
        return self.names.setdefault(text, str(len(self.names) + 1)) if self.numbered else text

    def op(self, kind, inputs, **attributes):
        out = self.name("%s_%d" % (kind.lower(), len(self.nodes)))
        self.nodes.append(helper.make_node(kind, inputs, [out], **attributes))
        return out

    def local(self, x):
        return self.op("LRN", [x], size=5, alpha=1e-4, beta=0.75, bias=1.0) if self.lrn else x

    def plain(self, name, value):
        self.tensors.append(numpy_helper.from_array(value, self.name(name)))
        return self.name(name)

    def tensor(self, name, value):
        value = numpy.array(value)
        if self.quantised is None:
            return self.plain(name, value)
        axis = tuple(range(1, value.ndim)) if self.quantised == "channel" and value.ndim > 1 else None
        bits = 31 if value.ndim == 1 else 7
        scale = numpy.maximum(abs(value).max(axis=axis), 1e-9).astype(numpy.float32) / numpy.float32(2 ** bits - 1)
        shaped = scale.reshape([-1] + [1] * (value.ndim - 1)) if axis else scale
        kind = numpy.int32 if value.ndim == 1 else numpy.int8
        q = numpy.clip(numpy.round(value.astype(numpy.float64) / shaped), -(2 ** bits - 1), 2 ** bits - 1).astype(kind)
        inputs = [self.plain(name + "_quantized", q), self.plain(name + "_scale", scale), self.plain(name + "_zero_point", numpy.zeros(scale.shape, kind))]
        self.dequantised[name] = q.astype(numpy.float32) * shaped
        self.nodes.append(helper.make_node("DequantizeLinear", inputs, [self.name(name + "_dequantized")], axis=0))
        return self.name(name + "_dequantized")

    def conv(self, name, x, stride=1):
        weight = self.w[name + ".weight"]
        k = weight.shape[2]
        inputs = [x, self.tensor(name + "_w_0", weight)] + ([self.tensor(name + "_b_0", self.w[name + ".bias"])] if name + ".bias" in self.w else [])
        x = self.op("Conv", inputs, kernel_shape=[k, k], strides=[stride] * 2, pads=[k // 2] * 4)
        if self.norm:
            x = self.op("BatchNormalization", [x] + [self.plain(name + "_" + part, self.norm[name + "." + part].numpy()) for part in ("gamma", "beta", "mean", "var")],
                        epsilon=self.norm["eps"])
        x = self.op("Relu", [x])
        if self.quantised:
            scale, zero = self.plain(name + "_y_scale", numpy.float32(1e-3)), self.plain(name + "_y_zero_point", numpy.uint8(0))
            x = self.op("DequantizeLinear", [self.op("QuantizeLinear", [x, scale, zero]), scale, zero])
        return x

    def save(self, change=None):
        graph = helper.make_graph(self.nodes, "googlenet", [helper.make_tensor_value_info("data", TensorProto.FLOAT, [1, 3, 224, 224])],
                                  [helper.make_tensor_value_info(self.out, TensorProto.FLOAT, [1, 5])], self.tensors)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
        if change:
            change(model.graph)
        onnx.save(model, file("a.onnx"))
        return file("a.onnx")


def opencv_onnx(x=caffe_input):
    importer = cv2.dnn.readNetFromONNX(file("a.onnx"))
    importer.setInput(x.numpy())
    return torch.from_numpy(importer.forward())


caffe_logits = logits = with_spread(caffe, "loss3/classifier", oracle_predict.bvlc, caffe_input)
for numbered in (False, True):
    for last in ("Gemm", "MatMul", "Conv"):
        path = Graph(caffe, numbered, last).save()
        compare("ONNX, %s, last layer %s, against OpenCV" % ("numbers for names" if numbered else "the zoo's names", last), path, opencv_onnx(), "bvlc_googlenet (5 classes)")
for quantised in ("tensor", "channel"):
    for numbered in (False, True):
        graph = Graph(caffe, numbered, "Gemm", quantised)
        deq = {k: torch.from_numpy(numpy.array(graph.dequantised[k.replace(".weight", "_w_0").replace(".bias", "_b_0")])) for k in caffe}
        with torch.no_grad():
            want = oracle_predict.bvlc(deq, caffe_input)
        compare("ONNX quantised per %s%s" % (quantised, ", numbers" if numbered else ""), graph.save(), want, "116 quantised tensors dequantised")


def integers(graph):
    graph.node[0].op_type = "QLinearConv"


def scaled(graph):
    """A factor between two layers."""
    relu = next(n for n in graph.node if n.op_type == "Relu")
    out = relu.output[0]
    relu.output[0] = "before"
    graph.initializer.append(numpy_helper.from_array(numpy.float32(0.5), "half"))
    graph.node.insert(list(graph.node).index(relu) + 1, helper.make_node("Mul", ["before", "half"], [out]))


refused("ONNX that computes with integers", Graph(caffe).save(integers), "a quantised ONNX model", "QLinearConv")
for numbered in (False, True):
    refused("ONNX with another operator", Graph(caffe, numbered).save(scaled), "has the operator Mul")
for bias in (True, False):
    own = collections.OrderedDict((k, v) for k, v in caffe.items() if bias or "loss3" in k or not k.endswith(".bias"))
    norm = {"eps": 3e-4}
    for name, n in [(k[:-7], v.shape[0]) for k, v in caffe.items() if k.endswith(".weight") and "loss3" not in k]:
        norm.update({name + ".gamma": torch.rand(n) * 0.6 + 0.7, name + ".beta": torch.randn(n) * 0.2, name + ".mean": torch.randn(n) * 0.3, name + ".var": torch.rand(n) * 1.5 + 0.01})
    Graph(own, True, norm=norm).save()
    deviation = opencv_onnx().std()
    for part in (".weight", ".bias"):
        own["loss3/classifier" + part] = own["loss3/classifier" + part] / deviation
    path = Graph(own, True, norm=norm).save()
    compare("ONNX with batch norm, numbers for names, %s conv biases, against OpenCV" % ("with" if bias else "no"), path, opencv_onnx(), "epsilon 0.0003, as the file says")

# Without LRN it is the tutorial's network: the picture's values are others.
Graph(own, True, "MatMul", norm=norm, lrn=False).save()
deviation = opencv_onnx(square).std()
for part in (".weight", ".bias"):
    own["loss3/classifier" + part] = own["loss3/classifier" + part] / deviation
path = Graph(own, True, "MatMul", norm=norm, lrn=False).save()
compare("ONNX of the tutorial's network with batch norm, numbers for names, against OpenCV", path, opencv_onnx(square), "so googlenet (5 classes)")

# ---- an input that is not square keeps the rule of its file ----
wide = open("assets/networks/bvlc_googlenet.net").read().replace("input 3x224x224", "input 3x224x288")
open(file("wide.net"), "w").write("\n".join(line for line in wide.splitlines() if "claim" not in line and not line.startswith("hypothesis")) + "\n")
cut = torchvision.transforms.Compose([torchvision.transforms.Resize(256), torchvision.transforms.CenterCrop((224, 288))])(picture)
x = (torch.from_numpy(numpy.asarray(cut).astype(numpy.float32)).flip(2) - torch.tensor([104.0, 117.0, 123.0])).permute(2, 0, 1)[None]
torch.save(caffe, file("a.pth"))
with torch.no_grad():
    compare_with("a wide input", file("a.pth"), file("wide.net"), oracle_predict.bvlc(caffe, x))
