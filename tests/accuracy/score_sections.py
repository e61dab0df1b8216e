#!/usr/bin/env python3
"""Sections against labels by line: F1 of captions, credits and boilerplate.

    score_sections.py PROGRAM [--part dev|held|gold] [--wrong] [--least F1,F1,F1] [--flat]

The articles of sections/*.txt are our own, four in the manner of each of ten kinds of outlet: dev-* is what the rules were tuned on, held-*
what they were not. A line begins with its label: B body, C caption, R credit, X boilerplate, S subhead; "+" behind it: no blank line
before it. "= N TITLE" begins an article. gold: ../shared/data/gold, where it is there, with gold-lines.txt naming the lines that are
not body. What a line was taken for is the kind that most of its characters have; a caption with its credit behind it is a caption.

The rows: caption, credit, the two together (a line of either kind found as either), boilerplate, subhead.
"""
import argparse
import collections
import glob
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = {"B": "body", "C": "caption", "R": "credit", "X": "boilerplate", "S": "subhead", "H": "headline"}


def articles(part):
    for path in sorted(glob.glob(os.path.join(HERE, "sections", part + "-*.txt"))):
        title, lines = None, []
        for row in open(path, encoding="utf-8"):
            row = row.rstrip("\n")
            if row.startswith("= "):
                if lines:
                    yield path, title, lines
                title, lines = row.split(" ", 2)[2], []
            elif row:
                mark, text = row.split(" ", 1)
                lines.append((KINDS[mark[0]], "+" in mark, text))
        yield path, title, lines


def gold():
    """gold-lines.txt: article id, then label and line number (1 for the first of text), all other lines are body."""
    folder = os.path.join(HERE, "..", "..", "..", "shared", "data", "gold")
    marks = collections.defaultdict(dict)
    for row in open(os.path.join(HERE, "sections", "gold-lines.txt"), encoding="utf-8"):
        if row.strip() and not row.startswith("#"):
            name, *labels = row.split()
            marks[name].update({int(x[1:]): KINDS[x[0]] for x in labels})
    for name in ("kazakhstan-2022", "wikinews-dev", "news-events"):
        path = os.path.join(folder, name + ".jsonl")
        if not os.path.exists(path):
            continue
        for row in open(path, encoding="utf-8"):
            d = json.loads(row)
            raw = d["text"].split("\n")
            lines = []
            for i, text in enumerate(raw, 1):
                if text.strip():
                    lines.append((marks[d["id"]].get(i, "body"), i > 1 and bool(raw[i - 2].strip()), text))
            yield name, d.get("title"), lines


def annotate(program, docs, flat):
    out = ""
    for i, (_, title, lines) in enumerate(docs):
        body = ""
        for n, (_, tight, text) in enumerate(lines):
            body += ("" if n == 0 else " " if flat else "\n" if tight else "\n\n") + text
        out += json.dumps({"id": str(i), "title": title or "", "text": body}) + "\n"
    run = subprocess.run([program, "annotate", "--quiet", "--jobs", "1"], input=out.encode(), capture_output=True, check=True)
    return [json.loads(x) for x in run.stdout.decode().split("\n") if x]


def kind_of(rec, start, end):
    got = collections.Counter()
    for s in rec["sections"]:
        kind = "body" if s["kind"] == "dateline" else s["kind"]
        got[kind] += max(0, min(end, s["end"]) - max(start, s["start"]))
    if got["caption"] and got["credit"] and got["caption"] + got["credit"] >= sum(got.values()) * 0.8:
        return "caption"
    return max(got, key=got.get) if sum(got.values()) else "none"


def f1(c):
    p, r = c["tp"] / max(1, c["tp"] + c["fp"]), c["tp"] / max(1, c["tp"] + c["fn"])
    return 100 * p, 100 * r, 200 * p * r / max(1e-9, p + r)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("program")
    ap.add_argument("--part", default="dev")
    ap.add_argument("--wrong", action="store_true", help="list the lines that were taken for something else")
    ap.add_argument("--flat", action="store_true", help="join all lines by spaces first")
    ap.add_argument("--least", help="least F1 of pictures, boilerplate: less is a failure")
    a = ap.parse_args()
    docs = list(gold() if a.part == "gold" else articles(a.part))
    if not docs:
        print("no articles: ../shared/data is not there")
        return 77
    counts = collections.defaultdict(collections.Counter)
    n = 0
    for (path, _, lines), rec in zip(docs, annotate(a.program, docs, a.flat)):
        text = rec["text"] if isinstance(rec["text"], str) else rec["text"]["content"]
        at = len(rec["article"].get("title") or "")
        for want, _, line in lines:
            start = text.index(line.strip(), at)
            end = at = start + len(line.strip())
            got = kind_of(rec, start, end)
            n += 1
            if want != got and a.wrong and {want, got} != {"body", "headline"}:
                print("%-12s got %-12s %s: %s" % (want, got, os.path.basename(path), line[:110]))
            for kind in ("caption", "credit", "boilerplate", "subhead", "pictures"):
                w, g = (x in ("caption", "credit") if kind == "pictures" else x == kind for x in (want, got))
                counts[kind]["tp" if w and g else "fn" if w else "fp" if g else "tn"] += 1
    print("%s: %d articles, %d lines" % (a.part, len(docs), n))
    score = {}
    for kind in ("caption", "credit", "pictures", "boilerplate", "subhead"):
        c = counts[kind]
        p, r, score[kind] = f1(c)
        print("%-12s P %5.1f  R %5.1f  F1 %5.1f  (%d right, %d wrong, %d missed)" % (kind, p, r, score[kind], c["tp"], c["fp"], c["fn"]))
    if a.least:
        least = [float(x) for x in a.least.split(",")]
        return int(score["pictures"] < least[0] or score["boilerplate"] < least[1])
    return 0


if __name__ == "__main__":
    sys.exit(main())
