#!/usr/bin/env python3
"""boundary.py TRAIN.conllu...: trains the sentence boundary model and writes ../boundary_table.inc to standard output.

The features come from pipeline/stages/boundary.c itself, compiled here into a shared object. Logistic regression by AdaGrad over hashed
features with L2, in a fixed order: the same input gives the same table. The table in the tree is made from
    boundary.py ../shared/data/ud/en_ewt/train.conllu ../shared/data/ud/gum_permissive/train.conllu
--without FILE leaves out the documents whose doc_id stands in FILE (JSON lines): to measure on documents that were not seen."""
import argparse
import ctypes
import glob
import json
import math
import os
import random
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
SOURCES = ["pipeline/stages/boundary.c", "pipeline/stages/chars.c", "pipeline/lexicon/abbrev.c", "pipeline/base/*.c"]
BUCKETS, MAX_FEATURES = 1 << 14, 40
EPOCHS, RATE, L2, SCALE, MIN_COUNT = 10, 0.08, 1e-3, 256, 3
LOST = 0.02                 # of the boundaries without a stop, for speed: the first few features decide
GUM_WEIGHT = 2              # news reads like GUM, of which there is less


class Walk(ctypes.Structure):
    _fields_ = [("p", ctypes.c_char_p), ("n", ctypes.c_size_t), ("start", ctypes.c_uint32), ("at", ctypes.c_uint32), ("end", ctypes.c_uint32),
                ("words", ctypes.c_uint32), ("brackets", ctypes.c_int32), ("quotes", ctypes.c_int32), ("ascii_quote", ctypes.c_bool),
                ("list_next", ctypes.c_uint32), ("marker_end", ctypes.c_uint32), ("longest_line", ctypes.c_uint32),
                ("starts_lower", ctypes.c_uint32), ("style", ctypes.c_uint32)]


class Point(ctypes.Structure):
    _fields_ = [("end", ctypes.c_uint32), ("next", ctypes.c_uint32), ("verdict", ctypes.c_int), ("has_stop", ctypes.c_bool), ("n_near", ctypes.c_uint32),
                ("n_features", ctypes.c_uint32),
                ("features", ctypes.c_uint16 * MAX_FEATURES)]


class Text(ctypes.Structure):
    _fields_ = [("p", ctypes.c_char_p), ("n", ctypes.c_size_t)]


def extractor(folder):
    path = os.path.join(folder, "boundary.so")
    subprocess.check_call([os.environ.get("CC", "cc"), "-O1", "-shared", "-fPIC", "-std=c11", "-D_GNU_SOURCE", "-I", ROOT, "-o", path,
                           *(f for s in SOURCES for f in sorted(glob.glob(os.path.join(ROOT, s)))), "-lutf8proc"])
    lib = ctypes.CDLL(path)
    lib.dl_boundary_begin.restype = Walk
    lib.dl_boundary_begin.argtypes = [Text, ctypes.c_uint32, ctypes.c_uint32]
    lib.dl_boundary_point_next.restype = ctypes.c_bool
    return lib


def paragraphs(path, left_out):
    """(text, byte offsets where sentences end) of each paragraph."""
    text, ends, sentence, new, skip, space = b"", [], b"", True, False, b""
    surface_until = 0
    with open(path, encoding="utf-8") as f:
        for line in f:
            line = line.rstrip("\n")
            if line.startswith("# newdoc"):
                skip, new = line.split("=")[1].strip() in left_out, True
            elif line.startswith("# newpar"):
                new = True
            elif line.startswith("#"):
                continue
            elif not line:
                if sentence and not skip:
                    if new and text:
                        yield text, ends
                    if new:
                        text, ends = b"", []
                    new = False
                    body = sentence.rstrip(b" ")
                    text += body
                    ends.append(len(text))
                    text += sentence[len(body):]
                sentence, surface_until = b"", 0
            else:
                c = line.split("\t")
                if "." in c[0]:
                    continue
                if "-" in c[0]:
                    surface_until = int(c[0].split("-")[1])
                elif int(c[0]) <= surface_until:
                    continue
                sentence += c[1].encode() + (b"" if "SpaceAfter=No" in c[9] else b" ")
    if text:
        yield text, ends


def examples(lib, text, ends):
    """(features, does a sentence end here) of each point in a paragraph that is left to the model."""
    walk, pt, last = lib.dl_boundary_begin(Text(text, len(text)), 0, len(text)), Point(), ends[-1]
    while lib.dl_boundary_point_next(ctypes.byref(walk), ctypes.byref(pt)):
        ends_here = any(e != last and pt.end <= e <= pt.next for e in ends)
        if pt.verdict == 2:
            near = tuple(pt.features[:pt.n_near])
            yield near, near + tuple(pt.features[pt.n_near:pt.n_features]), pt.has_stop, ends_here
        if ends_here or pt.verdict == 1:
            lib.dl_boundary_cut(ctypes.byref(walk), ctypes.byref(pt))


def train(data):
    """data: (near features, all features, is there a stop, does a sentence end, weight)"""
    order = random.Random(1)
    seen = [0] * BUCKETS
    for _, features, _, _, _ in data:
        for f in features:
            seen[f] += 1
    rows = [(tuple(f for f in features if seen[f] >= MIN_COUNT), y, weight) for _, features, _, y, weight in data]
    w, g2 = [0.0] * BUCKETS, [1e-6] * BUCKETS
    for _ in range(EPOCHS):
        order.shuffle(rows)
        for features, y, weight in rows:
            z = sum([w[f] for f in features])
            p = 1 / (1 + math.exp(-z)) if z > -30 else 0.0
            step = weight * (p - y)
            for f in features:
                g = step + L2 * w[f]
                g2[f] += g * g
                w[f] -= RATE * g / math.sqrt(g2[f])
    return [max(-32768, min(32767, round(x * SCALE))) for x in w]


def give_up(data, w):
    """The sum of near features below which a point without a stop is given up: what LOST of the boundaries stay under."""
    sums = sorted(sum(w[f] for f in near) for near, _, has_stop, y, _ in data if y and not has_stop)
    at = sums[int(len(sums) * LOST)]
    given_up = [y for near, _, has_stop, y, _ in data if not has_stop and sum(w[f] for f in near) < at]
    print(f"{len(given_up)} of {sum(not d[2] for d in data)} points without a stop are given up below {at}, "
          f"{sum(given_up):.0f} of {len(sums)} boundaries with them", file=sys.stderr)
    return at


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("train", nargs="+")
    ap.add_argument("--without", action="append", default=[])
    args = ap.parse_args()
    left_out = {json.loads(line)["doc_id"] for path in args.without for line in open(path, encoding="utf-8")}
    data = []
    with tempfile.TemporaryDirectory() as folder:
        lib = extractor(folder)
        for path in args.train:
            weight = GUM_WEIGHT if "gum" in path else 1
            for text, ends in paragraphs(path, left_out):
                data += [(near, f, stop, float(y), weight) for near, f, stop, y in examples(lib, text, ends)]
    print(f"{len(data)} points, {sum(d[3] for d in data):.0f} boundaries", file=sys.stderr)
    weights = train(data)
    print("/* Made by gen/boundary.py from UD English EWT and GUM (models/README.md says under which licences). Do not edit. */")
    print(f"enum {{ GIVE_UP = {give_up(data, weights)} }};")
    print("static const int16_t weights[DL_BOUNDARY_BUCKETS] = {")
    for i in range(0, BUCKETS, 16):
        print(",".join(map(str, weights[i:i + 16])) + ",")
    print("};")


if __name__ == "__main__":
    main()
