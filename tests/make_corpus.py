#!/usr/bin/python3
"""Writes tests/corpus: small weight files as the real libraries write them (Debian's torch, numpy, onnx), one or two
kilobytes each. tests/test_formats.c reads them all, and every prefix of each; the fuzz targets start from them.

Every file whose name begins with good_ holds tensor a (2,3) = 0, 0.5, 1, ... - 1 and tensor b (2,2,3,3) = 0, 1/8, 2/8, ...
Those that begin with bad_ must be refused; the word after it must stand in the message."""
import collections
import io
import os
import struct
import sys
import tarfile
import types
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
net = torch.nn.Linear(3, 2)
torch.save(net, path("bad_state_dict_whole_model.pth"))
torch.save([1, 2], path("bad_state_dict_list.pth"))
with io.BytesIO() as buffer, tarfile.open(path("bad_tar_archive.pth"), "w") as tar:
    tar.addfile(tarfile.TarInfo("sys_info"), buffer)

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
