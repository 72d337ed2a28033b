#!/usr/bin/python3
"""Neuron groups by numpy, from engine/net/groups.h's words: prints the golden lines of tests/test_groups.c.

  /usr/bin/python3 tests/oracle_groups.py

Each line: H W C k, how many groups there are, what is left over, and the strengths of the first two groups at four places."""
import numpy as np


def map_of(h, w, c):
    """From integers alone; test_groups.c repeats it."""
    y, x, i = np.mgrid[0:h, 0:w, 0:c]
    v = (y * 7 + x * 3 + i * i * 5 + y * x * (i % 3)) % 23 - 6
    return np.maximum(v, 0).reshape(h * w, c).astype(float) / 8


def groups(a, k):
    norms = np.linalg.norm(a, axis=1)
    rows, nearest = [], np.full(len(a), -1.0)
    while len(rows) < k:
        open_ = [p for p in range(len(a)) if norms[p] > 0 and norms[p] >= 0.3 * norms.mean() and nearest[p] <= 1 - 1e-9]
        if not open_:
            break
        p = max(open_, key=lambda q: (norms[q] if not rows else -nearest[q], -q))
        rows.append((a[p] + 0.01 * a[p].mean()) / norms[p])
        cosine = a @ a[p] / np.where(norms > 0, norms * norms[p], 1)
        nearest = np.where(norms > 0, np.maximum(nearest, cosine), nearest)
    h = np.array(rows)
    w = a @ h.T
    for _ in range(200):
        w = w * (a @ h.T) / (w @ (h @ h.T) + 1e-12)
        h = h * (w.T @ a) / ((w.T @ w) @ h + 1e-12)
    left = np.linalg.norm(a - w @ h) / np.linalg.norm(a)
    w = w * np.linalg.norm(h, axis=1)
    return len(rows), left, w[:, np.argsort(-w.sum(0), kind="stable")]


for h, w, c, k in ((5, 6, 9, 3), (7, 7, 20, 4), (4, 3, 2, 6), (1, 1, 12, 4), (9, 8, 31, 8)):
    count, left, strength = groups(map_of(h, w, c), k)
    picked = [strength[p * h * w // 4, g] for g in range(min(2, count)) for p in range(4)]
    print("    {%d, %d, %d, %d, %d, %.9g, {%s}}," % (h, w, c, k, count, left, ", ".join("%.9g" % v for v in picked)))
