#!/usr/bin/python3
"""The colours that engine/train/wants.c makes pictures of: prints its table from a folder of photos.

  /usr/bin/python3 tests/wants_colours.py FOLDER

The folder's pictures (the flower photos that the shipped weights were trained on: FOLDER/train) are made 64x64, the covariance of R, G, B
over all their pixels is taken apart into U S U^T, and the columns of U sqrt(S) are divided by the length of the longest. So three
uncorrelated numbers become colours that vary as in photos: mostly in lightness, then from blue to yellow, then from green to red."""
import os
import sys

import numpy
from PIL import Image

pixels = []
for folder, _, names in sorted(os.walk(sys.argv[1])):
    for name in sorted(names)[::4]:
        if name.endswith((".jpg", ".jpeg", ".png")):
            image = Image.open(os.path.join(folder, name)).convert("RGB").resize((64, 64), Image.BOX)
            pixels.append(numpy.asarray(image, dtype=float).reshape(-1, 3) / 255)
u, s, _ = numpy.linalg.svd(numpy.cov(numpy.concatenate(pixels).T))
u = u * numpy.sign(u[0]) # the sign of a column does not matter: red is positive in each
columns = u * numpy.sqrt(s)
columns /= numpy.linalg.norm(columns, axis=0).max()
print("%d photos" % len(pixels))
for row in columns:
    print("    {%s}," % ", ".join("%.3ff" % v for v in row))
