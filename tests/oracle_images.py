#!/usr/bin/python3
"""Golden values of tests/test_image.c, from Debian's PIL and torchvision: `/usr/bin/python3 tests/oracle_images.py`
rewrites tests/golden/resize.txt and tests/golden/fit.txt. The pictures are noise from a small generator that the C test
repeats; a file holds sizes and FNV-1a hashes of the pixels alone."""
import os
import numpy
from PIL import Image
from torchvision import transforms

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden")


def noise(w, h):
    """state = state * 1664525 + 1013904223 (mod 2^32); the byte is its top eight bits."""
    out = numpy.empty(w * h * 3, numpy.uint8)
    state = w * 65536 + h
    for i in range(out.size):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out[i] = state >> 24
    return Image.fromarray(out.reshape(h, w, 3), "RGB")


def fnv(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


SIZES = [(320, 240, 224, 224), (500, 375, 224, 224), (224, 224, 224, 224), (333, 250, 340, 256), (64, 48, 224, 224),
         (1, 1, 224, 224), (640, 480, 1, 1), (7, 300, 224, 224), (300, 7, 224, 224), (225, 223, 224, 224),
         (223, 225, 224, 224), (448, 448, 224, 224), (447, 449, 224, 224), (100, 224, 224, 224), (224, 100, 224, 224),
         (17, 19, 23, 29), (2, 2, 3, 3), (640, 427, 383, 256), (427, 640, 256, 383), (1000, 31, 15, 2), (5, 5, 500, 3),
         (672, 10, 224, 10)]
with open(os.path.join(GOLDEN, "resize.txt"), "w") as out:
    out.write("# from w h, to w h, FNV-1a of PIL's Image.resize((w, h), BILINEAR); written by tests/oracle_images.py\n")
    for w, h, to_w, to_h in SIZES:
        out.write("%d %d %d %d %016x\n" % (w, h, to_w, to_h, fnv(noise(w, h).resize((to_w, to_h), Image.BILINEAR).tobytes())))

FITS = [(320, 240), (240, 320), (500, 375), (375, 500), (333, 250), (256, 256), (224, 300), (259, 256), (256, 257), (999, 61)]
square = transforms.Compose([transforms.Resize((224, 224)), transforms.ToTensor(), transforms.Normalize((0.5,) * 3, (0.5,) * 3)])
cropped = transforms.Compose([transforms.Resize(256), transforms.CenterCrop(224)])
with open(os.path.join(GOLDEN, "fit.txt"), "w") as out:
    out.write("# w h, FNV-1a of the float32 input of the tutorial's transform, FNV-1a of the pixels after Resize(256) and\n"
              "# CenterCrop(224); written by tests/oracle_images.py\n")
    for w, h in FITS:
        picture = noise(w, h)
        out.write("%d %d %016x %016x\n" % (w, h, fnv(square(picture).numpy().tobytes()), fnv(cropped(picture).tobytes())))

# An input that is not square: torchvision's Resize(256) and CenterCrop((224, 288)), for pictures that it fits into without padding.
wide = transforms.Compose([transforms.Resize(256), transforms.CenterCrop((224, 288))])
with open(os.path.join(GOLDEN, "fit_wide.txt"), "w") as out:
    out.write("# w h, FNV-1a of the pixels after Resize(256) and CenterCrop((224, 288)); written by tests/oracle_images.py\n")
    for w, h in [(320, 240), (500, 375), (640, 480), (300, 200), (289, 256), (999, 61)]:
        out.write("%d %d %016x\n" % (w, h, fnv(wide(noise(w, h)).tobytes())))
