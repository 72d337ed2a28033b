#!/usr/bin/python3
"""Writes tests/corpus: small weight files as the real libraries write them (Debian's torch, numpy, onnx), one or two
kilobytes each. tests/test_formats.c reads them all, and every prefix of each; the fuzz targets start from them.

Every file whose name begins with good_ holds tensor a (2,3) = 0, 0.5, 1, ... - 1 and tensor b (2,2,3,3) = 0, 1/8, 2/8, ...
Those that begin with bad_ must be refused; the word after it must be in the message. damaged_ ones were found by fuzzing,
and labels_ are seeds for it; neither is written here."""
import argparse
import collections
import io
import os
import struct
import tarfile
import zipfile
import json
import numpy
import torch

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus")
A = torch.arange(6, dtype=torch.float32).reshape(2, 3) * 0.5 - 1
B = torch.arange(36, dtype=torch.float32).reshape(2, 2, 3, 3) / 8


def path(name):
    return os.path.join(OUT, name)


def pth(name, value, legacy=False):
    torch.save(value, path(name), _use_new_zipfile_serialization=not legacy)


os.makedirs(OUT, exist_ok=True)
for name in os.listdir(OUT):
    if not name.startswith(("damaged_", "labels_")):
        os.remove(path(name))
plain = collections.OrderedDict([("a", A), ("b", B)])

for legacy in (False, True):
    kind = "legacy" if legacy else "zip"
    pth("good_%s.pth" % kind, plain, legacy)
    for dtype in (torch.float16, torch.bfloat16, torch.float64):
        pth("good_%s_%s.pth" % (kind, str(dtype)[6:]), {k: v.to(dtype) for k, v in plain.items()}, legacy)
    big = torch.zeros(100)
    big[10:16] = A.flatten()
    big[20:56] = B.flatten()
    pth("good_%s_views.pth" % kind, {"a": big[10:16].view(2, 3), "b": big[20:56].view(2, 2, 3, 3)}, legacy)
    pth("good_%s_strides.pth" % kind, {"a": A.t().contiguous().t(), "b": B.to(memory_format=torch.channels_last)}, legacy)
    pth("good_%s_module.pth" % kind, {"module." + k: torch.nn.Parameter(v) for k, v in plain.items()}, legacy)
    pth("good_%s_nested.pth" % kind, {"epoch": 3, "best": 0.75, "state_dict": plain, "optimizer": {"lr": [0.1], "none": None}}, legacy)
    # A checkpoint with a tensor beside the weights, which are under a name chosen by the script.
    pth("good_%s_checkpoint.pth" % kind, {"loss": torch.tensor(0.5), "best_model": plain, "epoch": 3}, legacy)
    # Everything else that scripts put beside the weights is passed over; masks of pruning are applied.
    pth("good_%s_passed_over.pth" % kind, {"counter": collections.Counter({3: 1}), "best": numpy.float64(0.5), "curve": numpy.arange(2.0), "type": torch.float32,
                                           "device": torch.device("cpu"), "set": {1}, "state_dict": plain, "queue": collections.deque([1])}, legacy)
    pth("good_%s_pruned.pth" % kind, {"a_orig": A, "a_mask": torch.ones(2, 3), "b_mask": (B != 0).float(), "b_orig": torch.where(B != 0, B, torch.ones(1))}, legacy)
net = torch.nn.Linear(3, 2)
torch.save({"state_dict": plain, "args": argparse.Namespace(lr=0.1)}, path("bad_argparse_and_state_dict.pth"))
torch.jit.save(torch.jit.script(torch.nn.Linear(3, 2)), path("bad_TorchScript.pth"))
torch.save(net, path("bad_state_dict_whole_model.pth"))
torch.save([1, 2], path("bad_state_dict_list.pth"))
with io.BytesIO() as buffer, tarfile.open(path("bad_tar_archive.pth"), "w") as tar:
    tar.addfile(tarfile.TarInfo("sys_info"), buffer)



def swapped(data):
    return numpy.frombuffer(data, "<f4").byteswap().tobytes()


# What PyTorch writes on a big-endian machine: the zip form says so in a member, the legacy form in its third pickle.
with zipfile.ZipFile(path("good_zip.pth")) as old, zipfile.ZipFile(path("good_zip_big_endian.pth"), "w") as new:
    for member in old.namelist():
        data = old.read(member)
        new.writestr(zipfile.ZipInfo(member), swapped(data) if "/data/" in member else data)
    new.writestr(zipfile.ZipInfo(old.namelist()[0].split("/")[0] + "/byteorder"), b"big")
legacy = open(path("good_legacy.pth"), "rb").read()
for tensor in (A, B):
    data = tensor.numpy().tobytes()
    legacy = legacy.replace(struct.pack("<q", tensor.numel()) + data, struct.pack(">q", tensor.numel()) + swapped(data))
little = legacy.index(b"little_endian") + len(b"little_endian")
little = legacy.index(b"\x88", little)  # NEWTRUE
open(path("good_legacy_big_endian.pth"), "wb").write(legacy[:little] + b"\x89" + legacy[little + 1:])

numpy.savez(path("good_plain.npz"), a=A.numpy(), b=B.numpy())
numpy.savez_compressed(path("good_packed_fortran.npz"), a=numpy.asfortranarray(A.numpy()), b=numpy.asfortranarray(B.numpy().astype("<f8")))
numpy.savez(path("good_half.npz"), a=A.numpy().astype("<f2"), b=B.numpy().astype("<f2"))
numpy.savez(path("bad_type_big_endian.npz"), a=A.numpy().astype(">f4"))


def safetensors(name, tensors, metadata=None):
    """The ten lines that the format needs."""
    header, data = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for key, (dtype, value) in tensors.items():
        raw = value.tobytes()
        header[key] = {"dtype": dtype, "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    open(path(name), "wb").write(struct.pack("<Q", len(text)) + text + data)


safetensors("good_plain.safetensors", {"a": ("F32", A.numpy()), "b": ("F32", B.numpy())}, {"format": "pt"})
safetensors("good_half.safetensors", {"a": ("F16", A.numpy().astype("<f2")), "b": ("F64", B.numpy().astype("<f8"))})
bf16 = {k: ("BF16", v.to(torch.bfloat16).view(torch.int16).numpy()) for k, v in plain.items()}
safetensors("good_bfloat16.safetensors", bf16)


# ---- ONNX: what the package's helpers write, and the variants that other exporters write ----
from onnx import TensorProto, helper, numpy_helper


def onnx(name, tensors, as_inputs):
    inputs = [helper.make_tensor_value_info("data_0", TensorProto.FLOAT, [1, 2, 3, 3])]
    if as_inputs:  # IR version 3 lists the initializers among the inputs
        inputs += [helper.make_tensor_value_info(t.name, t.data_type, t.dims) for t in tensors]
    node = helper.make_node("Conv", ["data_0", "b"], ["y"], kernel_shape=[3, 3])
    graph = helper.make_graph([node], "tiny", inputs, [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 2, 1, 1])], tensors)
    open(path(name), "wb").write(helper.make_model(graph, producer_name="test").SerializeToString())


# PyTorch's exporter keeps equal tensors once: b is an Identity node's output.
same = helper.make_node("Identity", ["c"], ["b"])
shape = helper.make_node("Constant", [], ["/Constant_output_0"], value=helper.make_tensor("", TensorProto.INT64, [], [0]))
graph = helper.make_graph([same, shape], "tiny", [], [helper.make_tensor_value_info("b", TensorProto.FLOAT, None)],
                          [numpy_helper.from_array(A.numpy(), "a"), numpy_helper.from_array(B.numpy(), "c")])
open(path("good_identity.onnx"), "wb").write(helper.make_model(graph).SerializeToString())
del graph.initializer[:]
open(path("bad_weights_not_exported.onnx"), "wb").write(helper.make_model(graph).SerializeToString())
graph.initializer.append(TensorProto(name="a", data_type=TensorProto.FLOAT, dims=[2, 3], data_location=TensorProto.EXTERNAL))
graph.initializer[0].external_data.add(key="location", value="big.data")
open(path("bad_big.data_elsewhere.onnx"), "wb").write(helper.make_model(graph).SerializeToString())


def listed(kind, key, value):
    return helper.make_tensor(key, kind, list(value.shape), value.numpy().flatten().tolist())


onnx("good_raw.onnx", [numpy_helper.from_array(v.numpy(), k) for k, v in plain.items()], False)
onnx("good_float_data.onnx", [listed(TensorProto.FLOAT, k, v) for k, v in plain.items()], True)
onnx("good_double_data.onnx", [listed(TensorProto.DOUBLE, k, v) for k, v in plain.items()], False)
onnx("good_half_data.onnx", [listed(TensorProto.FLOAT16, k, v) for k, v in plain.items()], False)
onnx("good_half_raw.onnx", [numpy_helper.from_array(v.numpy().astype("<f2"), k) for k, v in plain.items()], True)


def quantised(name, raw):
    """Pairs of a stored integer and DequantizeLinear: per tensor for a, per channel for b, whose zero points differ."""
    kinds = {"a": (TensorProto.INT8, A.numpy() * 2, numpy.float32(0.5), numpy.int8(0)),
             "b": (TensorProto.UINT8, B.numpy() * 8 + numpy.array([3, 7]).reshape(2, 1, 1, 1), numpy.full(2, 0.125, numpy.float32), numpy.array([3, 7], numpy.uint8))}
    tensors, nodes = [], []
    for key, (kind, value, scale, zero) in kinds.items():
        value = value.astype(numpy.int8 if kind == TensorProto.INT8 else numpy.uint8)
        tensors += [numpy_helper.from_array(value, key + "_q") if raw else helper.make_tensor(key + "_q", kind, value.shape, value.flatten().tolist()),
                    numpy_helper.from_array(scale, key + "_scale"), numpy_helper.from_array(zero, key + "_zero")]
        nodes.append(helper.make_node("DequantizeLinear", [key + "_q", key + "_scale", key + "_zero"], [key], axis=0))
    graph = helper.make_graph(nodes, "tiny", [], [helper.make_tensor_value_info("b", TensorProto.FLOAT, None)], tensors)
    open(path(name), "wb").write(helper.make_model(graph, producer_name="test").SerializeToString())


quantised("good_quantised_raw.onnx", True)
quantised("good_quantised_numbers.onnx", False)
# The last layer as MatMul has its weight the other way round.
dense = [helper.make_node("MatMul", ["data", "a"], ["product"]), helper.make_node("Add", ["product", "bias"], ["sum"])]
graph = helper.make_graph(dense, "tiny", [], [helper.make_tensor_value_info("sum", TensorProto.FLOAT, None)],
                          [numpy_helper.from_array(A.t().numpy(), "a"), numpy_helper.from_array(B.numpy(), "b"), numpy_helper.from_array(numpy.zeros(2, "f4"), "bias")])
open(path("good_matmul.onnx"), "wb").write(helper.make_model(graph, producer_name="test").SerializeToString())
node = helper.make_node("QLinearConv", list("abcdefgh"), ["y"])
graph = helper.make_graph([node], "tiny", [], [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], [numpy_helper.from_array(A.numpy(), "a")])
open(path("bad_integers.onnx"), "wb").write(helper.make_model(graph, producer_name="test").SerializeToString())


# ---- Caffe ----
from make_corpus_caffe import NetParameter, blob, raw_blob


def caffe(name, generation, **variant):
    net = NetParameter(name="tiny")
    for key, value in plain.items():
        layer = net.layers.add(name=key, type=4) if generation == 1 else net.layer.add(name=key, type="Convolution")
        blob(layer.blobs.add(), value, **variant)
    open(path(name), "wb").write(net.SerializeToString())
    return net


caffe("good_v1.caffemodel", 1, old_shape=True)
caffe("good_v2.caffemodel", 2)
caffe("good_double.caffemodel", 2, double=True)
for half in (False, True):
    net = NetParameter(name="tiny")
    for key, value in plain.items():
        raw_blob(net.layer.add(name=key, type="Convolution").blobs.add(), value, half)
    open(path("good_raw_%s.caffemodel" % ("half" if half else "float")), "wb").write(net.SerializeToString())
net = NetParameter(name="tiny")
for key, value in plain.items():
    blob(net.layer.add(name=key, type="Convolution", bottom=["data"], top=[key]).blobs.add(), value)
    norm = net.layer.add(name=key + "/bn", type="BatchNorm", bottom=[key], top=[key])
    for part in (torch.zeros(2), torch.ones(2), torch.ones(1)):
        blob(norm.blobs.add(), part)
    norm.batch_norm_param.eps = 1e-4
    if key == "a":  # b has no Scale
        scale = net.layer.add(name=key + "/scale", type="Scale", bottom=[key], top=[key])
        scale.scale_param.bias_term = True
        for part in (torch.ones(2), torch.zeros(2)):
            blob(scale.blobs.add(), part)
open(path("good_batch_norm.caffemodel"), "wb").write(net.SerializeToString())
del net.layer[1].blobs[2]
open(path("bad_BatchNorm_of_two.caffemodel"), "wb").write(net.SerializeToString())
net = caffe("good_v2.caffemodel", 2)
net.layers.add(name="old", type=4)
open(path("bad_Caffe_both_generations.caffemodel"), "wb").write(net.SerializeToString())
del net.layers[:], net.layer[:]
net.layer.add(name="relu", type="ReLU")
open(path("bad_weights_none.caffemodel"), "wb").write(net.SerializeToString())

# ---- things that people open by mistake ----
open(path("bad_LFS_pointer.safetensors"), "w").write("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
open(path("bad_HTML_page.pth"), "w").write("<!DOCTYPE html><html><head><title>404</title></head></html>")
open(path("bad_prototxt.caffemodel"), "w").write('name: "GoogleNet"\nlayer { name: "data" type: "Input" }\n')
open(path("bad_early_half.pth"), "wb").write(open(path("good_zip.pth"), "rb").read()[:600])
open(path("bad_header_claims_a_gigabyte.safetensors"), "wb").write(struct.pack("<Q", 1 << 30) + b'{"a":{"dtype":"F32"' + b" " * 900)
open(path("bad_XML_page.pth"), "w").write('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>')
open(path("bad_text.pth"), "w").write('{"message": "Not Found"}')
with zipfile.ZipFile(path("bad_unpack_first.npz"), "w") as z:
    z.writestr(zipfile.ZipInfo("weights.pth"), b"something")
numpy.save(open(path("bad_array_alone.npz"), "wb"), A.numpy())

# ---- a gigabyte claimed in a kilobyte: test_formats.c opens these with little memory ----
MANY = 1 << 28
header = json.dumps({"a": {"dtype": "F32", "shape": [MANY], "data_offsets": [0, 4 * MANY]}}).encode()
open(path("bad_outside_claim.safetensors"), "wb").write(struct.pack("<Q", len(header)) + header + A.numpy().tobytes())
pickled = (b"\x80\x02}(X\x01\0\0\0actorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\0000X\x03\0\0\0cpuJ" +
           struct.pack("<i", MANY) + b"tQK\0(J" + struct.pack("<i", MANY) + b"t(K\x01t\x89NtRu.")
with zipfile.ZipFile(path("bad_beyond_claim.pth"), "w") as z:
    z.writestr(zipfile.ZipInfo("archive/data.pkl"), pickled)
    z.writestr(zipfile.ZipInfo("archive/data/0"), A.numpy().tobytes())
legacy = open(path("good_legacy.pth"), "rb").read()
count = legacy.index(struct.pack("<q", 6) + A.numpy().tobytes())
open(path("bad_inside_claim.pth"), "wb").write(legacy[:count] + struct.pack("<q", MANY) + legacy[count + 8:])
array = io.BytesIO()
numpy.lib.format.write_array_header_1_0(array, {"descr": "<f4", "fortran_order": False, "shape": (MANY,)})
with zipfile.ZipFile(path("bad_elements_claim.npz"), "w") as z:
    z.writestr(zipfile.ZipInfo("a.npy"), array.getvalue() + A.numpy().tobytes())
packed = bytearray(open(path("bad_elements_claim.npz"), "rb").read())
packed = packed[:packed.index(b"PK\1\2") + 24] + struct.pack("<I", 4 * MANY) + packed[packed.index(b"PK\1\2") + 28:]
open(path("bad_claims_a_large_member_claim.npz"), "wb").write(packed)
for kind, name in ((TensorProto.FLOAT, "bad_numbers_claim.onnx"), (TensorProto.FLOAT16, "bad_hold_claim.onnx")):
    tensor = TensorProto(name="a", data_type=kind, dims=[MANY], **({"raw_data": b"1234"} if kind == TensorProto.FLOAT else {"int32_data": [1, 2]}))
    open(path(name), "wb").write(helper.make_model(helper.make_graph([], "tiny", [], [], [tensor])).SerializeToString())
net = NetParameter(name="tiny")
blob(net.layer.add(name="a", type="Convolution").blobs.add(), A)
net.layer[0].blobs[0].shape.dim[0] = MANY
open(path("bad_numbers_claim.caffemodel"), "wb").write(net.SerializeToString())
