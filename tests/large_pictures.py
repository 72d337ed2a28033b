"""Photos of as many pixels as phones take, with PIL as the oracle: the program opens them within the memory that README.md states, and
answers as on the picture that PIL makes of them. Usage: large_pictures.py PROGRAM SCRATCH."""
import json
import os
import subprocess
import sys

from PIL import Image

program, scratch = sys.argv[1:3]
Image.MAX_IMAGE_PIXELS = None
daisy = Image.open("assets/images/daisy.png").convert("RGB")


# A small process in between: a child's peak begins with the memory of the process that starts it, and PIL's pictures are large.
MEASURE = """import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(child.pid, 0)
sys.stderr.write("\\n%d" % (usage.ru_maxrss >> 10))
sys.exit(status != 0)"""


def predict(path):
    """Probabilities by class, what was said, and the megabytes that it took."""
    out = subprocess.run([sys.executable, "-c", MEASURE, program, "predict", "--format", "json", "--top", "5", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         universal_newlines=True)
    said, peak = out.stderr.rsplit("\n", 1)
    return {t["index"]: t["prob"] for t in json.loads(out.stdout)[0]["top"]} if out.returncode == 0 else None, said, int(peak)


def check(name, size, megabytes, word, other=any(kind in program for kind in ("asan", "tsan", "web")), **options):
    photo = daisy.resize(size, Image.BILINEAR)
    path, small = os.path.join(scratch, "large.jpg"), os.path.join(scratch, "small.png")
    photo.save(path, quality=85, **options)
    Image.open(path).convert("RGB").resize((224, 224), Image.BILINEAR).save(small)
    got, said, peak = predict(path)
    want = predict(small)[0]
    good = got is not None and all(abs(got[k] - want[k]) < 0.01 for k in want) and word in said and (peak <= megabytes or other)
    print("%s %s: %d megabytes%s" % ("ok" if good else "not ok", name, peak, "" if good else ": %s, PIL %s; %s" % (got, want, said.strip())))
    os.remove(path)


check("64 megapixels (9248 x 6936)", (9248, 6936), 450, "")
check("108 megapixels (12000 x 9000)", (12000, 9000), 400, "decoded at half size")
