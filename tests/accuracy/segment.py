#!/usr/bin/env python3
"""segment.py DATELINE: sentence and token F1 of the program on the development sets, the golden rules, and whether the generated tables
are those that their generators make. Exit 77 (skipped) where ../shared is absent."""
import json
import os
import subprocess
import sys

DATA, GEN = "../shared/data", "pipeline/lexicon/gen"
FLOORS = {"gum": (0.96, 0.994), "ewt": (0.86, 0.99)}
GOLDEN = 44


def annotate(program, rows):
    lines = "".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in rows)
    done = subprocess.run([program, "annotate", "--tokens"], input=lines, capture_output=True, text=True, check=True)
    return {d["id"]: d for d in map(json.loads, done.stdout.splitlines())}


def spans(items):
    return {(x["start"], x["end"]) for x in items}


def f1(gold, got):
    hits = sum(len(a & b) for a, b in zip(gold, got))
    return 2 * hits / max(sum(map(len, gold)) + sum(map(len, got)), 1)


def main():
    if not os.path.isdir(DATA):
        print("skipped: no ../shared/data")
        return 77
    failed = 0
    for name, (sentences, tokens) in FLOORS.items():
        docs = [json.loads(line) for line in open(f"{DATA}/segmentation/{name}_dev.jsonl", encoding="utf-8")]
        out = annotate(sys.argv[1], [(d["doc_id"], d["text"]) for d in docs])
        for kind, floor in (("sentences", sentences), ("tokens", tokens)):
            score = f1([set(map(tuple, d[kind])) for d in docs], [spans(out[d["doc_id"]][kind]) for d in docs])
            print(f"{name} {kind} F1 {score:.4f} (floor {floor})")
            failed += score < floor
    rules = [json.loads(line) for line in open(f"{DATA}/segmentation/golden_rules_en.jsonl", encoding="utf-8")]
    out = annotate(sys.argv[1], [(str(r["rule"]), r["text"]) for r in rules])
    good = sum(spans(out[str(r["rule"])]["sentences"]) == set(map(tuple, r["spans"])) for r in rules)
    print(f"golden rules {good} of {len(rules)} (floor {GOLDEN})")
    failed += good < GOLDEN
    train = [f"{DATA}/ud/en_ewt/train.conllu", f"{DATA}/ud/gum_permissive/train.conllu"]
    for table, args in (("abbrev_table", ["abbreviations.py", DATA]), ("boundary_table", ["boundary.py", *train])):
        made = subprocess.run([sys.executable, f"{GEN}/{args[0]}", *args[1:]], capture_output=True, text=True, check=True).stdout
        same = made == open(f"pipeline/lexicon/{table}.inc", encoding="utf-8").read()
        print(f"{table}.inc is {'as generated' if same else 'STALE'}")
        failed += not same
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
