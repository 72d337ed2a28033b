"""Compares predict's JSON answers with tests/golden/predict.tsv, on the photos as they are (JPEG, decoded by us) and on PIL's pixels
(PPM). Usage: compare_predict.py PROGRAM DATA SCRATCH. Prints "ok" and "not ok" lines for tests/cli_predict.sh."""
import collections
import json
import os
import subprocess
import sys

from PIL import Image

program, data, scratch = sys.argv[1:4]
golden = collections.defaultdict(list)
for line in open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden", "predict.tsv")):
    if not line.startswith("#"):
        weights, photo, *top = line.rstrip("\n").split("\t")
        path = photo if photo.startswith("/") else os.path.join(data, photo)
        if os.path.exists(path):
            golden[weights].append((path, [(int(t.split(":")[0]), float(t.split(":")[1])) for t in top]))


def answers(weights, paths):
    out = subprocess.run([program, "predict", "--weights", os.path.join(data, "weights", weights), "--format", "json", "--top", "1000"] + paths,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    return json.loads(out)


def report(name, worst, limit, wrong):
    good = worst <= limit and not wrong
    print("%s %s: largest difference %.2g of %g%s" % ("ok" if good else "not ok", name, worst, limit, "; " + wrong[0] if wrong else ""))


for weights, photos in golden.items():
    ppm = []
    for i, (path, _) in enumerate(photos):
        ppm.append(os.path.join(scratch, "%d.ppm" % i))
        Image.open(path).convert("RGB").save(ppm[-1])
    for kind, paths, limit in (("PIL's pixels", ppm, 1e-3), ("JPEG", [p for p, _ in photos], 2e-2)):
        worst, wrong = 0.0, []
        for (path, top), answer in zip(photos, answers(weights, paths)):
            ours = {t["index"]: t["prob"] for t in answer["top"]}
            worst = max([worst] + [abs(ours[i] - p) for i, p in top])
            order = [t["index"] for t in answer["top"][:5]]
            for k, (i, p) in enumerate(top):  # another class in this place: allowed where the two are closer than the limit on JPEG,
                closeness = limit if kind == "JPEG" else 1e-5  # and than PyTorch's own last digits otherwise
                if order[k] != i and abs(ours[order[k]] - p) > closeness:
                    wrong.append("%s: place %d is %d, not %d" % (os.path.basename(path), k + 1, order[k], i))
        report("predict on %d photos, %s, %s" % (len(photos), kind, weights), worst, limit, wrong)
