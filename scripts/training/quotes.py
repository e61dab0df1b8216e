#!/usr/bin/python3
"""quotes.py QUOTE_FEATURES MODELS GOLD [--write FILE]: weights of the sources of quoted stretches.

QUOTE_FEATURES is the program of quote_features.c; GOLD is ../shared/data/quotes/gum_attributions_dev.jsonl. Softmax regression: the right
candidates of a stretch are those whose source overlaps the gold one, and of these, where there are any, those with the gold cue. The
weights are held to those that stand in the file now by a Gaussian prior, which says what a hundred examples cannot. Prints the share of
stretches with a right source, all and held out in five folds by document; writes quotes_weights.inc."""
import argparse
import json
import re
import struct
import subprocess

import numpy as np

FOLDS, PRIOR, STEPS, RATE = 5, .1, 400, .3


def read(data, n_docs):
    at = 0

    def u32():
        nonlocal at
        at += 4
        return struct.unpack_from("<I", data, at - 4)[0]

    for _ in range(n_docs):
        n = u32()
        text = data[at:at + n]
        at += n
        stretches = []
        for _ in range(u32()):
            start, end, cands = u32(), u32(), []
            for _ in range(u32()):
                source, cue, m = (u32(), u32()), (u32(), u32()), u32()
                cands.append((source, cue, np.frombuffer(data, "<f4", m, at).astype(float)))
                at += 4 * m
            stretches.append((start, end, cands))
        yield text, stretches


def overlap(a, spans):
    return a[1] > a[0] and any(a[0] < s["end"] and s["start"] < a[1] for s in spans)


def examples(docs, program, models):
    """[(document, features [n, f], right [n])] of stretches within a gold content whose source is marked."""
    raw = [d["text"].encode() for d in docs]
    run = subprocess.run([program, models], input=b"".join(struct.pack("<I", len(t)) + t for t in raw), capture_output=True, check=True)
    out = []
    for i, (d, (text, stretches)) in enumerate(zip(docs, read(run.stdout, len(docs)))):
        cp = [0]
        for byte in text:
            cp.append(cp[-1] + ((byte & 0xC0) != 0x80))
        shift = d["text"].find(text.decode())
        if shift < 0:
            continue
        place = lambda span: (cp[span[0]] + shift, cp[span[1]] + shift)
        for start, end, cands in stretches:
            start, end = place((start, end))
            gold = [a for a in d["attributions"] if a["source"] and
                    sum(max(0, min(end, s["end"]) - max(start, s["start"])) for s in a["content"]) * 2 >= end - start]
            right = np.array([any(overlap(place(s), a["source"]) for a in gold) for s, _, _ in cands])
            cued = np.array([any(overlap(place(s), a["source"]) and overlap(place(c), a["cue"]) for a in gold) for s, c, _ in cands])
            if gold and cands:
                out.append((i, np.array([f for _, _, f in cands]), right, cued if cued.any() else right))
    return out


def train(rows, prior):
    w = prior.copy()
    rows = [(f, want) for _, f, _, want in rows if want.any() and not want.all()]
    for _ in range(STEPS):
        grad = 2 * PRIOR * (w - prior)
        for f, want in rows:
            p = np.exp(f @ w - (f @ w).max())
            p /= p.sum()
            q = p * want
            grad += (p - q / q.sum()) @ f / len(rows)
        w -= RATE * grad
    return w


def accuracy(rows, w):
    return sum(bool(right[np.argmax(f @ w)]) for _, f, right, _ in rows)


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("program")
    ap.add_argument("models")
    ap.add_argument("gold")
    ap.add_argument("--write", default="pipeline/stages/quotes_weights.inc")
    args = ap.parse_args()
    names, prior = zip(*re.findall(r"\[DL_QF_(\w+)\] = ([-0-9.]+)F", open(args.write, encoding="utf-8").read()))
    prior = np.array([float(x) for x in prior])
    docs = [json.loads(line) for line in open(args.gold, encoding="utf-8")]
    rows = examples(docs, args.program, args.models)
    held = sum(accuracy([r for r in rows if r[0] % FOLDS == k], train([r for r in rows if r[0] % FOLDS != k], prior)) for k in range(FOLDS))
    w = train(rows, prior)
    print(f"{len(rows)} stretches; a right candidate for {sum(r[2].any() for r in rows)}; right source: as they were {accuracy(rows, prior)}, "
          f"trained {accuracy(rows, w)}, held out {held}")
    with open(args.write, "w", encoding="utf-8") as f:
        f.writelines(f"    [DL_QF_{n}] = {x:.2f}F,\n" for n, x in zip(names, w))


if __name__ == "__main__":
    main()
