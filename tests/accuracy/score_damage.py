#!/usr/bin/env python3
"""How much of sentence and token F1 survives damage.

    score_damage.py PROGRAM [--rate R] [--limit N] [--least KEPT]

The GUM development documents of ../shared, clean and damaged by tests/damage/damage.py one way at a time and in all ways at once; F1 over
spans, and the share of the clean F1 that is kept. "unrepaired": the same with the stage repair left out.
"""
import argparse
import json
import os
import random
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "damage"))
import damage  # noqa: E402

PATH = os.path.join(HERE, "..", "..", "..", "shared", "data", "segmentation", "gum_dev.jsonl")
WAYS = ["glue", "mojibake", "latin1", "double", "quotes", "softhyphen", "linebreak", "invisible", "ligature", "homoglyph", "wide"]


BEYOND_TOKENS = ["words", "tag", "parse", "mentions", "resolve", "link", "times", "quantities", "quotes"]


def annotate(program, rows, more):
    lines = "".join(json.dumps({"id": str(i), "title": "", "text": r["text"]}) + "\n" for i, r in enumerate(rows))
    run = subprocess.run([program, "annotate", "--quiet", "--tokens", "--skip", ",".join(BEYOND_TOKENS + more), "--jobs", "1"],
                         input=lines.encode(), capture_output=True)
    if run.returncode:
        raise SystemExit(run.stderr.decode()[:500])
    return [json.loads(x) for x in run.stdout.decode().split("\n") if x]


def spans(items):
    return {(x["start"], x["end"]) for x in items}


def f1(rows, records):
    out = []
    for name in ("sentences", "tokens"):
        hit = n = 0
        for row, rec in zip(rows, records):
            gold, got = {tuple(x) for x in row[name]}, spans(rec[name])
            hit += len(gold & got)
            n += len(gold) + len(got)
        out.append(200 * hit / max(1, n))
    return out


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("program")
    ap.add_argument("--rate", type=float, default=0.02)
    ap.add_argument("--limit", type=int, default=60)
    ap.add_argument("--least", type=float, help="least share kept, in per cent, with all ways at once")
    a = ap.parse_args()
    if not os.path.exists(PATH):
        print("skipped: ../shared/data is not there")
        return 77
    rows = [json.loads(line) for line in open(PATH, encoding="utf-8")][:a.limit]
    rows = [{k: r[k] for k in ("text", "sentences", "tokens")} for r in rows]
    clean = f1(rows, annotate(a.program, rows, []))
    print("%-12s sentences %5.1f          tokens %5.1f" % ("clean", *clean))
    kept = [100, 100]
    for ways in [[w] for w in WAYS] + [[w for w in WAYS if w not in ("latin1", "double", "wide")]]:
        rng = random.Random(3)
        hurt = [damage.damage_row(r, ways, a.rate, rng) for r in rows]
        hits = sum(sum(r["damage"].values()) for r in hurt)
        got, bare = f1(hurt, annotate(a.program, hurt, [])), f1(hurt, annotate(a.program, hurt, ["repair"]))
        kept = [100 * g / c for g, c in zip(got, clean)]
        print("%-12s sentences %5.1f (%5.1f %%)  tokens %5.1f (%5.1f %%)  unrepaired %5.1f %5.1f  %d hits" %
              (ways[0] if len(ways) == 1 else "all at once", got[0], kept[0], got[1], kept[1], *bare, hits))
    return int(a.least is not None and min(kept) < a.least)


if __name__ == "__main__":
    sys.exit(main())
