#!/usr/bin/env python3
"""quotes.py DATELINE [--genre NAME]: quotations of the program on the GUM development attributions, by ../shared/eval/score_quotes.py.

Prints its two lines for all documents and for the news ones, and fails where a measure of the news lies under its floor. The set marks an
attribution only where its clause is a discourse unit of its own, so its precision is a lower bound. Exit 77 (skipped) where ../shared is
absent."""
import json
import os
import re
import subprocess
import sys
import tempfile

GOLD, SCORER = "../shared/data/quotes/gum_attributions_dev.jsonl", "../shared/eval/evaluate.py"
# measures of the score's two lines, on the news documents
FLOORS = {"quoted recall": .96, "quoted source": .91, "quoted name": .76, "indirect recall": .62, "all precision": .745}


def score(rows, records, work):
    gold = os.path.join(work, "gold.jsonl")
    with open(gold, "w", encoding="utf-8") as f:
        f.writelines(rows)
    text = subprocess.run([sys.executable, SCORER, "score", "quotes", gold, records], capture_output=True, text=True, check=True).stdout
    quoted, every = (line for line in text.splitlines() if line[:2] in ("Q ", "A "))
    number = lambda pattern, line: float(re.search(pattern + r" ([0-9.]+)", line).group(1))
    return text, {"quoted recall": number("R", quoted), "quoted source": number("source", quoted), "quoted name": number("name", quoted),
                  "indirect recall": number("'indirect': '", every.replace("'indirect': '", "'indirect': ' ")), "all precision": number("P", every)}


def main():
    if not os.path.exists(GOLD):
        print("skipped: no ../shared/data")
        return 77
    rows = open(GOLD, encoding="utf-8").readlines()
    failed = 0
    with tempfile.TemporaryDirectory() as work:
        articles, records = os.path.join(work, "articles.jsonl"), os.path.join(work, "records.jsonl")
        with open(articles, "w", encoding="utf-8") as f:
            subprocess.run([sys.executable, SCORER, "input", "quotes", GOLD], stdout=f, check=True)
        with open(records, "w", encoding="utf-8") as f:
            subprocess.run([sys.argv[1], "annotate", "--quiet", articles], stdout=f, check=True)
        print(score(rows, records, work)[0])
        text, got = score([r for r in rows if json.loads(r)["genre"] == "news"], records, work)
        print("news\n" + text)
    for name, floor in FLOORS.items():
        print(f"{name} {got[name]:.3f} (floor {floor})")
        failed += got[name] < floor
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
