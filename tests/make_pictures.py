#!/usr/bin/python3
"""Writes tests/pictures: an 8 x 8 picture in every form that a student may drop on the window, and tests/golden/pictures.tsv: what
PIL makes of each (convert("RGB"), the pixels in hex), how far a decoder may be from it, and what the program must note.
Run with Debian's python3-pil, python3-numpy and python3-opencv: /usr/bin/python3 tests/make_pictures.py"""
import os
import struct
import zlib

import cv2
import numpy
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "pictures")
y, x = numpy.mgrid[0:8, 0:8]
RGB = Image.fromarray(numpy.stack([x * 30 + 20, y * 25 + 40, 220 - x * 12 - y * 10], 2).astype(numpy.uint8))
GREY = RGB.convert("L")
RGBA = RGB.copy()
RGBA.putalpha(Image.fromarray((x * 36).astype(numpy.uint8)))
PALETTE = RGB.quantize(16)
RED = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
rows = []


def add(name, note, limit=0, expected=None):
    picture = expected if expected is not None else Image.open(os.path.join(OUT, name)).convert("RGB")
    rows.append((name, limit, picture.width, picture.height, note, numpy.asarray(picture).tobytes().hex()))


def save(picture, name, note, limit=0, expected=None, **options):
    picture.save(os.path.join(OUT, name), **options)
    add(name, note, limit, expected)


os.makedirs(OUT, exist_ok=True)
save(RGB, "rgb.png", "")
save(RGB, "rgb.bmp", "")
save(RGB, "rgb.ppm", "")
save(GREY, "grey.png", "grey repeated")
save(GREY, "grey.pgm", "grey repeated")
save(GREY, "grey.jpg", "grey repeated", 6, quality=95)
save(GREY.convert("1"), "one_bit.png", "grey repeated")
save(RGBA, "alpha.png", "alpha dropped")
save(RGBA.convert("LA"), "grey_alpha.png", "grey repeated; alpha dropped", expected=RGBA.convert("LA").convert("L").convert("RGB"))
save(PALETTE, "palette.png", "palette looked up")
save(PALETTE, "palette.bmp", "palette looked up")
save(PALETTE, "still.gif", "first frame")
save(PALETTE, "animated.gif", "first frame", save_all=True, append_images=[RGB.rotate(90).quantize(16)], duration=100)
save(RGB, "photo.jpg", "", 6, quality=95, subsampling=0)
save(RGB, "progressive.jpg", "", 6, quality=95, subsampling=0, progressive=True)
save(RED, "cmyk.jpg", "CMYK converted", 6)
save(RGB, "wrong_ending.jpg", "really a PNG", format="PNG")
wide = RGB.resize((12, 8))
exif = wide.getexif()
exif[0x0112] = 6
save(wide, "orientation_6.jpg", "orientation 6 ignored, as in training", 6, quality=95, subsampling=0, exif=exif)
# 16 bits: the high byte counts. PIL clips grey of 16 bits to 255 instead, so the expectation is numpy's.
deep = (numpy.asarray(GREY).astype(numpy.uint16) * 257)
save(Image.fromarray(deep.astype(numpy.int32), "I"), "grey_16_bit.png", "grey repeated; 16 bits cut to 8", expected=GREY.convert("RGB"))
# A PPM with another white than 255: PIL scales it.
small = numpy.asarray(RGB) // 17
open(os.path.join(OUT, "white_15.ppm"), "wb").write(b"P6 8 8 15\n" + small.tobytes())
add("white_15.ppm", "")
# 16 bits in PNM are big-endian.
open(os.path.join(OUT, "grey_16_bit.pgm"), "wb").write(b"P5 8 8 65535\n" + deep.astype(">u2").tobytes())
add("grey_16_bit.pgm", "grey repeated; 16 bits cut to 8", expected=GREY.convert("RGB"))
open(os.path.join(OUT, "rgb_16_bit.ppm"), "wb").write(b"P6 8 8 65535\n" + (numpy.asarray(RGB).astype(numpy.uint16) * 257).astype(">u2").tobytes())
add("rgb_16_bit.ppm", "16 bits cut to 8")


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(name, bits, colour, interlace, raw):
    header = struct.pack(">IIBBBBB", 8, 8, bits, colour, 0, 0, interlace)
    write(name, b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))


def write(name, data):
    open(os.path.join(OUT, name), "wb").write(data)


def bmp(name, height, bits, compression, masks, data):
    start = 54 + len(masks)
    write(name, b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) +
          struct.pack("<IiiHHIIiiII", 40, 8, height, 1, bits, compression, len(data), 0, 0, 0, 0) + masks + data)


# What PIL does not write: Adam7 interlacing, 16 bits of colour, YCCK, BMP with rows from the top and with 5, 6 and 5 bits.
pixels = numpy.asarray(RGBA)
passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
png("interlaced.png", 8, 6, 1, b"".join(b"\0" + row.tobytes() for x0, y0, dx, dy in passes for row in pixels[y0::dy, x0::dx] if row.size))
add("interlaced.png", "alpha dropped")
png("alpha_16_bit.png", 16, 6, 0, b"".join(b"\0" + (row.astype(numpy.uint16) * 257).astype(">u2").tobytes() for row in pixels))
add("alpha_16_bit.png", "alpha dropped; 16 bits cut to 8", expected=RGB)
save(PALETTE, "palette_transparent.png", "palette looked up; alpha dropped", transparency=3)
save(GREY, "grey_transparent.png", "grey repeated; alpha dropped", transparency=int(numpy.asarray(GREY)[0, 0]), expected=GREY.convert("RGB"))
save(RGB.quantize(4), "two_bit_palette.png", "palette looked up", bits=2)
save(PALETTE, "transparent.gif", "first frame; alpha dropped", transparency=3)
save(RGB.resize((16, 16)).quantize(16), "interlaced.gif", "first frame", interlace=1)
ycck = bytearray(open(os.path.join(OUT, "cmyk.jpg"), "rb").read())
ycck[ycck.index(b"Adobe") + 11] = 2
write("ycck.jpg", bytes(ycck))
add("ycck.jpg", "CMYK converted", 6)
bmp("rows_from_the_top.bmp", -8, 24, 0, b"", pixels[:, :, 2::-1].tobytes())
add("rows_from_the_top.bmp", "")
five = (pixels[::-1, :, 0].astype(int) >> 3 << 11 | pixels[::-1, :, 1].astype(int) >> 2 << 5 | pixels[::-1, :, 2].astype(int) >> 3).astype("<u2")
bmp("masks_565.bmp", 8, 16, 3, struct.pack("<III", 0xF800, 0x7E0, 0x1F), five.tobytes())
add("masks_565.bmp", "", 1)


def paeth(a, b, c):
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


def packed_rows(samples, bits):
    """Rows of samples (h, w, channels) as PNG has them, with one filter after the other."""
    back, above, out = max(1, samples.shape[2] * bits // 8), None, b""
    for number, row in enumerate(samples):
        text = "".join(format(int(v), "0%db" % bits) for v in row.flatten())
        text += "0" * (-len(text) % 8)
        row = [int(text[i:i + 8], 2) for i in range(0, len(text), 8)]
        above = above or [0] * len(row)
        out += bytes([number % 5])
        for i, v in enumerate(row):
            a, b, c = row[i - back] if i >= back else 0, above[i], above[i - back] if i >= back else 0
            out += bytes([(v - [0, a, b, (a + b) // 2, paeth(a, b, c)][number % 5]) & 255])
        above = row
    return out


def odd_png(name, samples, bits, colour, interlace, note, expected, palette=None):
    """Any size, all filters, data in three chunks of which the first is empty."""
    parts = [samples[y0::dy, x0::dx] for x0, y0, dx, dy in passes] if interlace else [samples]
    data = zlib.compress(b"".join(packed_rows(part, bits) for part in parts if part.size))
    header = struct.pack(">IIBBBBB", samples.shape[1], samples.shape[0], bits, colour, 0, 0, interlace)
    write(name, b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + (chunk(b"PLTE", palette.tobytes()) if palette is not None else b"") +
          chunk(b"IDAT", b"") + chunk(b"IDAT", data[:20]) + chunk(b"IDAT", data[20:]) + chunk(b"IEND", b""))
    add(name, note, expected=Image.fromarray(expected.astype(numpy.uint8)))


random = numpy.random.RandomState(1)
samples = random.randint(0, 256, (11, 13, 3))
odd_png("filters.png", samples, 8, 2, 0, "", samples)
samples = random.randint(0, 65536, (7, 11, 3))
odd_png("interlaced_16_bit.png", samples, 16, 2, 1, "16 bits cut to 8", samples >> 8)
samples, colours = random.randint(0, 16, (9, 13, 1)), random.randint(0, 256, (16, 3)).astype(numpy.uint8)
odd_png("interlaced_four_bit.png", samples, 4, 3, 1, "palette looked up", colours[samples[:, :, 0]], colours)
samples = random.randint(0, 2, (5, 3, 1))
odd_png("interlaced_one_bit.png", samples, 1, 0, 1, "grey repeated", numpy.repeat(samples * 255, 3, 2))
samples = random.randint(0, 65536, (6, 5, 2))
odd_png("grey_alpha_16_bit.png", samples, 16, 4, 0, "grey repeated; alpha dropped; 16 bits cut to 8", numpy.repeat(samples[:, :, :1] >> 8, 3, 2))
# OS/2's BMP: a shorter header, and colours of three bytes.
samples = random.randint(0, 16, (4, 8))
write("os2.bmp", b"BM" + struct.pack("<IHHIIHHHH", 26 + 48 + 16, 0, 0, 26 + 48, 12, 8, 4, 1, 4) + colours[:, ::-1].tobytes() +
      b"".join(bytes(int(a) << 4 | int(b) for a, b in zip(row[::2], row[1::2])) for row in samples[::-1]))
add("os2.bmp", "palette looked up")
assert rows[-1][5] == colours[samples].tobytes().hex()
save(wide, "orientation_6.png", "orientation 6 ignored, as in training", exif=exif)
save(RGB.resize((1, 1)), "one_pixel.png", "")
save(RGB.resize((1, 40)), "column.png", "")
save(RGB.resize((40, 1)), "row.jpg", "", 6, quality=95, subsampling=0)
both = open(os.path.join(OUT, "photo.jpg"), "rb").read() + open(os.path.join(OUT, "orientation_6.jpg"), "rb").read()
write("two_in_one.jpg", both)
add("two_in_one.jpg", "", 6)

# Data behind a picture's end, as in motion photos and panoramas, is never read as picture, whatever its bytes are.
whole = open(os.path.join(OUT, "photo.jpg"), "rb").read()
trailer = numpy.random.RandomState(2).randint(0, 256, 3000).astype(numpy.uint8)
video = b"\xff\xc4\x00\x13" + b"\xff" * 16 + b"\x00\x00\x00\x1cftypisom" + trailer.tobytes()
for name, data in (("motion_photo.jpg", whole + video), ("motion_photo_scan.jpg", whole + whole[whole.index(b"\xff\xda"):][:40] + video)):
    write(name, data)
    add(name, "", 6)
# Without an end mark: PIL opens them if the trailer has no 0xff. The picture itself is whole in each of them.
open_end = whole[:-2]
assert whole[-2:] == b"\xff\xd9"
for name, data in (("no_end.jpg", open_end), ("no_end_seven_bits.jpg", open_end + (trailer & 127).tobytes()), ("no_end_markers.jpg", open_end + trailer.tobytes()),
                   ("no_end_huffman.jpg", open_end + video)):
    write(name, data)
    add(name, "", 6, expected=Image.open(os.path.join(OUT, "photo.jpg")).convert("RGB"))
# Restart markers: a file that is cut before one of them is not whole.
cv2.imwrite(os.path.join(OUT, "restarts.jpg"), numpy.asarray(GREY.resize((40, 8), Image.BILINEAR)), [cv2.IMWRITE_JPEG_QUALITY, 80, cv2.IMWRITE_JPEG_RST_INTERVAL, 1])
assert open(os.path.join(OUT, "restarts.jpg"), "rb").read().count(b"\xff\xd3") == 1
add("restarts.jpg", "grey repeated", 6)
# Four inks: PIL inverts them with and without Adobe's marker.
save(RGB.convert("CMYK"), "cmyk_photo.jpg", "CMYK converted", 8, quality=95, subsampling=0)
inks = open(os.path.join(OUT, "cmyk_photo.jpg"), "rb").read()
adobe = inks.index(b"\xff\xee")
write("cmyk_without_marker.jpg", inks[:adobe] + inks[adobe + 16:])
add("cmyk_without_marker.jpg", "CMYK converted", 8)
# Orientation as any whole number, in both byte orders.
for name, kind, order, text in (("orientation_long.jpg", 4, ">", "6"), ("orientation_byte.jpg", 1, ">", "6"), ("orientation_signed.jpg", 9, "<", "8")):
    value = int(text)
    tiff = (b"MM" if order == ">" else b"II") + struct.pack(order + "HIHHHI", 42, 8, 1, 0x112, kind, 1) + \
           (struct.pack(order + "I", value) if kind in (4, 9) else bytes([value, 0, 0, 0])) + bytes(4)
    block = b"Exif\0\0" + tiff
    write(name, whole[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + whole[2:])
    assert Image.open(os.path.join(OUT, name)).getexif()[0x112] in (value, bytes([value]))
    add(name, "orientation %d ignored, as in training" % value, 6)


def small_frame(name, background, transparent=None, local=False):
    """A GIF of 12 x 9 whose first frame of 8 x 8 is at (3, 1)."""
    PALETTE.save(os.path.join(OUT, name))
    data = open(os.path.join(OUT, name), "rb").read()
    table = 13 + 3 * (2 << (data[10] & 7))
    frame = data.index(b"\x2c", table)
    control = b"\x21\xf9\x04\x01\0\0" + bytes([transparent, 0]) if transparent is not None else b""
    colours, flags = data[13:table], data[frame + 9]
    rest = data[frame + 10:]
    if local:  # its own table, in another order, and the indices still into it
        rest, flags = colours + rest, flags | 0x80 | (data[10] & 7)
        colours = colours[::-1]
    write(name, data[:6] + struct.pack("<HH", 12, 9) + bytes([data[10], background, 0]) + colours + control + b"\x2c" +
          struct.pack("<HHHH", 3, 1, 8, 8) + bytes([flags]) + rest)
    inside = numpy.asarray(PALETTE.convert("RGB"))
    table = numpy.frombuffer(colours, numpy.uint8).reshape(-1, 3)
    canvas = numpy.empty((9, 12, 3), numpy.uint8)
    canvas[:] = numpy.frombuffer(data[13:13 + 48], numpy.uint8).reshape(-1, 3)[transparent] if transparent is not None else table[background]
    canvas[1:9, 3:11] = inside
    if background == 0 or transparent is not None:  # PIL always takes colour 0; the format has the background's number
        assert (numpy.asarray(Image.open(os.path.join(OUT, name)).convert("RGB")) == canvas).all() or local, name
    add(name, "first frame" + ("; alpha dropped" if transparent is not None else ""), expected=Image.fromarray(canvas))


small_frame("corner.gif", 0)
small_frame("corner_background.gif", 5)
small_frame("corner_transparent.gif", 0, 7)
small_frame("corner_own_colours.gif", 3, None, True)

with open(os.path.join(HERE, "golden", "pictures.tsv"), "w") as out:
    out.write("# picture, largest difference allowed, width, height, note, PIL's RGB in hex; written by tests/make_pictures.py\n")
    for row in rows:
        out.write("\t".join(str(v) for v in row) + "\n")
