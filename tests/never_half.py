"""One small network in every format, as the real libraries write it, with batch norm that is folded: any one tensor removed, renamed or
added, and the program answers with the same bits or refuses the file. Usage: never_half.py PROGRAM SCRATCH."""
import collections
import concurrent.futures
import json
import os
import subprocess
import sys
import warnings

import numpy
import onnx
import torch
from onnx import helper, numpy_helper

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import make_corpus_caffe
from weight_files import file, program, report, safetensors

warnings.filterwarnings("ignore")
NET = """network small
input 3x24x24
preprocess exact rgb unit
conv conv1 3x3/2 6 pad=1
conv conv2 1x1/1 4
avgpool avgpool to=1x1
fc fc 3
softmax softmax
aux aux1 tap=conv1
  avgpool avgpool to=1x1
  fc fc2 3
"""
open(file("small.net"), "w").write(NET)
open(file("normed.net"), "w").write(NET.replace("conv conv1", "batchnorm eps=1e-3\nconv conv1", 1))


def tensors(norm, bias):
    """PyTorch's names. norm: the attribute's name, or None."""
    w = collections.OrderedDict()
    for name, shape in (("conv1", (6, 3, 3, 3)), ("conv2", (4, 6, 1, 1))):
        w[name + ".conv.weight"] = torch.randn(shape)
        if bias:
            w[name + ".conv.bias"] = torch.randn(shape[0])
        if norm:
            for part, value in (("weight", torch.rand(shape[0]) + 0.5), ("bias", torch.randn(shape[0])), ("running_mean", torch.randn(shape[0])),
                                ("running_var", torch.rand(shape[0]) + 0.1), ("num_batches_tracked", torch.tensor(3))):
                w["%s.%s.%s" % (name, norm, part)] = value
    w["fc.weight"], w["fc.bias"] = torch.randn(3, 4), torch.randn(3)
    w["aux1.fc2.weight"], w["aux1.fc2.bias"] = torch.randn(3, 6), torch.randn(3)
    return w


def write_onnx(path, w):
    """The initializers are changed, the graph stays."""
    nodes = []
    for name, x, pad, stride in (("conv1", "data", 1, 2), ("conv2", "conv1_relu", 0, 1)):
        k = 3 if pad else 1
        has_bias = name + ".conv.bias" in whole
        nodes.append(helper.make_node("Conv", [x, name + ".conv.weight"] + ([name + ".conv.bias"] if has_bias else []), [name + "_out"], kernel_shape=[k, k],
                                      pads=[pad] * 4, strides=[stride] * 2))
        out = name + "_out"
        norm = next((key.split(".")[1] for key in whole if key.startswith(name + ".") and key.endswith("running_var")), None)
        if norm:
            nodes.append(helper.make_node("BatchNormalization", [out] + ["%s.%s.%s" % (name, norm, part) for part in ("weight", "bias", "running_mean", "running_var")],
                                          [name + "_norm"], epsilon=1e-3))
            out = name + "_norm"
        nodes.append(helper.make_node("Relu", [out], [name + "_relu"]))
    nodes.append(helper.make_node("GlobalAveragePool", ["conv2_relu"], ["pool"]))
    nodes.append(helper.make_node("Flatten", ["pool"], ["flat"]))
    nodes.append(helper.make_node("Gemm", ["flat", "fc.weight", "fc.bias"], ["out"], transB=1))
    graph = helper.make_graph(nodes, "small", [helper.make_tensor_value_info("data", 1, [1, 3, 24, 24])], [helper.make_tensor_value_info("out", 1, [1, 3])],
                              [numpy_helper.from_array(v.numpy(), k) for k, v in w.items()])
    onnx.save(helper.make_model(graph), path)


def write_caffe(path, w):
    """Blobs in order; a removed or renamed one shifts them, as in a file that was edited. Names: LAYER.NUMBER."""
    net = make_corpus_caffe.NetParameter(name="small")
    for key, value in w.items():
        name, part = key.rsplit(".", 1)
        layer = next((l for l in net.layer if l.name == name), None) or net.layer.add(
            name=name, type="BatchNorm" if name.endswith("/bn") else "Scale" if name.endswith("/scale") else "InnerProduct" if "fc" in name or "loss" in name else "Convolution",
            bottom=[name.split("/")[0]], top=[name.split("/")[0]])
        if name.endswith("/scale"):
            layer.scale_param.bias_term = True
        make_corpus_caffe.blob(layer.blobs.add(), value)
    open(path, "wb").write(net.SerializeToString())


def caffe_tensors():
    w = collections.OrderedDict()
    for name, shape in (("conv1", (6, 3, 3, 3)), ("conv2", (4, 6, 1, 1))):
        caffe = {"conv1": "conv1/7x7_s2", "conv2": "conv2/3x3_reduce"}[name].replace("/", "+")
        w[caffe + ".0"], w[caffe + ".1"] = torch.randn(shape), torch.randn(shape[0])
        w[caffe + "/bn.0"], w[caffe + "/bn.1"], w[caffe + "/bn.2"] = torch.randn(shape[0]), torch.rand(shape[0]) + 0.1, torch.tensor([2.0])
        w[caffe + "/scale.0"], w[caffe + "/scale.1"] = torch.rand(shape[0]) + 0.5, torch.randn(shape[0])
    w["loss3+classifier.0"], w["loss3+classifier.1"] = torch.randn(3, 4), torch.randn(3)
    return w


def write_caffe_named(path, w):
    write_caffe(path, w)
    net = make_corpus_caffe.NetParameter.FromString(open(path, "rb").read())
    for layer in net.layer:
        layer.name = layer.name.replace("+", "/")
    open(path, "wb").write(net.SerializeToString())


def npz(path, w):
    numpy.savez(path, **{k: v.numpy() for k, v in w.items()})


def predict(path, network):
    out = subprocess.run([program, "predict", "--weights", path, "--network", network, "--engine", "reference", "--format", "json", "assets/images/tulips.png"],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    return (out.stdout if out.returncode == 0 else None), out.stderr


def changes(w):
    for key in w:
        yield "%s removed" % key, collections.OrderedDict((k, v) for k, v in w.items() if k != key)
        yield "%s renamed" % key, collections.OrderedDict((k if k != key else k[:-1] + "x" if not k[-1].isdigit() else "other+" + k, v) for k, v in w.items())
    for key in w:
        if not key[-1].isdigit():
            yield "%s_mask added" % key, collections.OrderedDict(list(w.items()) + [(key + "_mask", torch.ones_like(w[key]))])
    for extra in ("se.weight", "conv1.other.running_var", "conv3.conv.weight", "fc2.weight"):
        yield extra + " added", collections.OrderedDict(list(w.items()) + [(extra + ("" if not next(iter(w))[-1].isdigit() else ".0"), torch.randn(4))])


def pth(path, w):
    torch.save(dict(w), path)


def legacy(path, w):
    torch.save(dict(w), path, _use_new_zipfile_serialization=False)


def one_format(name, write, w, network, ending, most=None):
    """Every change of this file; reports in one line. most: of the formats that share all but the reader, some changes are enough."""
    global whole
    whole = w
    path = file("whole." + ending)
    write(path, w)
    answer, said = predict(path, network)
    if answer is None:
        return report(name, False, said)
    files = []
    for i, (change, tensors) in enumerate(changes(w)):
        if most is not None and i % most:
            continue
        path = file("%d.%s" % (i, ending))
        write(path, tensors)
        files.append((change, path))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda f: predict(f[1], network), files))
    other = ["%s: %s" % (change, text.strip()[-300:]) for (change, _), (got, text) in zip(files, results) if got is not None and got != answer]
    same = sum(got == answer for got, _ in results)
    for _, path in files:
        os.remove(path)
    report("%s: %d changes, %d answered with the same bits, the others refused" % (name, len(files), same), not other and same < len(files), "; ".join(other))


torch.manual_seed(1)
folded, plain, both = tensors("batchnorm", True), tensors(None, True), tensors("bn", False)
one_format("safetensors, folded", safetensors, {k: v for k, v in folded.items() if v.dim()}, file("small.net"), "safetensors")
one_format(".pth, plain", pth, plain, file("small.net"), "pth")
one_format(".pth, the network's own batch norm", pth, both, file("normed.net"), "pth", 2)
one_format("legacy .pth, folded", legacy, folded, file("small.net"), "pth", 3)
one_format(".npz, folded", npz, folded, file("small.net"), "npz", 3)
one_format("ONNX, folded", write_onnx, {k: v for k, v in folded.items() if v.dim() and not k.startswith("aux")}, file("small.net"), "onnx", 2)
one_format(".caffemodel, folded", write_caffe_named, caffe_tensors(), file("small.net"), "caffemodel")

# The epsilon of a file's batch norm is the one that counts: folded, in the network's own batch norm of the same epsilon, or of another.
whole = {k: v for k, v in folded.items() if v.dim() and not k.startswith("aux")}
write_onnx(file("eps.onnx"), whole)
open(file("other.net"), "w").write(NET.replace("conv conv1", "batchnorm eps=0.05\nconv conv1", 1))
answers = []
for network, words in (("small.net", "with epsilon 0.001, as the file says"), ("normed.net", "subtracted from the means"), ("other.net", "difference between the file's epsilon and the network's")):
    text, said = predict(file("eps.onnx"), file(network))
    answers.append({t["index"]: t["prob"] for t in json.loads(text)[0]["top"]} if text else {})
    report("the file's epsilon in %s" % network, len(answers[-1]) == 3 and words in said and all(abs(answers[-1][k] - answers[0][k]) < 1e-6 for k in answers[0]), said)
