#!/usr/bin/python3
"""Writes app/ui/colormap_tables.inc: the 256 colours of viridis, magma and cividis as OpenCV knows them (the tables are
matplotlib's, released under CC0). Run from the top of the tree; needs Debian's python3-opencv."""
import cv2
import numpy

ramp = numpy.arange(256, dtype=numpy.uint8).reshape(1, 256)
with open("app/ui/colormap_tables.inc", "w") as out:
    out.write("/* Written by tests/make_colormaps.py: matplotlib's tables (CC0), 0xRRGGBB from low to high. */\n")
    for name in ("viridis", "magma", "cividis"):
        bgr = cv2.applyColorMap(ramp, getattr(cv2, "COLORMAP_" + name.upper()))[0].astype(int)
        colours = [f"0x{r:02x}{g:02x}{b:02x}" for b, g, r in bgr]
        out.write(f"static const uint32_t {name}[256] = {{\n")
        for i in range(0, 256, 12):
            out.write("    " + ", ".join(colours[i:i + 12]) + ",\n")
        out.write("};\n")
