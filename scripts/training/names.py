"""scripts/train names: from the corpora to models/names.dlm.

  1 teachers   networks of several seeds on the gold sets
  2 labels     the teachers' mean labels silver and open text; silver sentences on which they and the silver labels differ are left out
  3 student    one of the teachers goes on, on gold and on those labels; then for a last epoch on labels that the student gave with them
  4 export     integers, and the calibration of confidence on the development sets, through the program itself
"""
import glob
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

from . import corpora, modelfile, names_export, names_net, names_train, vectors

SIZES = dict(hidden=256, pooled=48, top=96)


def digests(data):
    out = []
    for pattern in ("ner/*/*.conll", "ner/*/*.jsonl", "articles/open_news.jsonl"):
        for path in sorted(glob.glob(os.path.join(data, pattern))):
            if "/dev" not in path or "crossner" in path:
                out.append("%s sha256 %s" % (os.path.relpath(path, data), modelfile.digest(path)))
    return out


def agree_with_silver(docs):
    """Silver documents cut down to the sentences whose labels the teachers share (types but MISC), with the teachers' labels."""
    kept, n, of = [], 0, 0
    for d in docs:
        edges = np.concatenate([[0], np.flatnonzero(np.diff(d["sent"])) + 1, [len(d["row"])]])
        keep = np.zeros(len(d["row"]), dtype=bool)
        for a, b in zip(edges[:-1], edges[1:]):
            same = [s for s in names_net.spans_of(d["pred"][a:b]) if s[2] != "MISC"] == [s for s in names_net.spans_of(d["tags"][a:b]) if s[2] != "MISC"]
            keep[a:b] = same
            n += same
            of += 1
        if keep.any():
            kept.append(take(d, keep))
    print("silver: %d of %d sentences kept" % (n, of), flush=True)
    return kept


def take(d, keep):
    out = dict(d)
    for k in ("row", "key", "bits", "shape", "cap", "affixes", "sent", "cp_start", "cp_end"):
        out[k] = d[k][keep]
    out["tags"] = d["pred"][keep]
    return out


def self_labels(nets, train):
    docs = [dict(d) for d in train["gmb"]]
    names_net.decode(nets, docs)
    open_docs = [dict(d) for d in train["open_text"]]
    names_net.decode(nets, open_docs)
    return agree_with_silver(docs) + [take(d, np.ones(len(d["row"]), dtype=bool)) for d in open_docs]


def annotate(program, models, docs):
    """Name mentions of each document by the program: [(start, end, type, confidence)]."""
    feed = "".join(json.dumps({"id": str(i), "text": d["text"]}) + "\n" for i, d in enumerate(docs))
    out = subprocess.run([program, "annotate", "--quiet", "--models", models], input=feed.encode(), stdout=subprocess.PIPE, check=True).stdout
    got = {}
    for line in out.decode().splitlines():
        r = json.loads(line)
        got[r["id"]] = [(m["start"], m["end"], e["type"], m["confidence"]) for e in r["entities"] for m in e["mentions"] if m["form"] == "name"]
    return [got[str(i)] for i in range(len(docs))]


def calibrate(pairs):
    """Isotonic regression (pool adjacent violators) of being right on confidence, read at equal steps; pairs are (confidence, right)."""
    pairs = sorted(pairs)
    blocks = []
    for c, y in pairs:
        blocks.append([float(y), 1, c])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            y2, n2, c2 = blocks.pop()
            blocks[-1] = [blocks[-1][0] + y2, blocks[-1][1] + n2, blocks[-1][2] + c2]
    x = [b[2] / b[1] for b in blocks]
    y = [(b[0] + 0.5) / (b[1] + 1) for b in blocks]
    points = np.linspace(0, 1, 21)
    return np.clip(np.interp(points, x, np.maximum.accumulate(y)), 0.01, 0.999)


def measure_calibration(program, models, dev):
    pairs = []
    for name, docs in dev.items():
        types = ("PER", "ORG", "LOC") if name == "ewt" else ("PER", "ORG", "LOC", "MISC")
        for d, got in zip(docs, annotate(program, models, docs)):
            want = {tuple(s) for s in d["spans"]}
            pairs += [(c, (s, e, t) in want) for s, e, t, c in got if t in types]
    return pairs


def export(net, words, train, dev, data, models, program, features, fixture, seed):
    sample = train["open_news"][:40] + train["ewt"][:20]
    q = names_export.Quantised(net, words.unit, sample)
    every = [d for name in ("open_news", "voa", "ewt", "gum", "gmb") for d in train[name]]
    common = names_export.common_words(every, len(words.codes))
    lower, bits = names_export.lower_names(every, words, data)
    import torch
    info = {"name": "names", "version": "1", "made-by": "scripts/train names", "seed": str(seed), "python": sys.version.split()[0],
            "numpy": np.__version__, "torch": torch.__version__, "sizes": json.dumps(SIZES), "data": digests(data),
            "licence": "see models/README.md: trained on CC BY-SA, CC BY, OGL and public-domain texts"}
    path = os.path.join(models, "names.dlm")
    names_export.write(path, net, q, common, lower, np.linspace(0, 1, 21), info)
    pairs = measure_calibration(program, models, dev)
    table = calibrate(pairs)
    names_export.write(path, net, q, common, lower, table, info)
    names_export.fixture(fixture, q, words.table(), (features, models))
    print("looked at in lower case: %d words; calibration: %s" % (bits.sum(), " ".join("%.2f" % v for v in table)))


def build(models, data, program, features, fixture, seeds=(1, 2), epochs=4, student_seed=11, student_epochs=3):
    train, dev = corpora.sets(data)
    for part in (train, dev):
        for name in part:
            print(name, end=" ")
            part[name] = corpora.features(part[name], features, models)
    words = vectors.Words(os.path.join(models, "words.dlm"))
    table = words.table()
    log = lambda s: print(s, flush=True)
    teachers = [names_train.fit(train, dev, table, words.unit, s, epochs, log=log, **SIZES) for s in seeds]
    log("teachers: " + names_train.report(teachers, dev))
    train["self"] = self_labels(teachers, train)
    student = names_train.fit(train, dev, table, words.unit, student_seed, student_epochs, rate=8e-4, log=log, start=teachers[0])
    train["self"] = self_labels([student, student, *teachers], train)
    student = names_train.fit(train, dev, table, words.unit, student_seed + 1, 1, rate=4e-4, log=log, start=student)
    export(student, words, train, dev, data, models, program, features, fixture, student_seed)
